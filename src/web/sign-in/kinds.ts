/** Pages for whoever signs in, whoever was signed in before: an invitation, and why somebody was not let in. */
export const signInKinds: readonly string[] = ['invitation', 'refused'];

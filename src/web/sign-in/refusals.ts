/** Why somebody who came back from the school's own sign-in is not let in, in a sentence that says what to do. */
const sentences: Readonly<Record<string, string>> = {
  insecure: 'This address is not safe to sign in at: open the one that begins with https.',
  expired: 'That took more than ten minutes, or was begun in another window. Please try again.',
  denied: 'You were not let in there, or turned back. You can try again.',
  failed: 'What came back could not be trusted, so nobody was signed in. Please try again from here.',
  unavailable: 'That sign-in cannot be reached just now. Please try again shortly.',
  unverified: 'Your email address has not been verified there. Ask whoever runs that sign-in to do so.',
  unknown: 'Nobody in this district has the email address of that account. Ask the office to enter it in the roster.',
  ambiguous: 'More than one person in the roster has the email address of that account. Ask the office to correct it.',
  role: 'Only teachers and the office sign in here.',
  revoked: 'Your access has been taken away. Ask the office for an invitation if that is a mistake.',
  setup: 'That sign-in is not set up completely. Ask whoever runs rollbook to look into its log.',
};

export const refusalOf = (reason: string): string => sentences[reason] ?? 'You could not be signed in.';

/** A backup that cannot be made or restored; the message says why, and nothing has been changed. */
export class BackupError extends Error {}

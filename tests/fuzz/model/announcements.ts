/** What was announced of a student's attendance, which is no matter of the ledger, by seat and day. */
export type Announcements = Map<string, Announcement>;

export interface Announcement {
  readonly status: string | undefined;
  /** Shown where there is no mark, whose own comment would be. */
  readonly comment: string;
}

export const unannounced: Announcement = { status: undefined, comment: '' };

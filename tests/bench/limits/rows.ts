/** A mark with its journal row, as a bulk write of one section comes to. */
export type Written = readonly [date: string, enrollment: number, status: number, comment: string];

/** What is written in one transaction. */
export interface Batch {
  readonly section: number;
  readonly marks: readonly Written[];
}

/** Batches for the bare loops, each in a transaction of its own. */
export interface BareWrite {
  /** The file or the URL of the database. */
  readonly database: string;
  readonly batches: readonly Batch[];
}

/** How many bulk writes are under way at once, so that the next is there when the one before has been written. */
export const CLIENTS = 2;

/** Who writes, as the tables want it. */
export const writer = { district: 1, client: 1, api: 'schoology' } as const;

/** The days of a batch, each once. */
export const datesOf = ({ marks }: Batch): string[] => [...new Set(marks.map(([date]) => date))];

/** An enrollment on a date. */
export interface Place {
  readonly section: number;
  readonly student: number;
  readonly enrollment: number;
  readonly date: string;
}

/** How an entry stands, as text that can be compared. */
export interface Entry {
  /** Status and comment of its mark; none is present. */
  readonly mark?: string;
  /** Its row in the table beside the ledger of the API that wrote it. */
  readonly beside?: string;
  /** What the journal says of it since the last check, oldest first. */
  readonly journal: readonly string[];
}

export type Entries = ReadonlyMap<string, Entry>;

export const untouched: Entry = { journal: [] };
export const keyOf = ({ enrollment, date }: Pick<Place, 'enrollment' | 'date'>): string => `${enrollment} ${date}`;

const PRESENT = '1';
export const markOf = (status: number, comment: string): string | undefined =>
  status === 1 ? undefined : `${status} ${comment}`.trim();
/** A row of the journal; what was not taken reads as present, since others may take the roll first. */
export const journalOf = (from: string | undefined, status: number, comment: string): string =>
  `${from ?? PRESENT} > ${`${status} ${comment}`.trim()}`;

/** The entry with another mark, and the journal row for it. */
export const marked = (entry: Entry, status: number, comment: string, beside = entry.beside): Entry => {
  const mark = markOf(status, comment);
  return {
    ...(mark !== undefined && { mark }),
    ...(beside !== undefined && { beside }),
    journal: [...entry.journal, journalOf(entry.mark, status, comment)],
  };
};

/** An enrollment on a date. */
export interface Place {
  readonly section: number;
  readonly student: number;
  readonly enrollment: number;
  readonly date: string;
  /** Whether the roll of the day is taken; no client changes that. */
  readonly isTaken: boolean;
}

/** How an entry stands, as text that can be compared. */
export interface Entry {
  /** Status and comment of its mark, or a told presence; none is unknown, or present where the roll is taken. */
  readonly mark?: string;
  /** On a taken roll: somebody said of the student by themselves, last, that they were present. */
  readonly told?: boolean;
  /** Its row in the table beside the ledger of the API that wrote it. */
  readonly beside?: string;
  /** What the journal says of it since the last check, oldest first. */
  readonly journal: readonly string[];
}

export type Entries = ReadonlyMap<string, Entry>;

export const untouched: Entry = { journal: [] };
export const keyOf = ({ enrollment, date }: Pick<Place, 'enrollment' | 'date'>): string => `${enrollment} ${date}`;

const PRESENT = '1';
const UNKNOWN = 'unknown';

/** A status with its comment as text; null is unknown. */
export const statusOf = (status: number | null, comment: string): string =>
  status === null ? UNKNOWN : `${status} ${comment}`.trim();
/** A row of the journal. */
export const journalOf = (from: string, to: string): string => `${from} > ${to}`;

const standing = ({ mark }: Entry, { isTaken }: Place): string => mark ?? (isTaken ? PRESENT : UNKNOWN);

/** The entry with another status, and the journal row for it. */
export const marked = (entry: Entry, place: Place, status: number, comment: string, beside = entry.beside): Entry => {
  const isImplied = status === 1 && place.isTaken;
  const mark = isImplied ? undefined : status === 1 ? PRESENT : statusOf(status, comment);
  return {
    ...(mark !== undefined ? { mark } : { told: true }),
    ...(beside !== undefined && { beside }),
    journal: [...entry.journal, journalOf(standing(entry, place), statusOf(status, comment))],
  };
};

/** The entry of which nothing is said any more: nobody tells it, though on a taken roll it is present as all are without a mark. */
export const unmarked = ({ mark, told, journal }: Entry): Entry => {
  const said = mark ?? (told ? PRESENT : undefined);
  return said === undefined ? { journal } : { journal: [...journal, journalOf(said, UNKNOWN)] };
};

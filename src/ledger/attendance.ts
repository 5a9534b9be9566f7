import { day, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';

/** The words of the ledger. */
export const Status = { present: 1, absent: 2, late: 3, excused: 4 } as const;
export type Status = (typeof Status)[keyof typeof Status];

type StatusWords = { readonly [Word in keyof typeof Status as (typeof Status)[Word]]: Word };

/** What statuses are called. */
export const statusWords = Object.fromEntries(
  Object.entries(Status).map(([word, status]) => [status, word]),
) as StatusWords;

/** In place of a status: the status that was said is taken back. A symbol, which no client can send. */
export const UNKNOWN = Symbol('unknown');

/**
 * A status to be written, as it was sent: the ledger itself says what is wrong with it. `enrollment` is to be an
 * id, `date` a day, `status` a Status, or UNKNOWN. A missing comment keeps the one that is on a mark, an empty one
 * clears it; a missing code keeps the one that is on it if the status stays, null clears it.
 */
export interface MarkRequest {
  readonly enrollment: unknown;
  readonly date: unknown;
  readonly status: unknown;
  readonly comment?: unknown;
  /** In place of a missing comment where there is no mark that could keep its own. */
  readonly unmarkedComment?: string;
  /** A comment that is not kept where a missing comment would keep it: `unmarkedComment` takes its place. */
  readonly staleComment?: string;
  /** With UNKNOWN: only what the same API said last is taken back; what another one said stays. */
  readonly onlyOwn?: boolean;
  /** The id of the school's attendance code by which it was written; its mapping is the caller's to know. Null: none. */
  readonly code?: number | null | undefined;
}

/** Why one item of a write was refused; it changed nothing. */
export type Refusal =
  | 'enrollment_invalid'
  | 'enrollment_unknown'
  | 'enrollment_of_teacher'
  | 'section_forbidden'
  | 'date_invalid'
  | 'date_outside_enrollment'
  | 'date_closed'
  | 'status_invalid'
  | 'comment_invalid'
  | 'code_forbidden';

export type Outcome =
  | {
      readonly ok: true;
      /** The attendance id. */
      readonly id: string;
      /** What was known before; null where nothing was. */
      readonly before: Status | null;
      readonly after: Status | null;
      /** That of the mark, be it sent or kept. */
      readonly comment: string;
      /** Whether it changed anything. */
      readonly changed: boolean;
      /** Where a later request of the same write, of the same student and day, replaced this one: its place, from 0. */
      readonly replacedBy?: number;
    }
  | { readonly ok: false; readonly refusal: Refusal; readonly message: string };

/** In a row: a status that is known, and one of a mark. */
export const status = oneOf(...Object.values(Status));
export const exception = oneOf(Status.absent, Status.late, Status.excused);

/** A status other than present, of one enrollment on one date. */
export const markRow = { enrollment_id: integer, date: day, status: exception, comment: string };
export type Mark = RowOf<typeof markRow>;

/** What an API shows: the status of an enrollment on the date of a meeting; null while it is unknown. */
export const entryRow = {
  enrollment_id: integer,
  person_id: integer,
  date: day,
  status: nullable(status),
  comment: string,
};
export type Entry = RowOf<typeof entryRow>;

/** A section on a date. */
export const meetingRow = {
  section_id: integer,
  date: day,
  /** Null while its roll is not taken. */
  taken_at: nullable(instant),
};
export type Meeting = RowOf<typeof meetingRow>;

/**
 * One change of the ledger. `enrollment_id` null: it is of the meeting, and `to_comment` is one of `MeetingChange`.
 * Status null: unknown.
 */
export const journalRow = {
  id: integer,
  section_id: integer,
  date: day,
  enrollment_id: nullable(integer),
  at: instant,
  api: string,
  client_id: nullable(integer),
  person_id: nullable(integer),
  from_status: nullable(status),
  from_comment: string,
  to_status: nullable(status),
  to_comment: string,
  code_id: nullable(integer),
};
export type JournalRow = RowOf<typeof journalRow>;

/** What the journal says of a meeting: its roll was taken, it was scheduled, or its roll was said not to be taken after all. */
export const MeetingChange = { taken: '', scheduled: 'scheduled', untaken: 'not taken' } as const;

/** The word for it, where it is shown: a roll that was taken has none in the journal. */
export const rollSaid = (change: string): 'taken' | 'scheduled' | 'not taken' =>
  change === MeetingChange.untaken || change === MeetingChange.scheduled ? change : 'taken';

/** Which part of one section's attendance: days are inclusive, all of it where nothing is said. */
export interface Filter {
  readonly district: number;
  readonly section: number;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly enrollment?: number | undefined;
}

/** A place in the order (date, enrollment), which no write changes, so that the pages have each entry once. */
export interface Key {
  readonly date: string;
  readonly enrollment: number;
}

export interface Page {
  readonly after?: Key | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

import type { Actor } from '../../../actor';
import type { Database } from '../../../database/database';
import { idOn, idOnNoDay } from '../../../days';
import { type Outcome, Status } from '../../../ledger/attendance';
import type { Book } from '../../../ledger/book';
import type { Ledger } from '../../../ledger/ledger';
import { byDay, type Days, type Part } from '../parts';
import { partsSql, rowOf } from '../sql';
import { type Applied, apply } from './applying';
import { type Attendance, attendanceOf } from './columns';
import { type Fault, isFault, refused } from './faults';
import { openKnown } from './known';
import { type Placed, place } from './placing';
import type { SentRecord } from './records';

/** A record that stands: the id by which it can be read and named again, and whether it was new. */
export interface Stored {
  readonly id: number;
  readonly isNew: boolean;
}

/**
 * Posts records, in the order they came: those that are right in one transaction with the marks that they come to,
 * those that are wrong returned with a reason. The parts of a day rule its mark each time one of them is posted; a
 * mark that another API changes in between stands until then.
 */
export type Post = (records: readonly SentRecord[], actor: Actor) => Promise<(Stored | Fault)[]>;

export function poster(database: Database, ledger: Ledger): Post {
  const sql = partsSql(database);
  const knownOf = openKnown(database);

  return async (records, actor) => {
    const read = records.map(({ columns }) => attendanceOf(columns));
    const known = await knownOf(actor, read.filter((record) => !isFault(record)) as Attendance[]);
    const placed = read.map((record) => (isFault(record) ? record : place(record, known)));
    if (placed.every(isFault)) return placed as Fault[];
    return ledger.open((book) => post(book, placed, actor));
  };

  async function post(book: Book, placed: readonly (Placed | Fault)[], actor: Actor): Promise<(Stored | Fault)[]> {
    const records = placed.filter((record) => !isFault(record)) as Placed[];
    await book.hold(
      records.map(({ enrollment }) => enrollment.section_id),
      actor,
    );
    const days = await daysOf(book, records, actor);
    const applied = placed.map((record) => (isFault(record) ? record : apply(record, days)));
    const right = applied.filter((record) => !isFault(record)) as Applied[];
    const outcomes = await book.record(
      right.map(({ mark }) => mark),
      actor,
    );
    const ids = await store(
      book,
      right.filter((_, index) => outcomes[index]!.ok).map(({ part }) => part),
      actor,
    );
    const outcome = outcomes.values();
    return applied.map((record) => (isFault(record) ? record : stored(record, outcome.next().value!, ids)));
  }

  async function daysOf(book: Book, records: readonly Placed[], { district }: Actor): Promise<Days> {
    const asked = new Map(
      records.map(({ enrollment: { id, section_id }, att_date }) => [idOn(id, att_date), [section_id, att_date, id]]),
    );
    return byDay(await book.all<Part>(sql.ofDays, { district, days: JSON.stringify([...asked.values()]) }));
  }

  /** Stores each part as it stands at the end of the request; gives their ids. */
  async function store(book: Book, parts: readonly Part[], { district }: Actor): Promise<Map<string, number>> {
    const last = new Map(parts.map((part) => [nameOf(part), part]));
    const rows = JSON.stringify([...last.values()].map(rowOf));
    const stored = await book.all<Part & { id: number }>(sql.put, { district, parts: rows });
    return new Map(stored.map((part) => [nameOf(part), part.id]));
  }
}

const nameOf = ({ enrollment_id, date, part }: Pick<Part, 'enrollment_id' | 'date' | 'part'>): string =>
  `${enrollment_id} ${date} ${part}`;

function stored({ part, isNew, isFirst }: Applied, outcome: Outcome, ids: ReadonlyMap<string, number>): Stored | Fault {
  if (!outcome.ok) return refused(outcome);
  // "A Present code posted over a mark removes the mark and counts as an UPDATE": one that another API has made.
  const stood =
    isFirst && part.mode === 'ATT_ModeDaily' && outcome.before !== null && outcome.before !== Status.present;
  return { id: idOnNoDay(ids.get(nameOf(part))!), isNew: isNew && !stood };
}

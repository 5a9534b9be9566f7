import type { Caller } from '../../clients/caller';
import { idOn } from '../../days';
import type { Book } from '../../ledger/book';
import type { EntryRow } from '../../ledger/query';
import { scopeOf } from '../../roster/teaches';
import type { House } from '../house';
import { type AttendanceRow, beside } from './attendance';
import {
  type Booking,
  type Change,
  type Outcome,
  type Placed,
  place,
  type Refused,
  type Resolved,
  resolve,
} from './change';
import { byId } from './fields';
import { wixSql } from './sql';

/** Makes changes, in their order, in one transaction; those that are wrong are refused and change nothing. */
export type Setter = (changes: readonly Change[], caller: Caller) => Promise<Outcome[]>;

export function setter({ database, ledger }: House): Setter {
  const sql = wixSql(database);

  return (changes, caller) =>
    ledger.open(async (book) => {
      const bookings = await bookingsOf(book, changes, caller);
      await book.hold(
        [...bookings.values()].map(({ section_id }) => section_id),
        caller,
      );
      const placed = changes.map((change) => place(change, bookings));
      const outcomes = await record(book, resolve(placed, await standing(book, placed, caller)), caller);
      await keep(
        book,
        outcomes.flatMap((outcome) => (outcome.ok ? outcome.row : [])),
        caller,
      );
      return outcomes;
    });

  async function bookingsOf(book: Book, changes: readonly Change[], caller: Caller) {
    const ids = new Set(changes.flatMap(({ enrollment }) => enrollment ?? []));
    const asked = JSON.stringify([...ids].map((id) => [id]));
    const found = await book.all<Booking>(sql.bookings, { ...scopeOf(caller), ids: asked });
    return new Map(found.map((booking) => [booking.id, booking]));
  }

  /** What only Wix knows; of several changes of one entry the last stands. */
  async function keep(book: Book, changed: readonly AttendanceRow[], { district }: Caller): Promise<void> {
    const rows = [...new Map(changed.map((row) => [idOn(row.enrollment_id, row.date), row])).values()];
    const several = rows.filter((row) => row.number_of_attendees !== 1);
    const one = rows.filter((row) => row.number_of_attendees === 1);
    if (several.length > 0) await book.all(sql.put, { district, rows: JSON.stringify(several.map(valuesOf)) });
    if (one.length > 0) await book.all(sql.remove, { district, rows: JSON.stringify(one.map(valuesOf)) });
  }
}

type Row = EntryRow & AttendanceRow;

const valuesOf = (row: AttendanceRow) => [row.enrollment_id, row.date, row.number_of_attendees];

function standing(book: Book, placed: readonly (Placed | Refused)[], actor: Caller): Promise<Row[]> {
  const keys = placed.flatMap((change) => ('ok' in change ? [] : [[change.enrollment, change.date]]));
  const condition = { columns: ['enrollment_id', 'date'], in: keys };
  return book.query<Row>({ actor, condition, order: byId, limit: placed.length, beside });
}

async function record(book: Book, changes: readonly (Resolved | Refused)[], actor: Caller): Promise<Outcome[]> {
  const requests = changes.flatMap((change) => ('ok' in change ? [] : change.request));
  const recorded = (await book.record(requests, actor)).values();
  return changes.map((change): Outcome => {
    if ('ok' in change) return change;
    const outcome = recorded.next().value!;
    return outcome.ok ? { ok: true, row: { ...change.row, status: outcome.after } } : outcome;
  });
}

import {
  Attendance,
  AttendanceQuery,
  AttendanceReply,
  type AttendanceStatus,
  BulkDeleteBody,
  BulkReply,
  BulkSetBody,
  DeleteReply,
  SetBody,
} from '../../../schemas/wix/attendance';
import { readByWrite, readOnDays } from '../../audit/read';
import type { Caller } from '../../clients/client';
import { idOn } from '../../days';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { type MarkRequest, Status, UNKNOWN } from '../../ledger/attendance';
import type { EntryRow } from '../../ledger/entries';
import type { LedgerTransaction } from '../../ledger/transaction';
import { preview } from '../../lib/preview';
import { scopeOf } from '../../roster/access';
import type { Dependencies } from '../dependencies';
import {
  type AttendanceRow,
  attendanceOf,
  event,
  extension,
  guid,
  isObject,
  type Named,
  refuseOtherCase,
  statusName,
} from './attendance';
import { ApplicationError, violation } from './errors';
import {
  bulkReply,
  deleteResult,
  notFound,
  type Outcome,
  problemOf,
  problemOfRemoval,
  type Refused,
  setResult,
} from './outcomes';
import { byId, fields } from './query';
import { type Booking, wixSql } from './tables';

/** int32 on Wix's wire. */
const MAX_NUMBER = 2_147_483_647;

/** Reads an attendance to be set. @param path of it in the body, for what is said of it */
export function changeOf(attendance: unknown, path: string): Change {
  if (!isObject(attendance)) throw required(attendance, path, 'must be an object');
  refuseOtherCase(Attendance, attendance, `${path}.`);
  const { id, bookingId, status, numberOfAttendees } = attendance;
  if (bookingId == null) throw required(bookingId, `${path}.bookingId`, 'must be a GUID');
  if (status == null) throw required(status, `${path}.status`, 'must be a status');
  const event = eventOf(attendance, path);
  const enrollment = guid('enrollment', bookingId, `${path}.bookingId`)?.id;
  const named = id == null ? undefined : guid('entry', id, `${path}.id`);
  if (id != null && (named === undefined || named.id !== enrollment || named.date !== event?.date))
    throw violation(
      `${path}.id`,
      `must be that of this booking at this event, not ${preview(id)}`,
      'INVALID_REFERENCE',
    );
  return {
    enrollment,
    section: event?.id,
    date: event?.date,
    status: statusName(status, `${path}.status`),
    numberOfAttendees:
      numberOfAttendees === undefined ? undefined : numberOf(numberOfAttendees ?? 1, `${path}.numberOfAttendees`),
  };
}

/** An attendance to be deleted: what was set of it is taken back. */
export function removalOf(id: unknown, path: string): Change {
  const named = guid('entry', id, path);
  return { enrollment: named?.id, section: null, date: named?.date, status: 'NOT_SET', numberOfAttendees: 1 };
}

const required = (value: unknown, field: string, message: string) =>
  violation(field, `${message}, not ${preview(value)}`, 'REQUIRED_FIELD');

/** "Use this field instead of the deprecated `sessionId`." */
function eventOf({ eventId, sessionId }: Readonly<Record<string, unknown>>, path: string): Named | undefined {
  if (eventId == null && sessionId == null)
    throw new ApplicationError('BODY_INVALID', 'SESSION_ID_NOT_PROVIDED', `${path}.eventId is missing.`);
  if (eventId != null && sessionId != null && eventId !== sessionId)
    throw violation(`${path}.sessionId`, `must be the same as eventId, not ${preview(sessionId)}`, 'ONE_OF_ALIGNMENT');
  return event(eventId ?? sessionId, `${path}.${eventId == null ? 'sessionId' : 'eventId'}`);
}

/** "Do not set to `0` to indicate that no one attended the session. Instead, set the `status` field to `NOT_ATTENDED`." */
function numberOf(value: unknown, field: string): number {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_NUMBER) return value as number;
  const right = `must be a whole number between 1 and ${MAX_NUMBER}, not ${preview(value)}`;
  throw violation(field, `${right}; that nobody came is the status NOT_ATTENDED`, 'OUT_OF_RANGE', {
    min: 1,
    max: MAX_NUMBER,
  });
}

/** How an entry is to be. What is undefined was named by an id that is none of ours. */
export interface Change {
  readonly enrollment: number | undefined;
  /** Where the enrollment is to be; whichever section it is in, where null. */
  readonly section: number | null | undefined;
  readonly date: string | undefined;
  readonly status: AttendanceStatus;
  /** Undefined: as it stands. */
  readonly numberOfAttendees: number | undefined;
}

/** A change of an enrollment that is in the section. */
export interface Placed extends Change {
  readonly enrollment: number;
  readonly section: number;
  readonly person: number;
  readonly date: string;
}

/** A change that can be made: what it leaves, but for the status that the ledger says, and what has to be written for it. */
export interface Resolved {
  readonly row: Omit<AttendanceRow, 'status'>;
  readonly request: MarkRequest;
}

const refuse = (refusal: Refused['refusal'], message: string): Refused => ({ ok: false, refusal, message });

/** @param bookings of the district that were asked for */
export function place(change: Change, bookings: ReadonlyMap<number, Booking>): Placed | Refused {
  const { enrollment, date } = change;
  const booking = enrollment === undefined ? undefined : bookings.get(enrollment);
  if (enrollment === undefined || booking === undefined)
    return refuse('enrollment_unknown', 'There is no such booking.');
  // Before anything is said of where it belongs.
  if (!booking.permitted)
    return refuse('section_forbidden', 'Whoever this client acts for may not write in the section of this booking.');
  if (!booking.writable)
    return refuse(
      'section_left',
      'The person acted for teaches the section of this booking no more, and may only read it.',
    );
  const section = booking.section_id;
  if (date === undefined || (change.section !== null && change.section !== section))
    return refuse('event_unknown', 'The booking is not part of such an event.');
  return { ...change, enrollment, section, person: booking.person_id, date };
}

/** What changes come to, one after the other. */
export function resolve(
  changes: readonly (Placed | Refused)[],
  entries: readonly (EntryRow & AttendanceRow)[],
): (Resolved | Refused)[] {
  const latest = new Map(
    entries.map((entry) => [
      idOn(entry.enrollment_id, entry.date),
      { status: entry.status, number: entry.number_of_attendees },
    ]),
  );
  return changes.map((change) => {
    if ('ok' in change) return change;
    const { enrollment, section, person, date, status: wanted } = change;
    const key = idOn(enrollment, date);
    const was = latest.get(key);
    if (was === undefined && wanted === 'NOT_SET') return refuse('event_unknown', 'There is no such attendance.');
    const status = statusAfter(wanted, was?.status ?? null);
    const number = change.numberOfAttendees ?? (wanted === 'NOT_SET' ? 1 : (was?.number ?? 1));
    latest.set(key, { status: status === UNKNOWN ? null : status, number });
    return {
      row: { enrollment_id: enrollment, section_id: section, person_id: person, date, number_of_attendees: number },
      request: { enrollment, date, status },
    };
  });
}

/**
 * Wix knows less than the ledger, and keeps what it cannot say: a late student who attended stays late, an excused
 * one who did not stays excused. NOT_SET takes back what was said of the student.
 */
function statusAfter(wanted: AttendanceStatus, was: Status | null): Status | typeof UNKNOWN {
  if (wanted === 'NOT_SET') return UNKNOWN;
  if (wanted === 'ATTENDED') return was === Status.late ? was : Status.present;
  return was === Status.excused ? was : Status.absent;
}

/** Makes changes, in their order, in one transaction; those that are wrong are refused and change nothing. */
export type Setter = (changes: readonly Change[], caller: Caller) => Promise<Outcome[]>;

export function setter({ database, ledger }: Dependencies): Setter {
  const sql = wixSql(database);

  return (changes, caller) =>
    ledger.open(async (transaction) => {
      const bookings = await bookingsOf(transaction, changes, caller);
      await transaction.hold(
        [...bookings.values()].map(({ section_id }) => section_id),
        caller,
      );
      const placed = changes.map((change) => place(change, bookings));
      const outcomes = await record(transaction, resolve(placed, await entriesOf(transaction, placed, caller)), caller);
      await keep(
        transaction,
        outcomes.flatMap((outcome) => (outcome.ok ? outcome.row : [])),
        caller,
      );
      return outcomes;
    });

  async function bookingsOf(transaction: LedgerTransaction, changes: readonly Change[], caller: Caller) {
    const ids = new Set(changes.flatMap(({ enrollment }) => enrollment ?? []));
    const asked = JSON.stringify([...ids].map((id) => [id]));
    const found = await transaction.all(sql.bookings, { ...scopeOf(caller), ids: asked });
    return new Map(found.map((booking) => [booking.id, booking]));
  }

  /** What only Wix knows; of several changes of one entry the last stands. */
  async function keep(
    transaction: LedgerTransaction,
    changed: readonly AttendanceRow[],
    caller: Caller,
  ): Promise<void> {
    const rows = new Map(changed.map((row) => [idOn(row.enrollment_id, row.date), row]));
    const write = async (query: typeof sql.put, isWritten: (number: number) => boolean) => {
      const values = [...rows.values()].filter((row) => isWritten(row.number_of_attendees)).map(valuesOf);
      if (values.length === 0) return [];
      return transaction.all(query, { district: caller.district, rows: JSON.stringify(values) });
    };
    const written = [
      ...(await write(sql.put, (number) => number !== 1)),
      ...(await write(sql.remove, (number) => number === 1)),
    ];
    const entries = written.map(({ enrollment_id: enrollment, date }) => {
      const { section_id: section } = rows.get(idOn(enrollment, date))!;
      return { section, enrollment, date };
    });
    await transaction.changeDetails(entries, caller);
  }
}

type Row = EntryRow & AttendanceRow;

const valuesOf = (row: AttendanceRow) => [row.enrollment_id, row.date, row.number_of_attendees];

/** The entries that the changes are of, as they are in this transaction. */
function entriesOf(
  transaction: LedgerTransaction,
  placed: readonly (Placed | Refused)[],
  actor: Caller,
): Promise<Row[]> {
  const keys = placed.flatMap((change) => ('ok' in change ? [] : [[change.enrollment, change.date]]));
  const condition = { columns: ['enrollment_id', 'date'], in: keys };
  return transaction.query({ actor, condition, order: byId, limit: placed.length, extension });
}

async function record(
  transaction: LedgerTransaction,
  changes: readonly (Resolved | Refused)[],
  actor: Caller,
): Promise<Outcome[]> {
  const requests = changes.flatMap((change) => ('ok' in change ? [] : change.request));
  const recorded = (await transaction.record(requests, actor)).values();
  return changes.map((change): Outcome => {
    if ('ok' in change) return change;
    const outcome = recorded.next().value!;
    return outcome.ok ? { ok: true, row: { ...change.row, status: outcome.after } } : outcome;
  });
}

/** The SDK says the id twice, in the path and in the query. */
function checkId({ attendanceId }: AttendanceQuery, id: string): void {
  if (attendanceId !== undefined && attendanceId !== id)
    throw violation('attendanceId', `must be that of the path, not ${preview(attendanceId)}`, 'ONE_OF_ALIGNMENT');
}

/** `get`, `set` and `delete`. Every success is exactly 200 with a body: the SDK throws on 201 and 204. */
export function entityEndpoints(service: string, { ledger }: Dependencies, set: Setter): Endpoint[] {
  const get = endpoint({
    method: 'GET',
    path: `${service}/:id`,
    summary: 'Reads the attendance of a booking',
    scope: 'attendance:read',
    schemas: { query: AttendanceQuery, reply: AttendanceReply },
    async handle({ params, query, caller }) {
      const condition = fields.id!.among([params.id], 'attendanceId');
      checkId(query, params.id);
      const [row] = await ledger.query({
        actor: caller,
        condition,
        order: byId,
        limit: 1,
        extension,
      });
      if (!row) throw notFound();
      return { status: 200, body: { attendance: attendanceOf(row) }, reads: readOnDays([row]) };
    },
  });
  const put = endpoint({
    method: 'POST',
    path: `${service}/set`,
    summary: 'Sets the attendance of a booking',
    errors: ['NOT_FOUND', 'DATE_CLOSED'],
    scope: 'attendance:write',
    schemas: { body: SetBody, reply: AttendanceReply },
    async handle({ body, caller }) {
      const outcome = (await set([changeOf(body.attendance, 'attendance')], caller))[0]!;
      if (!outcome.ok) throw problemOf(outcome);
      return { status: 200, body: { attendance: attendanceOf(outcome.row) }, reads: readOnDays([outcome.row]) };
    },
  });
  const remove = endpoint({
    method: 'DELETE',
    path: `${service}/:id`,
    summary: 'Takes back the attendance of a booking',
    errors: ['DATE_CLOSED'],
    scope: 'attendance:write',
    schemas: { query: AttendanceQuery, reply: DeleteReply },
    async handle({ params, query, caller }) {
      const removal = removalOf(params.id, 'attendanceId');
      checkId(query, params.id);
      const outcome = (await set([removal], caller))[0]!;
      if (!outcome.ok) throw problemOfRemoval(outcome);
      return { status: 200, body: {} };
    },
  });
  // Before what takes any word for an id: OPTIONS and other methods are answered by the first path that fits.
  return [put, get, remove];
}

/** `bulkSet` and `bulkDelete`: what is wrong in itself fails the request, what does not fit the roster its own item. */
export function bulkEndpoints(service: string, set: Setter): Endpoint[] {
  const put = endpoint({
    method: 'POST',
    path: `${service}/set`,
    summary: 'Sets the attendance of several bookings',
    scope: 'attendance:write',
    schemas: { body: BulkSetBody, reply: BulkReply },
    async handle({ body: { attendanceDetails, returnFullEntity }, caller }) {
      if (!attendanceDetails?.length)
        throw new ApplicationError(
          'BODY_INVALID',
          'ATTENDANCES_MISSING_IN_REQUEST',
          'attendanceDetails is missing or empty.',
        );
      const changes = attendanceDetails.map(({ attendance }, index) =>
        changeOf(attendance, `attendanceDetails.${index}.attendance`),
      );
      const outcomes = await set(changes, caller);
      const results = outcomes.map((outcome, index) => setResult(outcome, index, returnFullEntity === true));
      return {
        ...bulkReply(results),
        reads: readByWrite(outcomes.flatMap((outcome) => (outcome.ok ? outcome.row : []))),
      };
    },
  });
  const remove = endpoint({
    method: 'POST',
    path: `${service}/delete`,
    summary: 'Takes back the attendance of several bookings',
    scope: 'attendance:write',
    schemas: { body: BulkDeleteBody, reply: BulkReply },
    async handle({ body: { attendanceIds }, caller }) {
      const outcomes = await set(
        attendanceIds.map((id, index) => removalOf(id, `attendanceIds.${index}`)),
        caller,
      );
      return bulkReply(outcomes.map((outcome, index) => deleteResult(outcome, index, attendanceIds[index]!)));
    },
  });
  return [put, remove];
}

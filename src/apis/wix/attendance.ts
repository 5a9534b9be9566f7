import type { TSchema } from '@sinclair/typebox';
import type { Attendance, AttendanceStatus } from '../../../schemas/wix/attendance';
import { integer, oneOf } from '../../database/rows';
import { dateOf, dayNumber } from '../../days';
import { inOtherCase, strayName } from '../../http/names';
import { Status } from '../../ledger/attendance';
import { type EntryRow, extensionTable } from '../../ledger/entries';
import { preview } from '../../lib/preview';
import { violation } from './errors';

/** What a UUID can name, each with a byte of its own. */
const kinds = { enrollment: 1, meeting: 2, entry: 3 } as const;
export type Kind = keyof typeof kinds;

/** Of an enrollment; of a section on a date; of an enrollment on a date. */
export interface Named {
  readonly id: number;
  readonly date?: string;
}

/**
 * RFC 9562, 5.8, UUIDv8: the kind in 8 bits, the id in 52, the day in 20 and zeros, around the bits of version and
 * variant. The order of texts is the order of (kind, id, day), and none has to be looked up.
 */
export function uuidOf(kind: Kind, { id, date }: Named): string {
  const head = hex(kinds[kind], 2) + hex(id, 13);
  const day = hex(date === undefined ? 0 : dayNumber(date), 5);
  return `${head.slice(0, 8)}-${head.slice(8, 12)}-8${head.slice(12)}-8${day.slice(0, 3)}-${day.slice(3)}0000000000`;
}

/** What the text names; undefined where it is no UUID of ours of this kind. RFC 9562, 4: read in either case. */
export function namedBy(kind: Kind, uuid: string): Named | undefined {
  const [, head, middle, tail, high, low] = ours.exec(uuid.toLowerCase()) ?? [];
  if (head === undefined || Number.parseInt(head.slice(0, 2), 16) !== kinds[kind]) return undefined;
  const id = Number.parseInt(head.slice(2) + middle + tail, 16);
  const date = dateOf(Number.parseInt(`${high}${low}`, 16));
  if (date === undefined) return undefined;
  const named = kind === 'enrollment' ? { id } : { id, date };
  return uuidOf(kind, named) === uuid.toLowerCase() ? named : undefined;
}

/** Whether the text is a UUID of anybody's. */
export const isUuid = (text: string): boolean =>
  /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i.test(text);

const ours = /^([\da-f]{8})-([\da-f]{4})-8([\da-f]{3})-8([\da-f]{3})-([\da-f]{2})0{10}$/;

const hex = (value: number, length: number): string => value.toString(16).padStart(length, '0');

/** "ATTENDED: At least a single participant attended the session. NOT_ATTENDED: No participants attended." */
export const statuses = {
  ATTENDED: [Status.present, Status.late],
  NOT_ATTENDED: [Status.absent, Status.excused],
  NOT_SET: [null],
} as const satisfies Record<AttendanceStatus, readonly (Status | null)[]>;

export const statusNames = Object.keys(statuses) as AttendanceStatus[];

const nameOf = (status: Status | null): AttendanceStatus =>
  statusNames.find((name) => (statuses[name] as readonly unknown[]).includes(status))!;

/** What only Wix knows of an entry, and the order of its statuses. */
export const extension = extensionTable('wix_attendances', {
  number_of_attendees: { type: 'bigint', sql: 'coalesce(extension.number_of_attendees, 1)', holds: integer },
  attendance_status: {
    type: 'smallint',
    sql: 'case when entries.status in (1, 3) then 1 when entries.status in (2, 4) then 2 else 3 end',
    holds: oneOf(1, 2, 3),
  },
});

/** An entry with what stands beside it. */
export type AttendanceRow = Pick<EntryRow, 'enrollment_id' | 'section_id' | 'person_id' | 'date' | 'status'> & {
  readonly number_of_attendees: number;
};

/** An entry in the words of Wix. `sessionId` is the deprecated name of `eventId`. */
export function attendanceOf(row: AttendanceRow): Attendance {
  const { enrollment_id, section_id, date } = row;
  const eventId = uuidOf('meeting', { id: section_id, date });
  return {
    id: uuidOf('entry', { id: enrollment_id, date }),
    bookingId: uuidOf('enrollment', { id: enrollment_id }),
    eventId,
    sessionId: eventId,
    status: nameOf(row.status),
    numberOfAttendees: row.number_of_attendees,
  };
}

/*
 * Readers of values as they were sent; each throws a violation of the field where the value is not what it should be.
 */

/** What a GUID names; undefined where it is not one of ours. */
export function guid(kind: Kind, value: unknown, field: string): Named | undefined {
  if (typeof value === 'string' && isUuid(value)) return namedBy(kind, value);
  throw violation(field, `must be a GUID, not ${preview(value)}`, 'FORMAT');
}

/** "eventId: min 36, max 250 characters": others than ours need be no GUIDs. */
export function event(value: unknown, field: string): Named | undefined {
  if (typeof value === 'string' && value.length >= 36 && value.length <= 250) return namedBy('meeting', value);
  throw violation(field, `must be the ID of an event, 36 to 250 characters, not ${preview(value)}`, 'FORMAT');
}

export function statusName(value: unknown, field: string): AttendanceStatus {
  const name = statusNames.find((each) => each === value);
  if (name) return name;
  throw violation(field, `must be one of ${statusNames.join(', ')}, not ${preview(value)}`, 'INVALID_ENUM_VALUE');
}

export function wholeNumber(value: unknown, field: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  throw violation(field, `must be a whole number, not ${preview(value)}`, 'FORMAT');
}

/** Nothing that lists: text, a number, null. */
export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws where a name is another one of those that are known in nothing but capital and small letters: it would be passed over. */
export function refuseOtherCase(schema: TSchema, value: unknown, path = ''): void {
  const stray = strayName(schema, value, (name, known) => !!inOtherCase(name, known), path);
  if (!stray) return;
  const name = stray.field.slice(stray.field.lastIndexOf('.') + 1);
  throw violation(stray.field, `is called ${inOtherCase(name, stray.known)} here`, 'FIELD_NOT_ALLOWED');
}

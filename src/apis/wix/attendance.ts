import type { Attendance, AttendanceStatus } from '../../../schemas/wix/attendance';
import { integer, oneOf } from '../../database/rows';
import { Status } from '../../ledger/attendance';
import { type EntryRow, extensionTable } from '../../ledger/entries';
import { uuidOf } from './uuids';

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
export type AttendanceRow = Pick<EntryRow, 'enrollment_id' | 'section_id' | 'date' | 'status'> & {
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

import { idOn } from '../../days';
import { type MarkRequest, type Refusal, Status, UNKNOWN } from '../../ledger/attendance';
import type { EntryRow } from '../../ledger/query';
import type { AttendanceRow, AttendanceStatus } from './attendance';

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

export interface Refused {
  readonly ok: false;
  readonly refusal: Refusal | 'event_unknown' | 'section_left';
  readonly message: string;
}

/** What came of a change: how the entry stands now, or why it was refused and stands as it did. */
export type Outcome = { readonly ok: true; readonly row: AttendanceRow } | Refused;

/** A change of an enrollment that is in the section. */
export interface Placed extends Change {
  readonly enrollment: number;
  readonly section: number;
  readonly date: string;
}

/** A change that can be made: what it leaves, but for the status that the ledger says, and what has to be written for it. */
export interface Resolved {
  readonly row: Omit<AttendanceRow, 'status'>;
  readonly request: MarkRequest;
}

const refuse = (refusal: Refused['refusal'], message: string): Refused => ({ ok: false, refusal, message });

/** A booking's section, and whether the person acted for may read there, and write; true where there is none. */
export interface Booking {
  readonly id: number;
  readonly section_id: number;
  readonly permitted: boolean | 0 | 1;
  readonly writable: boolean | 0 | 1;
}

/** @param bookings of the district that were asked for */
export function place(change: Change, bookings: ReadonlyMap<number, Booking>): Placed | Refused {
  const { enrollment, date } = change;
  const booking = enrollment === undefined ? undefined : bookings.get(enrollment);
  if (enrollment === undefined || booking === undefined)
    return refuse('enrollment_unknown', 'There is no such booking.');
  // Before anything is said of where it belongs.
  if (!booking.permitted)
    return refuse('section_forbidden', 'The person acted for does not teach the section of this booking.');
  if (!booking.writable)
    return refuse(
      'section_left',
      'The person acted for teaches the section of this booking no more, and may only read it.',
    );
  const section = booking.section_id;
  if (date === undefined || (change.section !== null && change.section !== section))
    return refuse('event_unknown', 'The booking is not part of such an event.');
  return { ...change, enrollment, section, date };
}

/** What changes come to, one after the other. */
export function resolve(
  changes: readonly (Placed | Refused)[],
  entries: readonly (EntryRow & AttendanceRow)[],
): (Resolved | Refused)[] {
  const standing = new Map(
    entries.map((entry) => [
      idOn(entry.enrollment_id, entry.date),
      { status: entry.status, number: entry.number_of_attendees },
    ]),
  );
  return changes.map((change) => {
    if ('ok' in change) return change;
    const { enrollment, section, date, status: wanted } = change;
    const key = idOn(enrollment, date);
    const was = standing.get(key);
    if (was === undefined && wanted === 'NOT_SET') return refuse('event_unknown', 'There is no such attendance.');
    const status = statusAfter(wanted, was?.status ?? null);
    const number = change.numberOfAttendees ?? (wanted === 'NOT_SET' ? 1 : (was?.number ?? 1));
    standing.set(key, { status: status === UNKNOWN ? null : status, number });
    return {
      row: { enrollment_id: enrollment, section_id: section, date, number_of_attendees: number },
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

import { Status } from '../../../src/ledger/attendance';
import { uuidOf } from '../../../src/uuids';
import { type Entry, keyOf, marked } from '../entry';
import type { Api } from './request';

interface Answer {
  readonly bulkActionMetadata: { readonly totalSuccesses: number; readonly totalFailures: number };
}

/** Wix's bulk sets and deletes: a number of attendees beside each mark. */
export const sets: Api = {
  name: 'sets',
  headers: (token) => ({ authorization: token }),
  next({ school, random, stamp, places, now }) {
    const all = [0, 1].flatMap(() => places(random.between(0, school.sections.length - 1), random.of([1, 2, 30])));
    const wanted = random.of(['ATTENDED', 'NOT_ATTENDED', 'NOT_ATTENDED', 'NOT_SET'] as const);
    const numberOfAttendees = stamp + 1; // one attendee is no row
    const items = [...new Map(all.map((place) => [keyOf(place), place])).values()];
    const attendance = ({ section, enrollment, date }: (typeof items)[number]) => ({
      bookingId: uuidOf('enrollment', { id: enrollment }),
      eventId: uuidOf('meeting', { id: section, date }),
      status: wanted,
      numberOfAttendees,
    });
    const isDelete = wanted === 'NOT_SET';
    const beside = isDelete ? undefined : `attendees ${numberOfAttendees}`;
    return {
      method: 'POST',
      path: `/bookings/v2/bulk/attendance/${isDelete ? 'delete' : 'set'}`,
      body: isDelete
        ? { attendanceIds: items.map(({ enrollment: id, date }) => uuidOf('entry', { id, date })) }
        : { attendanceDetails: items.map((place) => ({ attendance: attendance(place) })) },
      changes: new Map(
        items.map((place) => [
          keyOf(place),
          after(now(place), wanted === 'NOT_ATTENDED' ? 'absent' : 'present', beside),
        ]),
      ),
      isAcknowledged: (answer) => (answer as Answer).bulkActionMetadata.totalSuccesses === items.length,
    };
  },
};

/** A status that stands already is not journaled. */
function after({ beside: _, ...entry }: Entry, status: 'absent' | 'present', beside: string | undefined): Entry {
  const stands = (entry.mark !== undefined) === (status === 'absent');
  const changed = stands ? entry : marked(entry, Status[status], '');
  return { ...changed, ...(beside !== undefined && { beside }) };
}

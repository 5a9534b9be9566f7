import { uuidOf } from '../../../src/apis/wix/attendance';
import { Status } from '../../../src/ledger/attendance';
import { type Entry, keyOf, marked, type Place, unmarked } from '../entry';
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
    return {
      method: 'POST',
      path: `/bookings/v2/bulk/attendance/${isDelete ? 'delete' : 'set'}`,
      body: isDelete
        ? { attendanceIds: items.map(({ enrollment: id, date }) => uuidOf('entry', { id, date })) }
        : { attendanceDetails: items.map((place) => ({ attendance: attendance(place) })) },
      changes: new Map(
        items.map((place) => [
          keyOf(place),
          isDelete ? unmarked(now(place)) : after(now(place), place, wanted, `attendees ${numberOfAttendees}`),
        ]),
      ),
      isAcknowledged: (answer) => (answer as Answer).bulkActionMetadata.totalSuccesses === items.length,
    };
  },
};

/** A status that stands already is not journaled. */
function after(entry: Entry, place: Place, wanted: 'ATTENDED' | 'NOT_ATTENDED', beside: string): Entry {
  const status = wanted === 'ATTENDED' ? Status.present : Status.absent;
  const implied = place.isTaken ? Status.present : undefined;
  const stands = (entry.mark ?? implied?.toString()) === status.toString();
  return stands ? { ...entry, beside } : marked(entry, place, status, '', beside);
}

import { idOn } from '../../../src/days';
import { Status } from '../../../src/ledger/attendance';
import { type Entry, keyOf, marked, unmarked } from '../entry';
import type { Api } from './request';

const happened = ['present', 'absent', 'late', 'excused'] as const;
const announced = ['accepted', 'tentative', 'declined'] as const;

/** OSDI's attendances, one a request: an RSVP, a mark beside what is kept of it, or a deletion of both. */
export const rsvps: Api = {
  name: 'rsvps',
  headers: (token) => ({ 'OSDI-API-Token': token }),
  next({ school, random, stamp, places, now }) {
    const place = random.of(places(random.between(0, school.sections.length - 1), 1));
    const { section, enrollment, date } = place;
    const entry = now(place);
    const kept = ownFieldsOf(entry);
    const origin_system = `rsvp ${stamp}`;
    const path = `/osdi/api/v1/events/${idOn(section, date)}/attendances/${idOn(enrollment, date)}`;
    const request = (method: string, changed: Entry, body?: object) => ({
      method,
      path,
      body,
      changes: new Map([[keyOf(place), changed]]),
      isAcknowledged: () => true,
    });
    const kind = random.between(1, 4);
    if (kind === 1) return request('DELETE', unmarked(entry));
    if (kind === 2) {
      const status = random.of(announced);
      return request(
        'PATCH',
        { ...entry, beside: textOf({ ...kept, status, origin_system }) },
        { status, origin_system },
      );
    }
    const status = random.of(happened);
    const comment = `said ${stamp}`;
    // A comment goes to the mark, and to the table beside the ledger where there is none.
    const beside = textOf({ ...kept, origin_system, ...(status === 'present' && { comment }) });
    return request('PUT', marked(entry, place, Status[status], comment, beside), { status, comment, origin_system });
  },
};

interface Facts {
  readonly status: string | null;
  readonly comment: string;
  readonly origin_system: string | null;
}

/** The row of the table beside the ledger, as the reader of what stands says it. */
export const textOf = ({ status, comment, origin_system }: Facts): string =>
  JSON.stringify({ status, comment, origin_system });
const ownFieldsOf = ({ beside }: Entry): Facts =>
  beside === undefined ? { status: null, comment: '', origin_system: null } : JSON.parse(beside);

import { keyOf, marked } from '../entry';
import type { Api } from './request';

interface Answer {
  readonly attendance: readonly { readonly response_code: number }[];
}

/** Statuses of a section: one, a few days, or in bulk. */
export const rolls: Api = {
  name: 'rolls',
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  next({ school, random, stamp, places, now }) {
    const section = random.between(0, school.sections.length - 1);
    const { id, isTaken } = school.sections[section]!;
    const status = random.between(1, 4);
    const comment = `roll ${stamp}`;
    const all = places(section, random.of([1, 1, 3, 60]));
    return {
      method: 'PUT',
      // What others said of single students is to stay as it is: a roll that is not taken stays so.
      path: `/v1/sections/${id}/attendance${isTaken ? '' : '?taken=0'}`,
      body: {
        attendances: {
          attendance: all.map(({ enrollment, date }) => ({ enrollment_id: enrollment, date, status, comment })),
        },
      },
      changes: new Map(all.map((place) => [keyOf(place), marked(now(place), place, status, comment)])),
      isAcknowledged: (answer) =>
        (answer as Answer).attendance.every(({ response_code }) => response_code === 200) &&
        (answer as Answer).attendance.length === all.length,
    };
  },
};

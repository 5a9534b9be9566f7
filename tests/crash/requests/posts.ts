import { keyOf, marked } from '../entry';
import type { Api } from './request';

interface Answer {
  readonly result: readonly { readonly status: string }[];
}

/** PowerSchool's daily attendance: a part for each mark. */
export const posts: Api = {
  name: 'posts',
  headers: (token) => ({ authorization: `Bearer ${token}` }),
  next({ school, random, stamp, places, now }) {
    const { id, status } = random.of(school.codes);
    const comment = `post ${stamp}`;
    const all = places(0, random.of([1, 2, 40]));
    const record = ({ student, date }: (typeof all)[number]) => ({
      tables: {
        attendance: {
          att_mode_code: 'ATT_ModeDaily',
          att_date: date,
          schoolid: '200',
          yearid: '35',
          studentid: String(student),
          attendance_codeid: String(id),
          att_comment: comment,
        },
      },
    });
    return {
      method: 'POST',
      path: '/ws/attendance/batch_daily_time',
      body: { name: 'ATTENDANCE', record: all.map(record) },
      changes: new Map(
        all.map((place) => [keyOf(place), marked(now(place), place, status, comment, `part ${status} ${comment}`)]),
      ),
      isAcknowledged: (answer) =>
        (answer as Answer).result.every((result) => result.status === 'SUCCESS') &&
        (answer as Answer).result.length === all.length,
    };
  },
};

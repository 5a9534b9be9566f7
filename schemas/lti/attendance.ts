import { Type } from '@sinclair/typebox';
import { HistoryDay, StudentReply } from '../rollbook/history';
import { closed, type TypeOf } from '../types';

const { comment: _comment, ...day } = HistoryDay.properties;
const {
  student: _student,
  streaks: _streaks,
  partial_days: _partial,
  days: _days,
  ...counts
} = StudentReply.properties;

/** What a student is shown of themselves: neither comments, which teachers write for each other, nor anybody else. */
export const OwnAttendanceReply = closed(
  {
    name: Type.String(),
    ...counts,
    days: Type.Array(closed(day), {
      description: 'The classes in which the student is known to have been absent, late or excused, newest first.',
    }),
  },
  {
    title: 'OwnAttendance',
    description: 'A student’s own attendance in this school year.',
    examples: [
      {
        name: 'Ada Lovelace',
        from: '2025-08-18',
        to: '2025-10-06',
        assumed: false,
        rate: 0.97,
        enrolled_days: 33,
        absent_days: 1,
        late_days: 2,
        excused_days: 0,
        days: [{ date: '2025-10-06', section_id: 4, section: 'Algebra I', status: 3, periods: '1' }],
      },
    ],
  },
);
export type OwnAttendance = TypeOf<typeof OwnAttendanceReply>;

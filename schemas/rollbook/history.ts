import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, patternParameter, type TypeOf } from '../types';
import { assumed, count, Day, dayOf, Exception, Id, Instant, rate, studentNumber } from './parts';

/** The reports of a section and of a student. Rows have their properties in the order of the columns in CSV. */

export const MonthQuery = Type.Object(
  {
    month: patternParameter(
      '^(?:19[7-9]\\d|2[01]\\d\\d)-(?:0[1-9]|1[0-2])$',
      'a month, YYYY-MM',
      'A month, or the present one.',
      '2025-10',
    ),
  },
  { title: 'MonthQuery', description: 'Which month.', examples: [{ month: '2025-10' }] },
);

const Stay = closed({ begin_date: Day, end_date: Type.String({ format: 'date', description: 'Exclusive.' }) });

const MonthDay = closed({
  date: Day,
  taken_at: nullable(Instant, {
    description: 'null: the roll is not taken; whoever has neither a mark nor a presence is unknown.',
  }),
  ...dayOf,
});
export type MonthDay = TypeOf<typeof MonthDay>;

const MonthStudent = closed({
  enrollment_id: Id,
  person_id: Id,
  student_number: studentNumber,
  grades: Type.String({ description: 'As OneRoster has them, separated by commas.', examples: ['07'] }),
  name: Type.String({ examples: ['Ada Lovelace'] }),
  ...Stay.properties,
  kept_days: Type.Array(Stay, { description: 'Days outside of these that were counted, and stay so.' }),
  marks: Type.Array(closed({ date: Day, status: Exception, comment: Type.String() })),
  presences: Type.Array(Day, {
    description:
      'The days on which somebody said of this student that they were present, of those whose roll is not taken.',
  }),
});
export type MonthStudent = TypeOf<typeof MonthStudent>;

export const MonthReply = closed(
  {
    section: closed({ id: Id, title: Type.String(), section_code: Type.String() }),
    month: Type.String({ examples: ['2025-10'] }),
    days: Type.Array(MonthDay),
    students: Type.Array(MonthStudent),
  },
  {
    title: 'SectionMonth',
    description: 'A month of a section: its days, its students, and what was told of them.',
    examples: [
      {
        section: { id: 4, title: 'Algebra I', section_code: 'ALG-1' },
        month: '2025-10',
        days: [{ date: '2025-10-06', taken_at: '2025-10-06T14:03:00.000Z', school_day: true, reason: '' }],
        students: [
          {
            enrollment_id: 12,
            person_id: 126,
            student_number: '100126',
            grades: '07',
            name: 'Ada Lovelace',
            begin_date: '2025-08-18',
            end_date: '2026-06-06',
            kept_days: [],
            marks: [{ date: '2025-10-06', status: 3, comment: 'bus' }],
            presences: [],
          },
        ],
      },
    ],
  },
);
export type SectionMonth = TypeOf<typeof MonthReply>;

/** Null: unknown. */
const status = (description: string) => oneOf([1, 2, 3, 4, null], { description, examples: [3] });

/** A change of a roll, or of a student on it. */
export const Change = closed(
  {
    id: Id,
    at: Instant,
    date: Day,
    enrollment_id: nullable(Id, { description: 'null: the change is of the roll as a whole.' }),
    roll: oneOf(['taken', 'not taken', 'scheduled', null], {
      description:
        'What was said of the roll as a whole: that it is taken, that it was not taken after all, that the section meets. null: the change is of one student.',
      examples: [null],
    }),
    student_number: nullable(Type.String(), { examples: ['100126'] }),
    student: nullable(Type.String(), { examples: ['Ada Lovelace'] }),
    by: Type.String({ description: 'The person, else the client.', examples: ['Emmy Noether'] }),
    by_teacher: Type.Boolean({ description: 'Whether by a person rather than a client.' }),
    api: Type.String({ examples: ['rollbook'] }),
    from_status: status('What was known; null: unknown.'),
    from_comment: Type.String(),
    to_status: status('null: unknown again.'),
    to_comment: Type.String({ examples: ['bus'] }),
  },
  {
    title: 'StatusChange',
    description: 'Who changed what in a roll, and when.',
    examples: [
      {
        id: 4711,
        at: '2025-10-06T14:03:00.000Z',
        date: '2025-10-06',
        enrollment_id: 12,
        roll: null,
        student_number: '100126',
        student: 'Ada Lovelace',
        by: 'Emmy Noether',
        by_teacher: true,
        api: 'rollbook',
        from_status: null,
        from_comment: '',
        to_status: 3,
        to_comment: 'bus',
      },
    ],
  },
);
export type Change = TypeOf<typeof Change>;

export const ChangesReply = closed(
  { changes: Type.Array(Change, { description: 'Newest first.' }) },
  { title: 'RollChanges', description: 'The changes of a roll of a day.', examples: [{ changes: Change.examples }] },
);
export type RollChanges = TypeOf<typeof ChangesReply>;

const Streak = closed(
  { now: count('Up to the last day.'), longest: count() },
  { description: 'How many days in a row.' },
);
export type Streak = TypeOf<typeof Streak>;

/** A roll in which a student was not simply there. */
export const HistoryDay = closed({
  date: Day,
  section_id: Id,
  section: Type.String({ examples: ['Algebra I'] }),
  status: Exception,
  comment: Type.String(),
  periods: Type.String({ examples: ['1'] }),
});
export type HistoryDay = TypeOf<typeof HistoryDay>;

export const StudentReply = closed(
  {
    student: closed({
      id: Id,
      student_number: studentNumber,
      name: Type.String(),
      school: Type.String({ description: 'Empty where the student is of no school.' }),
    }),
    from: Day,
    to: Day,
    assumed,
    rate: rate('Attendance: the part of enrolled_days on which the student was not absent; null where they are none.'),
    enrolled_days: count('How many days the rate rests on: school days of which something is known of the student.'),
    absent_days: count('Absent or excused.'),
    late_days: count(),
    excused_days: count(),
    partial_days: count(),
    streaks: closed({ present: Streak, absent: Streak }),
    days: Type.Array(HistoryDay, {
      description: 'The rolls in which the student is known to be absent, late or excused, taken or not, newest first.',
    }),
  },
  {
    title: 'StudentHistory',
    description: 'A student’s days in the sections that the caller may see.',
    examples: [
      {
        student: { id: 126, student_number: '100126', name: 'Ada Lovelace', school: 'Larkspur High' },
        from: '2025-08-18',
        to: '2025-10-06',
        assumed: false,
        rate: 0.97,
        enrolled_days: 33,
        absent_days: 1,
        late_days: 2,
        excused_days: 0,
        partial_days: 0,
        streaks: { present: { now: 12, longest: 20 }, absent: { now: 0, longest: 1 } },
        days: [{ date: '2025-10-06', section_id: 4, section: 'Algebra I', status: 3, comment: 'bus', periods: '1' }],
      },
    ],
  },
);
export type StudentHistory = TypeOf<typeof StudentReply>;

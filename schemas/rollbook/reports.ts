import { Type } from '@sinclair/typebox';
import {
  closed,
  dayParameter,
  nullable,
  numberParameter,
  oneOf,
  parameter,
  type TypeOf,
  wordParameter,
  yesOrNoParameter,
} from '../types';
import { assumed, count, Day, dayOf, Id, Instant, range, rate, studentNumber } from './parts';

/** The reports of schools. Rows have their properties in the order of the columns in CSV. */

const date = dayParameter('A day, or the district’s today.');
const school = parameter('The id of one school.', '1');
/** What an absence report can be by. */
const groupings = ['day', 'week', 'month', 'weekday', 'school'] as const;
const taken = yesOrNoParameter('yes or no: only rolls that are taken, or only those that are not.', 'no');

export const DayQuery = Type.Object(
  { date },
  { title: 'DayQuery', description: 'Which day.', examples: [{ date: '2025-10-06' }] },
);

export const RollsQuery = Type.Object(
  { date, school, taken },
  { title: 'RollsQuery', description: 'Which rolls of which day.', examples: [{ date: '2025-10-06', taken: 'no' }] },
);

/** The roll of a section on a day, in short. */
export const RollSummary = closed(
  {
    section_id: Id,
    title: Type.String({ examples: ['Algebra I'] }),
    section_code: Type.String({ examples: ['ALG-1'] }),
    periods: Type.String({ examples: ['1'] }),
    class_type: Type.String({ description: 'scheduled or homeroom.', examples: ['scheduled'] }),
    school_id: nullable(Id),
    school: Type.String({ examples: ['Larkspur High'] }),
    teachers: Type.String({ description: 'Their names, joined by commas.', examples: ['Emmy Noether'] }),
    students: count(),
    taken_at: nullable(Instant, { description: 'null: the roll is not taken, whoever is marked on it.' }),
    absent: count('Students who are known to be absent, on a roll that is not taken too; likewise late and excused.'),
    late: count(),
    excused: count(),
    marked: count(
      'Students of whom something was told on a roll that is not taken, be it present; 0 once it is taken.',
    ),
    ...dayOf,
  },
  {
    title: 'RollSummary',
    description: 'The roll of a section on a day, in short.',
    examples: [
      {
        section_id: 4,
        title: 'Algebra I',
        section_code: 'ALG-1',
        periods: '1',
        class_type: 'scheduled',
        school_id: 1,
        school: 'Larkspur High',
        teachers: 'Emmy Noether',
        students: 24,
        taken_at: '2025-10-06T14:03:00.000Z',
        absent: 1,
        late: 2,
        excused: 0,
        marked: 0,
        school_day: true,
        reason: '',
      },
    ],
  },
);
export type RollSummary = TypeOf<typeof RollSummary>;

export const RollsReply = closed(
  { date: Day, rolls: Type.Array(RollSummary) },
  {
    title: 'Rolls',
    description: 'The rolls of a day: of each section that has students then.',
    examples: [{ date: '2025-10-06', rolls: RollSummary.examples }],
  },
);
export type Rolls = TypeOf<typeof RollsReply>;

/** A school's day: how many rolls are taken of those that are in session, how many are not, and who is away. */
export const SchoolToday = closed(
  {
    school_id: Type.Integer({ description: '0 where sections are of no school.', examples: [1] }),
    school: Type.String({ examples: ['Larkspur High'] }),
    rolls: count('Sections that have students that day.'),
    taken: count('Rolls that are taken.'),
    not_taken: count('Rolls that are not, whoever is marked on them.'),
    marked: count('Students of whom something was told on rolls that are not taken, be it present; each once.'),
    assumed,
    students: count('Students of whom something is known on this school day: how many the following rest on.'),
    absent: count('Absent or excused in at least half of the classes in which their status is known.'),
    excused: count(),
    late: count(),
    partial: count('Away in some of these classes, but in less than half.'),
    ...dayOf,
  },
  {
    title: 'SchoolToday',
    description: 'A school’s day: which rolls are taken, and who is away.',
    examples: [
      {
        school_id: 1,
        school: 'Larkspur High',
        rolls: 40,
        taken: 38,
        not_taken: 2,
        marked: 1,
        assumed: false,
        students: 610,
        absent: 31,
        excused: 9,
        late: 14,
        partial: 6,
        school_day: true,
        reason: '',
      },
    ],
  },
);
export type SchoolToday = TypeOf<typeof SchoolToday>;

export const TodayReply = closed(
  { date: Day, schools: Type.Array(SchoolToday) },
  {
    title: 'Today',
    description: 'A day of all schools that have sections in session.',
    examples: [{ date: '2025-10-06', schools: SchoolToday.examples }],
  },
);
export type Today = TypeOf<typeof TodayReply>;

export const InSessionReply = closed(
  {
    date: Day,
    why: oneOf(['in_session', 'no_school', 'between_terms', 'not_begun', 'over', 'no_students'], {
      description:
        'in_session: there are rolls to take. no_school: no school is open. between_terms: no class meets, others do later. not_begun, over: all enrollments begin later, or have ended. no_students: nobody is enrolled at any time.',
      examples: ['over'],
    }),
    last: nullable(Day, {
      description: 'The last day before it on which there were rolls to take; null where there was none.',
    }),
    next: nullable(Day, { description: 'Where no enrollment runs on that day: the day on which the next one begins.' }),
  },
  {
    title: 'InSession',
    description: 'Why there are no rolls to take on a day, and on which day there were.',
    examples: [{ date: '2026-07-04', why: 'over', last: '2026-06-11', next: null }],
  },
);
export type InSession = TypeOf<typeof InSessionReply>;

const spanExample = { from: '2025-08-18', to: '2025-10-06' };

const Grouping = oneOf(['day', 'week', 'month', 'weekday', 'school'], { examples: ['week'] });
export type Grouping = TypeOf<typeof Grouping>;

export const AbsenceQuery = Type.Object(
  {
    by: wordParameter(groupings, `one of ${groupings.join(', ')}`, 'By what; by day where nothing is said.', 'week'),
    ...range,
    school,
  },
  {
    title: 'AbsenceQuery',
    description: 'How days are put together, which days, and of which school.',
    examples: [{ by: 'week', ...spanExample }],
  },
);

/** Days of students, put together: a student on a day is one. */
export const AbsenceRow = closed(
  {
    key: Type.String({
      description: 'The day, the week’s Monday, the month, the weekday from 0 for Sunday, or the id of the school.',
      examples: ['2025-10-06'],
    }),
    label: Type.String({ examples: ['2025-10-06'] }),
    rolls_taken: count('How many rolls are taken on these days.'),
    assumed,
    student_days: count(
      'How many days of students the rate rests on: school days of which something is known of the student.',
    ),
    absent_days: count(),
    excused_days: count(),
    late_days: count(),
    partial_days: count(
      'The days on which a student was away in some of the classes in which the status is known, but in less than half of them.',
    ),
    absence_rate: rate('absent_days of student_days; null where the latter are none.'),
  },
  {
    title: 'AbsenceRow',
    description: 'How much of school was missed on some days.',
    examples: [
      {
        key: '2025-10-06',
        label: '2025-10-06',
        rolls_taken: 190,
        assumed: false,
        student_days: 3010,
        absent_days: 160,
        excused_days: 41,
        late_days: 77,
        partial_days: 30,
        absence_rate: 0.0532,
      },
    ],
  },
);
export type AbsenceRow = TypeOf<typeof AbsenceRow>;

export const AbsenceReply = closed(
  { by: Grouping, from: Day, to: Day, rows: Type.Array(AbsenceRow) },
  {
    title: 'Absence',
    description: 'How much of school was missed.',
    examples: [{ by: 'week', ...spanExample, rows: AbsenceRow.examples }],
  },
);
export type Absence = TypeOf<typeof AbsenceReply>;

export const ChronicQuery = Type.Object(
  {
    ...range,
    school,
    limit: numberParameter('How many students to list. Without it: all.', '50', [0, 999_999_999]),
    offset: numberParameter('How many to leave out first.', '0', [0, 999_999_999]),
    min_days: numberParameter('Students with fewer counted days are left out. Without it: 10.', '10', [0, 999_999_999]),
    excused: yesOrNoParameter('yes or no: whether excused days count as missed. Without it: yes.', 'yes'),
  },
  {
    title: 'ChronicQuery',
    description: 'Which days and school, what counts, and which page of the list.',
    examples: [{ ...spanExample, limit: '50' }],
  },
);

/** How many students miss at least `from` of school, and less than `to`. */
const Band = closed(
  { from: Type.Number(), to: Type.Number(), students: Type.Integer() },
  {
    title: 'Band',
    description: 'How many students miss at least `from` of school, and less than `to`.',
    examples: [{ from: 0.1, to: 0.15, students: 21 }],
  },
);
export type Band = TypeOf<typeof Band>;

/** A student who is chronically absent. */
export const ChronicStudent = closed(
  {
    person_id: Id,
    student_number: studentNumber,
    name: Type.String({ examples: ['Ada Lovelace'] }),
    school: Type.String({ examples: ['Larkspur High'] }),
    grades: Type.String({ examples: ['09'] }),
    enrolled_days: count('How many days the rate rests on: school days of which something is known of the student.'),
    absent_days: count('Absent or excused.'),
    partial_days: count(),
    rate: Type.Number({ minimum: 0, maximum: 1, description: 'absent_days of enrolled_days.', examples: [0.12] }),
  },
  {
    title: 'ChronicStudent',
    description: 'A student who was absent on a tenth of their days or more.',
    examples: [
      {
        person_id: 126,
        student_number: '100126',
        name: 'Ada Lovelace',
        school: 'Larkspur High',
        grades: '09',
        enrolled_days: 33,
        absent_days: 4,
        partial_days: 1,
        rate: 0.1212,
      },
    ],
  },
);

export const ChronicReply = closed(
  {
    from: Day,
    to: Day,
    min_days: Type.Integer({ description: 'Students with fewer counted days are left out.', examples: [10] }),
    excused: oneOf(['yes', 'no'], { description: 'Whether excused days count as missed.', examples: ['yes'] }),
    total: count('How many students are chronically absent.'),
    enrolled: count('How many students the share rests on: those of whom something is known on a school day.'),
    share: rate('total of enrolled; null where these are none.'),
    assumed,
    bands: Type.Array(Band),
    students: Type.Array(ChronicStudent, { description: 'Those who miss most first.' }),
  },
  {
    title: 'Chronic',
    description: 'Students who were absent on a tenth of their days or more.',
    examples: [
      {
        ...spanExample,
        min_days: 10,
        excused: 'yes',
        total: 52,
        enrolled: 610,
        share: 0.0852,
        assumed: false,
        bands: Band.examples,
        students: ChronicStudent.examples,
      },
    ],
  },
);
export type Chronic = TypeOf<typeof ChronicReply>;

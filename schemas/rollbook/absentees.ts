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
import { Day, dayOf, Exception, Id, Instant, range, studentNumber } from './parts';
import { RollSummary } from './reports';

/** Who is away on a day, by name, and the rolls of past days that nobody took. Rows have their properties in the order of the columns in CSV. */

export const AbsenteesQuery = Type.Object(
  {
    school: Type.String({
      minLength: 1,
      mustBe: 'the id of a school',
      description: 'The id of a school.',
      examples: ['1'],
    }),
    date: dayParameter('A day, or the district’s today.'),
    status: wordParameter(['absent', 'late', 'excused'], 'absent, late or excused', 'Only these.', 'absent'),
    code: parameter('A code of the school: only marks that were made by it.', 'A'),
    period: parameter('A period: only marks of classes in it.', '1'),
    unexplained: yesOrNoParameter(
      'yes or no: only absences that are not explained yet, or only the other marks.',
      'yes',
    ),
  },
  {
    title: 'AbsenteesQuery',
    description: 'Which school and day, and which of its marks.',
    examples: [{ school: '1', date: '2025-10-06', status: 'absent' }],
  },
);

/** What was said of a student in one class of the day. */
export const Absentee = closed(
  {
    person_id: Id,
    student_number: studentNumber,
    name: Type.String({ examples: ['Ada Lovelace'] }),
    grades: Type.String({ examples: ['09'] }),
    section_id: Id,
    section: Type.String({ examples: ['Algebra I'] }),
    periods: Type.String({ examples: ['1'] }),
    enrollment_id: Id,
    status: Exception,
    code: Type.String({ description: 'The school’s code; empty where it was said without one.', examples: ['A'] }),
    comment: Type.String({ examples: ['flu'] }),
    unexplained: Type.Boolean({
      description:
        'Absent, without a comment, and without a code that says more than that: the school’s first code for absent says no more.',
      examples: [false],
    }),
    by: Type.String({
      description: 'Who said it: the person, else the client; empty where it was the operator.',
      examples: ['Emmy Noether'],
    }),
    at: Instant,
    taken_at: nullable(Instant, { description: 'When the roll was taken; null while it is not.' }),
  },
  {
    title: 'Absentee',
    description: 'A student who was absent, late or excused in a class of the day.',
    examples: [
      {
        person_id: 126,
        student_number: '100126',
        name: 'Ada Lovelace',
        grades: '09',
        section_id: 4,
        section: 'Algebra I',
        periods: '1',
        enrollment_id: 12,
        status: 2,
        code: 'A',
        comment: 'flu',
        unexplained: false,
        by: 'Emmy Noether',
        at: '2025-10-06T14:03:00.000Z',
        taken_at: '2025-10-06T14:03:00.000Z',
      },
    ],
  },
);
export type Absentee = TypeOf<typeof Absentee>;

/** A school's own word for a status. */
const SchoolCode = closed({
  code: Type.String({ examples: ['A'] }),
  description: Type.String({ examples: ['Absent'] }),
  status: oneOf([1, 2, 3, 4], { examples: [2] }),
});
export type SchoolCode = TypeOf<typeof SchoolCode>;

export const AbsenteesReply = closed(
  {
    school: closed({ id: Id, name: Type.String({ examples: ['Larkspur High'] }) }),
    date: Day,
    ...dayOf,
    codes: Type.Array(SchoolCode, {
      description: 'The codes of the school in this school year, in the order in which they were made.',
    }),
    periods: Type.Array(Type.String({ examples: ['1'] }), {
      description: 'The periods of its classes, in the order of its day.',
    }),
    marks: Type.Array(Absentee, { description: 'In the order of names; of one student in the order of periods.' }),
  },
  {
    title: 'Absentees',
    description: 'Who is absent, late or excused at a school on a day.',
    examples: [
      {
        school: { id: 1, name: 'Larkspur High' },
        date: '2025-10-06',
        school_day: true,
        reason: '',
        codes: [{ code: 'A', description: 'Absent', status: 2 }],
        periods: ['1', '2'],
        marks: Absentee.examples,
      },
    ],
  },
);
export type Absentees = TypeOf<typeof AbsenteesReply>;

export const UntakenQuery = Type.Object(
  {
    ...range,
    school: parameter('The id of one school. Needed by clients that are bound to nobody.', '1'),
    limit: numberParameter(
      'After how many rolls a page ends, with the day that it has begun. Without it: 100.',
      '100',
      [1, 1_000],
    ),
  },
  {
    title: 'UntakenQuery',
    description: 'Of which days, both inclusive, and of which school. Without days: the school year up to today.',
    examples: [{ school: '1', to: '2025-10-06' }],
  },
);

/** A roll that nobody took, and its day. */
export const UntakenRoll = closed(
  { date: Day, ...RollSummary.properties },
  {
    title: 'UntakenRoll',
    description: 'A roll of a school day that nobody has taken.',
    examples: [{ date: '2025-10-06', ...(RollSummary.examples as object[])[0], taken_at: null }],
  },
);
export type UntakenRoll = TypeOf<typeof UntakenRoll>;

export const UntakenReply = closed(
  {
    from: Day,
    to: Day,
    rolls: Type.Array(UntakenRoll, { description: 'The newest day first; the rolls of a day are on one page.' }),
    next: nullable(Type.String({ format: 'date', examples: ['2025-09-30'] }), {
      description: '`to` of the next page, of earlier days; null where there are none.',
    }),
  },
  {
    title: 'UntakenRolls',
    description: 'Rolls of school days up to today that nobody has taken.',
    examples: [{ from: '2025-08-18', to: '2025-10-06', rolls: UntakenRoll.examples, next: null }],
  },
);
export type Untaken = TypeOf<typeof UntakenReply>;

import { Type } from '@sinclair/typebox';
import {
  closed,
  dayParameter,
  dryRunParameter,
  nullable,
  numberParameter,
  oneOf,
  parameter,
  type TypeOf,
} from '../types';
import { count, Day, Exception, Id, Instant, studentNumber } from './parts';

/** Absences that are entered once, for students and days, and go to all rolls concerned. */

const Time = Type.String({ minLength: 1, maxLength: 12, examples: ['09:30'] });
const knownStatus = (description: string) => oneOf([1, 2, 3, 4, null], { description, examples: [4] });

export const AbsenceQuery = Type.Object(
  { dry_run: dryRunParameter('Whether only to say what would change.', 'yes') },
  { title: 'AbsenceQuery', description: 'Whether to enter it.', examples: [{ dry_run: 'yes' }] },
);

const asked = {
  students: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1 }), { maxItems: 500, description: 'Their ids.', examples: [[126]] }),
  ),
  student_numbers: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      maxItems: 500,
      description: 'The numbers that the SIS gave them.',
      examples: [['100126']],
    }),
  ),
  section: Type.Optional(
    Type.Integer({ minimum: 1, description: 'All who are enrolled in this class on the first day.', examples: [4] }),
  ),
  from: Day,
  to: Type.Optional({ ...Day, description: 'The last day, inclusive. Without it: the first one alone.' }),
  periods: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: 24 }), {
      minItems: 1,
      maxItems: 50,
      description: 'Only classes in these periods.',
      examples: [['1', '2']],
    }),
  ),
  from_time: Type.Optional({
    ...Time,
    description:
      'Only classes that are held between this time and `to_time`, in whole or in part, by the bell schedule of the school.',
  }),
  to_time: Type.Optional(Time),
  late_arrival: Type.Optional({
    ...Time,
    description:
      'When they came, on the one day: classes that they missed, or half of, are what `status` or `code` says; one in which they missed less is late.',
  }),
  early_dismissal: Type.Optional({
    ...Time,
    description:
      'When they left, on the one day: classes that they miss, or half of, are what `status` or `code` says; the others are left alone.',
  }),
  status: Type.Optional(Exception),
  code: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 32,
      description: 'A code of the school, in place of the status.',
      examples: ['E'],
    }),
  ),
  comment: Type.Optional(Type.String({ description: 'Missing: a comment that stands stays.', examples: ['dentist'] })),
  overrule: Type.Optional(
    Type.Boolean({
      description:
        'Whether it also takes the place of what is said already: by a teacher, by the office, or by a roll that is taken. Without it, that is left.',
      examples: [false],
    }),
  ),
};

export const AbsenceBody = closed(asked, {
  title: 'AbsenceEntry',
  description: 'What to say of students, on which days. Students, numbers and a class are taken together.',
  examples: [{ students: [126], from: '2025-10-06', to: '2025-10-08', status: 4, comment: 'dentist' }],
});

/** What an absence does, or has done, in one class of one student. */
const AbsenceMark = closed(
  {
    person_id: Id,
    student_number: studentNumber,
    name: Type.String({ examples: ['Ada Lovelace'] }),
    date: Day,
    section_id: Id,
    section: Type.String({ examples: ['Algebra I'] }),
    periods: Type.String({ examples: ['1'] }),
    enrollment_id: Id,
    before: knownStatus('What stood before; null: nobody had said anything.'),
    before_comment: Type.String({ examples: [''] }),
    before_by: Type.String({
      description:
        'Who had said it: the person, else the client; empty where it was the operator, or the taken roll alone.',
      examples: [''],
    }),
    taken: Type.Boolean({ description: 'Whether the roll was taken already.', examples: [false] }),
    status: knownStatus(
      'What it is then. null: nothing is known any more, since the student came, and an absence that the office had entered is over.',
    ),
    code: Type.String({ description: 'Empty: without one.', examples: [''] }),
    comment: Type.String({ examples: ['dentist'] }),
    outcome: oneOf(['changed', 'unchanged', 'left'], {
      description:
        'changed: it is so by this. unchanged: it stood already. left: something else stands, which is not overruled.',
      examples: ['changed'],
    }),
  },
  {
    title: 'AbsenceMark',
    description: 'What an absence says of a student in a class.',
    examples: [
      {
        person_id: 126,
        student_number: '100126',
        name: 'Ada Lovelace',
        date: '2025-10-06',
        section_id: 4,
        section: 'Algebra I',
        periods: '1',
        enrollment_id: 12,
        before: null,
        before_comment: '',
        before_by: '',
        taken: false,
        status: 4,
        code: '',
        comment: 'dentist',
        outcome: 'changed',
      },
    ],
  },
);
export type AbsenceMark = TypeOf<typeof AbsenceMark>;

export const EnteredReply = closed(
  {
    id: nullable(Id, { description: 'By which it is taken back; null where it was not entered (`dry_run`).' }),
    students: count('For how many students it is.'),
    counts: closed({ changed: count(), unchanged: count(), left: count() }),
    warnings: Type.Array(Type.String(), {
      description: 'What to look at: a student of whom the same was entered before on that day.',
    }),
    message: nullable(Type.String(), {
      description: 'That no class is missed, where none is; else null.',
      examples: [null],
    }),
    marks: Type.Array(AbsenceMark, { description: 'Class by class, by day and name.' }),
  },
  {
    title: 'EnteredAbsence',
    description: 'What an absence has changed, or would change.',
    examples: [
      {
        id: 7,
        students: 1,
        counts: { changed: 1, unchanged: 0, left: 0 },
        warnings: [],
        message: null,
        marks: AbsenceMark.examples,
      },
    ],
  },
);
export type EnteredAbsence = TypeOf<typeof EnteredReply>;

const kind = oneOf(['absence', 'late_arrival', 'early_dismissal'], {
  description: 'Of days, or of who came late or left early.',
  examples: ['absence'],
});

const absence = {
  id: Id,
  kind,
  from: Day,
  to: { ...Day, description: 'Inclusive.' },
  periods: Type.Unsafe<readonly string[] | null>({
    type: ['array', 'null'],
    items: { type: 'string' },
    description: 'null: not of some periods.',
    examples: [null],
  }),
  from_time: nullable(Type.String(), { description: 'null: not from some time on.', examples: [null] }),
  to_time: nullable(Type.String(), { description: 'null: not until some time.', examples: [null] }),
  students: count('For how many students it was entered.'),
  who: Type.Array(closed({ person_id: Id, student_number: studentNumber, name: Type.String() }), {
    description: 'The students, by name; in a list the first five of each absence.',
  }),
  status: oneOf([2, 3, 4, null], { description: 'As it was entered; null: by a code.', examples: [4] }),
  code: Type.String({ description: 'The code by which it was entered; empty: by a status.', examples: [''] }),
  comment: Type.String({ description: 'The comment that was entered.', examples: ['dentist'] }),
  classes: count('In how many of their classes it said something.'),
  created_at: Instant,
  created_by: Type.String({ description: 'The client that entered it.', examples: ['Olga Office'] }),
  taken_back_at: nullable(Instant, { description: 'null: it stands.', examples: [null] }),
  taken_back_by: Type.String({ description: 'Empty while it stands.', examples: [''] }),
};
const example = {
  id: 7,
  kind: 'absence',
  from: '2025-10-06',
  to: '2025-10-08',
  periods: null,
  from_time: null,
  to_time: null,
  students: 1,
  who: [{ person_id: 126, student_number: '100126', name: 'Ada Lovelace' }],
  status: 4,
  code: '',
  comment: 'dentist',
  classes: 12,
  created_at: '2025-10-05T07:30:00.000Z',
  created_by: 'Olga Office',
  taken_back_at: null,
  taken_back_by: '',
};

const Absence = closed(absence, {
  title: 'AbsenceSummary',
  description: 'An absence that was entered for students and days, in short.',
  examples: [example],
});
export type Absence = TypeOf<typeof Absence>;

export const AbsencesQuery = Type.Object(
  {
    date: dayParameter('A day: only absences that have it.'),
    student: parameter('The id of a student: only absences of theirs.', '126'),
    before: numberParameter('The `next` of the page before.', '7', [0, 999_999_999]),
  },
  { title: 'AbsencesQuery', description: 'Which absences.', examples: [{ date: '2025-10-06' }] },
);

export const AbsencesReply = closed(
  {
    absences: Type.Array(Absence, { description: 'Those entered last first.' }),
    next: nullable(Type.Integer(), {
      description: '`before` of the next page; null where this is the last.',
      examples: [null],
    }),
  },
  {
    title: 'Absences',
    description: 'Absences that were entered for students and days.',
    examples: [{ absences: [example], next: null }],
  },
);
export type Absences = TypeOf<typeof AbsencesReply>;

const SaidMark = closed({
  person_id: Id,
  student_number: studentNumber,
  name: Type.String({ examples: ['Ada Lovelace'] }),
  date: Day,
  section_id: Id,
  section: Type.String({ examples: ['Algebra I'] }),
  periods: Type.String({ examples: ['1'] }),
  enrollment_id: Id,
  status: knownStatus('null: that nothing is known any more; an absence before it was over then.'),
  code: Type.String({ examples: [''] }),
  comment: Type.String({ examples: ['dentist'] }),
  stands: Type.Boolean({ description: 'Whether that is still what is known of the student.', examples: [true] }),
});

export const AbsenceReply = closed(
  { ...absence, marks: Type.Array(SaidMark) },
  {
    title: 'AbsenceInFull',
    description: 'An absence, and what it has said in each class.',
    examples: [
      {
        ...example,
        marks: [
          {
            person_id: 126,
            student_number: '100126',
            name: 'Ada Lovelace',
            date: '2025-10-06',
            section_id: 4,
            section: 'Algebra I',
            periods: '1',
            enrollment_id: 12,
            status: 4,
            code: '',
            comment: 'dentist',
            stands: true,
          },
        ],
      },
    ],
  },
);
export type AbsenceInFull = TypeOf<typeof AbsenceReply>;

export const PassesQuery = Type.Object(
  { date: dayParameter('A day, or the district’s today.') },
  { title: 'PassesQuery', description: 'Which day.', examples: [{ date: '2025-10-06' }] },
);

/** A student who came late or left early. */
export const Pass = closed(
  {
    absence_id: Id,
    kind,
    time: Type.String({ description: 'When they came, or left.', examples: ['09:40'] }),
    person_id: Id,
    student_number: studentNumber,
    name: Type.String({ examples: ['Ada Lovelace'] }),
    grades: Type.String({ examples: ['09'] }),
    comment: Type.String({ description: 'The reason that was entered.', examples: ['dentist'] }),
    by: Type.String({ description: 'The client that entered it.', examples: ['Olga Office'] }),
    at: Instant,
  },
  {
    title: 'Pass',
    description: 'A student who came late or left early.',
    examples: [
      {
        absence_id: 7,
        kind: 'late_arrival',
        time: '09:40',
        person_id: 126,
        student_number: '100126',
        name: 'Ada Lovelace',
        grades: '09',
        comment: 'dentist',
        by: 'Olga Office',
        at: '2025-10-06T14:41:00.000Z',
      },
    ],
  },
);
export type Pass = TypeOf<typeof Pass>;

export const PassesReply = closed(
  { date: Day, passes: Type.Array(Pass, { description: 'In the order in which they were entered.' }) },
  {
    title: 'Passes',
    description: 'Who came late or left early on a day.',
    examples: [{ date: '2025-10-06', passes: Pass.examples }],
  },
);
export type Passes = TypeOf<typeof PassesReply>;

export const TakenBackReply = closed(
  {
    ...absence,
    restored: count('In how many classes what stood before stands again.'),
    left: Type.Array(closed({ section_id: Id, enrollment_id: Id, date: Day }), {
      description: 'Where it was said otherwise since, or another absence says the same: that stands.',
    }),
  },
  {
    title: 'AbsenceTakenBack',
    description: 'An absence that was taken back.',
    examples: [
      { ...example, taken_back_at: '2025-10-06T08:00:00.000Z', taken_back_by: 'Olga Office', restored: 12, left: [] },
    ],
  },
);
export type AbsenceTakenBack = TypeOf<typeof TakenBackReply>;

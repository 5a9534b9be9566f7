import { Type } from '@sinclair/typebox';
import { closed, nullable, numberParameter, oneOf, type TypeOf } from '../types';
import { Day, dayOf, Id, Instant, studentNumber } from './parts';

/** Finding a student, and their day. */

export const StudentsQuery = Type.Object(
  {
    search: Type.String({
      minLength: 1,
      maxLength: 200,
      mustBe: 'the beginning of a name or number',
      description:
        'Beginnings of words of the name, in any order, or of the student number; without regard to case and accents.',
      examples: ['ada love'],
    }),
    limit: numberParameter('How many students to list at most. Without it: 20.', '20', [1, 100]),
  },
  { title: 'StudentsQuery', description: 'Whom one looks for.', examples: [{ search: 'ada love' }] },
);

const FoundStudent = closed(
  {
    id: Id,
    student_number: studentNumber,
    name: Type.String({ examples: ['Ada Lovelace'] }),
    grades: Type.String({ examples: ['09'] }),
    school: Type.String({ description: 'Empty where the student is of no school.', examples: ['Larkspur High'] }),
    active: Type.Boolean({ description: 'Whether the SIS still lists the student.', examples: [true] }),
  },
  {
    title: 'FoundStudent',
    description: 'A student who was looked for.',
    examples: [
      {
        id: 126,
        student_number: '100126',
        name: 'Ada Lovelace',
        grades: '09',
        school: 'Larkspur High',
        active: true,
      },
    ],
  },
);
export type FoundStudent = TypeOf<typeof FoundStudent>;

export const StudentsReply = closed(
  {
    students: Type.Array(FoundStudent),
    more: Type.Boolean({ description: 'Whether there are more than these.', examples: [false] }),
  },
  {
    title: 'FoundStudents',
    description: 'Students whose names or numbers begin so.',
    examples: [{ students: FoundStudent.examples, more: false }],
  },
);
export type FoundStudents = TypeOf<typeof StudentsReply>;

const Time = Type.String({ pattern: '^\\d\\d:\\d\\d(:\\d\\d)?$', examples: ['08:30'] });

/** A class of a student's day. */
export const StudentRoll = closed(
  {
    section_id: Id,
    section: Type.String({ examples: ['Algebra I'] }),
    enrollment_id: Id,
    periods: Type.String({ examples: ['1'] }),
    starts: nullable(Time, {
      description: 'By the bell schedule of the school; null where it has none of the period.',
    }),
    ends: nullable(Time),
    teachers: Type.String({ examples: ['Emmy Noether'] }),
    ...dayOf,
    taken_at: nullable(Instant, { description: 'When the roll was taken; null while it is not.' }),
    status: oneOf([1, 2, 3, 4, null], {
      description: '1 present, 2 absent, 3 late, 4 excused; null: nobody has said anything.',
      examples: [4],
    }),
    code: Type.String({ description: 'The school’s code; empty where it was said without one.', examples: ['E'] }),
    comment: Type.String({ examples: ['dentist'] }),
  },
  {
    title: 'StudentRoll',
    description: 'A class of a student’s day, and what is known of the student in it.',
    examples: [
      {
        section_id: 4,
        section: 'Algebra I',
        enrollment_id: 12,
        periods: '1',
        starts: '08:30',
        ends: '09:20',
        teachers: 'Emmy Noether',
        school_day: true,
        reason: '',
        taken_at: null,
        status: 4,
        code: 'E',
        comment: 'dentist',
      },
    ],
  },
);
export type StudentRoll = TypeOf<typeof StudentRoll>;

export const StudentDayReply = closed(
  {
    student: closed({ id: Id, student_number: studentNumber, name: Type.String({ examples: ['Ada Lovelace'] }) }),
    date: Day,
    rolls: Type.Array(StudentRoll, { description: 'In the order of the periods.' }),
  },
  {
    title: 'StudentDay',
    description: 'All classes of a student on a day.',
    examples: [
      {
        student: { id: 126, student_number: '100126', name: 'Ada Lovelace' },
        date: '2025-10-06',
        rolls: StudentRoll.examples,
      },
    ],
  },
);
export type StudentDay = TypeOf<typeof StudentDayReply>;

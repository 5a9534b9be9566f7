import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Id } from './parts';

const untaken = oneOf(['unknown', 'present'], {
  description:
    'What reports count students as who are not marked, on past school days whose roll nobody took: unknown, or present, in a school whose SIS notes exceptions alone.',
  examples: ['unknown'],
});
export type UntakenRolls = TypeOf<typeof untaken>;

const edit_days = nullable(Type.Integer({ minimum: 0, maximum: 366, examples: [5] }), {
  description:
    'For how many days after the day itself teachers may take and change a roll, in every API; 0: on the day alone; null: without an end. The office always may.',
});

const grade_late = nullable(Type.Integer({ minimum: 0, maximum: 100, examples: [80] }), {
  description:
    'An attendance grade is sent to the LMS of a class: present counts 100 percent, absent nothing, late so much; null: no grade is sent.',
});

const grade_excused = oneOf(['left_out', 'present'], {
  description: 'What that grade makes of excused: it is left out of the count, or counts as present.',
  examples: ['left_out'],
});

export const SchoolBody = closed(
  {
    untaken: Type.Optional(untaken),
    edit_days: Type.Optional(edit_days),
    grade_late: Type.Optional(grade_late),
    grade_excused: Type.Optional(grade_excused),
  },
  {
    title: 'SchoolChange',
    description: 'Changes settings of a school. Whatever is missing stays as it is.',
    minProperties: 1,
    examples: [{ untaken: 'present' }, { edit_days: 5 }, { grade_late: 80, grade_excused: 'left_out' }],
  },
);
export type SchoolChange = TypeOf<typeof SchoolBody>;

export const SchoolReply = closed(
  {
    id: Id,
    number: Type.String({ description: 'The SIS’s identifier of it; empty where it has none.', examples: ['200'] }),
    name: Type.String(),
    untaken,
    edit_days,
    grade_late,
    grade_excused,
  },
  {
    title: 'School',
    description: 'A school and its settings.',
    examples: [
      {
        ...{ id: 1, number: '200', name: 'Larkspur High', untaken: 'unknown', edit_days: null },
        ...{ grade_late: null, grade_excused: 'left_out' },
      },
    ],
  },
);
export type SchoolSettings = TypeOf<typeof SchoolReply>;

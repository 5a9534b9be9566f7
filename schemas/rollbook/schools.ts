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

export const SchoolBody = closed(
  { untaken: Type.Optional(untaken), edit_days: Type.Optional(edit_days) },
  {
    title: 'SchoolChange',
    description: 'Changes settings of a school. Whatever is missing stays as it is.',
    minProperties: 1,
    examples: [{ untaken: 'present' }, { edit_days: 5 }],
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
  },
  {
    title: 'School',
    description: 'A school and its settings.',
    examples: [{ id: 1, number: '200', name: 'Larkspur High', untaken: 'unknown', edit_days: null }],
  },
);
export type SchoolSettings = TypeOf<typeof SchoolReply>;

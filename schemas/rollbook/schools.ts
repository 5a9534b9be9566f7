import { Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';
import { Id } from './parts';

const untaken = oneOf(['unknown', 'present'], {
  description:
    'What reports count students as who are not marked, on past school days whose roll nobody took: unknown, or present, in a school whose SIS notes exceptions alone.',
  examples: ['unknown'],
});
export type UntakenRolls = TypeOf<typeof untaken>;

export const SchoolBody = closed(
  { untaken },
  {
    title: 'SchoolChange',
    description: 'Says how a school counts the rolls that nobody took.',
    examples: [{ untaken: 'present' }],
  },
);

export const SchoolReply = closed(
  {
    id: Id,
    number: Type.String({ description: 'The SIS’s identifier of it; empty where it has none.', examples: ['200'] }),
    name: Type.String(),
    untaken,
  },
  {
    title: 'School',
    description: 'A school, and how it counts the rolls that nobody took.',
    examples: [{ id: 1, number: '200', name: 'Larkspur High', untaken: 'unknown' }],
  },
);
export type SchoolSettings = TypeOf<typeof SchoolReply>;

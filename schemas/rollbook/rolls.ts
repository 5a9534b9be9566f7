import { Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Day, Id, Instant, statusWords } from './parts';

const SentStatus = closed(
  {
    enrollment_id: Type.Integer({ minimum: 1, examples: [12] }),
    status: oneOf([1, 2, 3, 4, null], {
      description: '1 present, 2 absent, 3 late, 4 excused; null takes back what was said of the student.',
      examples: [3],
    }),
    comment: Type.Optional(
      nullable(Type.String(), {
        description: 'Missing: the one that stands stays. Empty, or null: it is cleared.',
        examples: ['bus'],
      }),
    ),
    code: Type.Optional(
      nullable(Type.String({ maxLength: 32 }), {
        description:
          'A code of the school that means this status. Missing: the one that stands stays while the status does. Empty, or null: it is cleared.',
        examples: ['FT'],
      }),
    ),
  },
  {
    title: 'SentStatus',
    description: 'What is to be said of a student.',
    examples: [{ enrollment_id: 12, status: 3, comment: 'bus' }],
  },
);
export type SentStatus = TypeOf<typeof SentStatus>;

export const RollBody = closed(
  {
    taken: Type.Optional(
      Type.Boolean({
        description:
          'true: the roll is taken; whoever is enrolled that day and has no status is present. false: it was not taken after all; what was said of single students stays. Missing: as it is, but that it is taken once the status of every student has been told.',
        examples: [true],
      }),
    ),
    statuses: Type.Optional(Type.Array(SentStatus, { maxItems: 1000 })),
  },
  {
    title: 'RollChange',
    description: 'What is to be said of a roll. Whatever is missing stays as it is.',
    examples: [{ taken: true, statuses: SentStatus.examples }],
  },
);

const SaidStatus = closed(
  {
    enrollment_id: Id,
    status: oneOf([1, 2, 3, 4], { description: statusWords, examples: [3] }),
    comment: Type.String({ examples: ['bus'] }),
    code: Type.String({ description: 'A code of the school; empty without one.', examples: [''] }),
    by: Type.String({ description: 'Who said it: the person, else the client.', examples: ['Emmy Noether'] }),
    by_teacher: Type.Boolean({ description: 'Whether by a person rather than a client.', examples: [true] }),
    api: Type.String({ description: 'The API it came by.', examples: ['rollbook'] }),
    at: nullable(Instant, { description: 'When.' }),
  },
  {
    title: 'Status',
    description: 'What is known of a student, and who said it.',
    examples: [
      {
        enrollment_id: 12,
        status: 3,
        comment: 'bus',
        code: '',
        by: 'Emmy Noether',
        by_teacher: true,
        api: 'rollbook',
        at: '2025-10-06T14:03:00.000Z',
      },
    ],
  },
);

const RollCode = closed(
  {
    code: Type.String({ examples: ['FT'] }),
    description: Type.String({ examples: ['Field trip'] }),
    status: oneOf([1, 2, 3, 4], { description: statusWords, examples: [4] }),
    office_only: Type.Boolean({
      description: 'Whether clients that are bound to a person may not say it.',
      examples: [false],
    }),
    color: Type.String({ description: 'In which it is shown, `#rrggbb`; empty for none.', examples: ['#7744aa'] }),
  },
  {
    title: 'RollCode',
    description: 'A code of the school of the section.',
    examples: [{ code: 'FT', description: 'Field trip', status: 4, office_only: false, color: '#7744aa' }],
  },
);
export type RollCode = TypeOf<typeof RollCode>;

export const RollReply = closed(
  {
    section_id: Id,
    date: Day,
    taken_at: nullable(Instant, {
      description:
        'When the roll was taken; null while it is not. Whoever is enrolled and not among the statuses is present on a roll that is taken, and unknown on one that is not.',
    }),
    taken_by: nullable(Type.String({ examples: ['Emmy Noether'] }), {
      description:
        'Who took the roll: the person, else the client; empty where nobody knows. null while it is not taken.',
    }),
    editable_from: nullable(Day, {
      description:
        'The first day whose roll of this section the caller may still take and change; null: any. It is of the school, and for clients that are bound to a person.',
    }),
    codes: Type.Array(RollCode, {
      description: 'The codes that the school has in this school year, in the order in which they were made.',
    }),
    statuses: Type.Array(SaidStatus),
  },
  {
    title: 'Roll',
    description: 'What is known of a section’s students on a day.',
    examples: [
      {
        section_id: 4,
        date: '2025-10-06',
        taken_at: '2025-10-06T14:03:00.000Z',
        taken_by: 'Emmy Noether',
        editable_from: null,
        codes: RollCode.examples,
        statuses: SaidStatus.examples,
      },
    ],
  },
);
export type Roll = TypeOf<typeof RollReply>;

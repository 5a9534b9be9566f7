import { Type } from '@sinclair/typebox';
import { closed, parameter, type TypeOf } from '../types';
import { Day, Id } from './parts';

/** Who takes the rolls of a class in place of its teacher. */

const Name = Type.String({ examples: ['Gregor Mendel'] });

const Substitution = closed(
  {
    id: Id,
    section_id: Id,
    section: Type.String({ examples: ['Algebra I'] }),
    person_id: Id,
    name: Name,
    from: Day,
    to: Type.String({ format: 'date', description: 'The last day, inclusive.', examples: ['2025-10-07'] }),
    can_take: Type.Boolean({
      description:
        'false: they no longer sign in as a teacher. The SIS, or the office, has given them another role, or they have left.',
      examples: [true],
    }),
    by: Type.String({
      description: 'Who gave it: the person who was signed in, else the API client.',
      examples: ['Emmy Noether'],
    }),
  },
  {
    title: 'Substitution',
    description: 'Somebody who takes the rolls of a class on days, in place of its teacher.',
    examples: [
      {
        id: 12,
        section_id: 4,
        section: 'Algebra I',
        person_id: 127,
        name: 'Gregor Mendel',
        from: '2025-10-06',
        to: '2025-10-07',
        can_take: true,
        by: 'Emmy Noether',
      },
    ],
  },
);
export type Substitution = TypeOf<typeof Substitution>;

const section = Type.String({
  minLength: 1,
  pattern: '^[1-9]\\d{0,14}$',
  mustBe: 'the id of a section',
  description: 'The id of a section.',
  examples: ['4'],
});

export const SubstitutionsQuery = closed(
  { section },
  { title: 'SubstitutionsQuery', description: 'Of which class.', examples: [{ section: '4' }] },
);

export const SubstitutionsReply = closed(
  { substitutions: Type.Array(Substitution) },
  {
    title: 'Substitutions',
    description: 'Those that are not over, the first to begin first.',
    examples: [{ substitutions: Substitution.examples }],
  },
);
export type Substitutions = TypeOf<typeof SubstitutionsReply>;

export const SubstitutesQuery = closed(
  {
    section,
    search: parameter('A part of the name.', 'mendel'),
  },
  {
    title: 'SubstitutesQuery',
    description: 'For which class, and who.',
    examples: [{ section: '4', search: 'mendel' }],
  },
);

const Candidate = closed(
  { person_id: Id, name: Name, role: Type.String({ description: 'As the roster has it.', examples: ['teacher'] }) },
  {
    title: 'Substitute',
    description: 'Somebody who may take a class for somebody else.',
    examples: [{ person_id: 127, name: 'Gregor Mendel', role: 'teacher' }],
  },
);

export const SubstitutesReply = closed(
  { people: Type.Array(Candidate) },
  {
    title: 'Substitutes',
    description: 'People of the school who sign in as teachers, by name; up to 20.',
    examples: [{ people: Candidate.examples }],
  },
);
export type Substitutes = TypeOf<typeof SubstitutesReply>;

export const SubstitutionBody = closed(
  {
    section: Id,
    person: Type.Integer({ description: 'The id of the substitute.', examples: [127] }),
    from: Day,
    to: Type.Optional(
      Type.String({
        format: 'date',
        description: 'The last day, inclusive; the first where it is left out.',
        examples: ['2025-10-07'],
      }),
    ),
  },
  {
    title: 'NewSubstitution',
    description: 'Who is to take a class, and on which days.',
    examples: [{ section: 4, person: 127, from: '2025-10-06', to: '2025-10-07' }],
  },
);

export const SubstitutionReply = Substitution;

import { Type } from '@sinclair/typebox';
import { closed, nullable, numberParameter, oneOf, parameter, type TypeOf } from '../types';
import { Id, Instant } from './parts';

/** Who may sign in: teachers and the office. */

const Name = Type.String({ examples: ['Emmy Noether'] });
const Email = Type.String({
  description: 'As the roster has it; empty where it has none.',
  examples: ['emmy@example.org'],
});

const AccessSession = closed(
  {
    began_at: Instant,
    used_at: nullable(Instant, { description: 'When it was last used, to the hour; null where that is not known.' }),
    ends_at: Type.String({
      format: 'date-time',
      description: 'When it ends if it is not used until then.',
      examples: ['2025-11-05T14:03:00.000Z'],
    }),
    own_device: Type.Boolean({
      description: 'Whether the person has said that the device is theirs: then each use renews it for 30 days.',
      examples: [true],
    }),
  },
  {
    title: 'AccessSession',
    description: 'A browser in which somebody is signed in.',
    examples: [
      {
        began_at: '2025-10-06T14:03:00.000Z',
        used_at: '2025-10-06T14:03:00.000Z',
        ends_at: '2025-11-05T14:03:00.000Z',
        own_device: true,
      },
    ],
  },
);

const AccessPerson = closed(
  {
    person_id: Id,
    name: Name,
    role: Type.String({ description: 'As the roster has it.', examples: ['teacher'] }),
    access: oneOf(['teacher', 'office', 'secretary', 'counselor', null], {
      description:
        'As what they sign in: by the role in the roster, or by one that was given; null where they may not.',
      examples: ['teacher'],
    }),
    access_school_id: nullable(Id, { description: 'The school in which a role was given; null where none was.' }),
    email: Email,
    school_id: nullable(Id, { description: 'The school that the roster lists them in.' }),
    used_at: nullable(Instant, {
      description: 'When they last did something here, to the hour; null where that is not known.',
    }),
    sessions: Type.Array(AccessSession, { description: 'Where they are signed in, the latest first.' }),
    passkeys: Type.Integer({ description: 'How many passkeys they have.', examples: [0] }),
    invited_until: nullable(Instant, {
      description: 'Until when a link is good that was made and not used yet; null where there is none.',
    }),
    revoked_at: nullable(Instant, { description: 'When their access was taken away; null where it was not.' }),
  },
  {
    title: 'AccessPerson',
    description: 'Somebody who works in a school, as what they sign in, and where they are signed in.',
    examples: [
      {
        person_id: 126,
        name: 'Emmy Noether',
        role: 'teacher',
        access: 'teacher',
        access_school_id: null,
        email: 'emmy@example.org',
        school_id: 1,
        used_at: '2025-10-06T14:03:00.000Z',
        sessions: AccessSession.examples,
        passkeys: 0,
        invited_until: null,
        revoked_at: null,
      },
    ],
  },
);

const GivenRole = oneOf(['secretary', 'counselor'], {
  description: 'A secretary enters attendance of a school; a counselor reads it.',
  examples: ['secretary'],
});

export const RoleBody = closed(
  { role: GivenRole, school: Type.Integer({ description: 'The id of the school.', examples: [1] }) },
  {
    title: 'GivenRole',
    description: 'A role in the office of a school, in place of what the person is by the roster.',
    examples: [{ role: 'secretary', school: 1 }],
  },
);

export const AccessQuery = closed(
  {
    school: parameter('The id of one school: those who are of it or teach in it.', '1'),
    search: parameter('A part of the name, the staff number or the email address.', 'noether'),
    limit: numberParameter('How many people; 50 where nothing is said.', '50', [1, 200]),
    offset: numberParameter('How many to pass over.', '0', [0, 999_999_999]),
  },
  { title: 'AccessQuery', description: 'Of whom it is asked.', examples: [{ school: '1', search: 'noether' }] },
);

export const AccessReply = closed(
  {
    total: Type.Integer({ description: 'How many there are, on all pages.', examples: [1] }),
    people: Type.Array(AccessPerson),
  },
  {
    title: 'Access',
    description: 'People who work in a school, by name.',
    examples: [{ total: 1, people: AccessPerson.examples }],
  },
);
export type Access = TypeOf<typeof AccessReply>;

export const InvitationsBody = closed(
  {
    people: Type.Optional(
      Type.Array(Id, { minItems: 1, maxItems: 1_000, description: 'The ids of people who may sign in.' }),
    ),
    school: Type.Optional(
      Type.Integer({ description: 'In place of `people`: all teachers of this school.', examples: [1] }),
    ),
    only_signed_out: Type.Optional(
      Type.Boolean({
        description: 'With `school`: true leaves out those who are signed in somewhere.',
        examples: [true],
      }),
    ),
    days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 99,
        description: 'For how many days the links are good; 7 where nothing is said.',
        examples: [7],
      }),
    ),
    mail: Type.Optional(
      Type.Boolean({
        description: 'true: the links are sent by email, to those of whom the roster has an address.',
        examples: [false],
      }),
    ),
    end_sessions: Type.Optional(
      Type.Boolean({
        description: 'true: where they are signed in now, they are so no longer, and their passkeys are removed.',
        examples: [false],
      }),
    ),
  },
  {
    title: 'NewInvitations',
    description: 'Who is to be invited. Links that they were given before and have not used end.',
    examples: [{ people: [126] }, { school: 1, only_signed_out: true }],
  },
);

const MadeInvitation = closed(
  {
    person_id: Id,
    name: Name,
    email: Email,
    link: Type.String({
      description: 'Signs the person in, once. It is shown now alone.',
      examples: ['https://attendance.example.org/#/invitation/U3VwcG9zZWRseQ'],
    }),
    expires_at: Instant,
    mailed: Type.Boolean({ description: 'Whether it is on its way to the person by email.', examples: [false] }),
  },
  {
    title: 'Invitation',
    description: 'A link that signs somebody in once.',
    examples: [
      {
        person_id: 126,
        name: 'Emmy Noether',
        email: 'emmy@example.org',
        link: 'https://attendance.example.org/#/invitation/U3VwcG9zZWRseQ',
        expires_at: '2025-10-13T14:03:00.000Z',
        mailed: false,
      },
    ],
  },
);

export const InvitationsReply = closed(
  { invitations: Type.Array(MadeInvitation) },
  {
    title: 'Invitations',
    description: 'The links, by the names of the people.',
    examples: [{ invitations: MadeInvitation.examples }],
  },
);
export type Invitations = TypeOf<typeof InvitationsReply>;

const AccessChange = closed(
  {
    at: Instant,
    what: oneOf(['invited', 'sessions_ended', 'revoked', 'role_given', 'role_taken'], { examples: ['invited'] }),
    person_id: Id,
    name: Name,
    role: oneOf(['secretary', 'counselor', null], { description: 'The role that was given; null where none was.' }),
    school: Type.String({ description: 'The school in which it was given; empty where none was.', examples: [''] }),
    by: Type.String({
      description: 'Who did it: the person who was signed in, else the API client; empty where it was the operator.',
      examples: ['Noor Rahimi'],
    }),
  },
  {
    title: 'AccessChange',
    description: 'Something that was done about the access of a person.',
    examples: [
      {
        at: '2025-10-06T14:03:00.000Z',
        what: 'invited',
        person_id: 126,
        name: 'Emmy Noether',
        role: null,
        school: '',
        by: 'Noor Rahimi',
      },
    ],
  },
);

export const AccessChangesQuery = closed(
  { limit: numberParameter('How many; 50 where nothing is said.', '50', [1, 200]) },
  { title: 'AccessChangesQuery', description: 'How much of it.', examples: [{ limit: '50' }] },
);

export const AccessChangesReply = closed(
  { changes: Type.Array(AccessChange) },
  {
    title: 'AccessChanges',
    description: 'What was done of late about who may sign in, the latest first.',
    examples: [{ changes: AccessChange.examples }],
  },
);
export type AccessChanges = TypeOf<typeof AccessChangesReply>;

import { Type } from '@sinclair/typebox';
import { closed, nullable, numberParameter, oneOf, type TypeOf } from '../types';
import { Id, Instant } from './parts';

/** API clients of a district, as its office sees them. */

const Name = Type.String({ minLength: 1, maxLength: 100, description: 'What to call it.', examples: ['LMS'] });
const Scope = Type.String({ examples: ['attendance:read'] });
const MarksOnly = Type.Boolean({
  description: 'true: it writes single marks, such as excuses. What it writes never takes a roll by itself.',
  examples: [false],
});

const client = {
  id: Id,
  name: Type.String({ examples: ['LMS'] }),
  key: Type.String({ description: 'The consumer key, which is public.', examples: ['9f2c'] }),
  scopes: Type.Array(Scope),
  marks_only: MarksOnly,
};

const ApiClient = closed(
  {
    ...client,
    person_id: nullable(Id, {
      description: 'The person it is bound to: it sees what they see. null: the whole district.',
    }),
    person: Type.String({ description: 'What they are called; empty where it is bound to nobody.', examples: [''] }),
    created_at: Instant,
    used_at: nullable(Instant, {
      description: 'When it last did something, to the hour; null where that is not known.',
    }),
    previous_secret_until: nullable(Instant, {
      description: 'Until when the secret and token before are good as well; null where it was never rotated.',
    }),
    revoked_at: nullable(Instant, { description: 'When it was revoked; null where it was not.' }),
  },
  {
    title: 'ApiClient',
    description: 'A program that may call, without its secrets.',
    examples: [
      {
        id: 12,
        name: 'LMS',
        key: '9f2c',
        scopes: ['attendance:read'],
        marks_only: false,
        person_id: null,
        person: '',
        created_at: '2025-08-18T14:03:00.000Z',
        used_at: '2025-10-06T14:00:00.000Z',
        previous_secret_until: null,
        revoked_at: null,
      },
    ],
  },
);
export type ApiClient = TypeOf<typeof ApiClient>;

export const ApiClientsQuery = closed(
  {
    limit: numberParameter('How many clients; 50 where nothing is said.', '50', [1, 200]),
    offset: numberParameter('How many to pass over.', '0', [0, 999_999_999]),
  },
  { title: 'ApiClientsQuery', description: 'Which page of them.', examples: [{ limit: '50' }] },
);

export const ApiClientsReply = closed(
  { total: Type.Integer({ description: 'How many there are, on all pages.' }), clients: Type.Array(ApiClient) },
  {
    title: 'ApiClients',
    description:
      'The API clients of the district, those that stand first. Those by which people sign in are not among them.',
    examples: [{ total: 1, clients: ApiClient.examples }],
  },
);
export type ApiClients = TypeOf<typeof ApiClientsReply>;

export const ApiClientBody = closed(
  {
    name: Name,
    scopes: Type.Array(
      oneOf(['attendance:read', 'attendance:write', 'roster:read', 'roster:write', 'access', 'admin']),
      {
        minItems: 1,
        uniqueItems: true,
        description: 'What it may do: nothing that the caller may not.',
        examples: [['attendance:read']],
      },
    ),
    person: Type.Optional(Type.Integer({ description: 'The person to whom it is bound.', examples: [126] })),
    marks_only: Type.Optional(MarksOnly),
  },
  {
    title: 'NewApiClient',
    description: 'A client that is to be made.',
    examples: [{ name: 'LMS', scopes: ['attendance:read', 'attendance:write', 'roster:read'] }],
  },
);

export const ApiClientRotateBody = closed(
  {
    grace: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 2_592_000,
        description: 'For how many seconds more the secret and token before are good, too. A day where it is left out.',
        examples: [86_400],
      }),
    ),
  },
  {
    title: 'ApiClientRotation',
    description: 'Asks for another secret and token.',
    default: {}, // a body that is left out
    examples: [{ grace: 86_400 }],
  },
);

export const ApiClientSecretReply = closed(
  {
    ...client,
    secret: Type.String({ description: 'Signs requests by OAuth 1.0a. It is shown now alone.', examples: ['5b0d'] }),
    token: Type.String({
      description: 'Goes into `Authorization: Bearer`. It is shown now alone.',
      examples: ['rollbook_x'],
    }),
    previous_secret_until: nullable(Instant, {
      description: 'Until when the secret and token before are good as well; null of a new client.',
    }),
  },
  {
    title: 'ApiClientSecret',
    description: 'A client with its secrets, which are shown once.',
    examples: [
      {
        id: 12,
        name: 'LMS',
        key: '9f2c',
        scopes: ['attendance:read'],
        marks_only: false,
        secret: '5b0d',
        token: 'rollbook_x',
        previous_secret_until: null,
      },
    ],
  },
);
export type ApiClientSecret = TypeOf<typeof ApiClientSecretReply>;

import { type TSchema, Type } from '@sinclair/typebox';
import { closed, nullable, oneOf, type TypeOf } from '../types';
import { Day, Id } from './parts';

const Named = closed({ id: Id, name: Type.String() });

const orNull = <Schema extends TSchema>(schema: Schema, description: string) =>
  Type.Union([Type.Null(), schema], { description });

/** Who is signed in, and what day it is in their district. */
export const SessionReply = closed(
  {
    district: closed({
      id: Id,
      name: Type.String(),
      time_zone: Type.String({ examples: ['America/Los_Angeles'] }),
      language: Type.String({ description: 'In whose order names are sorted (BCP 47).', examples: ['en'] }),
      sis_attendance_app: Type.Boolean({
        description: 'Whether attendance is taken in the SIS: then no roll is read or taken here.',
        examples: [false],
      }),
    }),
    today: Day,
    person: orNull(Named, 'The person that the client is bound to; null for the office.'),
    user: nullable(Id, {
      description: 'The person who signed in, whatever their role; null where the key of a client was used.',
      examples: [126],
    }),
    client: Named,
    school: nullable(Id, {
      description: 'The school of whose office they are; null for the district’s, and for teachers.',
    }),
    role: oneOf(['teacher', 'office', 'secretary', 'counselor', null], {
      description:
        'As what they are signed in: a secretary and a counselor see their school alone. Null where the key of a client was used.',
      examples: ['teacher'],
    }),
    scopes: Type.Array(Type.String({ examples: ['attendance:read'] })),
  },
  {
    title: 'Session',
    description: 'Who is signed in, and what day it is in their district.',
    examples: [
      {
        district: {
          id: 1,
          name: 'Larkspur Valley',
          time_zone: 'America/Los_Angeles',
          language: 'en',
          sis_attendance_app: false,
        },
        today: '2025-10-06',
        person: { id: 126, name: 'Emmy Noether' },
        user: 126,
        client: { id: 3, name: 'Emmy Noether' },
        school: null,
        role: 'teacher',
        scopes: ['attendance:read', 'attendance:write'],
      },
    ],
  },
);
export type Session = TypeOf<typeof SessionReply>;

const secret = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));

/** A part of every body by which one signs in. */
export const ownDevice = {
  own_device: Type.Optional(
    Type.Boolean({
      description:
        'true: the device is the person’s own, and stays signed in for 30 days after each use. Else it does so for 12 hours.',
      examples: [true],
    }),
  ),
};

export const SignInBody = Type.Object(
  {
    key: secret('The key of a client.'),
    secret: secret('The secret that goes with it.'),
    invitation: secret('An invitation, in place of both. It is good once.'),
    ...ownDevice,
  },
  {
    title: 'SignIn',
    description: 'Signs in by the key and secret of a client, or by an invitation.',
    examples: [{ key: 'a key', secret: 'its secret' }, { invitation: 'the last part of a link' }],
  },
);
export type SignIn = TypeOf<typeof SignInBody>;

export const EmailBody = closed(
  {
    email: Type.String({
      maxLength: 254,
      pattern: '^ *[^\\s@]+@[^\\s@]+ *$',
      mustBe: 'an email address',
      description: 'As the roster has it, in capital letters or small ones.',
      examples: ['emmy@example.org'],
    }),
  },
  {
    title: 'SignInEmail',
    description: 'To where a link and a code are to go.',
    examples: [{ email: 'emmy@example.org' }],
  },
);

const Request = Type.String({
  minLength: 1,
  maxLength: 200,
  description: 'What the code is to be sent with. Whoever has the code alone signs in nobody.',
  examples: ['U3VwcG9zZWRseQ'],
});

export const EmailReply = closed(
  { request: Request, expires_at: Type.String({ format: 'date-time', examples: ['2025-10-06T14:13:00.000Z'] }) },
  {
    title: 'SignInEmailAsked',
    description: 'It is answered whether or not anybody has the address.',
    examples: [{ request: 'U3VwcG9zZWRseQ', expires_at: '2025-10-06T14:13:00.000Z' }],
  },
);
export type EmailAsked = TypeOf<typeof EmailReply>;

export const CodeBody = closed(
  {
    request: Request,
    code: Type.String({ pattern: '^ *\\d{3} ?\\d{3} *$', mustBe: 'six digits', examples: ['123456'] }),
    ...ownDevice,
  },
  {
    title: 'SignInCode',
    description: 'Signs in by the code of an email.',
    examples: [{ request: 'U3VwcG9zZWRseQ', code: '123456' }],
  },
);

export const WaysReply = closed(
  {
    email: Type.Boolean({
      description: 'Whether a link and a code are sent by email to who asks for it.',
      examples: [false],
    }),
    passkeys: Type.Boolean({ description: 'Whether one can sign in by a passkey.', examples: [true] }),
    openid: orNull(
      closed({
        name: Type.String({ description: 'What the button says.', examples: ['District account'] }),
        url: Type.String({ description: 'Where it leads.', examples: ['/sign-in/openid'] }),
      }),
      'The OpenID provider; null where there is none.',
    ),
  },
  {
    title: 'Ways',
    description: 'How one can sign in beside a key and an invitation.',
    examples: [
      { email: false, passkeys: true, openid: null },
      { email: true, passkeys: true, openid: { name: 'District account', url: '/sign-in/openid' } },
    ],
  },
);
export type Ways = TypeOf<typeof WaysReply>;

/** Parameters that are another's to choose. */
const anyParameters = { type: 'object', additionalProperties: { type: 'string', maxLength: 4000 } };

/** OpenID Connect Core 1.0, 4: a portal that leads people here says `iss`, and may say more. There is one provider, whatever it says. */
export const OpenidBeginQuery = Type.Unsafe<{ readonly own_device?: '0' | '1' }>({
  ...anyParameters,
  properties: {
    own_device: oneOf(['0', '1'], {
      description: '1: the device is the person’s own, and stays signed in for 30 days after each use.',
      examples: ['1'],
    }),
  },
  title: 'OpenidBegin',
  description:
    'On what kind of device somebody signs in. A portal that leads people here may send more, of which nothing is needed.',
  examples: [{ own_device: '1' }],
});

/** OpenID Connect Core 1.0, 3.1.2.5 and 3.1.2.6; a provider may send more. */
export const OpenidQuery = Type.Unsafe<Readonly<Record<string, string>>>({
  ...anyParameters,
  title: 'OpenidAnswer',
  description: 'What an OpenID provider sends back with the browser.',
  examples: [{ code: 'of the provider', state: 'of rollbook' }],
});

import { type TSchema, Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';
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
    }),
    today: Day,
    person: orNull(Named, 'The person that the client is bound to; null for the office.'),
    client: Named,
    scopes: Type.Array(Type.String({ examples: ['attendance:read'] })),
  },
  {
    title: 'Session',
    description: 'Who is signed in, and what day it is in their district.',
    examples: [
      {
        district: { id: 1, name: 'Larkspur Valley', time_zone: 'America/Los_Angeles', language: 'en' },
        today: '2025-10-06',
        person: { id: 126, name: 'Emmy Noether' },
        client: { id: 3, name: 'Emmy Noether' },
        scopes: ['attendance:read', 'attendance:write'],
      },
    ],
  },
);
export type Session = TypeOf<typeof SessionReply>;

const secret = (description: string) => Type.Optional(Type.String({ minLength: 1, maxLength: 200, description }));

export const SignInBody = Type.Object(
  {
    key: secret('The key of a client.'),
    secret: secret('The secret that goes with it.'),
    invitation: secret('An invitation, in place of both. It is good once.'),
    own_device: Type.Optional(
      Type.Boolean({
        description:
          'true: the device is the person’s own, and stays signed in for 30 days after each use. Else it does so for 12 hours.',
        examples: [true],
      }),
    ),
  },
  {
    title: 'SignIn',
    description: 'Signs in by the key and secret of a client, or by an invitation.',
    examples: [{ key: 'a key', secret: 'its secret' }, { invitation: 'the last part of a link' }],
  },
);
export type SignIn = TypeOf<typeof SignInBody>;

export const WaysReply = closed(
  {
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
    examples: [{ openid: null }, { openid: { name: 'District account', url: '/sign-in/openid' } }],
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

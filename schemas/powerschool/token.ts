import { Type } from '@sinclair/typebox';
import { closed } from '../types';

/** Of RFC 6749, 4.4.2. */
const GRANT = 'client_credentials';

/** Not checked: those that must not be here are refused in words of their own. */
export const TokenQuery = Type.Object(
  {
    grant_type: Type.Optional(
      Type.Unknown({
        description: 'Read where the body has none: some clients send it so, beside an empty body.',
        examples: [GRANT],
      }),
    ),
    client_id: Type.Optional(Type.Unknown({ description: 'Refused: it would be logged.' })),
    client_secret: Type.Optional(Type.Unknown({ description: 'Refused: it would be logged.' })),
  },
  {
    title: 'TokenQuery',
    description: 'A query may name the grant. Key and secret are not read from it.',
    examples: [{ grant_type: GRANT }],
  },
);

export const TokenBody = Type.Object(
  {
    grant_type: Type.Optional(Type.String({ description: `\`${GRANT}\`; no other is known.`, examples: [GRANT] })),
    client_id: Type.Optional(Type.String({ description: 'The key of the client, where it is not sent by Basic.' })),
    client_secret: Type.Optional(Type.String({ description: 'The secret that goes with it.' })),
    scope: Type.Optional(
      Type.String({
        description:
          'Asked for by clients of OAuth. A token has the scopes of its client whichever are asked for; the answer says which.',
        examples: ['attendance:read'],
      }),
    ),
  },
  {
    title: 'TokenRequest',
    description: 'Asks for a token by the key and secret of a client (RFC 6749, 4.4), which may come by Basic instead.',
    examples: [{ grant_type: GRANT }, { grant_type: GRANT, client_id: 'a key', client_secret: 'its secret' }],
  },
);

export const TokenReply = closed(
  {
    access_token: Type.String({ description: 'What other requests send as `Authorization: Bearer`.' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.String({
      pattern: '^[0-9]+$',
      description: 'For how many seconds it is good; a string, as PowerSchool has it.',
      examples: ['2592000'],
    }),
    scope: Type.Optional(
      Type.String({
        description: 'The scopes of the token, where the request asked for some (RFC 6749, 5.1).',
        examples: ['attendance:read attendance:write'],
      }),
    ),
  },
  {
    title: 'Token',
    description: 'A new token. Those before it stay good.',
    examples: [{ access_token: 'a token', token_type: 'Bearer', expires_in: '2592000' }],
  },
);

import { Type } from '@sinclair/typebox';
import { closed, oneOf, type TypeOf } from '../types';

const Fault = closed({
  resource: Type.String({ examples: ['ATTENDANCE'] }),
  field: Type.String({ examples: ['attendance/att_date'] }),
  code: Type.String({ examples: ['InvalidType'] }),
  description: Type.String({ description: 'What was sent, and what would be right.' }),
});

/** How PowerSchool says no to a whole request. */
export const RequestError = closed(
  {
    message: Type.String(),
    errors: Type.Optional(Type.Array(Fault, { minItems: 1, description: 'What is wrong, field by field.' })),
  },
  {
    title: 'Error',
    description: 'Why a request failed as a whole. Nothing was changed by it.',
    examples: [
      {
        message: 'Validation Failed',
        errors: [{ resource: 'ATTENDANCE', field: 'record', code: 'TooFew', description: 'at least 1 record, 0 sent' }],
      },
    ],
  },
);
export type RequestError = TypeOf<typeof RequestError>;

/** RFC 6749, 5.2. */
export const TokenError = closed(
  {
    error: oneOf(['invalid_client', 'invalid_request', 'unsupported_grant_type', 'server_error']),
    error_description: Type.Optional(Type.String()),
  },
  { title: 'TokenError', description: 'Why no token was given.', examples: [{ error: 'invalid_client' }] },
);
export type TokenError = TypeOf<typeof TokenError>;

import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from '../types';

const Described = closed({
  error_code: Type.String({ examples: ['STATUS_INVALID'] }),
  description: Type.String({ description: 'What was sent, and what would be right.' }),
  properties: Type.Optional(Type.Array(Type.String(), { description: 'Which properties are wrong.' })),
  hint: Type.Optional(Type.String({ description: 'An example of what would be right.' })),
});

/** An error in the form of OSDI's errors.md. */
export const OsdiError = closed(
  {
    'osdi:error': closed({
      request_type: Type.Literal('atomic', { description: 'A request succeeds or fails as a whole.' }),
      response_code: Type.Integer({ description: 'The status of the answer.' }),
      resource_status: Type.Array(
        closed({
          resource: Type.String({ description: 'What the request was about.', examples: ['osdi:attendance'] }),
          response_code: Type.Integer(),
          error_descriptions: Type.Array(Described, { minItems: 1 }),
        }),
        { minItems: 1, maxItems: 1 },
      ),
    }),
  },
  {
    title: 'Error',
    description: 'Why a request failed. Nothing was changed by it.',
    examples: [
      {
        'osdi:error': {
          request_type: 'atomic',
          response_code: 404,
          resource_status: [
            {
              resource: 'osdi:attendance',
              response_code: 404,
              error_descriptions: [{ error_code: 'NOT_FOUND', description: 'There is no such resource.' }],
            },
          ],
        },
      },
    ],
  },
);
export type OsdiError = TypeOf<typeof OsdiError>;

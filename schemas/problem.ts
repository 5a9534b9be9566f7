import { Type } from '@sinclair/typebox';
import { closed, type TypeOf } from './types';

/** An error in the form of RFC 9457; Schoology's, rollbook's own, and those of requests that no API takes. */
export const ProblemDetails = closed(
  {
    type: Type.String({
      format: 'uri-reference',
      description: 'Where the kind of error is explained, on this host.',
      examples: ['/errors#NOT_FOUND'],
    }),
    title: Type.String({ description: 'What kind of error it is.' }),
    status: Type.Integer({ minimum: 400, maximum: 599, description: 'The status of the answer.' }),
    detail: Type.String({ description: 'What is wrong with this request.' }),
    code: Type.String({ description: 'The stable name of the kind.' }),
    errors: Type.Optional(
      Type.Array(
        closed(
          {
            field: Type.String({ description: 'The path of the field.', examples: ['statuses.0.status'] }),
            message: Type.String({ description: 'What was sent, and what would be right.' }),
          },
          { xml: { name: 'i' } },
        ),
        { description: 'Field by field, what is wrong.', xml: { wrapped: true } },
      ),
    ),
  },
  {
    title: 'Problem',
    description: 'Why a request failed. Nothing was changed by it.',
    examples: [
      {
        type: '/errors#NOT_FOUND',
        title: 'There is no such resource.',
        status: 404,
        detail: 'There is no section 4711.',
        code: 'NOT_FOUND',
      },
    ],
  },
);
export type ProblemDetails = TypeOf<typeof ProblemDetails>;

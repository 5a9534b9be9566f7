import { Type } from '@sinclair/typebox';
import { anyObject, closed, type TypeOf } from '../types';

/** "There is a request limit of 50 URLs." */
const MOST = 50;

export const MultigetBody = Type.Object(
  {
    request: Type.Array(Type.String({ maxLength: 2_000, examples: ['/v1/users/126'] }), {
      minItems: 1,
      maxItems: MOST,
      mustBe: `a list of 1 to ${MOST} paths`,
      description: `Up to ${MOST} paths, each with the query that it would have. In XML the root is \`requests\`.`,
      examples: [['/v1/users/126', '/v1/courses/3/sections?limit=50']],
    }),
  },
  {
    title: 'MultigetRequest',
    xml: { name: 'requests' },
    description: 'What is to be read in one call.',
    examples: [{ request: ['/v1/users/126', '/v1/courses/3/sections?limit=50'] }],
  },
);

const read = { location: 'https://rollbook.example.org/v1/sections/4', response_code: 200, body: { id: '4' } };

const Response = closed(
  {
    location: Type.String({ description: 'What was asked for, as an absolute URL.', examples: [read.location] }),
    response_code: Type.Integer({
      minimum: 200,
      maximum: 499,
      description: 'The status that the call would have been answered alone.',
      examples: [200],
    }),
    body: anyObject({
      description: 'What it would have been answered: the resource, or an error.',
      examples: [read.body],
    }),
  },
  { title: 'MultigetItem', description: 'The answer to one of the paths.', examples: [read] },
);
export type MultigetItem = TypeOf<typeof Response>;

export const MultigetReply = closed(
  { response: Type.Array(Response, { description: 'One for each path, in the order of the request.' }) },
  {
    title: 'MultigetResponse',
    description: 'The answers to all paths. The response is 200 also where some of them failed.',
    examples: [{ response: [read] }],
  },
);

import { Type } from '@sinclair/typebox';
import { parameter, type TypeOf, unheeded } from '../types';

/** Of lists and of named queries. */
export const PageQuery = Type.Object(
  {
    page: parameter('Which page, from 1.', '1'),
    pagesize: parameter('How many a page has: 100, which is the most. 0 asks a named query for all.', '50'),
    count: parameter('`true`: a named query says how many records there are. A list says so at its `/count`.', 'true'),
  },
  {
    title: 'PageQuery',
    description: 'Which page. Other parameters, such as projection and expansions, are ignored.',
    examples: [{ page: '2', pagesize: '50' }],
  },
);
export type PageQuery = TypeOf<typeof PageQuery>;

/** Of what has no pages. */
export const ResourceQuery = Type.Object(
  { page: unheeded, pagesize: unheeded, count: unheeded },
  {
    title: 'ResourceQuery',
    description: 'No parameter is heeded.',
    examples: [{}],
  },
);

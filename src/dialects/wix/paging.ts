import type { Call } from '../../http/endpoint';
import { shown } from '../../shown';
import { type Cursors, invalid, type Walk } from './cursor';
import { violation } from './errors';
import { conditionOf } from './filter';
import { orderOf, type Sorting } from './sort';
import { isObject } from './values';

/** As sent. */
export interface Query {
  readonly filter?: unknown;
  readonly sort?: readonly Sorting[] | null;
  readonly cursorPaging?: { readonly limit?: unknown; readonly cursor?: string | null } | null;
  /** What the SDK's query utility sends in its stead. */
  readonly paging?: { readonly limit?: unknown; readonly offset?: unknown } | null;
}

/** "`cursorPaging.limit` set to `50`"; "Maximum: `1000`". */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;

export function limitOf({ cursorPaging, paging }: Query): number {
  if (paging?.offset)
    throw violation('query.paging.offset', 'is not supported; pages are walked by cursors', 'FIELD_NOT_ALLOWED');
  const [name, limit] = cursorPaging?.limit == null ? ['paging', paging?.limit] : ['cursorPaging', cursorPaging.limit];
  if (limit === undefined || limit === null) return DEFAULT_LIMIT;
  if (Number.isInteger(limit) && (limit as number) >= 1 && (limit as number) <= MAX_LIMIT) return limit as number;
  throw violation(`query.${name}.limit`, `must be between 1 and ${MAX_LIMIT}, not ${shown(limit)}`, 'OUT_OF_RANGE', {
    min: 1,
    max: MAX_LIMIT,
  });
}

/** "For following requests, specify the retrieved `cursorPaging.cursor` token and not `query.filter` or `query.sort`." */
export function walkOf({ filter, sort, cursorPaging }: Query, cursors: Cursors, call: Call): Walk {
  const cursor = cursorPaging?.cursor;
  if (!cursor) return { condition: conditionOf(filter, 'query.filter'), order: orderOf(sort) };
  const isFiltered = filter != null && !(isObject(filter) && Object.keys(filter).length === 0);
  if (isFiltered || sort?.length) throw invalid('carries filter and sort; neither may be sent with it');
  return cursors.read(call, cursor);
}

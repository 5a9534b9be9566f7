import type { Paging } from '../../../schemas/schoology/parts';
import type { Call } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { Slice } from '../../roster/roster';

/* The parameters of queries. An empty value is an absent one. */

/** One that is to be an integer. */
export function integer(field: string, value: string | undefined): number | undefined {
  if (!value) return undefined;
  if (!/^-?\d+$/.test(value)) throw invalid(field, `must be an integer, not ${value.slice(0, 60)}`);
  return Number(value);
}

/** One that is to be an id; one that nothing can have is 0. */
export function idOf(field: string, value: string | undefined): number | undefined {
  const id = integer(field, value);
  return id === undefined || Number.isSafeInteger(id) ? id : 0;
}

/** Says which parameter is wrong, and what would be right. */
export const invalid = (field: string, message: string) =>
  new Problem('QUERY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });

const DEFAULT_LIMIT = 20;
/** Over 200 is capped, as Schoology does; `links.next` tells. */
const MAX_LIMIT = 200;
/** How many codes `users?school_uids=a,b` takes. */
const MAX_CODES = 50;

/** @param unlimited how many rows a page has where no `limit` is asked for */
export function sliceOf({ start, limit }: Paging, unlimited = DEFAULT_LIMIT): Slice {
  const offset = integer('start', start) ?? 0;
  if (offset < 0 || !Number.isSafeInteger(offset)) throw invalid('start', `must be an offset from 0, not ${start}`);
  const rows = integer('limit', limit);
  if (rows === undefined) return { offset, limit: unlimited };
  if (rows < 1) throw invalid('limit', `must be at least 1, not ${rows}`);
  return { offset, limit: Math.min(rows, MAX_LIMIT) };
}

/** The links of a page of a list that is so long in all; they are absolute. Past the end the list is empty. */
export function linksOf(call: Call<object, Paging>, total: number, { offset, limit } = sliceOf(call.query)) {
  const page = (start: number) => call.link(call.path, { ...call.query, start: String(start), limit: String(limit) });
  const next = offset + limit < total && { next: page(offset + limit) };
  return { self: page(offset), ...next };
}

/** What a page of a list has beside its items: `total` is a string. */
export const pageOf = (call: Call<object, Paging>, total: number) => ({
  total: String(total),
  links: linksOf(call, total),
});

/** A comma-separated list. */
export const listIn = (value: string | undefined): string[] =>
  value ? value.split(',').map((each) => each.trim()) : [];

/** A comma-separated list of up to 50 as rows of a JSON parameter. */
export function codesOf(field: string, codes: string | undefined): string {
  const list = listIn(codes);
  if (list.length > MAX_CODES) throw invalid(field, `takes up to ${MAX_CODES} codes, ${list.length} were sent`);
  return codeRows(list);
}

/** No code holds a NUL character, which PostgreSQL could not be asked for. */
export const codeRows = (codes: readonly string[]): string =>
  JSON.stringify(codes.filter((code) => code !== '' && !code.includes('\u0000')).map((code) => [code]));

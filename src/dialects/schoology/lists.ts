import type { Call, Reply } from '../../http/endpoint';
import type { List, Slice } from '../../roster/roster';
import { integer, invalid } from './parameters';

/** The query of a list of the roster, as sent. An empty value is an absent one. */
export interface ListParameters {
  readonly start?: string;
  readonly limit?: string;
}

const DEFAULT_LIMIT = 20;
/** Over 200 is capped, as Schoology does; `links.next` tells. */
const MAX_LIMIT = 200;
/** How many codes `users?school_uids=a,b` takes. */
const MAX_CODES = 50;

export function sliceOf({ start, limit }: ListParameters): Slice {
  const offset = integer('start', start) ?? 0;
  if (offset < 0 || !Number.isSafeInteger(offset)) throw invalid('start', `must be an offset from 0, not ${start}`);
  const rows = integer('limit', limit) ?? DEFAULT_LIMIT;
  if (rows < 1) throw invalid('limit', `must be at least 1, not ${rows}`);
  return { offset, limit: Math.min(rows, MAX_LIMIT) };
}

/** A page of a list: `total` is a string, links are absolute; past the end the list is empty. */
export function listReply(call: Call<object, ListParameters>, key: string, list: List<unknown>): Reply {
  const { offset, limit } = sliceOf(call.query);
  const more = offset + limit < list.total;
  const page = (start: number) => call.link(call.path, { ...call.query, start: String(start), limit: String(limit) });
  const links = { self: page(offset), ...(more && { next: page(offset + limit) }) };
  return { status: 200, body: { [key]: list.rows, total: String(list.total), links } };
}

/** A comma-separated list as rows of a JSON parameter. */
export function codesOf(field: string, codes: string): string {
  const list = codes.split(',').map((code) => code.trim());
  if (list.length > MAX_CODES) throw invalid(field, `takes up to ${MAX_CODES} codes, ${list.length} were sent`);
  return codeRows(list);
}

/** No code holds a NUL character, which PostgreSQL could not be asked for. */
export const codeRows = (codes: readonly string[]): string =>
  JSON.stringify(codes.filter((code) => code !== '' && !code.includes('\u0000')).map((code) => [code]));

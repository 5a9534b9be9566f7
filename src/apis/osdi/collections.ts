import type { CollectionQuery, Link } from '../../../schemas/osdi/parts';
import type { Read } from '../../audit/read';
import type { Database } from '../../database/database';
import { adHocQueries } from '../../database/query';
import { integer } from '../../database/rows';
import type { Call, Reply } from '../../http/endpoint';
import type { Actor } from '../../ledger/actor';
import { Columns, type ColumnsOf, describe } from '../../ledger/columns';
import { type Condition, conditionSql, Parameters, type Place } from '../../ledger/entries';
import { lazy } from '../../lib/lazy';
import { preview } from '../../lib/preview';
import { scopeOf } from '../../roster/access';
import { invalidParameter } from './errors';
import { type Fields, parseFilter } from './filter';
import { curiesOf } from './hal';

/**
 * Which part of a collection: a page by its number, and where links lead by the id it comes after or before, which they
 * write with the epoch of the database: in a restored one there may be others.
 */
interface Window {
  readonly page: number;
  readonly size: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** "More is capped, not refused": the entry point says it as `max_pagesize`. */
export const MAX_PAGE_SIZE = 1_000;
const PAGE_SIZE = 25;

function windowOf({ page, per_page, after, before }: CollectionQuery, epoch: string): Window {
  if (after && before) throw invalidParameter('before', 'does not go with after');
  return {
    page: positive('page', page) ?? 1,
    size: Math.min(positive('per_page', per_page) ?? PAGE_SIZE, MAX_PAGE_SIZE),
    after: placeIn(epoch, 'after', after),
    before: placeIn(epoch, 'before', before),
  };
}

function positive(name: keyof CollectionQuery, value: string | undefined): number | undefined {
  if (!value) return undefined;
  if (/^[1-9]\d{0,14}$/.test(value)) return Number(value);
  throw invalidParameter(name, `must be an integer from 1, not ${preview(value)}`, '1');
}

function placeIn(epoch: string, name: 'after' | 'before', value: string | undefined): number | undefined {
  if (!value) return undefined;
  const [, id, of] = /^([1-9]\d{0,14})\.([0-9a-f]{16})$/.exec(value) ?? [];
  if (id && of === epoch) return Number(id);
  throw invalidParameter(name, `must be as in the links of a page of this database, not ${preview(value)}`);
}

/** How many items to pass over: a bare page number has no place to begin at. */
const offsetOf = ({ page, size, after, before }: Window): number =>
  after === undefined && before === undefined ? Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER) : 0;

/** The part of the found items that is the page, of which one more was asked for to know whether there are more. */
const pageOf = <Row>(found: readonly Row[], { size, before }: Window): readonly Row[] =>
  before === undefined ? found.slice(0, size) : found.slice(-size);

/** The queries by which a page leads to its neighbours; numbers are for people, places for speed. */
function neighboursOf(
  query: CollectionQuery,
  { page, size, before }: Window,
  { total, more, first, last }: { total: number; more: boolean; first?: number | undefined; last?: number | undefined },
  epoch: string,
) {
  const { per_page, filter } = query;
  const to = (number: number, place: object) => ({
    page: String(number),
    ...(per_page && { per_page }),
    ...(filter && { filter }),
    ...place,
  });
  const pages = Math.ceil(total / size);
  const [hasPrevious, hasNext] = before === undefined ? [page > 1, more] : [more, true];
  if (first === undefined || last === undefined)
    return { previous: page > 1 && pages > 0 ? to(Math.min(page - 1, pages), {}) : undefined };
  return {
    previous: hasPrevious ? to(Math.max(page - 1, 1), { before: `${first}.${epoch}` }) : undefined,
    next: hasNext ? to(page + 1, { after: `${last}.${epoch}` }) : undefined,
  };
}

export interface ListSpec<Row> {
  readonly columns: ColumnsOf<Row>;
  /** Tables and conditions, in terms of `:district`, `:person` and `:yesterday`. */
  readonly from: string;
  /** The columns that tell its rows apart, in whose order they come. */
  readonly key: readonly string[];
}

interface ListSlice {
  readonly condition: Condition;
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
  readonly offset?: number;
  readonly limit: number;
  /** How many there are in all; it is counted when it is asked for. */
  readonly total?: () => Promise<number>;
}

/** So many are sorted rather than met on a walk through all of a district. */
const FEW = 1_000;

/** A list of something other than entries that is read by conditions, in pages by the key. */
export function openList<Row>(database: Database, spec: ListSpec<Row>) {
  const adHoc = adHocQueries(database.knex);
  const columns = new Columns(spec.columns);
  const [row, counted] = [describe(spec.columns), { count: integer }];
  const inOrder = spec.key.map((column) => columns.ordered(column));
  /** The same, and no index has it: what is found by another one is sorted then. */
  const sorted = inOrder.map((column, index) => (index === 0 ? `(${column} + 0)` : column));

  /** Whether an index other than that of the key finds what a condition takes. */
  const isFound = (condition: Condition): boolean => {
    if ('all' in condition) return condition.all.some(isFound);
    if ('any' in condition) return condition.any.length > 0 && condition.any.every(isFound);
    if (!('column' in condition) || ('is' in condition && condition.is === 'ne')) return false;
    return columns.get(condition.column).indexed === true && !spec.key.includes(condition.column);
  };

  return {
    async rows(actor: Actor, { condition, after, before, offset = 0, limit, total }: ListSlice): Promise<Row[]> {
      const parameters = new Parameters();
      const key = total && isFound(condition) && (await total()) <= FEW ? sorted : inOrder;
      const where = conditionSql(database, columns, parameters)(condition);
      const place = (after ?? before)?.map((value) => `:${parameters.add(value)}`);
      const bound = place ? `and (${key.join(', ')}) ${before ? '<' : '>'} (${place.join(', ')})` : '';
      const query = adHoc(
        `select ${columns.list} from ${spec.from} and ${where} ${bound}
        order by ${key.map((column) => (before ? `${column} desc` : column)).join(', ')}
        limit :limit offset :offset`,
        row,
      );
      const rows = await database.all(query, { ...scopeOf(actor), ...parameters.values, limit, offset });
      return before ? rows.reverse() : rows;
    },

    async count(actor: Actor, condition: Condition): Promise<number> {
      const parameters = new Parameters();
      const query = adHoc(
        `select count(*) as count from ${spec.from} and ${conditionSql(database, columns, parameters)(condition)}`,
        counted,
      );
      const [row] = await database.all(query, { ...scopeOf(actor), ...parameters.values });
      return row!.count;
    },
  };
}

/** A collection of resources that have ids and are listed in their order. */
interface Collection<Rel extends string, Row, Item> {
  /** What it is called in `_links` and `_embedded`, where clients know it by several names; the first is the specification's. */
  readonly rels: readonly Rel[];
  readonly fields: Fields;
  rows(slice: ListSlice): Promise<Row[]>;
  count(condition: Condition): Promise<number>;
  idOf(row: Row): number;
  /** The values of its key in the row with this id. */
  placeOf(id: number): Place;
  print(row: Row): Item;
  /** Whose records a page has, where it has any of people. */
  readsOf?(page: readonly Row[]): Read[];
}

/** One page of it, embedded and linked, that leads on to the next and back to the one before. */
export async function collectionReply<
  const Rel extends string,
  Row,
  Item extends { readonly _links: { readonly self: Link } },
>(call: Call<object, CollectionQuery>, collection: Collection<Rel, Row, Item>) {
  const { rels, print } = collection;
  const window = windowOf(call.query, call.epoch);
  const { total, found } = await read(call.query, window, collection);
  const page = pageOf(found, window);
  const [first, last] = [page[0], page.at(-1)].map((row) => row && collection.idOf(row));
  const more = found.length > window.size;
  const items = page.map(print);
  const selves = items.map(({ _links: { self } }) => self);
  // Its ETag is of its bytes, as they are sent.
  const body = {
    total_pages: Math.ceil(total / window.size),
    per_page: window.size,
    page: window.page,
    total_records: total,
    _links: {
      ...linksOf(call, neighboursOf(call.query, window, { total, more, first, last }, call.epoch)),
      ...named(rels, selves),
      curies: curiesOf(call),
    },
    // Clients take the first key, and read until it is empty.
    _embedded: named(rels, items),
  };
  return { status: 200, body, reads: collection.readsOf?.(page) ?? [] } satisfies Reply;
}

/** An object with these properties, which have the same value. */
const named = <Rel extends string, Value>(rels: readonly Rel[], value: Value) =>
  Object.fromEntries(rels.map((rel) => [rel, value])) as Record<Rel, Value>;

/** How many items there are in all, and those of the page with one more, to know whether it is the last. */
async function read<Row>(
  { filter }: CollectionQuery,
  window: Window,
  { fields, placeOf, ...list }: Pick<Collection<string, Row, unknown>, 'fields' | 'placeOf' | 'count' | 'rows'>,
) {
  const condition = filter ? parseFilter(filter, fields) : { all: [] };
  const [after, before] = [window.after, window.before].map((id) => (id === undefined ? undefined : placeOf(id)));
  const total = lazy(() => list.count(condition));
  const offset = offsetOf(window);
  const found = await list.rows({ condition, after, before, offset, limit: window.size + 1, total });
  // A first page that holds them all has counted them.
  const isWhole = after === undefined && before === undefined && offset === 0 && found.length <= window.size;
  return { total: isWhole ? found.length : await total(), found };
}

function linksOf(call: Call<object, CollectionQuery>, { next, previous }: ReturnType<typeof neighboursOf>) {
  const path = call.path.replace(/\/+$/, '');
  const link = (query?: Record<string, string>): Link => ({ href: call.link(path, query) });
  return {
    self: link(asked(call.query)),
    ...(next && { next: link(next) }),
    // The specification says `previous`; clients follow `prev` (IANA's link relations have both).
    ...(previous && { previous: link(previous), prev: link(previous) }),
  };
}

/** What of the query is ours, and not the token. */
function asked({ page, per_page, filter, after, before }: CollectionQuery): Record<string, string> | undefined {
  const given = Object.entries({ page, per_page, filter, after, before }).filter(([, value]) => value);
  return given.length > 0 ? Object.fromEntries(given as [string, string][]) : undefined;
}

import type { CollectionQuery } from '../../../schemas/osdi/parts';
import type { Database } from '../../database/database';
import { adHocQueries } from '../../database/query';
import { integer } from '../../database/rows';
import type { Actor } from '../../ledger/actor';
import { Columns, type ColumnsOf, describe } from '../../ledger/columns';
import { type Condition, conditionSql, Parameters, type Place } from '../../ledger/entries';
import { preview } from '../../lib/preview';
import { yesterday } from '../../roster/access';
import { invalidParameter } from './errors';

/**
 * Which part of a collection: a page by its number, and where links lead by the id it comes after or before, which they
 * write with the epoch of the database: in a restored one there may be others.
 */
export interface Window {
  readonly page: number;
  readonly size: number;
  readonly after?: number | undefined;
  readonly before?: number | undefined;
}

/** "More is capped, not refused": the entry point says it as `max_pagesize`. */
export const MAX_PAGE_SIZE = 1_000;
const PAGE_SIZE = 25;

export function windowOf({ page, per_page, after, before }: CollectionQuery, epoch: string): Window {
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
export const offsetOf = ({ page, size, after, before }: Window): number =>
  after === undefined && before === undefined ? Math.min((page - 1) * size, Number.MAX_SAFE_INTEGER) : 0;

/** The part of the found items that is the page, of which one more was asked for to know whether there are more. */
export const pageOf = <Row>(found: readonly Row[], { size, before }: Window): readonly Row[] =>
  before === undefined ? found.slice(0, size) : found.slice(-size);

/** The queries by which a page leads to its neighbours; numbers are for people, places for speed. */
export function neighboursOf(
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

export interface ListSlice {
  readonly condition: Condition;
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
  readonly offset?: number;
  readonly limit: number;
}

/** A list of something other than entries that is read by conditions, in pages by the key. */
export function openList<Row>(database: Database, spec: ListSpec<Row>) {
  const adHoc = adHocQueries(database.knex);
  const columns = new Columns(spec.columns);
  const [row, counted] = [describe(spec.columns), { count: integer }];
  const key = spec.key.map((column) => columns.ordered(column));
  const scope = ({ district, person }: Actor) => ({ district, person, yesterday: yesterday() });

  return {
    async rows(actor: Actor, { condition, after, before, offset = 0, limit }: ListSlice): Promise<Row[]> {
      const parameters = new Parameters();
      const where = conditionSql(database, columns, parameters)(condition);
      const place = (after ?? before)?.map((value) => `:${parameters.add(value)}`);
      const bound = place ? `and (${key.join(', ')}) ${before ? '<' : '>'} (${place.join(', ')})` : '';
      const query = adHoc(
        `select ${columns.list} from ${spec.from} and ${where} ${bound}
        order by ${key.map((column) => (before ? `${column} desc` : column)).join(', ')}
        limit :limit offset :offset`,
        row,
      );
      const rows = await database.all(query, { ...scope(actor), ...parameters.values, limit, offset });
      return before ? rows.reverse() : rows;
    },

    async count(actor: Actor, condition: Condition): Promise<number> {
      const parameters = new Parameters();
      const query = adHoc(
        `select count(*) as count from ${spec.from} and ${conditionSql(database, columns, parameters)(condition)}`,
        counted,
      );
      const [row] = await database.all(query, { ...scope(actor), ...parameters.values });
      return row!.count;
    },
  };
}

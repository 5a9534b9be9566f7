import type { TObject, TProperties } from '@sinclair/typebox';
import type { ExpandedQuery, ListQuery } from '../../../schemas/powerschool/lists';
import type { Endpoint } from '../../http/endpoint';
import { preview } from '../../lib/preview';
import type { Slice } from '../../roster/roster';
import { columnOf, comparable, type FieldKind, type Fields } from './filter';
import { invalidParameter } from './fiql';

/** The largest page, which `/ws/v1/metadata` names. */
export const MAX_PAGE = 100;

/**
 * The parameters that PowerSchool documents, of whatever address: a client that sends one reckons with it. Others are of no
 * account, as they are there.
 */
export const documented: readonly string[] = [
  'q',
  '$q',
  'page',
  'pagesize',
  'count',
  'order',
  'sort',
  'sortdescending',
  'projection',
  'expansions',
  'extensions',
  'dofor',
  '$dofor',
  'students_to_include',
  'teachers_to_include',
  '$dataversion',
  '$dataversion_applicationname',
];

/** The same endpoint, which refuses a documented parameter that it does not heed, or that is written in other letters. */
export function heeding(endpoint: Endpoint): Endpoint {
  const heeded = Object.keys(endpoint.schemas?.query?.properties ?? {});
  const takes = heeded.length > 0 ? `this address takes ${heeded.join(', ')}` : 'this address takes no parameter';
  return {
    ...endpoint,
    async handle(call) {
      for (const [name, value] of Object.entries(call.query))
        if (value !== '' && documented.includes(name.toLowerCase()) && !heeded.includes(name))
          throw invalidParameter(name, `${name} is not heeded here: ${takes}`, 'Unsupported');
      return endpoint.handle(call);
    },
  };
}

/** The same query, whose parameters have examples of what this address takes: other fields, columns and expansions than others. */
export function withExamples<Query extends TObject>(
  query: Query,
  examples: { readonly [Name in keyof Query['properties']]?: string },
): Query {
  const properties = Object.entries(query.properties as TProperties).map(([name, schema]) => {
    const example = (examples as Readonly<Record<string, string | undefined>>)[name];
    return [name, example === undefined ? schema : { ...schema, examples: [example] }];
  });
  return { ...query, properties: Object.fromEntries(properties) };
}

/** A page from 1. More than the largest is refused rather than cut: clients count their pages by the size they ask for. */
export function sliceOf({ page, pagesize }: Pick<ListQuery, 'page' | 'pagesize'>): Slice {
  const limit = whole('pagesize', pagesize, MAX_PAGE, MAX_PAGE);
  return { offset: (whole('page', page, 1, 1_000_000) - 1) * limit, limit };
}

/** The same of records that are at hand, where `pagesize=0` asks for all of them. */
export function pageOf<Row>(rows: readonly Row[], query: Pick<ListQuery, 'page' | 'pagesize'>): readonly Row[] {
  if (query.pagesize === '0') return rows;
  const { offset, limit } = sliceOf(query);
  return rows.slice(offset, offset + limit);
}

function whole(field: string, value: string | undefined, usual: number, most: number): number {
  if (!value) return usual;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= most) return number;
  throw invalidParameter(field, `${field} must be a whole number from 1 to ${most}, not ${value.slice(0, 60)}`);
}

/** What is to be told beside the usual, of what is known here. */
export function expansionsOf({ expansions }: ExpandedQuery, known: readonly string[]): ReadonlySet<string> {
  const asked = listOf(expansions);
  const unknown = asked.find((each) => !known.includes(each));
  if (unknown === undefined) return new Set(asked);
  const there = known.length > 0 ? `there are ${known.join(', ')}` : 'there are none';
  throw invalidParameter('expansions', `expansions: ${preview(unknown)} is not known here; ${there}`);
}

const listOf = (text = ''): string[] =>
  text
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

/** A column by which rows are put in order. */
export interface ColumnOrder {
  readonly field: string;
  readonly descending: boolean;
}

/** How many columns rows can be put in order by. */
const MAX_ORDER = 10;

/**
 * `order=students.last_name,students.entrydate;desc` of named queries, and `sort=last_name&sortdescending=true` of tables:
 * either is taken of both.
 */
export function orderOf(
  query: { readonly order?: string; readonly sort?: string; readonly sortdescending?: string },
  fields: Fields,
  table?: string,
): readonly ColumnOrder[] {
  const { order, sort, sortdescending } = query;
  if (order && sort) throw invalidParameter('sort', 'sort: order says it already; send one of them');
  const parameter = sort ? 'sort' : 'order';
  if (sortdescending && !/^(true|false)$/i.test(sortdescending))
    throw invalidParameter('sortdescending', `sortdescending is true or false, not ${preview(sortdescending)}`);
  if (sortdescending?.toLowerCase() === 'true' && !sort)
    throw invalidParameter('sortdescending', 'sortdescending: there is no sort beside it');
  const asked = listOf(sort || order);
  if (asked.length > MAX_ORDER) throw invalidParameter(parameter, `${parameter} names at most ${MAX_ORDER} columns`);
  return asked.map((each) => {
    const [, name = '', direction] = /^([\w.]+)(?:\s*;\s*(asc|desc))?$/i.exec(each) ?? [];
    const field = columnOf(name, table);
    if (!Object.hasOwn(fields, field)) {
      const known = Object.keys(fields).join(', ');
      throw invalidParameter(parameter, `${parameter}: there is no column ${preview(each)}; there are ${known}`);
    }
    if (sort && direction) throw invalidParameter('sort', 'sort: write sortdescending beside it, or order');
    const descending = sort ? sortdescending?.toLowerCase() === 'true' : direction?.toLowerCase() === 'desc';
    return { field, descending };
  });
}

/** Rows in an order; those that are alike stay as they were, and those without a value come last. */
export function inOrder<Row>(
  rows: readonly Row[],
  order: readonly ColumnOrder[],
  fields: Fields,
  textOf: (row: Row, field: string) => string,
): readonly Row[] {
  if (order.length === 0) return rows;
  const keyed = rows.map((row) => ({
    row,
    keys: order.map(({ field }) => keyOf(fields[field]!.kind, textOf(row, field))),
  }));
  return keyed
    .sort((one, other) => {
      for (const [index, { descending }] of order.entries()) {
        const compared = compare(one.keys[index], other.keys[index], descending);
        if (compared !== 0) return compared;
      }
      return 0;
    })
    .map(({ row }) => row);
}

/** A code that is a number has the place of one: period 10 comes after period 9. */
const keyOf = (kind: FieldKind, text: string) =>
  kind === 'code' && /^\d{1,15}$/.test(text) ? Number(text) : comparable(kind, text);

type Key = string | number | undefined;

function compare(one: Key, other: Key, descending: boolean): number {
  if (one === other) return 0;
  if (one === undefined || other === undefined) return one === undefined ? 1 : -1;
  if (typeof one !== typeof other) return (typeof one === 'number') === descending ? 1 : -1; // numbers before words
  return one < other === descending ? 1 : -1;
}

/** Which columns of which tables are asked for: `*`, `att_date`, `attendance.att_date`, `attendance.*`; all where nothing is said. */
export function projectionOf(
  projection: string | undefined,
  tables: Readonly<Record<string, readonly string[]>>,
): ReadonlyMap<string, readonly string[]> {
  const asked = listOf(projection).map((each) => each.toLowerCase());
  const all = Object.entries(tables).flatMap(([table, columns]) => columns.map((column) => ({ table, column })));
  const isMeant = (each: string, { table, column }: { table: string; column: string }) =>
    ['*', `${table}.*`, column, `${table}.${column}`].includes(each);
  const unknown = asked.find((each) => !all.some((one) => isMeant(each, one)));
  if (unknown !== undefined) {
    const known = Object.values(tables).flat().join(', ');
    const message = `projection: there is no column ${preview(unknown)}; there are ${known}`;
    throw invalidParameter('projection', message, 'UnknownColumn');
  }
  const chosen = asked.length === 0 ? all : all.filter((one) => asked.some((each) => isMeant(each, one)));
  return new Map(
    Object.keys(tables).flatMap((table) => {
      const columns = chosen.filter((one) => one.table === table).map(({ column }) => column);
      return columns.length > 0 ? [[table, columns] as const] : [];
    }),
  );
}

type Columns = Readonly<Record<string, string>>;

/** The tables of a record with the columns that were asked for, as far as it has them. */
export const projected = (
  tables: Readonly<Record<string, Columns>>,
  projection: ReadonlyMap<string, readonly string[]>,
): Record<string, Record<string, string>> =>
  Object.fromEntries(
    [...projection].map(([table, columns]) => {
      const all = tables[table] ?? {};
      return [table, Object.fromEntries(columns.filter((name) => name in all).map((name) => [name, all[name]!]))];
    }),
  );

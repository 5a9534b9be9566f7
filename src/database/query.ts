import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { lazy } from '../lib/lazy';
import type { Description } from './rows';

/** What a parameter can carry. Days are `YYYY-MM-DD`, instants ISO 8601 in UTC, lists of rows one JSON text. */
export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

/** A query compiled once, in its engine's own text, with the name of each parameter in the order it is bound. */
export interface AnyQuery extends About {
  readonly sql: string;
  readonly names: readonly string[];
  /** What each row has; nothing where it returns no rows. Tests hold what comes back against it, see `checked`. */
  readonly row?: Description<unknown> | undefined;
  /** One of no end of shapes: kept prepared only as long as it is remembered, and planned for the values at hand. */
  readonly adHoc?: boolean;
}

/** A query with the type of its rows, as they are described beside its SQL. */
export interface Query<Row = never> extends AnyQuery {
  readonly row?: Description<Row> | undefined;
  /** Is never there. By it a query of these rows is none of others, nor one that says nothing of its rows. */
  readonly returns?: (row: Row) => Row;
}

export interface About {
  /** Why it names no `:district`, though a table that it touches is kept by districts. */
  readonly acrossDistricts?: string | undefined;
  /**
   * Its rows come in the order of an index, the first of many: to read them all and put them in order is no way to find them.
   * For a statement by itself, outside of a transaction.
   */
  readonly inOrder?: boolean;
}

const nothing = () => undefined;

/** How knex is told to print nothing itself, since what is wrong is thrown, and to leave values out of messages. */
export const quiet = {
  compileSqlOnError: false,
  log: { warn: nothing, error: nothing, debug: nothing, deprecate: nothing },
};

/** Text that no real value has, so that a parameter can travel through knex as if it were one. */
const mark = '\u0000parameter:';

/** Stands for a value that is only known when the query runs. */
export const param = (name: string): string => mark + name;

/** Compiles what knex built; every binding in it must be a `param`. knex takes about 45 us a query, so: once. */
function compile(builder: Knex.QueryBuilder | Knex.Raw): Pick<AnyQuery, 'sql' | 'names'> {
  const { sql, bindings } = builder.toSQL().toNative();
  return { sql, names: bindings.map(nameOf) };
}

/**
 * A plus before a `district_id` is a word to SQLite alone, which takes any index of a district for a narrow one: it is not to
 * go by that (https://sqlite.org/optoverview.html, 2). Another engine would lose the key by it.
 */
const NOT_BY_DISTRICT = /\+(?=\w+\.district_id\b)/g;
const isSqlite = (knex: Knex): boolean => knex.client.config.client === 'better-sqlite3';

/**
 * A query written as text, its parameters as `:name`; compiled when it is first run. What its rows have is said here,
 * and nowhere else: `{ id: integer, date: day }`. A statement that returns no rows has no such description.
 */
export function text<Row = never>(knex: Knex, sql: string, row?: Description<Row>, about?: About): Query<NoInfer<Row>> {
  const compiled = lazy(() => {
    const names = [...sql.matchAll(/(?<![:\w]):([a-z]\w*)/g)].map((match) => match[1]!);
    const own = isSqlite(knex) ? sql : sql.replaceAll(NOT_BY_DISTRICT, '');
    return compile(knex.raw(own, Object.fromEntries(names.map((name) => [name, param(name)]))));
  });
  return {
    get sql() {
      return compiled().sql;
    },
    get names() {
      return compiled().names;
    },
    row,
    ...about,
  };
}

/** How many shapes of ad hoc queries are remembered, and how many characters they may have together. */
const REMEMBERED = 500;
const CHARACTERS = 4 * 1024 * 1024;

/**
 * As `text`, for what callers compose: the latest shapes are remembered, the rest forgotten. What the rows are is to be the
 * same object each time, since a shape is remembered with it.
 */
export function adHocQueries(knex: Knex): <Row>(sql: string, row: Description<Row>) => Query<Row> {
  const known = new LRUCache<string, AnyQuery>({
    max: REMEMBERED,
    maxSize: CHARACTERS,
    sizeCalculation: (_query, sql) => sql.length,
  });
  return <Row>(sql: string, row: Description<Row>) => {
    const met = known.get(sql);
    if (met && isOf(row, met)) return met;
    const query = { ...text(knex, sql, row), adHoc: true };
    known.set(sql, query);
    return query;
  };
}

const isOf = <Row>(row: Description<Row>, query: AnyQuery): query is Query<Row> => query.row === row;

/** The values in the order of the query's parameters. A missing one is a mistake of ours, not a NULL. */
export function bind({ names, sql }: AnyQuery, values: Values): Value[] {
  return names.map((name) => {
    const value = values[name];
    if (value === undefined) throw new TypeError(`no value for :${name} in ${sql}`);
    return value;
  });
}

function nameOf(binding: unknown): string {
  if (typeof binding === 'string' && binding.startsWith(mark)) return binding.slice(mark.length);
  throw new TypeError(`a compiled query binds parameters only, not ${String(binding)}`);
}

import type { Knex } from 'knex';
import { LRUCache } from 'lru-cache';
import { lazy } from '../lib/lazy';

/** What a parameter can carry. Days are `YYYY-MM-DD`, instants ISO 8601 in UTC, lists of rows one JSON text. */
export type Value = string | number | null;
export type Values = Readonly<Record<string, Value>>;

/** A query compiled once, in its engine's own text, with the name of each parameter in the order it is bound. */
export interface Query {
  readonly sql: string;
  readonly names: readonly string[];
  /** One of no end of shapes: kept prepared only as long as it is remembered, and planned for the values at hand. */
  readonly adHoc?: boolean;
}

/** Text that no real value has, so that a parameter can travel through knex as if it were one. */
const mark = '\u0000parameter:';

/** Stands for a value that is only known when the query runs. */
export const param = (name: string): string => mark + name;

/** Compiles what knex built; every binding in it must be a `param`. knex takes about 45 us a query, so: once. */
export function compile(builder: Knex.QueryBuilder | Knex.Raw): Query {
  const { sql, bindings } = builder.toSQL().toNative();
  return { sql, names: bindings.map(nameOf) };
}

/** A query written as text, its parameters as `:name`; compiled when it is first run. */
export function text(knex: Knex, sql: string): Query {
  const compiled = lazy(() => {
    const names = [...sql.matchAll(/(?<![:\w]):([a-z]\w*)/g)].map((match) => match[1]!);
    return compile(knex.raw(sql, Object.fromEntries(names.map((name) => [name, param(name)]))));
  });
  return {
    get sql() {
      return compiled().sql;
    },
    get names() {
      return compiled().names;
    },
  };
}

/** How many shapes of ad hoc queries are remembered, and how many characters they may have together. */
const REMEMBERED = 500;
const CHARACTERS = 4 * 1024 * 1024;

/** As `text`, for what callers compose: the latest shapes are remembered, the rest forgotten. */
export function adHocQueries(knex: Knex): (sql: string) => Query {
  const known = new LRUCache<string, Query>({
    max: REMEMBERED,
    maxSize: CHARACTERS,
    sizeCalculation: (_query, sql) => sql.length,
  });
  return (sql) => {
    const met = known.get(sql);
    if (met) return met;
    const query = { ...text(knex, sql), adHoc: true };
    known.set(sql, query);
    return query;
  };
}

/** The values in the order of the query's parameters. A missing one is a mistake of ours, not a NULL. */
export function bind({ names, sql }: Query, values: Values): Value[] {
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

import type { Knex } from 'knex';
import { preview } from '../lib/preview';

/** What a column of a row can hold, as both engines return it, and how that is called where it holds something else. */
export interface Kind<T> {
  readonly name: string;
  readonly holds: (value: unknown) => value is T;
}

/** In a description: what other columns hold, where there may be any. */
export const others = Symbol('others');

/** What each row of a query has: exactly these columns, unless it is made `withOthers`. */
export type Description<Row> = { readonly [Name in keyof Row]: Kind<Row[Name]> };

/** A row as it is described. */
export type RowOf<Described> = {
  readonly [Name in keyof Described]: Described[Name] extends Kind<infer T> ? T : never;
};

const kind = <T>(name: string, holds: (value: unknown) => boolean): Kind<T> => ({
  name,
  holds: holds as Kind<T>['holds'],
});

const matching = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

/** An id, a count or a sum of such: PostgreSQL's `bigint` too. Its `numeric`, which is text, is none. */
export const integer = kind<number>('an integer', Number.isSafeInteger);
export const string = kind<string>('a string', (value) => typeof value === 'string');
export const day = kind<string>('a day (YYYY-MM-DD)', matching(/^\d{4}-\d\d-\d\d$/));
export const instant = kind<string>(
  'an instant (ISO 8601, UTC)',
  matching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z$/),
);
/** Yes or no: PostgreSQL has a type for it, SQLite has 0 and 1. */
export const bit = kind<boolean | 0 | 1>('a boolean, 0 or 1', (value) => [true, false, 0, 1].includes(value as never));
/** Whatever a column can hold, where which columns are read is only known at run time. */
export const scalar = kind<string | number | boolean | null>('a scalar', (value) => Object(value) !== value);

export const nullable = <T>({ name, holds }: Kind<T>): Kind<T | null> =>
  kind(`${name}, or null`, (value) => value === null || holds(value));

export const oneOf = <const T extends string | number>(...values: readonly T[]): Kind<T> =>
  kind(`one of ${values.join(', ')}`, (value) => values.includes(value as T));

/** The same of each of these columns, for a query whose columns are only known at run time. */
export const each = <Name extends string, T>(names: readonly Name[], of: Kind<T>): { readonly [N in Name]: Kind<T> } =>
  Object.fromEntries(names.map((name) => [name, of])) as { [N in Name]: Kind<T> };

/** These columns and whatever others there are, for a query that does not know all of its own. */
export const withOthers = <Row, T>(row: Description<Row>, of: Kind<T>) =>
  ({ ...row, [others]: of }) as Description<Row & Readonly<Record<string, T>>>;

/** A row is not as its query says: a mistake in the query, or a database in which somebody else has changed something. */
export class RowError extends TypeError {}

/** Hands the rows of a query on; throws RowError where one has other columns than it says, or holds something else in one. */
export function checkRows<Row>(
  { sql, row: described = {} }: { readonly sql: string; readonly row?: Description<unknown> | undefined },
  rows: readonly unknown[],
): Row[] {
  const columns = new Map<string, Kind<unknown>>(Object.entries(described));
  const { [others]: other }: { [others]?: Kind<unknown> } = described;
  for (const row of rows as readonly object[]) {
    const wrong = Object.entries(row).flatMap(([name, value]) => {
      const column = columns.get(name) ?? other;
      if (!column) return `${name} is not among its columns`;
      return column.holds(value) ? [] : `${name} is to be ${column.name}, not ${preview(value)}`;
    });
    const missing = [...columns.keys()].filter((name) => !(name in row)).map((name) => `${name} is missing`);
    if (wrong.length + missing.length > 0)
      throw new RowError(`A row is not as its query says: ${[...wrong, ...missing].join('; ')}. The query: ${sql}`);
  }
  return rows as Row[];
}

/**
 * The rows of a statement that knex itself runs, as in the transaction of a migration. Such statements are few, so their
 * rows are always checked.
 */
export async function rowsOf<Row>(knex: Knex, sql: string, row: Description<Row>): Promise<Row[]> {
  const answer: unknown[] | { readonly rows: unknown[] } = await knex.raw(sql);
  return checkRows<Row>({ sql, row }, Array.isArray(answer) ? answer : answer.rows);
}

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

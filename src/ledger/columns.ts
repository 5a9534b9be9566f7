import type { ColumnType } from '../database/database';
import type { Description, Kind } from '../database/rows';

/** A column of a list that is read by conditions. */
export interface Column<T = unknown> {
  /** What operands are compared as. */
  readonly type: ColumnType;
  /** What a row has in it. What can be null can be in a condition, but not in an order. */
  readonly holds: Kind<T>;
  /** Of the columns of `entries`, and of `extension`, all of which are null where it has no row. */
  readonly sql: string;
  /** Whether an index is entered by it: it is then tested as it is, so that the planner sees it. */
  readonly indexed?: boolean;
}

/** The columns of a list, each under its name. */
export type ColumnsOf<Row> = { readonly [Name in keyof Row]: Column<Row[Name]> };

/** What rows of these columns have. */
export const describe = <Row>(columns: ColumnsOf<Row>): Description<Row> =>
  Object.fromEntries(
    Object.entries<Column>(columns).map(([name, { holds }]) => [name, holds]),
  ) as Description<unknown> as Description<Row>;

/** A row of a list that has these columns. */
export type RowOfColumns<Columns> = {
  readonly [Name in keyof Columns]: Columns[Name] extends Column<infer T> ? T : never;
};

/** The columns of a list. Names come from our code: an unknown one is its mistake. */
export class Columns {
  readonly #columns: Readonly<Record<string, Column>>;

  constructor(columns: ColumnsOf<unknown>) {
    this.#columns = columns;
  }

  get(name: string): Column {
    if (Object.hasOwn(this.#columns, name)) return this.#columns[name]!;
    throw new TypeError(`there is no column ${name}`);
  }

  /** One that rows can be ordered by: engines do not agree where a null belongs. */
  ordered(name: string): string {
    const { sql, holds } = this.get(name);
    if (holds.holds(null)) throw new TypeError(`nothing can be ordered by ${name}, which can be null`);
    return sql;
  }

  /** All of them, each under its name. */
  get list(): string {
    return Object.entries(this.#columns)
      .map(([name, { sql }]) => `${sql} as ${name}`)
      .join(', ');
  }
}

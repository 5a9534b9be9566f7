import type BetterSqlite3 from 'better-sqlite3';
import type { Executor } from './database';
import { bind, type Query } from './query';

interface Prepared {
  readonly statement: BetterSqlite3.Statement;
  /** The names of its columns; undefined where it returns no rows. */
  readonly columns: readonly string[] | undefined;
}

/** Runs compiled queries as prepared statements on one connection. */
export function executor(connection: BetterSqlite3.Database): Executor {
  const known = new WeakMap<Query, Prepared>();
  const prepared = (query: Query): Prepared => {
    const statement = connection.prepare(query.sql);
    const columns = statement.reader
      ? statement
          .raw()
          .columns()
          .map(({ name }) => name)
      : undefined;
    known.set(query, { statement, columns });
    return { statement, columns };
  };
  return {
    async all<Row>(query: Query, values = {}) {
      const { statement, columns } = known.get(query) ?? prepared(query);
      const bound = bind(query, values);
      if (columns) return (statement.all(bound) as unknown[][]).map((row) => objectOf<Row>(columns, row));
      statement.run(bound);
      return [];
    },
  };
}

/** Twice as fast as letting the driver make the objects. */
function objectOf<Row>(columns: readonly string[], row: readonly unknown[]): Row {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < columns.length; index++) object[columns[index]!] = row[index];
  return object as Row;
}

import { lazy } from '../lib/lazy';
import type { Database, Executor } from './database';
import type { AnyQuery } from './query';
import { checkRows } from './rows';
import { districtTables } from './schema';

/**
 * The same database, which throws where a query returns other rows than it says, or leaves open whose districts' they
 * are. For tests and development: it looks at every value of every row.
 */
export function checked(database: Database): Database {
  const tables = lazy(() => districtTables(database));
  const known = new WeakSet<AnyQuery>();
  const check = (query: AnyQuery) => {
    if (!known.has(query)) checkDistrict(query, tables());
    known.add(query);
  };
  const over = (executor: Executor): Executor => ({
    async all(query, values) {
      check(query);
      const rows = await executor.all(query, values);
      return checkRows(query, rows);
    },
  });
  return {
    ...database,
    ...over(database),
    transaction: (work) =>
      database.transaction((tx) =>
        work({
          ...over(tx),
          write(query, values) {
            check(query);
            tx.write(query, values);
          },
        }),
      ),
    snapshot: (work) => database.snapshot((reading) => work(over(reading))),
  };
}

/** Throws where the query touches a table that is kept by districts, and neither names one nor says why not. */
export function checkDistrict({ sql, names, acrossDistricts }: AnyQuery, tables: ReadonlySet<string>): void {
  if (names.includes('district') || acrossDistricts) return;
  const touched = sql.match(/\w+/g)?.find((word) => tables.has(word));
  if (touched === undefined) return;
  throw new TypeError(
    `A query touches ${touched} without naming the :district; where it has to, acrossDistricts says why: ${sql}`,
  );
}

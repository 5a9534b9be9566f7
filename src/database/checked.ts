import { lazy } from '../lib/lazy';
import { preview } from '../lib/preview';
import type { Database, Executor } from './database';
import type { AnyQuery } from './query';
import { type Kind, others } from './rows';
import { districtTables } from './schema';

/**
 * The same database, which throws where a query returns other rows than it says, or leaves open whose districts' they
 * are. For tests and development: it looks at every value of every row.
 */
export function checked(database: Database): Database {
  const tables = lazy(() => districtTables(database));
  const known = new WeakSet<AnyQuery>();
  const over = (executor: Executor): Executor => ({
    async all(query, values) {
      if (!known.has(query)) checkDistrict(query, tables());
      known.add(query);
      const rows = await executor.all(query, values);
      for (const row of rows) checkRow(query, row as object);
      return rows;
    },
  });
  return {
    ...database,
    ...over(database),
    transaction: (work) => database.transaction((tx) => work(over(tx))),
    snapshot: (work) => database.snapshot((reading) => work(over(reading))),
  };
}

/** Throws where a row of the query has other columns than it says, or holds something else in one. */
export function checkRow({ sql, row: described = {} }: AnyQuery, row: object): void {
  const columns = new Map<string, Kind<unknown>>(Object.entries(described));
  const { [others]: other }: { [others]?: Kind<unknown> } = described;
  const wrong = Object.entries(row).flatMap(([name, value]) => {
    const column = columns.get(name) ?? other;
    if (!column) return `${name} is not among its columns`;
    return column.holds(value) ? [] : `${name} is to be ${column.name}, not ${preview(value)}`;
  });
  const missing = [...columns.keys()].filter((name) => !(name in row)).map((name) => `${name} is missing`);
  if (wrong.length + missing.length === 0) return;
  throw new TypeError(`A row is not as its query says: ${[...wrong, ...missing].join('; ')}. The query: ${sql}`);
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

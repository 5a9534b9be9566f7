import type { Engine, Executor } from '../database/database';
import { adHocQueries } from '../database/query';
import type { EntryQuery, EntryRow, Selection } from './query';
import { countSql, pageSql } from './sql/entries';

/** How the entries of a district are read. */
export interface Entries {
  /** Those that a condition takes, in any order, a page of them; with what an API keeps beside. */
  query<Row extends EntryRow>(query: EntryQuery): Promise<Row[]>;
  count(selection: Selection): Promise<number>;
}

/** Reads entries by whichever executor: as they were last committed, or within a transaction. */
export function entryReader(engine: Engine): (executor: Executor) => Entries {
  const adHoc = adHocQueries(engine.knex);
  return (executor) => ({
    async query<Row extends EntryRow>(query: EntryQuery) {
      const { sql, values } = pageSql(engine, query);
      const rows = await executor.all<Row>(adHoc(sql), values);
      return query.before ? rows.reverse() : rows;
    },

    async count(selection) {
      const { sql, values } = countSql(engine, selection);
      return (await executor.all<{ count: number }>(adHoc(sql), values))[0]!.count;
    },
  });
}

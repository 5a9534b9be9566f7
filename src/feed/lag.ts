import type { Database, Engine, PlaceSql } from '../database/database';
import { text } from '../database/query';
import { instant, nullable } from '../database/rows';
import { END, endSql, upTo } from './sql';

/** Behind every change. */
const LAST: PlaceSql = { transaction: '9007199254740991', id: '9007199254740991' };

/**
 * SQL for when the first change of a district after a place was made, as `journaled` and `others`: null where there is none.
 * @param upTo of changes up to there alone
 */
export function firstAfter({ between }: Engine, district: string, after: PlaceSql, upTo = LAST) {
  const firstOf = (table: string) => `(select ${table}.at
    from ${table}
    where ${table}.district_id = ${district} and ${between(table, after, upTo)}
    order by ${table}.transaction_id, ${table}.id limit 1)`;
  return { journaled: firstOf('journal'), others: firstOf('other_changes') };
}

export const firstRow = { journaled: nullable(instant), others: nullable(instant) };

/** How long ago the earlier of the two was, in seconds; 0 where there is none. */
export const ageOf = ({ journaled, others }: { journaled: string | null; others: string | null }): number => {
  const all = [journaled, others].flatMap((at) => (at === null ? [] : Date.parse(at)));
  return all.length === 0 ? 0 : Math.max(0, Date.now() - Math.min(...all)) / 1_000;
};

/**
 * How long ago the first change was made that is written and cannot be read yet, in seconds; 0 where there is none. On PostgreSQL
 * that is as long as anything that began to write before it has not ended, in the whole server. SQLite writes one after the other.
 */
export function openFeedLag(database: Database): () => Promise<number> {
  const { knex, all } = database;
  const { end } = endSql(database);
  const first = firstAfter(database, 'districts.id', END);
  const sql = text(
    knex,
    `select min(${first.journaled}) as journaled, min(${first.others}) as others from districts`,
    firstRow,
    {
      acrossDistricts: 'it is of all districts together, and tells of none',
    },
  );
  return async () => ageOf((await all(sql, upTo((await all(end))[0]!)))[0]!);
}

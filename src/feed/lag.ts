import type { Database } from '../database/database';
import { text } from '../database/query';
import { instant, nullable } from '../database/rows';

/** SQL for two columns: a place in the order in which changes are read. */
type PlaceSql = readonly [transaction: string, id: string];

/** The end of what may be read, of `(${engine.written('journal')}) as written`. */
export const END: PlaceSql = ['written."transaction"', 'written.id'];

/**
 * SQL for when the first change of a district after a place was made, as `journaled` and `others`: null where there is none.
 * Each is found by the index at that place: the rest of its transaction first, then those of later ones.
 * @param upTo of changes up to there alone
 */
export function firstAfter(district: string, after: PlaceSql, upTo?: PlaceSql): Record<'journaled' | 'others', string> {
  const [transaction, id] = after;
  const firstOf = (table: string) => {
    const first = (where: string) => `(select ${table}.at
      from ${table}
      where ${table}.district_id = ${district} and ${where}
      order by ${table}.transaction_id, ${table}.id limit 1)`;
    const same = `${table}.transaction_id = ${transaction} and ${table}.id > ${id}`;
    const later = `${table}.transaction_id > ${transaction}`;
    if (!upTo) return `coalesce(${first(same)}, ${first(later)})`;
    const [last, lastId] = upTo;
    // An end within a transaction has all of it before it: SQLite has one for all.
    const whole = `${table}.transaction_id < ${last} + case when ${lastId} > 0 then 1 else 0 end`;
    return `coalesce(${first(`${same} and ${whole}`)}, ${first(`${later} and ${whole}`)})`;
  };
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
export function openFeedLag({ knex, written, all }: Database): () => Promise<number> {
  const first = firstAfter('districts.id', END);
  const sql = text(
    knex,
    `select min(${first.journaled}) as journaled, min(${first.others}) as others
    from districts cross join (${written('journal')}) as written`,
    firstRow,
    { acrossDistricts: 'it is of all districts together, and tells of none' },
  );
  return async () => ageOf((await all(sql))[0]!);
}

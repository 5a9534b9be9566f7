import type { Knex } from 'knex';
import type { Database, Engine } from './database';
import { bit, integer, nullable, type RowOf, rowsOf } from './rows';

/** What an operator asked for and cannot have; the message says why. */
export class YearError extends Error {}

const yearSizeRow = { year: nullable(integer), bytes: integer };
/** What the tables of one school year take up; the year is the one it starts in, null for days of no other part. */
export type YearSize = RowOf<typeof yearSizeRow>;

/** The school year that a district is in: its days cannot be taken off. */
export interface RunningYear {
  readonly district: string;
  /** Its first day. */
  readonly from: string;
}

/** The tables that migration 0009 parts by school year: later ones have parts from their own migration on. */
export const yearly = ['meetings', 'marks', 'journal'] as const;
/** The tables that grow with every school day, in the order in which statements lock them. */
export const yearlyTables = ['meetings', 'marks', 'presences', 'journal'] as const;
/** School years that parts are made for before they begin. */
const AHEAD = 3;

/** A part holds the days from July to June, whatever the school years of districts are, and is called by the year it starts in. */
export const yearOf = (now: Date): number => now.getUTCFullYear() - (now.getUTCMonth() < 6 ? 1 : 0);

/** SQL for the years in which the table has days. */
export const yearsIn = (table: string): string =>
  `select distinct cast(extract(year from ${table}.date - interval '6 months') as integer) as year from ${table}`;

/**
 * Makes a part for the school year, with what the part for all other days holds of it. The planner hears of rows that
 * move: it would take the part for empty until autovacuum comes by, and sort a year's marks for a page of fifty.
 */
export async function createYear(tx: Knex, table: string, year: number): Promise<void> {
  const [part, from, to] = [`${table}_${year}`, `'${year}-07-01'`, `'${year + 1}-07-01'`];
  await tx.raw(`create table ${part} (like ${table} including defaults including constraints)`);
  const { rowCount } = await tx.raw(
    `with moved as (delete from ${table}_default where date >= ${from} and date < ${to} returning *)
    insert into ${part} select * from moved`,
  );
  await tx.raw(`alter table ${table} attach partition ${part} for values from (${from}) to (${to})`);
  if (rowCount > 0) await tx.raw(`analyze ${part}, ${table}_default`);
}

export interface YearsToCreate {
  readonly now?: Date;
  /** Of these school years, too. */
  readonly also?: readonly number[];
  /** Of a cluster, too, it is looked for days that have no part yet: that asks every node, and one may be away. */
  readonly everywhere?: boolean;
}

/** Makes the parts that are missing: of this school year, those to come, and those that other days belong to. */
export async function createYears(
  tx: Knex,
  { partitioned }: Engine,
  { now = new Date(), also = [], everywhere = false }: YearsToCreate = {},
): Promise<void> {
  if (!partitioned) return;
  const wanted = new Set([...also, ...Array.from({ length: AHEAD + 1 }, (_, ahead) => yearOf(now) + ahead)]);
  const waiting = yearlyTables.map((table) => yearsIn(`${table}_default`)).join(' union ');
  if (everywhere || !(await isDistributed(tx)))
    for (const { year } of await rowsOf(tx, waiting, { year: integer })) wanted.add(year);
  const there = await yearsApart(tx);
  const missing = [...wanted].filter((year) => !there.has(year));
  if (missing.length === 0) return;
  await holdWriters(tx);
  for (const year of missing) for (const table of yearlyTables) await createYear(tx, table, year);
}

/** The attendance of each school year, where the engine keeps years apart. */
export function openYears({ knex, partitioned }: Pick<Database, 'knex' | 'partitioned'>) {
  return {
    list: async (): Promise<YearSize[]> => (partitioned ? sizes(knex) : []),

    /**
     * Takes a school year that is over out of the ledger. Its tables stay in the database under the names that are
     * returned, to be dumped and dropped.
     * @param running the school years that districts are in, which may have begun in the part
     */
    async detach(year: number, running: readonly RunningYear[], now = new Date()): Promise<string[]> {
      if (!partitioned) throw new YearError('SQLite keeps all school years in one table; PostgreSQL keeps them apart.');
      const why = whyNotOver(year, running, now);
      if (why !== undefined) throw new YearError(`Only a school year that is over can be detached.${why}`);
      return knex.transaction(async (tx) => {
        if (!(await yearsApart(tx)).has(year))
          throw new YearError('There is no such school year; `rollbook years list` lists them.');
        await holdWriters(tx);
        await tx.raw(expiring(year));
        const detached: string[] = [];
        for (const table of yearlyTables) detached.push(await detachYear(tx, table, year));
        for (const sql of forgetCounted(year)) await tx.raw(sql);
        return detached;
      });
    },
  };
}

/** Why a part is not over, in a sentence more or none; undefined where it is. */
function whyNotOver(year: number, running: readonly RunningYear[], now: Date): string | undefined {
  if (year > yearOf(now)) return ' This one has not begun.';
  const still = running.find(({ from }) => from < `${year + 1}-07-01`);
  if (still)
    return ` That of ${still.district} runs since ${still.from}, and its days from July to June are in one part.`;
  return year === yearOf(now) ? '' : undefined;
}

/** SQL that says of each district up to where changes are in the journal no longer. */
const expiring = (year: number): string => `insert into expired_changes (district_id, transaction_id, id, times)
  select gone.district_id, max(gone.transaction_id), max(gone.id), 1 from journal_${year} as gone group by gone.district_id
  on conflict (district_id) do update set times = expired_changes.times + 1,
    transaction_id = greatest(expired_changes.transaction_id, excluded.transaction_id),
    id = greatest(expired_changes.id, excluded.id)`;

/** SQL that forgets what reports have counted of a school year; counting that is under way begins anew. */
export const forgetCounted = (year: number): string[] => [
  'update counted_schools set version = version + 1',
  `delete from counted_days where date >= '${year}-07-01' and date < '${year + 1}-07-01'`,
  `delete from counted_students where year = ${year}`,
];

async function detachYear(tx: Knex, table: string, year: number): Promise<string> {
  const [part, detached] = [`${table}_${year}`, `detached_${table}_${year}`];
  await tx.raw(`alter table ${table} detach partition ${part}`);
  await tx.raw(`alter table ${part} rename to ${detached}`);
  return detached;
}

/** Every writer holds its sections before anything else: whoever has all of them is alone, and waits in no circle. */
const holdWriters = (tx: Knex) => tx.raw('lock table sections in exclusive mode');

/** Whether Citus has distributed the tables: what is in them lies on other nodes then, and they are empty here. */
async function isDistributed(knex: Knex): Promise<boolean> {
  const [citus] = await rowsOf(knex, "select to_regclass('pg_dist_partition') is not null as here", { here: bit });
  if (!citus!.here) return false;
  const marks = "select 1 as one from pg_dist_partition where logicalrelid = cast('marks' as regclass)";
  return (await rowsOf(knex, marks, { one: integer })).length > 0;
}

/** The parts of the tables, as `part`; the default ones have no year. */
const parts = `(select part.oid, cast(substring(part.relname from '_([0-9]{4})$') as integer) as year
  from pg_inherits
  join pg_class as part on part.oid = pg_inherits.inhrelid
  where pg_inherits.inhparent in (${yearlyTables.map((table) => `'${table}'::regclass`).join(', ')})) as part`;

async function yearsApart(knex: Knex): Promise<ReadonlySet<number | null>> {
  const years = await rowsOf(knex, `select distinct part.year from ${parts}`, { year: nullable(integer) });
  return new Set(years.map(({ year }) => year));
}

async function sizes(knex: Knex): Promise<YearSize[]> {
  const size = (await isDistributed(knex)) ? 'citus_total_relation_size' : 'pg_total_relation_size';
  return rowsOf(
    knex,
    `select part.year, cast(sum(${size}(part.oid)) as bigint) as bytes from ${parts} group by part.year order by part.year`,
    yearSizeRow,
  );
}

import { plusDays } from '../days';
import type { Database, Executor } from './database';
import { readEpoch } from './epoch';
import { text } from './query';
import { each, integer, nullable, scalar, string, withOthers } from './rows';
import { yearlyTables } from './years';

/** What must hold of every row of a table. */
export interface Invariant {
  /** Stable, so that scripts can go by it. */
  readonly name: string;
  /** Or the file, where it is of no single table. */
  readonly table: string;
  /** A warning is for somebody to look at; it breaks no promise. */
  readonly level: 'error' | 'warning';
  /** What would be right, as a sentence. */
  readonly right: string;
  /**
   * A query for the rows of which it does not hold: their keys, and what is wrong with them. Nothing personal. `:now` is the time,
   * `:ahead` a day that has begun nowhere, `:epoch` the epoch of the database.
   */
  readonly broken: string;
  /**
   * Of which rows it is asked, where these are kept elsewhere than what they name: their `id` and other numbers of them are read
   * before, and `broken` is about these, `asked`.
   */
  readonly asked?: { readonly table: string; readonly columns: readonly string[] };
}

/** An invariant that does not hold: of how many rows, and the first of them. */
export interface Finding extends Omit<Invariant, 'broken' | 'asked'> {
  readonly count: number;
  readonly rows: readonly object[];
}

/**
 * The invariants that do not hold, all of them of one state of the database, whoever writes meanwhile. Where pages are
 * damaged, the tables that they are of, and what was found before.
 * @param first how many rows of each are listed at most
 */
export async function findingsOf(
  database: Database,
  invariants: readonly Invariant[],
  first: number,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let cause: unknown;
  await broken(database, invariants, first, findings).catch((error) => {
    if (!isDamage(error)) throw error;
    cause = error;
  });
  const isDamaged = cause !== undefined || findings.some(({ name }) => name === INTACT);
  return isDamaged ? [...findings, ...(await damageIn(database, first, cause))] : findings;
}

/** The invariant that an engine has of its files as a whole. */
export const INTACT = 'file_intact';

async function broken(
  database: Database,
  invariants: readonly Invariant[],
  first: number,
  findings: Finding[],
): Promise<void> {
  const epoch = await readEpoch(database);
  await database.snapshot(async (reading) => {
    const now = new Date().toISOString();
    const ahead = plusDays(now.slice(0, 10), 2);
    for (const { broken, asked, ...invariant } of invariants) {
      const listed = text(
        database.knex,
        `${asked ? `with asked as ${askedRows(database, asked)} ` : ''}
        select count(*) over () as findings, broken.* from (${broken}) as broken limit :first`,
        withOthers({ findings: integer }, scalar),
        { acrossDistricts },
      );
      let count = 0;
      const found: object[] = [];
      for await (const given of asked ? pagesOf(database, reading, asked) : [{}]) {
        const rows = await reading.all(listed, { first, now, ahead, epoch, ...given });
        count += rows[0]?.findings ?? 0;
        found.push(...rows.slice(0, first - found.length).map(withoutCount));
      }
      if (count > 0) findings.push({ ...invariant, count, rows: found });
    }
  });
}

const acrossDistricts = 'an invariant holds of the whole database';
/** How many rows are asked about at a time. */
const PAGE = 10_000;

type AskedRows = NonNullable<Invariant['asked']>;

const askedRows = ({ rows }: Database, { columns }: AskedRows): string =>
  rows('asked', Object.fromEntries(['id', ...columns].map((column) => [column, 'bigint'])));

async function* pagesOf({ knex }: Database, reading: Executor, { table, columns }: AskedRows) {
  const page = text(
    knex,
    `select ${['id', ...columns].join(', ')} from ${table} where id > :after order by id limit ${PAGE}`,
    { id: integer, ...each(columns, nullable(integer)) },
    { acrossDistricts },
  );
  for (let after = 0; ; ) {
    const rows = await reading.all(page, { after });
    if (rows.length === 0) return;
    yield { asked: JSON.stringify(rows.map((row) => Object.values(row))) };
    after = rows.at(-1)!.id;
  }
}

const withoutCount = ({ findings: _, ...row }: { findings: number }): object => row;

/**
 * What SQLite says of a file that is malformed or too short, and PostgreSQL of a page or a file: data_corrupted,
 * index_corrupted, io_error, undefined_file.
 */
export const isDamage = (error: unknown): boolean =>
  /^(SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)|(XX00[12]|58030|58P01)$)/.test(
    String((error as { code?: unknown }).code),
  );

/** What a finding about damage is called. */
export const DAMAGED = 'table_intact';

/** What is found of a table that cannot be read whole. */
export const damaged = (table: string, problems: readonly string[]): Finding => ({
  name: DAMAGED,
  table,
  level: 'error',
  right: 'Each page of the table and of its indexes can be read, and they agree; restore a backup otherwise.',
  count: problems.length,
  rows: problems.map((problem) => ({ problem })),
});

/**
 * Reads every table whole, each by itself, and says of which that cannot be done.
 * @param cause what was said when something else came upon the damage
 */
export async function damageIn(database: Database, first: number, cause?: unknown): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const table of await tablesIn(database)) {
    const problems = await problemsOf(database, table);
    if (problems.length > 0) findings.push({ ...damaged(table, problems.slice(0, first)), count: problems.length });
  }
  if (findings.length > 0 || cause === undefined) return findings;
  const named = await database.damagedTable(cause).catch(() => undefined);
  return [damaged(named ?? 'unknown', [sentenceOf(cause)])];
}

async function tablesIn({ all, knex, tables }: Database): Promise<string[]> {
  try {
    return (await all(text(knex, tables, { name: string }))).map(({ name }) => name);
  } catch (error) {
    if (isDamage(error)) return [];
    throw error;
  }
}

/** In a transaction of its own, which the first problem may end. */
async function problemsOf(database: Database, table: string): Promise<string[]> {
  const row = { problem: nullable(string) };
  const read = text(database.knex, database.readWhole(table), row, {
    acrossDistricts: 'a damaged page has rows of any district',
  });
  try {
    const rows = await database.snapshot((reading) => reading.all(read));
    return rows.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  } catch (error) {
    if (isDamage(error)) return [sentenceOf(error)];
    throw error;
  }
}

const sentenceOf = (error: unknown): string => (error as Error).message;

/** What SQLite can say of a file by itself. */
export const sqliteInvariants = (filename: string): readonly Invariant[] => [
  {
    name: INTACT,
    table: filename,
    level: 'error',
    right: 'Pages, indexes and constraints agree (pragma integrity_check); restore a backup otherwise.',
    broken: "select integrity_check as problem from pragma_integrity_check where integrity_check <> 'ok'",
  },
  {
    name: 'foreign_keys',
    table: filename,
    level: 'error',
    right: 'Each row that names another finds it.',
    broken: 'select "table", rowid as "row", parent from pragma_foreign_key_check',
  },
  // PostgreSQL has a type for days; here they are text.
  ...(
    [
      ['enrollments', 'begin_date', 'end_date'],
      ['kept_days', 'begin_date', 'end_date'],
      ['former_schools', 'begin_date', 'end_date'],
      ['former_terms', 'begin_date', 'end_date'],
      ['terms', 'begin_date', 'end_date'],
      ['calendar_days', 'date'],
      ['meetings', 'date'],
    ] as const
  ).map(
    ([table, ...columns]): Invariant => ({
      name: 'days_written',
      table,
      level: 'error',
      right: 'A day is one of the calendar, YYYY-MM-DD.',
      broken: columns
        .map(
          (column) => `select district_id, '${column}' as "column", ${column} as day from ${table}
        where date(${column}) is not ${column}`,
        )
        .join(' union all '),
    }),
  ),
];

const parents = yearlyTables.map((table) => `'${table}'::regclass`).join(', ');

/** The parts of the tables that are kept by school year; the default part has no year. */
const parts = `select parent.relname as parent, part.relname as part, pg_get_expr(part.relpartbound, part.oid) as bounds,
    cast(substring(part.relname from '_([0-9]{4})$') as integer) as year
  from pg_inherits
  join pg_class as part on part.oid = pg_inherits.inhrelid
  join pg_class as parent on parent.oid = pg_inherits.inhparent
  where pg_inherits.inhparent in (${parents})`;

/** What must hold of the parts; that a row lies within the bounds of its part, PostgreSQL sees to. */
export const postgresInvariants: readonly Invariant[] = [
  {
    name: 'part_bounds',
    table: 'pg_class',
    level: 'error',
    right: 'A part holds the days from the July 1 of the year it is called by until before the next.',
    broken: `select parts.part, parts.bounds
      from (${parts}) as parts
      where parts.bounds <> case when parts.year is null then 'DEFAULT'
        else 'FOR VALUES FROM (''' || parts.year || '-07-01'') TO (''' || (parts.year + 1) || '-07-01'')' end`,
  },
  {
    name: 'part_of_each_table',
    table: 'pg_class',
    level: 'error',
    right: `A school year has a part of each of ${yearlyTables.join(', ')}.`,
    broken: `select parts.year, count(*) as parts
      from (${parts}) as parts
      group by parts.year
      having count(*) <> ${yearlyTables.length}`,
  },
  ...yearlyTables.map(
    (table): Invariant => ({
      name: 'part_missing',
      table: `${table}_default`,
      level: 'warning',
      right: 'The days of a school year lie in a part of its own; `rollbook migrate` makes it and moves them.',
      broken: `select ${table}.date, count(*) as rows from ${table}_default as ${table} group by ${table}.date`,
    }),
  ),
];

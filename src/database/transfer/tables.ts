import { closeSync, openSync, readSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { migrationNames } from '../../../db/migrations';
import type { ColumnType, Database } from '../database';
import { text } from '../query';
import { integer, type RowOf, string } from '../rows';
import { BackupError } from './backup';

/** A table as it is copied. */
export interface Table {
  readonly name: string;
  readonly columns: Readonly<Record<string, ColumnType>>;
  /** The columns of its primary key. */
  readonly key: readonly string[];
}

const columnRow = {
  table: string,
  column: string,
  type: string,
  /** The place of the column in the primary key, from 1; 0 where it is not in it. */
  place: integer,
};

type ColumnRow = RowOf<typeof columnRow>;

/** What the migrations declare on SQLite, where it is not text. */
const types: Readonly<Record<string, ColumnType>> = {
  integer: 'bigint',
  bigint: 'bigint',
  smallint: 'smallint',
  boolean: 'boolean',
  date: 'date',
  datetime: 'timestamptz',
};

/** The tables that a SQLite database holds beside those of its engine and of knex; an epoch is of one database alone. */
const own = `sqlite_schema.type = 'table' and sqlite_schema.name not like 'sqlite\\_%' escape '\\'
  and sqlite_schema.name not like 'knex\\_%' escape '\\' and sqlite_schema.name <> 'epochs'`;

/** The tables of a SQLite database, each after those that its foreign keys lead to. */
export async function tablesOf(database: Database): Promise<Table[]> {
  const { knex } = database;
  const columns = await database.all(
    text(
      knex,
      `select sqlite_schema.name as "table", info.name as "column", lower(info.type) as type, info.pk as place
      from sqlite_schema cross join pragma_table_info(sqlite_schema.name) as info
      where ${own}
      order by sqlite_schema.name, info.cid`,
      columnRow,
    ),
  );
  const references = await referencesOf(database);
  const names = [...new Set(columns.map(({ table }) => table))];
  return inOrder(names, references).map((name) =>
    tableOf(
      name,
      columns.filter(({ table }) => table === name),
    ),
  );
}

async function referencesOf({ all, knex }: Database): Promise<Map<string, string[]>> {
  const rows = await all(
    text(
      knex,
      `select sqlite_schema.name as "table", reference."table" as target
      from sqlite_schema cross join pragma_foreign_key_list(sqlite_schema.name) as reference
      where ${own} and reference."table" <> sqlite_schema.name`,
      { table: string, target: string },
    ),
  );
  const references = new Map<string, string[]>();
  for (const { table, target } of rows) references.set(table, [...(references.get(table) ?? []), target]);
  return references;
}

function inOrder(names: readonly string[], references: ReadonlyMap<string, readonly string[]>): string[] {
  const ordered = new Set<string>();
  const add = (name: string): void => {
    if (ordered.has(name)) return;
    for (const target of references.get(name) ?? []) add(target);
    ordered.add(name);
  };
  for (const name of names) add(name);
  return [...ordered];
}

const tableOf = (name: string, rows: readonly ColumnRow[]): Table => ({
  name,
  columns: Object.fromEntries(rows.map(({ column, type }) => [column, types[type] ?? 'text'])),
  key: rows
    .filter(({ place }) => place > 0)
    .sort((one, other) => one.place - other.place)
    .map(({ column }) => column),
});

/** What both kinds of file begin with: https://sqlite.org/fileformat2.html#the_database_header, and pg_dump's own. */
const SQLITE = 'SQLite format 3\u0000';
const PG_DUMP = 'PGDMP';

/** Throws BackupError where the file does not look like a backup, before it is copied or opened. */
export function checkKind(file: string): void {
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new BackupError(`There is no file ${file}.`);
  const head = headOf(file);
  if (head.startsWith(PG_DUMP))
    throw new BackupError(
      `${file} was written by pg_dump. Restore it into an empty database by ` +
        `pg_restore --single-transaction --no-owner --dbname <database> ${file}, then run rollbook migrate.`,
    );
  if (head !== SQLITE) throw new BackupError(`${file} is not a backup of rollbook.`);
  if (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size)
    throw new BackupError(`${file} is a database in use: ${file}-wal holds a part of it. Make a backup of it first.`);
}

function headOf(file: string): string {
  const [descriptor, head] = [openSync(file, 'r'), Buffer.alloc(SQLITE.length)];
  try {
    return head.toString('latin1', 0, readSync(descriptor, head));
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Throws BackupError where the file is damaged, or holds no database of rollbook, or a newer one than this rollbook
 * knows.
 * @param file what the messages call it
 * @returns how many rows it holds
 */
export function checkContent(copy: string, file: string): number {
  const connection = new BetterSqlite3(copy);
  try {
    const problems = (connection.pragma('integrity_check(1)') as { integrity_check: string }[]).map(
      ({ integrity_check }) => integrity_check,
    );
    if (problems[0] !== 'ok') throw new BackupError(`${file} is damaged: ${problems[0]!.replaceAll('\n', ' ')}`);
    const done = migrationsIn(connection);
    if (!done.includes(migrationNames[0]!))
      throw new BackupError(`${file} is an SQLite database, but not one of rollbook.`);
    checkKnown(done, file);
    const [orphan] = connection.pragma('foreign_key_check') as { table: string; parent: string }[];
    if (orphan)
      throw new BackupError(
        `${file} is damaged: a row of ${orphan.table} names one of ${orphan.parent} that is missing.`,
      );
    return rowsIn(connection);
  } catch (error) {
    if (!String((error as { code?: unknown }).code).startsWith('SQLITE_')) throw error;
    throw new BackupError(`${file} is damaged: ${(error as Error).message}`, { cause: error });
  } finally {
    connection.close();
  }
}

/** Throws BackupError where one of the migrations is not known to this rollbook. */
export function checkKnown(done: readonly string[], what: string): void {
  const newer = done.find((name) => !migrationNames.includes(name));
  if (newer) throw new BackupError(`${what} was written by a newer rollbook, which has the migration ${newer}.`);
}

function rowsIn(connection: BetterSqlite3.Database): number {
  const names = connection.prepare("select name from sqlite_schema where type = 'table'").pluck().all() as string[];
  return names
    .filter((name) => !/^(sqlite|knex)_/.test(name))
    .map((name) => connection.prepare(`select count(*) from "${name}"`).pluck().get() as number)
    .reduce((sum, count) => sum + count, 0);
}

function migrationsIn(connection: BetterSqlite3.Database): string[] {
  const there = connection.prepare("select 1 from sqlite_schema where name = 'knex_migrations'").get();
  return there ? (connection.prepare('select name from knex_migrations order by id').pluck().all() as string[]) : [];
}

import { closeSync, openSync, readSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { migrationNames } from '../../../db/migrations';
import type { ColumnType, Database } from '../database';
import { migrationRow, migrationsSql } from '../migrate';
import { text } from '../query';
import { checkRows, type Description, integer, RowError, type RowOf, scalar, string, withOthers } from '../rows';
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
    const [found] = rowsOf(connection, 'pragma integrity_check(1)', { integrity_check: string });
    const problem = found!.integrity_check;
    if (problem !== 'ok') throw new BackupError(`${file} is damaged: ${problem.replaceAll('\n', ' ')}`);
    const done = migrationsIn(connection);
    if (!done.includes(migrationNames[0]!))
      throw new BackupError(`${file} is an SQLite database, but not one of rollbook.`);
    checkKnown(done, file);
    const [orphan] = rowsOf(
      connection,
      'pragma foreign_key_check',
      withOthers({ table: string, parent: string }, scalar),
    );
    if (orphan)
      throw new BackupError(
        `${file} is damaged: a row of ${orphan.table} names one of ${orphan.parent} that is missing.`,
      );
    return rowsIn(connection);
  } catch (error) {
    const isDamage = error instanceof RowError || String((error as { code?: unknown }).code).startsWith('SQLITE_');
    if (!isDamage) throw error;
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
  return rowsOf(connection, "select name from sqlite_schema where type = 'table'", { name: string })
    .filter(({ name }) => !/^(sqlite|knex)_/.test(name))
    .flatMap(({ name }) => rowsOf(connection, `select count(*) as count from "${name}"`, { count: integer }))
    .reduce((sum, { count }) => sum + count, 0);
}

function migrationsIn(connection: BetterSqlite3.Database): string[] {
  const there = connection.prepare("select 1 from sqlite_schema where name = 'knex_migrations'").get();
  return there ? rowsOf(connection, migrationsSql, migrationRow).map(({ name }) => name) : [];
}

/** The rows of a file that is not known to be a database of rollbook: they are always checked. */
const rowsOf = <Row>(connection: BetterSqlite3.Database, sql: string, row: Description<Row>): Row[] =>
  checkRows<Row>({ sql, row }, connection.prepare(sql).all());

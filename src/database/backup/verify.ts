import { closeSync, openSync, readSync, statSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { migrationNames } from '../../../db/migrations';
import { BackupError } from './errors';

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

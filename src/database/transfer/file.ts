import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { migrationNames } from '../../../db/migrations';
import { gapsIn, migrationRow, migrationsSql } from '../migrate';
import { checkRows, type Description, integer, RowError, scalar, string, withOthers } from '../rows';

/** A backup that cannot be made or restored; the message says why, and nothing has been changed. */
export class BackupError extends Error {}

/**
 * Makes a file that is whole or not there: it is written under another name beside it, readable by its owner alone,
 * and gets its own name once it is on disk.
 * @param force whether it takes the place of one that is there
 */
export async function wholeFile<T>(file: string, force: boolean, write: (draft: string) => Promise<T>): Promise<T> {
  checkFree(file, force);
  const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const written = await write(draft);
    sync(draft);
    checkFree(file, force);
    renameSync(draft, file);
    sync(dirname(file));
    return written;
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  }
}

function checkFree(file: string, force: boolean): void {
  if (!existsSync(dirname(file))) throw new BackupError(`There is no folder ${dirname(file)}.`);
  if (!force && existsSync(file)) throw new BackupError(`${file} exists; --force replaces it.`);
}

/** On disk, also a folder's list of names. */
function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

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

/** Throws BackupError where one of the migrations is not known to this rollbook, or one is missing between others. */
export function checkKnown(done: readonly string[], what: string): void {
  const newer = done.find((name) => !migrationNames.includes(name));
  if (newer) throw new BackupError(`${what} was written by a newer rollbook, which has the migration ${newer}.`);
  const gaps = gapsIn(done);
  if (gaps.length > 0)
    throw new BackupError(
      `The list of migrations in ${what.replace(/^The/, 'the')} (knex_migrations) lacks ${gaps.join(', ')}, though it has later ones. ` +
        'Put back what was deleted from the list.',
    );
}

/** As `tablesOf` has them, of which each is restored. */
function rowsIn(connection: BetterSqlite3.Database): number {
  return rowsOf(connection, "select name from sqlite_schema where type = 'table'", { name: string })
    .filter(({ name }) => !/^(sqlite|knex|_litestream)_|^epochs$/.test(name))
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

/*
 * `src/database/transfer/`: Rows of all tables from one database into another, of either engine: `rollbook backup` and `restore`.
 * `pg-dump.ts` has PostgreSQL do it by itself.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { performance } from 'node:perf_hooks';
import BetterSqlite3 from 'better-sqlite3';
import type { Database, Engine, Executor } from '../database';
import { restoredSql } from '../epoch';
import { migrate, migrationRow, migrationsSql } from '../migrate';
import { text, type Value, type Values } from '../query';
import { each, integer, scalar } from '../rows';
import { openSqlite, standAlone } from '../sqlite';
import { checkContent, checkKnown, type Table, tablesOf } from './tables';

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

/** A database that is read or written in one transaction. */
export interface Side {
  readonly engine: Pick<Engine, 'knex' | 'rows' | 'lastId' | 'resumeIds'>;
  readonly executor: Executor;
}

/** How many rows are in memory at a time. */
const PAGE = 5_000;

const acrossDistricts = 'all of them are in a backup';

type Row = Readonly<Record<string, Value | boolean>>;

/** Copies every row of the tables, on either engine, into those of the same schema, which are empty. */
export async function transferRows(tables: readonly Table[], from: Side, into: Side): Promise<number> {
  let copied = 0;
  for (const table of tables) {
    const insert = insertInto(table, into);
    for await (const rows of pagesOf(table, from)) {
      await insert(rows);
      copied += rows.length;
    }
    if (table.key[0] === 'id') await resume(table.name, from, into);
  }
  return copied;
}

/** Goes on with ids where the other has stopped, which may be above all that it still has rows of. */
async function resume(table: string, from: Side, into: Side): Promise<void> {
  const [given] = await from.executor.all(
    text(from.engine.knex, from.engine.lastId(table), { last: integer }, { acrossDistricts }),
  );
  for (const sql of into.engine.resumeIds(table))
    await into.executor.all(text(into.engine.knex, sql, { last: integer }, { acrossDistricts }), { last: given!.last });
}

/** Walks by the key, so that no page is counted out. */
async function* pagesOf({ name, columns, key }: Table, { engine: { knex }, executor }: Side): AsyncGenerator<Row[]> {
  const query = (where: string) =>
    text(
      knex,
      `select ${quoted(Object.keys(columns))} from ${name} ${where} order by ${quoted(key)} limit ${PAGE}`,
      each(Object.keys(columns), scalar),
      { acrossDistricts },
    );
  const places = key.map((_, place) => `after_${place}`);
  const next = query(`where (${quoted(key)}) > (${places.map((place) => `:${place}`).join(', ')})`);
  let rows: Row[] = await executor.all(query(''));
  while (rows.length > 0) {
    yield rows;
    const last = rows.at(-1)!;
    const values = Object.fromEntries(key.map((column, place) => [`after_${place}`, last[column]]));
    rows = rows.length < PAGE ? [] : await executor.all(next, values as Values);
  }
}

function insertInto({ name, columns }: Table, { engine, executor }: Side) {
  const names = Object.keys(columns);
  const typed = Object.fromEntries(Object.entries(columns).map(([column, type]) => [quoted([column]), type]));
  const insert = text(
    engine.knex,
    `insert into ${name} (${quoted(names)}) select ${quoted(names)} from ${engine.rows('rows', typed)} as copied`,
    undefined,
    { acrossDistricts },
  );
  return (rows: readonly Row[]) =>
    executor.all(insert, { rows: JSON.stringify(rows.map((row) => names.map((column) => row[column]))) });
}

const quoted = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ');

export interface Backup {
  readonly file: string;
  readonly bytes: number;
  /** In all tables. */
  readonly rows: number;
  readonly seconds: number;
}

/**
 * Writes one state of the database into a file, whoever writes meanwhile. The file is an SQLite database whichever engine
 * it comes from, so that it can be restored into either; it is checked before it gets its name.
 * Throws BackupError, leaving nothing behind, where that cannot be.
 */
export async function backup(database: Database, file: string, force = false): Promise<Backup> {
  const started = performance.now();
  if (!(await database.knex.schema.hasTable('districts')))
    throw new BackupError('The database holds nothing of rollbook yet.');
  const rows = await wholeFile(file, force, async (draft) => {
    if (database.copyTo) await database.copyTo(draft);
    else await writeRows(database, draft);
    noteBackup(draft);
    return checkContent(draft, file);
  });
  return { file, bytes: statSync(file).size, rows, seconds: (performance.now() - started) / 1_000 };
}

/** Whoever uses the file as a database begins a new epoch. One of before there were any stays as it is. */
function noteBackup(draft: string): void {
  const connection = new BetterSqlite3(draft);
  try {
    if (!connection.prepare("select 1 from sqlite_schema where name = 'epochs'").get()) return;
    for (const sql of restoredSql) connection.exec(sql);
  } finally {
    connection.close();
  }
}

/** Makes a database of the same migrations, and copies row by row. */
async function writeRows(database: Database, draft: string): Promise<void> {
  const copy = openSqlite(draft);
  try {
    await database.snapshot(async (reading) => {
      const done = await reading.all(text(database.knex, migrationsSql, migrationRow));
      const names = done.map(({ name }) => name);
      checkKnown(names, 'The database');
      await migrate(copy, names);
      const tables = await tablesOf(copy);
      await copy.transaction((tx) =>
        transferRows(tables, { engine: database, executor: reading }, { engine: copy, executor: tx }),
      );
    });
  } finally {
    await copy.close();
  }
  standAlone(draft);
}

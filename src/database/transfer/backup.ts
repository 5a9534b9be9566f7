/*
 * `src/database/transfer/`: Rows of all tables from one database into another, of either engine: `rollbook backup` and `restore`.
 * `tables.ts` copies them, `file.ts` says what a sound backup is, `pg-dump.ts` has PostgreSQL do it by itself.
 */
import { chmodSync, copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import BetterSqlite3 from 'better-sqlite3';
import { migrationNames } from '../../../db/migrations';
import type { Database } from '../database';
import { claimEpoch, noteRestored, restoredSql } from '../epoch';
import { migrate, migrationRow, migrationsSql } from '../migrate';
import { text } from '../query';
import { day } from '../rows';
import { openSqlite, standAlone } from '../sqlite';
import { createYears, yearlyTables, yearOf } from '../years';
import { BackupError, checkContent, checkKind, checkKnown, wholeFile } from './file';
import { tablesOf, transferRows } from './tables';

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
      // In their own order: a row that was put back into the list is its last one.
      await migrate(copy, { only: migrationNames.filter((name) => names.includes(name)) });
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

/**
 * Puts a backup into an empty database of either engine, all of it or nothing. It is migrated on a copy, in the
 * temporary folder; the file itself stays as it is.
 * Throws BackupError, having changed nothing, where the file is no sound backup or the database is not empty.
 * @param open opens the database; not called before the file has been found to be sound
 * @param approve throws where the backup is not to be restored; it gets the copy, migrated
 */
export async function restore(
  file: string,
  open: () => Database,
  approve: (copy: Database) => Promise<void>,
): Promise<Pick<Backup, 'rows' | 'seconds'>> {
  const started = performance.now();
  checkKind(file);
  const rows = await onCopy(file, async (copy) => {
    await migrate(copy);
    await approve(copy);
    const database = open();
    try {
      return await fill(database, copy, file);
    } finally {
      await database.close();
    }
  });
  return { rows, seconds: (performance.now() - started) / 1_000 };
}

async function onCopy<T>(file: string, work: (copy: Database) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-restore-')); // mode 700
  const path = join(folder, 'copy.db');
  try {
    copyFileSync(file, path);
    chmodSync(path, 0o600);
    checkContent(path, file);
    const copy = openSqlite(path);
    try {
      return await work(copy);
    } finally {
      await copy.close();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function fill(database: Database, copy: Database, file: string): Promise<number> {
  await checkEmpty(database, file);
  await migrate(database);
  const years = await yearsOf(copy);
  await database.knex.transaction((tx) => createYears(tx, database, { also: years }));
  const tables = await tablesOf(copy);
  const rows = await database.transaction(async (tx) => {
    const copied = await transferRows(tables, { engine: copy, executor: copy }, { engine: database, executor: tx });
    await noteRestored(tx, database);
    return copied;
  });
  await claimEpoch(database);
  // Until autovacuum comes by, its planner would take every table for empty.
  if (database.partitioned) await database.knex.raw('analyze');
  return rows;
}

/** The school years that have attendance. */
async function yearsOf(copy: Database): Promise<number[]> {
  const dates = yearlyTables.map((table) => `select ${table}.date from ${table}`).join(' union ');
  const days = await copy.all(text(copy.knex, dates, { date: day }, { acrossDistricts: 'all of them are restored' }));
  return days.map(({ date }) => yearOf(new Date(`${date}T00:00:00Z`)));
}

/** Everything belongs to a district: without one the database is empty. */
async function checkEmpty({ knex }: Database, file: string): Promise<void> {
  if ((await knex.schema.hasTable('districts')) && (await knex('districts').first('id')))
    throw new BackupError(`The database is not empty; ${file} can only be restored into one that is.`);
}

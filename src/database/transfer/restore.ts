import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { Database } from '../database';
import { claimEpoch, noteRestored } from '../epoch';
import { migrate } from '../migrate';
import { text } from '../query';
import { day } from '../rows';
import { openSqlite } from '../sqlite';
import { createYears, yearlyTables, yearOf } from '../years';
import { type Backup, BackupError, transferRows } from './backup';
import { checkContent, checkKind, tablesOf } from './tables';

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
  await database.knex.transaction((tx) => createYears(tx, database, new Date(), years));
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

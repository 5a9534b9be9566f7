import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import BetterSqlite3 from 'better-sqlite3';
import type { Database } from '../database';
import { restoredSql } from '../epoch';
import { migrate } from '../migrate';
import { text } from '../query';
import { openSqlite, standAlone } from '../sqlite';
import { BackupError } from './errors';
import { wholeFile } from './file';
import { copyRows } from './rows';
import { tablesOf } from './tables';
import { checkContent, checkKnown } from './verify';

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
      const done = text(database.knex, 'select knex_migrations.name from knex_migrations order by knex_migrations.id');
      const names = (await reading.all<{ name: string }>(done)).map(({ name }) => name);
      checkKnown(names, 'The database');
      await migrate(copy, names);
      const tables = await tablesOf(copy);
      await copy.transaction((tx) =>
        copyRows(tables, { engine: database, executor: reading }, { engine: copy, executor: tx }),
      );
    });
  } finally {
    await copy.close();
  }
  standAlone(draft);
}

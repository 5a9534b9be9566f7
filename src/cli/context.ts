import { statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { readConfig } from '../config';
import type { Database } from '../database/database';
import { makeReady } from '../database/migrate';
import { fileOf, openDatabase } from '../database/open';

/** Opens the configured database, which has to be one of rollbook's, for the time of one command, its schema up to date. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  return withExisting(config.databaseUrl, async (database) => {
    if (!(await database.knex.schema.hasTable('knex_migrations')))
      throw new Error(
        `There is no database of rollbook at ${fileOf(config.databaseUrl) ?? 'DATABASE_URL'}: it has no knex_migrations, ` +
          'by which rollbook knows its own. `rollbook import`, `migrate`, `restore` and `serve` make one.',
      );
    await makeReady(database, config);
    return work(database);
  });
}

/** The same where a database is made if there is none: for what begins one. */
export async function withNewDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  return closing(openDatabase(config.databaseUrl), async (database) => {
    await makeReady(database, config);
    return work(database);
  });
}

/** Opens a database as it is; an embedded one is not made where there is none. */
export async function withExisting<T>(url: string, work: (database: Database) => Promise<T>): Promise<T> {
  const file = fileOf(url);
  if (file !== undefined && !statSync(file, { throwIfNoEntry: false })?.size)
    throw new Error(`There is no database at ${file}.`);
  return closing(openDatabase(url), work);
}

const closing = <T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> =>
  work(database).finally(() => database.close());

/** Every command can answer in JSON: exactly one document on stdout, all else on stderr. */
export const withJson = (command: Command): Command => command.option('--json', 'print one JSON document on stdout');

export function print(value: unknown, json: boolean | undefined, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${line}\n`).join(''));
}

/** Prints what is too long to be held at once. */
export const printText = (text: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(text), process.stdout, { end: false });

/** Rows as a table for a terminal; the keys of the first row are its head. */
export function table(rows: readonly object[]): string[] {
  if (rows.length === 0) return ['(none)'];
  const cells = [Object.keys(rows[0]!), ...rows.map((row) => Object.values(row).map((value) => String(value ?? '')))];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

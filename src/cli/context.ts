import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import { readConfig } from '../config';
import type { Database } from '../database/database';
import { makeReady } from '../database/migrate';
import { openDatabase } from '../database/open';

/** Opens the configured database for the time of one command, its schema up to date. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  const database = openDatabase(config.databaseUrl);
  try {
    await makeReady(database, config);
    return await work(database);
  } finally {
    await database.close();
  }
}

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

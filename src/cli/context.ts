import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Presets, SingleBar } from 'cli-progress';
import { type Command, InvalidArgumentError } from 'commander';
import { YEAR_ZERO } from '../apis/powerschool/tables';
import { openAudit } from '../audit/audit';
import type { Read } from '../audit/read';
import type { Database } from '../database/database';
import { makeReady, migrate } from '../database/migrate';
import { fileOf, openDatabase } from '../database/open';
import { isSchoolDay } from '../days';
import { lazy } from '../lib/lazy';
import { yearOfName } from '../roster/school-years';
import { type Config, readConfig } from '../service/config';
import { failToPrint } from './failure';
import { printable } from './printable';

/** An id given on the command line. */
export function id(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a positive integer.');
  return Number(text);
}

/** 2025 of the school year `2025-26`, or of `35`, as PowerSchool numbers it. */
export function schoolYear(text: string): number {
  const year = /^\d{1,3}$/.test(text) ? Number(text) + YEAR_ZERO : yearOfName(text);
  if (year !== undefined) return year;
  throw new InvalidArgumentError('It must be a school year like 2025-26, or its number, like 35.');
}

/** How many of something. */
export function count(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number from 1 to 999999.');
}

const seconds: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** How many seconds `90s`, `30m`, `24h`, `7d` or `0` is. */
export function duration(text: string): number {
  const [, count, unit = 's'] = /^(?:(\d{1,5})([smhd])|0)$/.exec(text) ?? [];
  if (text === '0') return 0;
  if (count !== undefined) return Number(count) * seconds[unit]!;
  throw new InvalidArgumentError('It must be a time like 90s, 30m, 24h or 7d, or 0.');
}

/** A day. */
export function day(text: string): string {
  if (isSchoolDay(text)) return text;
  throw new InvalidArgumentError('It must be a day, YYYY-MM-DD.');
}

/** For commands that cannot be undone: throws where it is not confirmed by `--yes` or by typing the text, as it is shown. */
export async function confirm(what: readonly string[], named: string, yes: boolean | undefined): Promise<void> {
  if (yes) return;
  const expected = printable(named);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new Promise<undefined>((resolve) => terminal.once('close', () => resolve(undefined)));
  const typed = await Promise.race([
    terminal.question([...what.map(printable), `Type ${expected} to go on: `].join('\n')),
    ended,
  ]);
  terminal.close();
  if (typed?.trim() !== expected)
    throw new Error(`Nothing was done: it was not confirmed. Type ${expected}, or give --yes.`);
}

/** A progress bar on a terminal; nothing where stderr is not one. */
export function progressBar() {
  const bar = new SingleBar(
    {
      stream: process.stderr,
      noTTYOutput: false,
      clearOnComplete: true,
      format: '{file} [{bar}] {percentage}% {rows} rows',
    },
    Presets.shades_classic,
  );
  let started = false;
  return {
    update({ file, done, total, rows }: { file: string; done: number; total: number; rows: number }): void {
      if (!process.stderr.isTTY) return;
      if (!started) bar.start(total, 0, { file, rows });
      started = true;
      bar.setTotal(total);
      bar.update(done, { file, rows });
    },
    stop: () => bar.stop(),
  };
}

/** Opens the configured database, which has to be one of rollbook's, for the time of one command, its schema up to date. */
export async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  return withExisting(config, async (database) => {
    if (!(await isOurs(database)))
      throw new Error(
        `There is no database of rollbook at ${fileOf(config.databaseUrl) ?? 'DATABASE_URL'}: it has no knex_migrations, ` +
          'by which rollbook knows its own. `rollbook import`, `migrate`, `restore` and `serve` make one.',
      );
    await makeReady(database, config);
    return work(database);
  });
}

const isOurs = ({ knex }: Database): Promise<boolean> => knex.schema.hasTable('knex_migrations');

/** The same for what changes nothing: where there is no database yet, one that is thrown away stands in for it. */
export async function withDatabaseOrTrial<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  const { databaseUrl } = config;
  if (hasDatabase(databaseUrl) && (await closing(openDatabase(databaseUrl, config), isOurs))) return withDatabase(work);
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-trial-')); // mode 700
  try {
    return await closing(openDatabase(`sqlite:${join(folder, 'trial.db')}`, config), async (database) => {
      await migrate(database);
      return work(database);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The same where a database is made if there is none: for what begins one. */
export async function withNewDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const config = readConfig();
  if (!config.isDatabaseSaid && !hasDatabase(config.databaseUrl))
    process.stderr.write(`DATABASE_URL is not set: a new database is made at ${fileOf(config.databaseUrl)}.\n`);
  return closing(openDatabase(config.databaseUrl, config), async (database) => {
    await makeReady(database, config);
    return work(database);
  });
}

/** Opens a database as it is; an embedded one is not made where there is none. */
export async function withExisting<T>(config: Config, work: (database: Database) => Promise<T>): Promise<T> {
  const { databaseUrl } = config;
  if (!hasDatabase(databaseUrl))
    throw new Error(`There is no database at ${fileOf(databaseUrl)}.${config.isDatabaseSaid ? '' : UNSAID}`);
  return closing(openDatabase(databaseUrl, config), work);
}

/** Why somebody may have meant another. */
const UNSAID =
  ' DATABASE_URL is not set: set it as it is set for the service, or run this in the folder of the service.';

/** Whether there is one to open, as far as the file system knows. */
function hasDatabase(url: string): boolean {
  const file = fileOf(url);
  return file === undefined || Boolean(statSync(file, { throwIfNoEntry: false })?.size);
}

const closing = <T>(database: Database, work: (database: Database) => Promise<T>): Promise<T> =>
  work(database).finally(() => database.close());

/** Notes that the operator reads records of a district by a command, where that is kept: else they are not given. */
export async function noteRead(database: Database, command: string, district: number, read: Read): Promise<void> {
  const { auditDays } = readConfig();
  if (auditDays === undefined) return;
  await openAudit(database, auditDays).noteNow({ district, ...operator(command) }, command, read);
}

/** Who changes something by a command. */
export const operator = (command: string) => ({ api: command, client: null, person: null });

/** An instant, or a day, on the command line. */
export function instant(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be an instant like 2026-11-20T08:00:00Z.');
  return new Date(time).toISOString();
}

/** Every command can answer in JSON: exactly one document on stdout, all else on stderr. */
export const withJson = (command: Command): Command => command.option('--json', 'print one JSON document on stdout');

/** Where commands print. What they do they do to its end, also where nobody reads on. */
const stdout = lazy(() => process.stdout.on('error', failToPrint));

/** Prints one JSON document, or these lines for a terminal: what data has of its control characters does nothing there. */
export function print(value: unknown, json: boolean | undefined, lines: readonly string[]): void {
  stdout().write(json ? `${JSON.stringify(value, null, 2)}\n` : lines.map((line) => `${printable(line)}\n`).join(''));
}

/** Prints what is too long to be held at once; ends where nobody reads on. */
export const printText = (text: AsyncIterable<string>): Promise<void> =>
  pipeline(Readable.from(text), stdout(), { end: false });

/** Rows as a table for a terminal; the keys of the first row are its head. */
export function table(rows: readonly object[]): string[] {
  if (rows.length === 0) return ['(none)'];
  const cells = [
    Object.keys(rows[0]!),
    ...rows.map((row) => Object.values(row).map((value) => printable(String(value ?? '')))),
  ];
  const widths = cells[0]!.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** Takes what was erased out of the database's files too, and tells the operator what is left to know. */
export async function scrub(database: Database, tables: readonly string[], wanted: boolean): Promise<void> {
  const note = wanted
    ? await database.scrub(tables)
    : 'Not vacuumed: the database still holds what was erased in pages that are free.';
  process.stderr.write(
    `${note ? `${note}\n` : ''}Backups and detached school years that hold it are yours to delete.\n`,
  );
}

import type { Database } from './database';
import type { Finding } from './invariants';
import { text } from './query';

/**
 * What SQLite says of a file that is malformed or too short, and PostgreSQL of a page or a file: data_corrupted,
 * index_corrupted, io_error, undefined_file.
 */
export const isDamage = (error: unknown): boolean =>
  /^(SQLITE_(CORRUPT|NOTADB|IOERR_SHORT_READ)|(XX00[12]|58030|58P01)$)/.test(
    String((error as { code?: unknown }).code),
  );

/** What a finding about damage is called. */
export const DAMAGED = 'table_intact';

/** What is found of a table that cannot be read whole. */
export const damaged = (table: string, problems: readonly string[]): Finding => ({
  name: DAMAGED,
  table,
  level: 'error',
  right: 'Each page of the table and of its indexes can be read, and they agree; restore a backup otherwise.',
  count: problems.length,
  rows: problems.map((problem) => ({ problem })),
});

/**
 * Reads every table whole, each by itself, and says of which that cannot be done.
 * @param cause what was said when something else came upon the damage
 */
export async function damageIn(database: Database, first: number, cause?: unknown): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const table of await tablesIn(database)) {
    const problems = await problemsOf(database, table);
    if (problems.length > 0) findings.push({ ...damaged(table, problems.slice(0, first)), count: problems.length });
  }
  if (findings.length > 0 || cause === undefined) return findings;
  const named = await database.damagedTable(cause).catch(() => undefined);
  return [damaged(named ?? 'unknown', [sentenceOf(cause)])];
}

async function tablesIn({ all, knex, tables }: Database): Promise<string[]> {
  try {
    return (await all<{ name: string }>(text(knex, tables))).map(({ name }) => name);
  } catch (error) {
    if (isDamage(error)) return [];
    throw error;
  }
}

/** In a transaction of its own, which the first problem may end. */
async function problemsOf(database: Database, table: string): Promise<string[]> {
  const read = text(database.knex, database.readWhole(table));
  try {
    const rows = await database.snapshot((reading) => reading.all<{ problem: string | null }>(read));
    return rows.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  } catch (error) {
    if (isDamage(error)) return [sentenceOf(error)];
    throw error;
  }
}

const sentenceOf = (error: unknown): string => (error as Error).message;

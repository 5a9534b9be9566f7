import type { Database, Executor } from './database';
import { text } from './query';

/**
 * How far ids go on above the last after a restore. Those that were handed out after the backup was made are known
 * to clients, though no more to the database: they must not come to mean somebody else.
 */
export const GAP = 1_000_000;

/** Has every table go on with ids above any that may have been handed out. */
export async function skipIds(tx: Executor, { knex, skipIds: statements }: Database): Promise<void> {
  for (const sql of statements) await tx.all(text(knex, sql), { gap: GAP });
}

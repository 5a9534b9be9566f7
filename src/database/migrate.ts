import { migrations } from '../../db/migrations';
import type { Database } from './database';
import { createYears } from './years';

/**
 * Brings the schema up to date, with parts for the school years to come, in one transaction; a process that starts
 * meanwhile waits and finds nothing to do.
 * @param only the migrations to go by, in order; all of them where nothing is said
 */
export async function migrate(database: Database, only?: readonly string[]): Promise<string[]> {
  const all = migrations(database);
  const migrationSource = only ? { ...all, getMigrations: async () => [...only] } : all;
  return database.knex.transaction(async (tx) => {
    await tx.raw(database.migrationLock);
    const [, done] = await tx.migrate.latest({ migrationSource, disableTransactions: true });
    await createYears(tx, database);
    return done;
  });
}

import { migrations } from '../../db/migrations';
import type { Database } from './database';
import { createYears } from './years';

/** Brings the schema up to date, with parts for the school years to come, in one transaction; a process that starts meanwhile waits and finds nothing to do. */
export async function migrate(database: Database): Promise<string[]> {
  return database.knex.transaction(async (tx) => {
    await tx.raw(database.migrationLock);
    const [, done] = await tx.migrate.latest({ migrationSource: migrations(database), disableTransactions: true });
    await createYears(tx, database);
    return done;
  });
}

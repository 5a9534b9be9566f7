import { migrations } from '../../db/migrations';
import type { Database } from './database';

/** Brings the schema up to date, in one transaction; a process that starts meanwhile waits and finds nothing to do. */
export async function migrate(database: Database): Promise<string[]> {
  return database.knex.transaction(async (tx) => {
    await tx.raw(database.migrationLock);
    const [, done] = await tx.migrate.latest({ migrationSource: migrations(database), disableTransactions: true });
    return done;
  });
}

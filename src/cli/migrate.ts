import { Command } from 'commander';
import type { Database } from '../database/database';
import { claimEpoch } from '../database/epoch';
import { migrate, unlockMigrations } from '../database/migrate';
import { openDatabase } from '../database/open';
import { schemaOf } from '../database/schema';
import { readConfig } from '../service/config';
import { print, withExisting, withJson } from './context';

interface Options {
  readonly unlock?: boolean;
  readonly schema?: boolean;
  readonly json?: boolean;
}

export const migrateCommand = withJson(new Command('migrate'))
  .description('bring the schema of the database up to date')
  .option('--unlock', 'release the lock of a migration that was killed, and do nothing else')
  .option(
    '--schema',
    'print the schema as it is, a line for each column, key, check, index, trigger and rule, and do nothing else',
  )
  .action(async ({ unlock, schema, json }: Options) => {
    const config = readConfig();
    if (unlock) return withExisting(config, (database) => release(database, json));
    if (schema) return withExisting(config, (database) => printSchema(database, json));
    const database = openDatabase(config.databaseUrl, config);
    try {
      await bringUpToDate(database, json);
    } finally {
      await database.close();
    }
  });

async function bringUpToDate(database: Database, json?: boolean): Promise<void> {
  const applied = await migrate(database, { everywhere: true });
  await claimEpoch(database);
  print({ applied }, json, applied.length > 0 ? applied : ['The schema is up to date.']);
}

async function release(database: Database, json?: boolean): Promise<void> {
  const released = await unlockMigrations(database);
  print({ released }, json, [released ? 'The lock is released.' : 'There was no lock.']);
}

async function printSchema(database: Database, json?: boolean): Promise<void> {
  const schema = await schemaOf(database.knex, database);
  print({ schema }, json, schema);
}

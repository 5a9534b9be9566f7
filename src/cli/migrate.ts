import { Command } from 'commander';
import { readConfig } from '../config';
import { migrate } from '../database/migrate';
import { openDatabase } from '../database/open';
import { print, withJson } from './context';

export const migrateCommand = withJson(new Command('migrate'))
  .description('bring the schema of the database up to date')
  .action(async ({ json }: { json?: boolean }) => {
    const database = openDatabase(readConfig().databaseUrl);
    try {
      const applied = await migrate(database);
      print({ applied }, json, applied.length > 0 ? applied : ['The schema is up to date.']);
    } finally {
      await database.close();
    }
  });

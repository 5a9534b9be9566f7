import { Command } from 'commander';
import { environmentWith, readConfig } from '../config';
import { type Backup, backup } from '../database/backup/backup';
import { pgDump } from '../database/backup/pg-dump';
import { print, withExisting, withJson } from './context';

interface BackupOptions {
  readonly force?: boolean;
  readonly pgDump?: boolean;
  readonly json?: boolean;
}

const KEY =
  'The key (rollbook.key, or ROLLBOOK_SECRET_KEY) is not in it: keep it elsewhere. Without it the secrets of clients are lost.';

export const backupCommand = withJson(new Command('backup'))
  .description('write the database into one file, while it is served')
  .argument('<file>', 'the file; it must not be there yet')
  .option('--force', 'replace a file that is there, once the new one is whole')
  .option('--pg-dump', 'have pg_dump write it, for pg_restore; the database must be PostgreSQL')
  .addHelpText('after', `\n${KEY}`)
  .action(async (file: string, { force = false, pgDump: dump = false, json }: BackupOptions) => {
    const { databaseUrl } = readConfig();
    const written = await (dump
      ? pgDump(databaseUrl, file, force, environmentWith)
      : withUnchanged(databaseUrl, file, force));
    print(written, json, [...Object.entries(shown(written)).map(([name, value]) => `${name.padEnd(8)} ${value}`), KEY]);
  });

/** The schema is left as it is: a backup is what one makes before it is migrated. */
const withUnchanged = (url: string, file: string, force: boolean): Promise<Backup> =>
  withExisting(url, (database) => backup(database, file, force));

const shown = (written: { readonly seconds: number }) => ({ ...written, seconds: written.seconds.toFixed(1) });

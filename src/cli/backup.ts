import { Command } from 'commander';
import { hasSecretKeys, nameOfKeys, SecretKeyError, secretKeysFor } from '../clients/secret-keys';
import { openSealing, secretsWith } from '../clients/secrets';
import type { Database } from '../database/database';
import { fileOf, openDatabase } from '../database/open';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { type Backup, backup, restore } from '../database/transfer/backup';
import { pgDump } from '../database/transfer/pg-dump';
import { type Config, environmentWith, readConfig } from '../service/config';
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
    const config = readConfig();
    const written = await (dump
      ? pgDump(config.databaseUrl, file, force, environmentWith)
      : withUnchanged(config, file, force));
    print(written, json, [...Object.entries(shown(written)).map(([name, value]) => `${name.padEnd(8)} ${value}`), KEY]);
  });

/** The schema is left as it is: a backup is what one makes before it is migrated. */
const withUnchanged = (config: Config, file: string, force: boolean): Promise<Backup> =>
  withExisting(config, (database) => backup(database, file, force));

const shown = (written: { readonly seconds: number }) => ({ ...written, seconds: written.seconds.toFixed(1) });

interface RestoreOptions {
  readonly anyKey?: boolean;
  readonly json?: boolean;
}

export const restoreCommand = withJson(new Command('restore'))
  .description('put a backup into the configured database, which must be empty; all of it or nothing')
  .argument('<file>', 'what `rollbook backup` has written, from either engine')
  .option('--any-key', 'also where the key is not the one of the backup: the secrets of its clients are then lost')
  .action(async (file: string, { anyKey = false, json }: RestoreOptions) => {
    const config = readConfig();
    const restored = await restore(
      file,
      () => openDatabase(config.databaseUrl, config),
      async (copy) => {
        if (!anyKey) await checkKey(copy, config);
      },
    );
    print(restored, json, [
      `${restored.rows} rows in ${restored.seconds.toFixed(1)} seconds. \`rollbook check\` says whether all is well.`,
    ]);
  });

/** Throws where the key of the database to be is not the one that sealed the secrets of the backup. */
async function checkKey(copy: Database, config: Config): Promise<void> {
  const find = text(
    copy.knex,
    'select id from api_clients limit 1',
    { id: integer },
    { acrossDistricts: 'one key seals the secrets of all clients' },
  );
  if ((await copy.all(find)).length === 0) return;
  const file = fileOf(config.databaseUrl);
  if (!hasSecretKeys(config.secretKey, file))
    throw new SecretKeyError(
      'The secrets of the clients in the backup are sealed, and there is no key: put its rollbook.key beside the ' +
        'database to be, or set ROLLBOOK_SECRET_KEY. --any-key restores without.',
    );
  await openSealing(
    copy,
    secretsWith(secretKeysFor(config.secretKey, file), nameOfKeys(config.secretKey, file)),
  ).check();
}

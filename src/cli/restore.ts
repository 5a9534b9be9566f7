import { Command } from 'commander';
import { openSealing } from '../clients/sealing';
import { hasSecretKeys, SecretKeyError, secretKeysFor } from '../clients/secret-keys';
import { secretsWith } from '../clients/secrets';
import { type Config, readConfig } from '../config';
import { restore } from '../database/backup/restore';
import type { Database } from '../database/database';
import { fileOf, openDatabase } from '../database/open';
import { print, withJson } from './context';

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
      () => openDatabase(config.databaseUrl),
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
  if (!(await copy.knex('api_clients').first('id'))) return;
  const file = fileOf(config.databaseUrl);
  if (!hasSecretKeys(config.secretKey, file))
    throw new SecretKeyError(
      'The secrets of the clients in the backup are sealed, and there is no key: put its rollbook.key beside the ' +
        'database to be, or set ROLLBOOK_SECRET_KEY. --any-key restores without.',
    );
  await openSealing(copy, secretsWith(secretKeysFor(config.secretKey, file))).check();
}

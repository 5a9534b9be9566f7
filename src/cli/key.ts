import { setTimeout as wait } from 'node:timers/promises';
import { Command } from 'commander';
import {
  hasSecretKeys,
  isSealed,
  keyFileOf,
  nameOfKeys,
  newKey,
  PICKED_UP,
  readKeyFile,
  replaceKeyFile,
  secretKeysOf,
} from '../clients/secret-keys';
import { openSealing, secretsWith } from '../clients/secrets';
import type { Database } from '../database/database';
import { readConfig } from '../service/config';
import { print, withDatabase, withJson } from './context';

interface Options {
  readonly json?: boolean;
}

const status = withJson(new Command('status'))
  .description('say how many keys there are, and how many secrets are sealed with the first and with others')
  .action(({ json }: Options) =>
    withDatabase(async (database) => {
      if (!hasSecretKeys(readConfig().secretKey, database.file) && !(await isSealed(database)))
        throw new Error(`There is no key at ${keptFile(database)}, and nothing that is sealed with one.`);
      const { current, others } = await (await sealingOf(database)).count();
      const keys = (await keysOf(database)).length;
      print({ keys, current, others }, json, [
        `keys ${keys}`,
        `secrets sealed with the first key ${current}`,
        `secrets sealed with others ${others}`,
      ]);
    }),
  );

const rotate = withJson(new Command('rotate'))
  .description('seal the secrets of all clients with the first key; a key that is kept in a file is replaced first')
  .addHelpText('after', '\nServers run on meanwhile. It can be run again where it was interrupted.')
  .action(({ json }: Options) =>
    withDatabase(async (database) => {
      const path = keptFile(database);
      await keysOf(database);
      if (path) await putFirst(path);
      const resealed = await (await sealingOf(database)).reseal();
      print({ resealed }, json, [`Sealed with the first key: ${resealed}`]);
    }),
  );

const drop = withJson(new Command('drop'))
  .description('drop all keys of the file but the first, once nothing is sealed with them any more')
  .action(({ json }: Options) =>
    withDatabase(async (database) => {
      const path = keptFile(database);
      if (!path) throw new Error('The keys are in ROLLBOOK_SECRET_KEY: drop them there.');
      const { others } = await (await sealingOf(database)).count();
      if (others > 0) throw new Error(`${others} secrets are sealed with other keys than the first: key rotate first.`);
      const [first, ...rest] = readKeyFile(path);
      replaceKeyFile(path, [first!]);
      print({ dropped: rest.length }, json, [`Dropped: ${rest.length}`]);
    }),
  );

export const keyCommand = new Command('key')
  .description('the key with which the secrets of clients are sealed, and cursors signed')
  .addCommand(status)
  .addCommand(rotate)
  .addCommand(drop);

const keysOf = (database: Database) => secretKeysOf(database, readConfig().secretKey);

const sealingOf = async (database: Database) =>
  openSealing(database, secretsWith(await keysOf(database), nameOfKeys(readConfig().secretKey, database.file)));

/** The file that has the keys; undefined where the operator gives them. */
const keptFile = ({ file }: Database): string | undefined =>
  readConfig().secretKey === undefined && file ? keyFileOf(file) : undefined;

/** Every process knows the new key before one of them uses it. */
async function putFirst(path: string): Promise<void> {
  const fresh = newKey();
  replaceKeyFile(path, [...readKeyFile(path), fresh]);
  await wait(PICKED_UP);
  replaceKeyFile(path, [fresh, ...readKeyFile(path).filter((key) => key !== fresh)]);
  await wait(PICKED_UP);
}

import { Command } from 'commander';
import { nameOfKeys, secretKeysOf } from '../clients/secret-keys';
import { type Secrets, secretsWith } from '../clients/secrets';
import { signerWith } from '../clients/signer';
import type { Database } from '../database/database';
import { claimEpoch } from '../database/epoch';
import { cursorsBy, type Filter } from '../feed/cursors';
import { openFilter } from '../feed/filter';
import type { Position } from '../feed/position';
import { openRoster } from '../roster/roster';
import { readConfig } from '../service/config';
import { openPlaces } from '../webhooks/places';
import { type Owner, openTargets, type Target, type WithSecret } from '../webhooks/targets';
import { duration, id, print, table, withDatabase, withJson } from './context';

interface Options {
  readonly json?: boolean;
}

interface AddOptions extends Options {
  readonly client: number;
  readonly url: string;
  readonly description: string;
  readonly section?: number;
  readonly school?: number;
  readonly after: string;
}

/** Seconds. */
const DAY = 86_400;

const targetsOf = (database: Database, secrets: Secrets) =>
  openTargets(database, secrets, { networks: readConfig().webhookNetworks });

/** For what seals a secret. */
async function sealedTargetsOf(database: Database) {
  const { secretKey } = readConfig();
  return targetsOf(
    database,
    secretsWith(await secretKeysOf(database, secretKey), nameOfKeys(secretKey, database.file)),
  );
}

/** For what neither seals nor opens one: it goes on where the key is lost. */
const targetsWithoutKey = (database: Database) => targetsOf(database, secretsWith([]));

const add = withJson(new Command('add'))
  .description('have changes sent to an address as they happen; the secret by which they are signed is shown once')
  .requiredOption('--client <id>', 'the client for which it is: it is sent what this client may read', id)
  .requiredOption('--url <url>', 'where to: an https address')
  .option('--description <text>', 'what it is for', '')
  .option('--section <id>', 'only what changes in this section', id)
  .option('--school <id>', 'only what changes in this school', id)
  .option('--after <cursor>', 'from where on: now, start, or a cursor', 'now')
  .action(({ json, client, after, section, school, ...rest }: AddOptions) =>
    withDatabase(async (database) => {
      const targets = await sealedTargetsOf(database);
      const owner = await targets.ownerBy(client, 'rollbook');
      const filterOf = openFilter(database, openRoster(database));
      const named = { section: section?.toString(), school: school?.toString() };
      const filter = await filterOf(owner, named, 'BODY_INVALID');
      const place = await placeOf(database, owner, after, filter);
      printSecret(await targets.add(owner, { ...rest, ...filter, after: place }), json);
    }),
  );

const list = withJson(new Command('list'))
  .description('list the webhooks of all clients, how each does, and why one is disabled')
  .action(({ json }: Options) =>
    withDatabase(async (database) => {
      const targets = await targetsWithoutKey(database).all();
      print(targets, json, table(targets.map(lineOf)));
    }),
  );

const remove = withJson(new Command('remove'))
  .description('send nothing there any more, and forget it')
  .argument('<id>', 'id of the webhook', id)
  .action((target: number, { json }: Options) =>
    withDatabase(async (database) => {
      const targets = targetsWithoutKey(database);
      await targets.remove(await targets.ownerOf(target), target);
      print({ removed: target }, json, [`Webhook ${target} is removed.`]);
    }),
  );

const rotate = withJson(new Command('rotate'))
  .description('sign its messages by another secret, which is shown once')
  .argument('<id>', 'id of the webhook', id)
  .option('--grace <time>', 'how long they are signed by the one before, too, like 30m, 24h, 7d', duration, DAY)
  .action((target: number, { json, grace }: Options & { grace: number }) =>
    withDatabase(async (database) => {
      const targets = await sealedTargetsOf(database);
      printSecret(await targets.rotate(await targets.ownerOf(target), target, grace), json);
    }),
  );

const replay = withJson(new Command('replay'))
  .description('send all again that comes after a cursor; a webhook that is disabled works again')
  .argument('<id>', 'id of the webhook', id)
  .requiredOption('--after <cursor>', 'start, now, or a cursor of GET /changes or of a message')
  .action((target: number, { json, after }: Options & { after: string }) =>
    withDatabase(async (database) => {
      const targets = targetsWithoutKey(database);
      const owner = await targets.ownerOf(target);
      const { section_id: section, school_id: school } = await targets.get(owner, target);
      const replayed = await targets.replay(owner, target, await placeOf(database, owner, after, { section, school }));
      print(replayed, json, [`Webhook ${target} is sent all that comes after ${after}.`]);
    }),
  );

const enable = withJson(new Command('enable'))
  .description('have a webhook that is disabled go on from where it stopped, and try one that is failing at once')
  .argument('<id>', 'id of the webhook', id)
  .action((target: number, { json }: Options) =>
    withDatabase(async (database) => {
      const targets = targetsWithoutKey(database);
      const enabled = await targets.change(await targets.ownerOf(target), target, { enabled: true });
      print(enabled, json, [`Webhook ${target} goes on.`]);
    }),
  );

export const webhookCommand = new Command('webhook')
  .description('the webhooks: where changes are sent to as they happen')
  .addCommand(add)
  .addCommand(list)
  .addCommand(rotate)
  .addCommand(replay)
  .addCommand(enable)
  .addCommand(remove);

/** Only a cursor needs the key. */
async function placeOf(database: Database, { district }: Owner, after: string, filter: Filter): Promise<Position> {
  const isCursor = !['now', 'start'].includes(after);
  const keys = isCursor ? await secretKeysOf(database, readConfig().secretKey) : [];
  return openPlaces(database, cursorsBy(signerWith(keys)))(
    { district, epoch: await claimEpoch(database) },
    after,
    filter,
  );
}

const printSecret = (target: WithSecret, json: boolean | undefined) =>
  print(target, json, [`id     ${target.id}`, `url    ${target.url}`, `secret ${target.secret}`]);

const lineOf = ({
  id,
  district_id,
  client_id,
  api,
  url,
  state,
  disabled_reason,
  last_error,
  delivered_at,
}: Target) => ({
  id,
  district: district_id,
  client: client_id,
  api,
  url,
  state: disabled_reason ? `${state}: ${disabled_reason}` : state,
  delivered_at,
  last_error,
});

import { Command } from 'commander';
import { scopes } from '../clients/client';
import { openClients } from '../clients/clients';
import { notedBy } from '../clients/district-clients';
import { nameOfKeys, secretKeysOf } from '../clients/secret-keys';
import { secretsWith } from '../clients/secrets';
import type { Database } from '../database/database';
import { openDistricts } from '../roster/districts';
import { readConfig } from '../service/config';
import { duration, id, operator, print, table, withDatabase, withJson } from './context';

interface CreateOptions {
  readonly district: string;
  readonly name: string;
  readonly scopes: string[];
  readonly person?: number;
  readonly marksOnly?: boolean;
  readonly json?: boolean;
}

/** Seconds. */
const DAY = 86_400;

/** The clients of the configured database, sealed with its key. */
export const clientsOf = async (database: Database, { secretKey } = readConfig()) =>
  openClients(database, secretsWith(await secretKeysOf(database, secretKey), nameOfKeys(secretKey, database.file)));

/** For what neither seals nor opens a secret: it goes on where the key is lost. */
const clientsWithoutKey = (database: Database) => openClients(database, secretsWith([]));

const create = withJson(new Command('create'))
  .description('make an API client; its secret and token are shown once')
  .requiredOption('--district <id|name>', 'the district whose data it reaches')
  .requiredOption('--name <label>', 'what to call it')
  .requiredOption('--scopes <a,b>', `what it may do: ${scopes.join(', ')}`, (list) =>
    list.split(',').map((scope) => scope.trim()),
  )
  .option('--person <id>', 'bind it to a person: it then sees the sections that they teach', id)
  .option('--marks-only', 'it writes single marks, such as excuses: what it writes never takes a roll by itself')
  .action(({ json, district, ...request }: CreateOptions) =>
    withDatabase(async (database) => {
      const { id } = await openDistricts(database).get(district);
      const noted = notedBy(database, operator('client create'), 'client_created');
      printNamed(await (await clientsOf(database)).create({ ...request, district: id }, noted), json);
    }),
  );

const list = withJson(new Command('list'))
  .description('list the clients, without their secrets')
  .action(({ json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      const clients = await clientsWithoutKey(database).list();
      print(clients, json, table(clients));
    }),
  );

const revoke = withJson(new Command('revoke'))
  .description('revoke a client: it is refused from now on')
  .argument('<id>', 'id of the client', id)
  .action((client: number, { json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      await clientsWithoutKey(database).revoke(client, notedBy(database, operator('client revoke'), 'client_revoked'));
      print({ revoked: client }, json, [`Client ${client} is revoked.`]);
    }),
  );

const rotate = withJson(new Command('rotate'))
  .description('give a client another secret and token; they are shown once, when every process knows them')
  .argument('<id>', 'id of the client', id)
  .option(
    '--grace <time>',
    'how long those before them are taken, like 30m, 24h, 7d; 0 ends them at once',
    duration,
    DAY,
  )
  .action((client: number, { json, grace }: { json?: boolean; grace: number }) =>
    withDatabase(async (database) => {
      const noted = notedBy(database, operator('client rotate'), 'client_rotated');
      printNamed(await (await clientsOf(database)).rotate(client, grace, noted), json);
    }),
  );

export const clientCommand = new Command('client')
  .description('the API clients')
  .addCommand(create)
  .addCommand(list)
  .addCommand(rotate)
  .addCommand(revoke);

const printNamed = (client: object, json: boolean | undefined) =>
  print(
    client,
    json,
    Object.entries(client).map(([name, value]) => `${name.padEnd(15)} ${value}`),
  );

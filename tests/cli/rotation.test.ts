import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { NewClient } from '../../src/clients/clients';
import { replaceKeyFile } from '../../src/clients/secret-keys';
import { openWorld, type World } from '../world';
import { type RunningServer, rollbook, startServer } from './process';
import { traffic } from './traffic';

/** Two services on one database, called without pause while what they trust is exchanged. */
jest.setTimeout(240_000);

const [OLD, NEW] = ['an old key of the service that is long', 'a new key of the service that is long'] as const;
let world: World;
let servers: RunningServer[];
let balanced: { urls: string[] };
let calls: ReturnType<typeof traffic> | undefined;
beforeEach(async () => {
  world = await openWorld();
  const { ada, grace } = world.enrollments;
  const marks = [ada, grace].map((enrollment) => ({ enrollment, date: '2025-10-07', status: 2 }));
  await world.ledger.record(marks, world.actor);
  [servers, calls] = [[], undefined];
});
afterEach(async () => {
  await calls?.stop();
  await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  await world.close();
});

const envOf = (keys?: string): NodeJS.ProcessEnv => ({
  DATABASE_URL: world.url,
  LOG_LEVEL: 'info',
  ...(keys && { ROLLBOOK_SECRET_KEY: keys }),
});
async function json(keys: string | undefined, ...args: string[]) {
  const { code, stdout, stderr } = await rollbook([...args, '--json'], envOf(keys));
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
const newClient = (keys?: string): Promise<NewClient> =>
  json(keys, 'client', 'create', '--district', 'Larkspur', '--name', 'x', '--scopes', 'attendance:read');
async function startBoth(keys?: string): Promise<void> {
  servers = await Promise.all([startServer(envOf(keys)), startServer(envOf(keys))]);
  balanced = { urls: servers.map(({ url }) => url) };
}
/** One after the other, as behind a proxy that is told. */
async function restartBoth(keys: string): Promise<void> {
  for (const at of [0, 1]) {
    const before = servers[at]!;
    servers[at] = await startServer(envOf(keys));
    balanced.urls[at] = servers[at].url;
    await wait(100);
    await before.stop('SIGTERM');
  }
}
/** Every way of calling has been let in since, many times. */
async function callOn(): Promise<void> {
  const { answered } = calls!;
  const before = { ...answered };
  const ways = Object.keys(answered) as (keyof typeof answered)[];
  while (ways.some((way) => answered[way] < before[way] + 5)) await wait(20);
}

test('the key is exchanged in three rounds of restarts, and at no moment is a client or a cursor refused', async () => {
  const client = await newClient(OLD);
  await startBoth(OLD);
  calls = traffic(balanced, world, client);
  const kept = await calls.cursor();
  await callOn();
  for (const keys of [`${OLD},${NEW}`, `${NEW},${OLD}`]) {
    await restartBoth(keys);
    await callOn();
  }
  expect(await json(`${NEW},${OLD}`, 'key', 'status')).toEqual({ keys: 2, current: 0, others: 1 });
  expect(await json(`${NEW},${OLD}`, 'key', 'rotate')).toEqual({ resealed: 1 });
  expect(await json(`${NEW},${OLD}`, 'key', 'rotate')).toEqual({ resealed: 0 });
  expect((await calls.follow(kept)).status).toBe(200);
  await restartBoth(NEW);
  await callOn();
  expect(calls.refused).toEqual([]);
  expect((await calls.follow(kept)).status).toBe(400); // docs/security-keys.md: what was signed with a key goes with it
  await expect(json(OLD, 'key', 'status')).resolves.toEqual({ keys: 1, current: 0, others: 1 });
  await expect(startServer(envOf(OLD))).rejects.toThrow('ROLLBOOK_SECRET_KEY is not the key');
});

test('a client is rotated by the command: new and old are good in every process, then only the new', async () => {
  const client = await newClient(OLD);
  await startBoth(OLD);
  calls = traffic(balanced, world, client);
  await callOn();
  const rotated = await json(OLD, 'client', 'rotate', String(client.id), '--grace', '1h');
  const renewed = traffic(balanced, world, rotated);
  await callOn();
  await calls.stop();
  await renewed.stop();
  expect([calls.refused, renewed.refused]).toEqual([[], []]);
  const [listed] = await json(OLD, 'client', 'list');
  expect(listed).toMatchObject({ id: client.id, previous_until: rotated.previous_until });
  expect(JSON.stringify(listed)).not.toContain('v1:');

  const last = await json(OLD, 'client', 'rotate', String(client.id), '--grace', '0');
  for (const { url } of servers) {
    const status = async (token: string) =>
      (
        await fetch(`${url}/v1/sections/${world.sections.algebra}/attendance`, {
          headers: { authorization: `Bearer ${token}` },
        })
      ).status;
    expect([await status(client.token), await status(rotated.token), await status(last.token)]).toEqual([
      401, 401, 200,
    ]);
  }
});

test.each([['24'], ['-1h'], ['1w'], ['soon'], ['']])('a grace of %p is refused with a sentence', async (grace) => {
  const { code, stderr } = await rollbook(['client', 'rotate', '1', '--grace', grace], envOf(OLD));
  expect([code, stderr]).toEqual([1, expect.stringContaining('It must be a time like 90s, 30m, 24h or 7d, or 0.')]);
});

test('a key that is given is dropped where it is given', async () => {
  await expect(json(OLD, 'key', 'drop')).rejects.toThrow('The keys are in ROLLBOOK_SECRET_KEY: drop them there.');
});

test('the key beside the database is exchanged by one command, without a restart and without a refusal', async () => {
  const client = await newClient();
  const path = join(dirname(world.database.file!), 'rollbook.key');
  const keysOf = () => readFileSync(path, 'utf8').trim().split('\n');
  const [old] = keysOf();
  await startBoth();
  calls = traffic(balanced, world, client);
  const kept = await calls.cursor();
  await callOn();
  expect(await json(undefined, 'key', 'rotate')).toEqual({ resealed: 1 });
  expect([keysOf().length, keysOf()[1], statSync(path).mode & 0o777]).toEqual([2, old, 0o600]);
  await callOn();
  expect((await calls.follow(kept)).status).toBe(200);
  expect(await json(undefined, 'key', 'status')).toEqual({ keys: 2, current: 1, others: 0 });
  expect(await json(undefined, 'key', 'drop')).toEqual({ dropped: 1 });
  expect(keysOf()).not.toContain(old);
  await callOn();
  await wait(1_000); // by then both have looked at the file
  expect((await calls.follow(kept)).status).toBe(400);
  await callOn();
  expect(calls.refused).toEqual([]);
});

test('a key that something is sealed with is not dropped', async () => {
  await newClient();
  const path = join(dirname(world.database.file!), 'rollbook.key');
  const [old] = readFileSync(path, 'utf8').trim().split('\n');
  await world.database.knex('api_clients').update({ previous_secret: world.database.knex.ref('secret') });

  replaceKeyFile(path, [NEW, old!]);
  await expect(json(undefined, 'key', 'drop')).rejects.toThrow('2 secrets are sealed with other keys than the first');
  expect(readFileSync(path, 'utf8')).toBe(`${NEW}\n${old}\n`);
});

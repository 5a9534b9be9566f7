import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openWorld, type World } from '../world';
import { rollbook, startServer } from './process';

/** The key of an embedded database is in a file beside it, which is easily left behind. */
jest.setTimeout(120_000);

let world: World;
let key: string;
beforeEach(async () => {
  world = await openWorld();
  key = join(dirname(world.database.file!), 'rollbook.key');
});
afterEach(() => world.close());

const run = (args: string[]) => rollbook(args, { DATABASE_URL: world.url, PORT: '0', PUBLIC_URL: 'http://localhost' });
const create = () =>
  run(['client', 'create', '--district', 'Larkspur', '--name', 'test', '--scopes', 'admin', '--json']);
const clients = () => world.database.knex('api_clients').orderBy('id');

test('where it is gone and secrets are sealed with it, nothing starts, and no other is made', async () => {
  const { id } = JSON.parse((await create()).stdout);
  renameSync(key, `${key}.elsewhere`);
  const before = await clients();
  for (const args of [
    ['serve'],
    ['serve', '--workers', '2'],
    ['client', 'rotate', String(id)],
    ['key', 'status'],
    ['key', 'rotate'],
    ['key', 'drop'],
    ['person', 'invite', String(world.people.noether)],
  ]) {
    const { code, stdout, stderr } = await run(args);
    expect([args, code, stdout, stderr]).toEqual([
      args,
      1,
      expect.not.stringContaining('listening'),
      expect.stringContaining(`put it back as ${key}, or set ROLLBOOK_SECRET_KEY to it. No other was made.`),
    ]);
    expect(existsSync(key)).toBe(false);
  }
  expect((await create()).code).toBe(1);
  expect([existsSync(key), await clients()]).toEqual([false, before]);

  renameSync(`${key}.elsewhere`, key);
  expect((await run(['key', 'status', '--json'])).stdout).toBe('{\n  "keys": 1,\n  "current": 1,\n  "others": 0\n}\n');
});

test('where the file has another key, nothing starts, and the message names the file', async () => {
  const { id } = JSON.parse((await create()).stdout);
  const before = await clients();
  const other = 'a key of some other installation that is long enough';
  writeFileSync(key, `${other}\n`);
  for (const args of [['serve'], ['serve', '--workers', '2'], ['key', 'rotate']]) {
    const { code, stderr } = await run(args);
    expect([args, code, stderr]).toEqual([
      args,
      1,
      expect.stringContaining(`rollbook: The key in ${key} is not the key with which this database was written.\n`),
    ]);
    writeFileSync(key, `${other}\n`);
  }
  const env = { DATABASE_URL: world.url, ROLLBOOK_SECRET_KEY: other };
  expect((await rollbook(['serve'], env)).stderr).toContain('rollbook: ROLLBOOK_SECRET_KEY is not the key');
  expect((await rollbook(['client', 'rotate', String(id)], env)).code).toBe(0); // it seals anew and opens nothing
  expect(await clients()).toMatchObject(before.map(({ id, name }) => ({ id, name })));
});

test('where it is lost, the clients can be ended without it, and the next start makes another', async () => {
  const { id } = JSON.parse((await create()).stdout);
  const lost = readFileSync(key, 'utf8');
  renameSync(key, `${key}.lost`);
  expect(JSON.parse((await run(['client', 'list', '--json'])).stdout)).toMatchObject([{ id }]);
  expect((await run(['client', 'revoke', String(id)])).code).toBe(0);
  expect(existsSync(key)).toBe(false);
  const server = await startServer({ DATABASE_URL: world.url });
  expect(await server.stop('SIGTERM')).toBe(0);
  expect(readFileSync(key, 'utf8')).not.toBe(lost);
});

test('a start that fails for another reason makes none', async () => {
  await world.database.knex.schema.dropTable('erased_years');
  expect((await run(['serve'])).code).toBe(1);
  expect(existsSync(key)).toBe(false);
});

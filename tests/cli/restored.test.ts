import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { openClients } from '../../src/clients/clients';
import { secretsWith } from '../../src/clients/secrets';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open';
import { backup, restore } from '../../src/database/transfer/backup';
import { type Api, openApi } from '../api';
import { openWorld, type World } from '../world';
import { envOf, SECRET } from './many';
import { rollbook, startServer } from './process';

/** What clients hold of a database that has been restored since: revisions and ids come again in it, with other content. */
jest.setTimeout(60_000);

const onPostgres = process.env.ENGINE === 'postgres';
let world: World;
let folder: string;
const closing: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  world = await openWorld({ reuse: false });
  folder = mkdtempSync(join(tmpdir(), 'rollbook-restored-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  await world.close();
  rmSync(folder, { recursive: true });
});

/** Leaves an empty database in the same place, as somebody does who has lost the other. */
async function lose(): Promise<void> {
  if (!onPostgres) {
    for (const suffix of ['', '-wal', '-shm']) rmSync(world.url.slice('sqlite:'.length) + suffix, { force: true });
    return;
  }
  const client = new Client(`${process.env.TEST_POSTGRES_URL}postgres`);
  await client.connect();
  const name = new URL(world.url).pathname.slice(1);
  await client.query(`drop database ${name} with (force)`);
  await client.query(`create database ${name}`);
  await client.end();
}

const [monday, tuesday] = ['2025-10-06', '2025-10-07'];
const attended = (status: number) => ({
  attendance: [{ enrollment_id: world.enrollments.ada, date: tuesday, status, comment: '' }],
});

/** The service as one client sees it. */
function callerOf(url: string, token: string) {
  const call = async (method: string, path: string, body?: object, headers: object = {}) => {
    const sent = { Authorization: `Bearer ${token}`, 'OSDI-API-Token': token, 'Content-Type': 'application/json' };
    const { Authorization: _, ...osdi } = sent;
    const answer = await fetch(path.startsWith('http') ? path : url + path, {
      method,
      headers: { ...(path.includes('/osdi/') ? osdi : sent), ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, etag: answer.headers.get('etag')!, body: text && JSON.parse(text) };
  };
  const roll = `/v1/sections/${world.sections.algebra}/attendance`;
  return {
    call,
    get: (headers?: object, query = '') => call('GET', roll + query, undefined, headers),
    put: (status: number, headers?: object) => call('PUT', roll, { attendances: attended(status) }, headers),
    wix: (query: object) => call('POST', '/bookings/v2/attendance/query', { query }),
    osdi: (path: string, headers?: object) => call('GET', `/osdi/api/v1${path}`, undefined, headers),
  };
}
type Caller = ReturnType<typeof callerOf>;

/** All that is handed out to be brought back. */
async function handedOut({ get, wix, osdi, call }: Caller) {
  const people = await osdi('/people?per_page=1');
  const next = await call('GET', people.body._links.next.href);
  return {
    roll: (await get()).etag,
    users: (await call('GET', '/v1/users')).etag,
    people: people.etag,
    schoology: new URL((await get({}, '?limit=1')).body.links.next).search,
    osdi: ['next', 'prev'].map((rel) => new URL((next.body._links[rel] ?? people.body._links.next).href).search),
    wix: (await wix({ cursorPaging: { limit: 1 } })).body.pagingMetadata.cursors.next,
  };
}

test('after a restore into the same place no ETag and no cursor from before is good, though the revision came again', async () => {
  const { token } = await openClients(world.database, secretsWith([SECRET])).create({
    district: world.districts.larkspur,
    name: 'test',
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
  const serve = async () => {
    const server = await startServer(envOf(world));
    closing.push(() => server.stop('SIGKILL'));
    return { server, caller: callerOf(server.url, token) };
  };
  await world.ledger.record(
    [world.enrollments.ada, world.enrollments.grace].map((enrollment) => ({ enrollment, date: monday, status: 4 })),
    world.actor,
  );
  const first = await serve();
  await backup(world.database, join(folder, 'kept.db'));
  expect((await first.caller.put(2)).status).toBe(200);
  const before = await handedOut(first.caller);
  expect((await first.caller.get({ 'If-None-Match': before.roll })).status).toBe(304);
  await first.server.stop('SIGTERM');
  await lose();
  const restored = await rollbook(['restore', join(folder, 'kept.db')], envOf(world));
  expect([restored.code, restored.stderr]).toEqual([0, '']);

  const { caller } = await serve();
  expect((await caller.put(3)).status).toBe(200);
  const now = await caller.get({ 'If-None-Match': before.roll });
  expect([now.status, now.body.totals.total]).toEqual([
    200,
    [
      { status: 3, count: 1 },
      { status: 4, count: 2 },
    ],
  ]);
  expect(now.etag.replace(/^"[0-9a-f]+/, '')).toBe(before.roll.replace(/^"[0-9a-f]+/, ''));
  expect(now.etag).not.toBe(before.roll);
  expect((await caller.call('GET', '/v1/users', undefined, { 'If-None-Match': before.users })).status).toBe(200);
  expect((await caller.osdi('/people?per_page=1', { 'If-None-Match': before.people })).status).toBe(200);

  expect((await caller.put(4, { 'If-Match': before.roll })).status).toBe(412);
  expect((await caller.get()).body).toEqual(now.body);
  expect((await caller.put(4, { 'If-Match': now.etag })).status).toBe(200);

  const refused = await caller.wix({ cursorPaging: { limit: 1, cursor: before.wix } });
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([400, expect.stringContaining('INVALID_CURSOR')]);
  for (const search of before.osdi) {
    const { status, body } = await caller.osdi(`/people${search}`);
    expect([status, body]).toMatchObject([400, { 'osdi:error': { response_code: 400 } }]);
    expect(JSON.stringify(body)).toContain('of this database');
  }
  expect(await caller.get({}, before.schoology)).toMatchObject({ status: 400, body: { code: 'QUERY_INVALID' } });
  const fresh = await handedOut(caller);
  expect((await caller.osdi(`/people${fresh.osdi[0]}`)).status).toBe(200);
  expect((await caller.get({}, fresh.schoology)).status).toBe(200);
  expect((await caller.wix({ cursorPaging: { limit: 1, cursor: fresh.wix } })).status).toBe(200);
});

describe('under a service that runs', () => {
  let api: Api;
  beforeEach(async () => {
    api = await openApi();
  });
  afterEach(() => api.close());

  test('a restore is noticed within a second', async () => {
    const { database, url } = api.world;
    const path = `/v1/sections/${api.world.sections.algebra}/attendance`;
    await api.mark([api.world.enrollments.ada, monday, 2]);
    await backup(database, join(folder, 'kept.db'));
    const { etag } = (await api.get(path)).headers as { etag: string };
    await empty(database);
    await restore(
      join(folder, 'kept.db'),
      () => openDatabase(url),
      async () => undefined,
    );
    await wait(1_100);
    const again = await api.get(path).set('If-None-Match', etag);
    expect([again.status, again.headers.etag === etag]).toEqual([200, false]);
    expect((await api.get(path).set('If-None-Match', again.headers.etag!)).status).toBe(304);
  });

  if (!onPostgres)
    test('a file that takes the place of the database is noticed within a second, and nothing is written into the other', async () => {
      const { file } = api.world.database;
      const path = `/v1/sections/${api.world.sections.algebra}/attendance`;
      expect((await api.get(path)).status).toBe(200);
      await backup(api.world.database, `${file}.kept`);
      renameSync(`${file}.kept`, file!);
      await wait(1_100);
      const items = [{ enrollment_id: api.world.enrollments.ada, date: monday, status: 2 }];
      const answer = await api.put(path).send({ attendances: { attendance: items } });
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1']);
      expect((await api.get('/readyz')).status).toBe(503);
      expect(await api.world.database.knex('marks')).toEqual([]);
    });
});

/** As an operator empties a database who wants to restore into it. */
async function empty({ knex }: Database): Promise<void> {
  if (onPostgres) {
    const tables: string[] = await knex('pg_tables').where('schemaname', 'public').pluck('tablename');
    await knex.raw(`truncate ${tables.filter((name) => !name.startsWith('knex_')).join(', ')}`);
    return;
  }
  await knex.raw('pragma foreign_keys = off');
  for (const name of await knex('sqlite_schema').where('type', 'table').pluck('name'))
    if (!/^(knex|sqlite)_/.test(name)) await knex.raw(`delete from ${name}`);
}

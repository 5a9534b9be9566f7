import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { uuidOf } from '../../src/apis/wix/attendance';
import { migrate } from '../../src/database/migrate';
import { openDatabase } from '../../src/database/open';
import { text } from '../../src/database/query';
import { problemFrom, problemHeaders, statusOf } from '../../src/http/problem';
import { type PostgresServer, startPostgres } from '../engines/postgres-server';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { type RunningServer, rollbook, startServer } from './process';

/** A database that can be read and not written: a standby, a primary that was demoted, an operator's hand. */
jest.setTimeout(120_000);

test.each(['25006', 'SQLITE_READONLY', 'SQLITE_READONLY_DIRECTORY'])('%s is 503 with Retry-After', (code) => {
  const problem = problemFrom(Object.assign(new Error('x'), { code }));
  expect([statusOf(problem), problemHeaders(problem)]).toEqual([503, { 'Retry-After': '1' }]);
});

const onPostgres = () => {
  let postgres: PostgresServer;
  let world: World;
  let service: RunningServer;
  let algebra: ReturnType<typeof attendanceOf>;
  let token: string;
  const shared = process.env.TEST_POSTGRES_URL;

  /** As the administrator of the server. */
  const administer = async (...statements: string[]) => {
    const client = new Client(`${postgres.url}postgres`);
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  };
  const start = async (env = envOf(world)) => {
    service = await startServer(env);
    algebra = attendanceOf(service.url, world, token);
  };
  beforeAll(async () => {
    postgres = await startPostgres();
    process.env.TEST_POSTGRES_URL = postgres.url;
    await administer('create database template_rollbook');
    await migrated(`${postgres.url}template_rollbook`);
  });
  afterAll(async () => {
    process.env.TEST_POSTGRES_URL = shared;
    await postgres.stop();
  });
  beforeEach(async () => {
    world = await openWorld({ reuse: false });
    ({ token } = await clientOf(world, ['attendance:read', 'attendance:write', 'roster:read']));
    await start();
  });
  afterEach(async () => {
    await service.stop('SIGKILL');
    await world.close().catch(() => undefined); // the server may have gone with its connections
  });

  const put = () => algebra.put([world.enrollments.ada, '2025-10-07', 2]);
  const readiness = async () => {
    const answer = await fetch(`${service.url}/readyz`);
    return [answer.status, ((await answer.json()) as { status: string }).status, answer.headers.get('retry-after')];
  };
  const isRefused = async () => {
    const answer = await put();
    expect([answer.status, answer.headers.get('retry-after'), await answer.json()]).toMatchObject([
      503,
      '1',
      { code: 'UNAVAILABLE' },
    ]);
  };
  /** Within a few tries, as clients make them. */
  const recovers = async () => {
    const seen: number[] = [];
    for (let tries = 0; tries < 40 && !seen.includes(200); tries++) {
      seen.push((await put()).status);
      await wait(50);
    }
    expect([seen.at(-1), seen.filter((status) => status !== 200 && status !== 503)]).toEqual([200, []]);
    expect(await readiness()).toEqual([200, 'ready', null]);
  };
  /** Each API, as it writes. */
  const writes = async (): Promise<[string, number, string | null][]> => {
    const { ada } = world.people;
    const bookingId = uuidOf('enrollment', { id: world.enrollments.ada });
    const eventId = uuidOf('meeting', { id: world.sections.algebra, date: '2025-10-07' });
    const answers = [];
    for (const [method, path, body] of [
      [
        'POST',
        '/osdi/api/v1/events',
        { identifiers: [`rollbook:section:${world.sections.algebra}`], all_day_date: '2025-10-14' },
      ],
      [
        'POST',
        '/marks',
        { marks: [{ section: world.sections.algebra, student: ada, date: '2025-10-07', status: 'late' }] },
      ],
      ['POST', '/bookings/v2/attendance/set', { attendance: { bookingId, eventId, status: 'NOT_ATTENDED' } }],
    ] as const) {
      const headers = {
        ...(path.startsWith('/osdi') ? { 'OSDI-API-Token': token } : { Authorization: `Bearer ${token}` }),
      };
      const answer = await fetch(service.url + path, {
        method,
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
      answers.push([path, answer.status, answer.headers.get('retry-after')] as [string, number, string | null]);
    }
    return answers;
  };

  const setReadOnly = () =>
    administer('alter system set default_transaction_read_only = on', 'select pg_reload_conf()');
  const allowWrites = () =>
    administer(
      'set default_transaction_read_only = off',
      'alter system reset default_transaction_read_only',
      'select pg_reload_conf()',
    );

  test('while the server can only be read, writes are 503, reads go on, /readyz says so, and all of it ends by itself', async () => {
    expect((await put()).status).toBe(200);
    await setReadOnly();
    await wait(200);
    await isRefused();
    expect(await writes()).toEqual([
      ['/osdi/api/v1/events', 503, '1'],
      ['/marks', 503, '1'],
      ['/bookings/v2/attendance/set', 503, '1'],
    ]);
    expect(await readiness()).toEqual([503, 'read-only', '1']);
    expect(await algebra.totals()).toEqual({ 2: 1 });
    await allowWrites();
    await recovers();
  });

  test('so it is where it is one of several hosts, and the others are gone; service and commands start', async () => {
    expect((await put()).status).toBe(200);
    await service.stop('SIGKILL');
    await setReadOnly();
    const { host, pathname } = new URL(world.url);
    const DATABASE_URL = `postgres://rollbook@127.0.0.1:1,${host}${pathname}?target_session_attrs=read-write`;
    await start({ ...envOf(world), DATABASE_URL });
    expect([await algebra.totals(), await readiness()]).toEqual([{ 2: 1 }, [503, 'read-only', '1']]);
    await isRefused();
    // Whether a revision still stands is not told by who may not write.
    const stale = await fetch(`${service.url}/v1/sections/${world.sections.algebra}/attendance`, {
      method: 'PUT',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'If-Match': '"x.1"' },
      body: JSON.stringify({
        attendances: { attendance: [{ enrollment_id: world.enrollments.ada, date: '2025-10-07', status: 1 }] },
      }),
    });
    expect(stale.status).toBe(503);
    expect(await rollbook(['check'], { ...envOf(world), DATABASE_URL })).toMatchObject({ code: 0, stderr: '' });
    await allowWrites();
    await recovers();
  });

  test.each([
    [['migrate']],
    [['client', 'create', '--district', 'Larkspur', '--name', 'x', '--scopes', 'admin']],
    [['district', 'set', 'Larkspur', '--time-zone', 'UTC']],
  ])('%p says that the server can only be read, and changes nothing', async (args) => {
    const stored = () => Promise.all(['api_clients', 'districts'].map((table) => world.database.knex(table)));
    const before = await stored();
    const env = { ...envOf(world), PGOPTIONS: '-c default_transaction_read_only=on' };
    const { code, stdout, stderr } = await rollbook(args, env);
    expect([code, stdout, stderr]).toEqual([
      1,
      '',
      'rollbook: The database can be read and not written: it is a standby, or it was set so, or its file is ' +
        'write-protected. Nothing was changed. Use the primary, or allow writing, and try again.\n',
    ]);
    expect(await stored()).toEqual(before);
  });

  test('a session that began while nothing could be written is not kept', async () => {
    const name = new URL(world.url).pathname.slice(1);
    await administer(
      `alter database ${name} set default_transaction_read_only = on`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`,
    );
    await wait(200);
    await Promise.all(Array.from({ length: 8 }, () => algebra.get())); // these have opened connections
    await isRefused();
    await Promise.all(Array.from({ length: 8 }, () => algebra.get()));
    await administer(`alter database ${name} reset default_transaction_read_only`);
    await recovers();
    expect((await Promise.all(Array.from({ length: 8 }, put))).map(({ status }) => status)).toEqual(Array(8).fill(200));
  });

  test('nor is one that had not answered yet when it could be written again', async () => {
    const name = new URL(world.url).pathname.slice(1);
    const database = openDatabase(world.url, { pool: 20 }); // of which what is of no district takes 13
    const sleep = text(database.knex, 'select pg_sleep(0.5) as slept', undefined, {
      acrossDistricts: 'it reads no table',
    });
    const write = text(database.knex, 'update districts set name = name', undefined, {
      acrossDistricts: 'it changes nothing',
    });
    const written = () =>
      database
        .transaction((tx) => tx.all(write))
        .then(
          () => 'written',
          ({ code }) => code,
        );
    const held = (count: number) => Promise.all(Array.from({ length: count }, () => database.all(sleep)));
    await administer(`alter database ${name} set default_transaction_read_only = on`);
    await held(1);
    expect(await written()).toBe('25006'); // all are made anew, at most once a second
    const opening = held(8);
    await wait(20);
    expect(await written()).toBe('25006');
    await opening;
    await administer(`alter database ${name} reset default_transaction_read_only`);
    const others = held(8);
    const now = await Promise.all([written(), written(), written()]);
    await others;
    expect(now).toContain('written');
    expect(await Promise.all(Array.from({ length: 8 }, written))).toEqual(Array(8).fill('written'));
    await database.close();
  });

  test('a primary that was demoted is read, and written once it is promoted, in another epoch', async () => {
    expect((await put()).status).toBe(200);
    const etag = (await algebra.get()).headers.get('etag')!;
    await postgres.demote();
    await readiness(); // by which it finds that its connections are gone
    await wait(200);
    await isRefused();
    expect(await readiness()).toEqual([503, 'read-only', '1']);
    const read = await algebra.get();
    expect([read.status, read.headers.get('etag')]).toEqual([200, etag]);

    await service.stop('SIGTERM');
    await start();
    expect((await algebra.get()).status).toBe(200);
    await isRefused();

    await administer('select pg_promote()');
    await recovers();
    await wait(1_100);
    const after = (await algebra.get()).headers.get('etag')!;
    expect(after.split('.')[0]).not.toBe(etag.split('.')[0]);
  });
};
if (process.env.ENGINE === 'postgres') describe('PostgreSQL', onPostgres);

async function migrated(url: string): Promise<void> {
  const database = openDatabase(url);
  await migrate(database);
  await database.close();
}

import { setTimeout as wait } from 'node:timers/promises';
import { openDatabase } from '../../src/database/open';
import { text } from '../../src/database/query';
import { problemFrom, problemHeaders, statusOf } from '../../src/http/problem';
import { examine } from '../../src/service/doctor/doctor';
import { randomFrom } from '../crash/random';
import { check, clientsOf, writeAndRead } from '../crash/rounds';
import { buildSchool } from '../crash/school';
import { type Pooler, poolers } from '../engines/pooler';
import { openTestDatabase, openWorld, type TestDatabase, type World } from '../world';
import { attendanceOf, clientOf, envOf, SECRET } from './many';
import { type RunningServer, startServer } from './process';

/** A pooler that hands each session of PostgreSQL round, a transaction each: `pool_mode = transaction` of PgBouncer. */
jest.setTimeout(240_000);

test.each(['08P01', '26000'])('%s, which a pooler says or brings about, is 503 with Retry-After', (code) => {
  const problem = problemFrom(Object.assign(new Error('x'), { code }));
  expect([statusOf(problem), problemHeaders(problem)]).toEqual([503, { 'Retry-After': '1' }]);
});

const behind = (start: (databaseUrl: string, sessions: number) => Promise<Pooler>) => () => {
  const closing: (() => Promise<unknown>)[] = [];
  const closed = <T>(opened: T, close: (opened: T) => Promise<unknown>): T => {
    closing.unshift(() => close(opened));
    return opened;
  };
  afterEach(async () => {
    for (const close of closing.splice(0)) await close();
  });
  /** What is set where it is before the database. */
  const pooled = async (
    url: string,
    sessions: number,
  ): Promise<{ DATABASE_URL: string; DATABASE_PREPARE?: string }> => {
    const pooler = closed(await start(url, sessions), ({ stop }) => stop());
    return { DATABASE_URL: pooler.url, ...(pooler.keepsPrepared ? {} : { DATABASE_PREPARE: 'off' }) };
  };
  const served = async (env: NodeJS.ProcessEnv): Promise<RunningServer> =>
    closed(await startServer({ ROLLBOOK_SECRET_KEY: SECRET, OVERLOAD_WAIT: 'off', ...env }), ({ stop }) =>
      stop('SIGTERM'),
    );

  test('two processes serve all four APIs with fewer sessions than connections, and what they acknowledge stands', async () => {
    const { url }: TestDatabase = closed(await openTestDatabase(), ({ close }) => close());
    const school = await buildSchool(url);
    const env = await pooled(url, 3);
    const services = [await served(env), await served(env)];
    const clients = clientsOf(school, randomFrom(1));
    const faults: string[] = [];
    const half = clients.length / 2;
    const ends = services.map((service, index) =>
      writeAndRead(clients.slice(index * half, (index + 1) * half), school, service, faults),
    );
    const least = () =>
      Math.min(...[0, 1, 2, 3].map((api) => clients[api]!.acknowledged() + clients[api + half]!.acknowledged()));
    for (const end = Date.now() + 150_000; faults.length === 0 && least() < 3 && Date.now() < end; ) await wait(20);
    await Promise.all(ends.map((end) => end()));
    expect([faults, least() >= 3]).toEqual([[], true]);
    expect(services.map(({ log }) => /"fault":.*/.exec(log())?.[0])).toEqual([undefined, undefined]);
    let last = 0;
    for (const service of services) last = await check({ url, school, service, clients, last }, faults);
    expect(faults).toEqual([]);
  });

  describe('and the small school', () => {
    let world: World;
    beforeEach(async () => {
      world = closed(await openWorld({ reuse: false }), ({ close }) => close());
    });
    /** Runs while another holds the table, so that whoever would read or write it waits. */
    const whileHeld = <T>(table: string, work: () => Promise<T>): Promise<T> =>
      world.database.knex.transaction(async (holder) => {
        await holder.raw(`lock table ${table} in access exclusive mode`);
        return work();
      });

    test('a statement that takes longer than it may is ended, one that reads and one that writes, and nothing is done', async () => {
      const env = { ...envOf(world), ...(await pooled(world.url, 2)), DATABASE_TIMEOUT: '1' };
      const algebra = attendanceOf((await served(env)).url, world, (await clientOf(world)).token);
      const put = () => algebra.put([world.enrollments.ada, '2025-10-07', 2]);
      await whileHeld('journal', async () => expect((await put()).status).toBe(503));
      expect(await world.database.knex('marks')).toEqual([]);
      await whileHeld('marks', async () => expect((await algebra.get()).status).toBe(503));
      const { rows } = await world.database.knex.raw("select * from pg_stat_activity where wait_event_type = 'Lock'");
      expect(rows).toEqual([]); // nobody waits on in the server
      expect((await put()).status).toBe(200);
      expect(await algebra.totals()).toEqual({ 2: 1 });
    });

    test('a transaction in which nothing happens for too long is ended, and holds nobody up', async () => {
      const { DATABASE_URL, DATABASE_PREPARE } = await pooled(world.url, 2);
      const options = { timeout: 300, prepare: DATABASE_PREPARE !== 'off' };
      const database = closed(openDatabase(DATABASE_URL, options), ({ close }) => close());
      const rename = text(database.knex, "update districts set name = name || '!'", undefined, {
        acrossDistricts: 'x',
      });
      const paused = database.transaction(async (tx) => {
        await tx.all(rename);
        await wait(1_000);
        await tx.all(rename);
      });
      await expect(paused).rejects.toMatchObject({ code: expect.stringMatching(/^(25P03|08006|08P01)$/) });
      await database.transaction((tx) => tx.all(rename));
      const names = await world.database.knex('districts').orderBy('id').pluck('name');
      expect(names).toEqual(['Larkspur!', 'Elsewhere!']);
    });
  });
};

/** What a start says that finds its statements prepared by somebody else, on the one session that there is. */
const unprepared = async () => {
  const world = await openWorld();
  const [, start] = poolers[0]!;
  const pooler = await start(world.url, 1);
  const env = { ...envOf(world), DATABASE_URL: pooler.url, PORT: '0' };
  const examined = async (more = {}) => (await examine({ ...env, ...more })).find(({ check }) => check === 'database');
  expect(await examined({ DATABASE_PREPARE: 'off' })).toMatchObject({ level: 'ok' });
  const isToldBy = {
    level: 'error',
    says: expect.stringMatching(/^It answers, and a start would fail: .*set DATABASE_PREPARE=off/),
  };
  expect(await examined()).toMatchObject(isToldBy); // though nobody else has prepared anything
  await pooler.stop();
  const again = await start(world.url, 1);
  env.DATABASE_URL = again.url;
  const first = await startServer(env);
  expect(await examined()).toMatchObject(isToldBy);
  await expect(startServer(env)).rejects.toThrow(/^the server ended: rollbook: .*: set DATABASE_PREPARE=off, or /);
  await first.stop('SIGKILL');
  await again.stop();
  await world.close();
};

if (process.env.ENGINE === 'postgres') {
  for (const [name, start] of poolers) describe(`behind ${name}`, behind(start));
  test('where a pooler does not know prepared statements, a sentence says which setting is missing', unprepared);
}

import { setTimeout as wait } from 'node:timers/promises';
import type { JournalRow, Mark } from '../../src/ledger/attendance';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, closed, envOf, slowPut } from './many';
import { type RunningServer, rollbook, startServer } from './process';
import { signed } from './signed';

/** Several processes on one database: on PostgreSQL two services, on SQLite the workers of one. */
jest.setTimeout(120_000);

const onPostgres = process.env.ENGINE === 'postgres';
let world: World;
let servers: RunningServer[];
beforeEach(async () => {
  world = await openWorld();
  servers = [];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  await world.close();
});

const start = async (...options: string[]) => {
  const server = await startServer(envOf(world), ...options);
  servers.push(server);
  return server;
};
const allListen = async (server: RunningServer, count: number) => {
  while (server.log().split('"msg":"listening"').length <= count) await wait(20);
};
const days = ['2025-09-08', '2025-09-09', '2025-09-10'];
const keyOf = ({ enrollment_id, date }: Pick<JournalRow, 'enrollment_id' | 'date'>) => `${enrollment_id} ${date}`;

test('writes of several processes to one section are neither lost nor doubled', async () => {
  const { token } = await clientOf(world);
  if (onPostgres) await Promise.all([start(), start()]);
  else await allListen(await start('--workers', '3'), 3);
  const { ada, grace } = world.enrollments;
  const before = await revision();
  let wrote = 0;
  const writer = async (seed: number) => {
    const { put } = attendanceOf(servers[seed % servers.length]!.url, world, token);
    for (let round = 0; round < 15; round++) {
      const status = (at: number) => 1 + ((seed * 7 + round * 3 + at) % 4);
      const date = days[(seed + round) % days.length]!;
      const response = await put([ada, date, status(0)], [grace, date, status(1)], [ada, date, status(2)]);
      expect([response.status, await response.json()]).toMatchObject([
        200,
        { attendance: [{ response_code: 200 }, { response_code: 200 }, { response_code: 200 }] },
      ]);
      wrote++;
    }
  };
  await Promise.all(Array.from({ length: 12 }, (_, seed) => writer(seed)));
  expect(wrote).toBe(180);

  const { larkspur: district } = world.districts;
  const { algebra: section } = world.sections;
  const history = (await world.ledger.history({ district })).reverse();
  // Each day's roll was taken once, and every change starts from what the one before it left.
  expect(
    history
      .filter(({ enrollment_id }) => enrollment_id === null)
      .map(({ date }) => date)
      .sort(),
  ).toEqual(days);
  const stands = new Map<string, number | null>();
  for (const row of history.filter(({ enrollment_id }) => enrollment_id !== null)) {
    const was = stands.get(keyOf(row));
    expect(was === undefined ? [null, 1] : [was]).toContain(row.from_status);
    stands.set(keyOf(row), row.to_status);
  }
  const marks: Mark[] = await world.ledger.marks({ district, section });
  const said = [...stands].filter(([, status]) => status !== 1).sort();
  expect(marks.map((mark) => [keyOf(mark), mark.status]).sort()).toEqual(said);
  expect(await revision()).toBeGreaterThan(before);
  const answered = new Set(
    servers.flatMap((server) =>
      [...server.log().matchAll(/"worker":(\d+).*"status":200/g)].map(([, worker]) => worker),
    ),
  );
  if (!onPostgres) expect(answered.size).toBeGreaterThan(1);
});

const revision = async () =>
  Number((await world.database.knex('sections').where({ id: world.sections.algebra }).first()).revision);

test('a worker that is killed is replaced behind the same port, and the others go on', async () => {
  const { token } = await clientOf(world);
  const server = await start('--workers', '2');
  await allListen(server, 2);
  const workers = () => [...server.log().matchAll(/"pid":(\d+),.*"worker":(\d+),"address":"([^"]+)"/g)];
  process.kill(Number(workers()[0]![1]), 'SIGKILL');
  const { put, totals } = attendanceOf(server.url, world, token);
  await allListen(server, 3);
  expect(workers().map(([, , worker, address]) => [worker, address])).toEqual(
    ['1', '2', '3'].map((worker) => [worker, server.url]),
  );
  expect((await put([world.enrollments.ada, days[0]!, 2])).status).toBe(200);
  expect(await totals()).toMatchObject({ 2: 1 });
  expect(server.log()).toContain('"signal":"SIGKILL"');
});

test('what is in flight in any worker is finished when all are told to stop', async () => {
  const { token } = await clientOf(world);
  const server = await start('--workers', '2');
  await allListen(server, 2);
  const { ada, grace, alan } = world.enrollments;
  const slow = await Promise.all(
    [ada, grace, alan].map((enrollment) => slowPut(server.url, token, world.sections.algebra, enrollment)),
  );
  const ended = server.stop('SIGTERM');
  await closed(server.url);
  expect(await Promise.all(slow.map(({ finish }) => finish()))).toEqual([200, 200, 200]);
  expect(await ended).toBe(0);
  servers = [];
  expect(
    await world.ledger.marks({ district: world.districts.larkspur, section: world.sections.algebra }),
  ).toHaveLength(3);
});

test('what stops one worker at the start stops all of them, and is said once', async () => {
  const first = await start();
  const { code, stderr } = await rollbook(['serve', '--workers', '3'], {
    ...envOf(world),
    PORT: new URL(first.url).port,
  });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^rollbook: [^\n]*EADDRINUSE[^\n]*\n$/);
});

test('a signature that one worker has taken is refused by all', async () => {
  const client = await clientOf(world);
  const server = await start('--workers', '3');
  await allListen(server, 3);
  const url = `${server.url}/v1/sections/${world.sections.algebra}/attendance`;
  const authorization = signed(client, 'GET', url);
  const statuses = await Promise.all(
    Array.from({ length: 9 }, async () => (await fetch(url, { headers: { authorization } })).status),
  );
  expect(statuses.sort()).toEqual([200, ...Array(8).fill(401)]);
});

test('what a client may spend is one sum in all workers', async () => {
  const { token } = await clientOf(world);
  const server = await startServer({ ...envOf(world), RATE_LIMIT: '1' }, '--workers', '2');
  servers.push(server);
  await allListen(server, 2);
  const { algebra } = world.sections;
  const ask = () =>
    fetch(`${server.url}/v1/sections/${algebra}/attendance`, {
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
    });
  const statuses: number[] = [];
  // Ten in ten seconds; slowly, so that the workers have told each other.
  for (let count = 0; count < 18; count++) {
    statuses.push((await ask()).status);
    await wait(150);
  }
  expect(statuses.filter((status) => status === 200)).toHaveLength(10);
  expect(statuses.filter((status) => status === 429)).toHaveLength(8);
});

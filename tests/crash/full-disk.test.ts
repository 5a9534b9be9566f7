import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { uuidOf } from '../../src/apis/wix/attendance';
import { idOn } from '../../src/days';
import { problemFrom } from '../../src/http/problem';
import { Problem } from '../../src/lib/problem';
import { clientOf, envOf } from '../cli/many';
import { type RunningServer, rollbook, startServer } from '../cli/process';
import { freePort } from '../engines/port';
import { openWorld, type World } from '../world';
import { brokenIn } from './invariants';
import { limitFiles, serveWithLogIn } from './limited';
import { smallDisk } from './small-disk';

/** A disk without room, by a limit of the size of files that a running process may write. */
jest.setTimeout(60_000);

const DAY = '2025-10-07';
let world: World;
let token: string;
let server: RunningServer | undefined;
beforeEach(async () => {
  world = await openWorld({ reuse: false });
  token = (await clientOf(world, ['attendance:read', 'attendance:write', 'roster:read'])).token;
});
afterEach(async () => {
  await server?.stop('SIGTERM');
  server = undefined;
  await world.close();
});

interface Write {
  readonly method: string;
  readonly path: string;
  readonly body: object;
}

/** One write of each API, of Ada in Algebra. */
const writes = (): Record<string, Write> => {
  const { enrollments, sections } = world;
  const attendance = { enrollment_id: enrollments.ada, date: DAY, status: 2, comment: 'x'.repeat(200) };
  const booking = {
    bookingId: uuidOf('enrollment', { id: enrollments.ada }),
    eventId: uuidOf('meeting', { id: sections.algebra, date: DAY }),
  };
  return {
    '/v1': {
      method: 'PUT',
      path: `/v1/sections/${sections.algebra}/attendance`,
      body: { attendances: { attendance } },
    },
    '/oauth': { method: 'POST', path: '/oauth/access_token', body: { grant_type: 'client_credentials' } },
    '/osdi': {
      method: 'PUT',
      path: `/osdi/api/v1/events/${idOn(sections.algebra, DAY)}/attendances/${idOn(enrollments.ada, DAY)}`,
      body: { status: 'late', comment: 'y'.repeat(200) },
    },
    '/bookings': {
      method: 'POST',
      path: '/bookings/v2/attendance/set',
      body: { attendance: { ...booking, status: 'ATTENDED', numberOfAttendees: 7 } },
    },
  };
};
const call = async ({ method, path, body }: Write, authorization = `Bearer ${token}`) => {
  const response = await fetch(server!.url + path, {
    method,
    headers: { authorization, 'osdi-api-token': token, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, retry: response.headers.get('retry-after'), body: await response.json() };
};
const totals = async () => {
  const response = await fetch(`${server!.url}/v1/sections/${world.sections.algebra}/attendance`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return [response.status, ((await response.json()) as { totals: { total: object[] } }).totals.total];
};

if (process.env.ENGINE === 'sqlite') {
  test('writes are refused in the words of each API, reads go on, nothing is damaged, and room lets writes in', async () => {
    await world.ledger.schedule(world.sections.algebra, DAY, world.actor);
    server = await startServer(envOf(world));
    const all = writes();
    expect(
      (
        await call({
          ...all['/v1']!,
          body: { attendances: { attendance: { enrollment_id: world.enrollments.grace, date: DAY, status: 3 } } },
        })
      ).status,
    ).toBe(200);
    const before = await totals();
    limitFiles(server.pid, 4_096);
    const { '/oauth': _, ...marks } = all;
    for (const write of Object.values(marks)) expect(await call(write)).toMatchObject({ status: 507, retry: '30' });
    expect([
      (await call(all['/v1']!)).body,
      (await call(all['/osdi']!)).body,
      (await call(all['/bookings']!)).body,
    ]).toMatchObject([
      { status: 507, code: 'STORAGE_FULL' },
      {
        'osdi:error': {
          response_code: 507,
          resource_status: [{ error_descriptions: [{ error_code: 'STORAGE_FULL' }] }],
        },
      },
      { details: { applicationError: { code: 'STORAGE_FULL' } } },
    ]);
    const together = await Promise.all(Array.from({ length: 20 }, () => call(all['/v1']!)));
    expect(together.map(({ status }) => status)).toEqual(Array(20).fill(507));
    expect([await totals(), (await fetch(`${server.url}/readyz`)).status]).toEqual([before, 200]);
    expect(await brokenIn(world.database)).toEqual([]);
    limitFiles(server.pid, 'unlimited');
    for (const write of Object.values(marks)) expect((await call(write)).status).toBe(200);
    expect(await brokenIn(world.database)).toEqual([]);
  });

  test('a plugin that asks for a token is refused with 507, and gets one when there is room', async () => {
    server = await startServer(envOf(world));
    const { key, secret } = await clientOf(world);
    const ask = () =>
      fetch(`${server!.url}/oauth/access_token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
    limitFiles(server.pid, 4_096);
    const refused = await ask();
    expect([refused.status, refused.headers.get('retry-after'), await refused.json()]).toMatchObject([
      507,
      '30',
      { error_description: expect.stringContaining('no room') },
    ]);
    limitFiles(server.pid, 'unlimited');
    expect((await ask()).status).toBe(200);
  });

  test('a start without room ends with a sentence, and leaves no draft of a key behind', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollbook-full-'));
    const env = { DATABASE_URL: `sqlite:${join(folder, 'rollbook.db')}`, PORT: '0' };
    const { code, stderr } = await rollbook(['serve'], env, { room: 0 });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^rollbook: The disk is full: [^\n]+\n$/)]);
    expect(readdirSync(folder).filter((name) => name.startsWith('rollbook.key'))).toEqual([]);
    expect((await rollbook(['migrate'], env)).code).toBe(0);
    rmSync(folder, { recursive: true });
  });

  test('a log that cannot be written ends neither the service nor holds up its end', async () => {
    expect(statSync('/dev/full').isCharacterDevice()).toBe(true);
    const full = await serveWithLogIn('/dev/full', await freePort(), envOf(world));
    for (let asked = 0; asked < 200; asked++) expect((await fetch(`${full.url}/healthz`)).status).toBe(200);
    expect(await full.stop()).toBe(0);
  });
} else if (process.getuid?.() === 0) {
  test('a write for which PostgreSQL has no room is answered 507, reads go on, and room lets writes in', async () => {
    const disk = await smallDisk(world.url, 24);
    try {
      server = await startServer({ ...envOf(world), DATABASE_URL: disk.url });
      const { '/v1': write } = writes();
      expect((await call(write!)).status).toBe(200);
      disk.fill();
      const { ada, grace } = world.enrollments;
      const days = Array.from({ length: 250 }, (_, day) =>
        new Date(Date.UTC(2025, 8, 1 + day)).toISOString().slice(0, 10),
      );
      const attendance = days.flatMap((date) =>
        [ada, grace].map((enrollment_id) => ({ enrollment_id, date, status: 2, comment: 'z'.repeat(250) })),
      );
      const bulk = { ...write!, body: { attendances: { attendance } } };
      expect(await call(bulk)).toMatchObject({ status: 507, retry: '30', body: { code: 'STORAGE_FULL' } });
      expect(await totals()).toEqual([200, [{ status: 2, count: 1 }]]);
      disk.empty();
      expect((await call(bulk)).status).toBe(200);
      expect(await totals()).toEqual([200, [{ status: 2, count: 500 }]]);
    } finally {
      await server?.stop('SIGTERM');
      server = undefined;
      await disk.remove();
    }
  });
} else {
  test('PostgreSQL on a full disk is LEFT OUT: only root can mount a small disk', () => {
    console.warn('PostgreSQL on a full disk is left out: it needs root, who can mount a small disk for it.');
    expect(process.getuid?.()).not.toBe(0);
  });
}

test.each([
  ['SQLITE_FULL', 'STORAGE_FULL'],
  ['SQLITE_IOERR_WRITE', 'STORAGE_FULL'],
  ['SQLITE_IOERR_FSYNC', 'UNAVAILABLE'],
  ['SQLITE_BUSY_RECOVERY', 'UNAVAILABLE'],
  ['SQLITE_BUSY_SNAPSHOT', 'UNAVAILABLE'],
  ['SQLITE_CONSTRAINT_CHECK', 'INTERNAL'],
  ['53100', 'STORAGE_FULL'],
  ['53200', 'UNAVAILABLE'],
])('%s of an engine is %s', (code, expected) => {
  const problem = problemFrom(Object.assign(new Error(), { code }));
  expect(problem).toBeInstanceOf(Problem);
  expect([problem.code, problem.retryAfter !== undefined]).toEqual([expected, expected !== 'INTERNAL']);
});

test('a write that goes on after a statement of it has failed is never acknowledged unless it is done', async () => {
  const { database } = world;
  const wrong = { sql: 'insert into nothing_there values (1)', names: [] };
  const rename = {
    sql: `update districts set time_zone = 'UTC' where id = ${world.districts.larkspur}`,
    names: [],
  };
  const acknowledged = await database
    .transaction(async (tx) => {
      await tx.all(rename);
      await tx.all(wrong).catch(() => undefined);
    })
    .then(
      () => true,
      () => false,
    );
  const { time_zone } = await database.knex('districts').where({ id: world.districts.larkspur }).first();
  expect(time_zone === 'UTC').toBe(acknowledged);
});

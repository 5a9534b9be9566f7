import { copyFileSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { migrations } from '../../db/migrations';
import type { NewClient } from '../../src/clients/clients';
import { root } from '../../src/lib/root';
import { openTestDatabase, type TestDatabase } from '../world';
import { closed, slowPut } from './many';
import { rollbook, startServer } from './process';
import { signed } from './signed';

jest.setTimeout(120_000);

const sample = join(root, 'db/seeds/sample-school');
let world: TestDatabase;
let env: NodeJS.ProcessEnv;
beforeEach(async () => {
  world = await openTestDatabase();
  env = { DATABASE_URL: world.url, ...(world.database.file ? {} : { ROLLBOOK_SECRET_KEY: 'x'.repeat(32) }) };
});
afterEach(() => world.close());

const json = async (...args: string[]) => {
  const { code, stdout, stderr } = await rollbook([...args, '--json'], env);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};
const importSample = () => json('import', sample, '--district', 'Larkspur', '--time-zone', 'America/Los_Angeles');
const newClient = (...more: string[]): Promise<NewClient> =>
  json(
    'client',
    'create',
    '--district',
    'Larkspur',
    '--name',
    'test',
    '--scopes',
    'attendance:read,attendance:write',
    ...more,
  );
const ids = async (table: string, where: object) =>
  (await world.database.knex(table).where(where).orderBy('id')).map(({ id }) => id);

test('from an import to attendance that survives kill -9, by XML with HMAC-SHA1 and JSON with Bearer', async () => {
  const { district, counts, refused } = await importSample();
  expect([counts.users.inserted, counts.enrollments.inserted, refused]).toEqual([134, 451, []]);
  const client = await newClient();
  expect(client).toEqual({
    id: expect.any(Number),
    marks_only: false,
    key: expect.any(String),
    secret: expect.any(String),
    token: expect.any(String),
    district_id: district.id,
    scopes: ['attendance:read', 'attendance:write'],
  });
  const [section] = await ids('sections', { sourced_id: 'cls-sci-8' });
  const [first, second] = await ids('enrollments', { section_id: section, admin: false });

  const server = await startServer(env);
  const path = `/v1/sections/${section}/attendance`;
  const xml = `<r><attendances><attendance><enrollment_id>${first}</enrollment_id><date>2026-11-10</date><status>2</status></attendance></attendances></r>`;
  const byXml = await fetch(server.url + path, {
    method: 'PUT',
    headers: {
      authorization: signed(client, 'PUT', server.url + path),
      'content-type': 'text/xml',
      accept: 'text/xml',
    },
    body: xml,
  });
  expect(await byXml.text()).toContain('<response_code>200</response_code>');
  const bearer = { authorization: `Bearer ${client.token}` };
  const byJson = await fetch(server.url + path, {
    method: 'PUT',
    headers: { ...bearer, 'content-type': 'application/json' },
    body: JSON.stringify({ attendances: { attendance: { enrollment_id: second, date: '2026-11-10', status: 3 } } }),
  });
  expect(await byJson.json()).toMatchObject({ attendance: [{ response_code: 200 }] });
  expect(await server.stop('SIGKILL')).toBeNull();

  const again = await startServer(env);
  const read = async (accept: string) => (await fetch(again.url + path, { headers: { ...bearer, accept } })).text();
  expect(JSON.parse(await read('application/json'))).toMatchObject({
    date: [
      {
        date: '2026-11-10',
        statuses: {
          status: [
            { status_code: 2, attendances: { attendance: [{ enrollment_id: first }] } },
            { status_code: 3, attendances: { attendance: [{ enrollment_id: second }] } },
          ],
        },
      },
    ],
    totals: {
      total: [
        { status: 2, count: 1 },
        { status: 3, count: 1 },
      ],
    },
  });
  expect(await read('text/xml')).toContain('<totals><total><status>2</status><count>1</count></total>');

  const journal = await json('journal', '--section', String(section));
  expect(journal).toMatchObject([
    { enrollment_id: null, api: 'schoology' },
    { enrollment_id: first, from_status: null, to_status: 2, client_id: client.id },
    { enrollment_id: second, from_status: 1, to_status: 3, client_id: client.id },
  ]);
  expect(await json('journal', '--enrollment', String(second))).toHaveLength(1);
  expect(await json('journal', '--since', '2999-01-01T00:00:00Z')).toEqual([]);

  expect(await json('district', 'set', String(district.id), '--sis-attendance-app', 'on')).toMatchObject({
    sis_attendance_app: true,
  });
  expect((await fetch(again.url + path, { headers: bearer })).status).toBe(410);
  await json('district', 'set', String(district.id), '--sis-attendance-app', 'off');
  expect((await fetch(again.url + path, { headers: bearer })).status).toBe(200);

  await json('client', 'revoke', String(client.id));
  await after(1_000); // "within a second, in every process"
  expect((await fetch(again.url + path, { headers: bearer })).status).toBe(401);
  expect(await again.stop('SIGTERM')).toBe(0);
});

test('a request in flight is finished when the process is told to stop, a new one is not taken', async () => {
  await importSample();
  const { token } = await newClient();
  const [section] = await ids('sections', { sourced_id: 'cls-sci-8' });
  const [enrollment_id] = await ids('enrollments', { section_id: section, admin: false });
  const server = await startServer(env);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  const slow = await slowPut(server.url, token, section!, enrollment_id!, '2026-11-10');
  const ended = server.stop('SIGTERM');
  await closed(server.url);
  expect(await slow.finish()).toBe(200);
  expect(await ended).toBe(0);
  expect(await ids('journal', { section_id: section }).then((rows) => rows.length)).toBe(2);
});

test('neither names nor secrets get into the log', async () => {
  await importSample();
  const client = await newClient();
  const server = await startServer({ ...env, LOG_LEVEL: 'trace' });
  const [section] = await ids('sections', { sourced_id: 'cls-sci-8' });
  const headers = { authorization: `Bearer ${client.token}` };
  await fetch(`${server.url}/v1/sections/${section}/attendance?start=2026-11-01`, { headers });
  await fetch(`${server.url}/v1/users/ext/stu-0001?token=${client.token}`, { headers });
  await fetch(`${server.url}/v1/sections/${section}/attendance`, {
    headers: { authorization: `Bearer ${client.secret}` },
  });
  await server.stop('SIGTERM');
  expect(server.log()).toContain('"route":"/v1/sections/:section/attendance","status":200');
  for (const secret of [client.token, client.secret, client.key, 'stu-0001', '2026-11-01'])
    expect(server.log()).not.toContain(secret);
});

const modeOf = (path: string) => statSync(path).mode & 0o777;

test('secrets are nowhere in the database in clear, and the generated key is readable by its owner alone', async () => {
  await importSample();
  const client = await newClient();
  const stored = JSON.stringify([await world.database.knex('api_clients'), await world.database.knex('api_tokens')]);
  for (const secret of [client.secret, client.token]) expect(stored).not.toContain(secret);
  const listed = await rollbook(['client', 'list', '--json'], env);
  for (const secret of [client.secret, client.token]) expect(listed.stdout).not.toContain(secret);
  const { file } = world.database;
  if (file) expect(modeOf(join(dirname(file), 'rollbook.key'))).toBe(0o600);
  else
    expect((await rollbook(['key', 'status'], { DATABASE_URL: world.url })).stderr).toContain(
      'ROLLBOOK_SECRET_KEY must be set',
    );
});

if (process.env.ENGINE !== 'postgres')
  test('a database that is made, its journal and its folder are accessible to their owner alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollbook-modes-'));
    const made = join(folder, 'data');
    const server = await startServer({ DATABASE_URL: `sqlite:${join(made, 'rollbook.db')}` });
    const modes = readdirSync(made).map((name) => [name, modeOf(join(made, name))]);
    expect(modes).toEqual(
      ['rollbook.db', 'rollbook.db-shm', 'rollbook.db-wal', 'rollbook.key'].map((name) => [name, 0o600]),
    );
    expect(modeOf(made)).toBe(0o700);
    await server.stop('SIGTERM');
    rmSync(folder, { recursive: true });
  });

test('a key that is not the one the secrets were sealed with stops the start', async () => {
  await importSample();
  await newClient();
  const { code, stderr } = await rollbook(['serve'], {
    ...env,
    PORT: '0',
    ROLLBOOK_SECRET_KEY: 'another key of thirty-two letters',
  });
  expect([code, stderr]).toEqual([
    1,
    'rollbook: ROLLBOOK_SECRET_KEY is not the key with which this database was written.\n',
  ]);
});

test('refused rows are listed with exit code 2, and stdout is one JSON document', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-messy-'));
  for (const name of readdirSync(sample)) copyFileSync(join(sample, name), join(folder, name));
  writeFileSync(join(folder, 'users.csv'), 'sourcedId,role,givenName\n,student,Nobody\n');
  const { code, stdout } = await rollbook(['import', folder, '--district', 'Messy', '--json'], env);
  rmSync(folder, { recursive: true });
  expect(code).toBe(2);
  const { counts, refused } = JSON.parse(stdout);
  expect([counts.users.refused, counts.enrollments.refused]).toEqual([1, 451]);
  expect(refused[0]).toEqual({ file: 'users.csv', line: 2, column: 'sourcedId', reason: 'It is empty.' });
});

test('what is no bundle is refused with exit code 1 and leaves no district behind', async () => {
  const { code, stdout, stderr } = await rollbook(['import', '/nowhere.zip', '--district', 'New', '--json'], env);
  expect([code, stdout, stderr]).toEqual([1, '', 'rollbook: There is no file or folder /nowhere.zip.\n']);
  expect(await json('district', 'list')).toEqual([]);
});

test('attendance codes are listed, added and changed, and an import does not disturb them', async () => {
  await importSample();
  const { number } = await world.database.knex('schools').where({ type: 'school' }).orderBy('id').first();
  const place = ['--district', 'Larkspur', '--school', number, '--year', '2026-27'];
  const brief = async () =>
    (await json('codes', 'list', ...place)).map((each: Record<string, string>) => [each.code, each.status, each.year]);
  const usual = [
    ['P', 'present', '2026-27'],
    ['A', 'absent', '2026-27'],
    ['E', 'excused', '2026-27'],
    ['T', 'late', '2026-27'],
    ['UT', 'late', '2026-27'],
  ];
  expect(await brief()).toEqual(usual);
  const added = await json('codes', 'set', 'FT', '--status', 'present', '--description', 'Field trip', ...place);
  expect(added).toMatchObject({ yearid: 36, code: 'FT', description: 'Field trip', status: 'present' });
  await json('codes', 'set', 'UT', '--status', 'absent', ...place);
  const changed = [...usual.slice(0, 4), ['UT', 'absent', '2026-27'], ['FT', 'present', '2026-27']];
  expect(await brief()).toEqual(changed);
  const before = await world.database.knex('attendance_codes').orderBy('id');
  await importSample();
  expect(await world.database.knex('attendance_codes').orderBy('id')).toEqual(before);
  expect((await json('codes', 'list', ...place.slice(0, 4), '--year', '35'))[0].year).toBe('2025-26');
});

test('two processes that migrate at once do not collide', async () => {
  const source = migrations(world.database);
  await world.database.knex.migrate.rollback({ migrationSource: source }, true);
  const runs = await Promise.all([1, 2, 3].map(() => rollbook(['migrate', '--json'], env)));
  expect(runs.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
    [0, ''],
  ]);
  const applied = runs.flatMap(({ stdout }) => JSON.parse(stdout).applied);
  expect(applied).toEqual(await source.getMigrations([]));
});

test('a port that is taken stops the start at once', async () => {
  const first = await startServer(env);
  const { code, stderr } = await rollbook(['serve'], { ...env, PORT: new URL(first.url).port });
  const { port, hostname } = new URL(first.url);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`Port ${port} of ${hostname} is taken`)]);
  await first.stop('SIGTERM');
});

test.each([
  ['PORT', 'eighty'],
  ['ROLLBOOK_SECRET_KEY', 'short'],
])('%s=%s stops the start with a sentence that says which', async (name, value) => {
  const { code, stderr } = await rollbook(['serve'], { ...env, [name]: value });
  expect(code).toBe(1);
  expect(stderr).toMatch(new RegExp(`^rollbook: ${name} must .*\\.\n$`));
});

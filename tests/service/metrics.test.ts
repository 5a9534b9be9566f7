import pino from 'pino';
import { Registry } from 'prom-client';
import { patternOf } from '../../src/http/endpoint';
import { exposeMetrics } from '../../src/service/metrics/expose';
import { openMetrics } from '../../src/service/metrics/metrics';
import { showStanding } from '../../src/service/metrics/standing';
import { type Api, openApi } from '../api';
import { clockless } from '../clock';
import { samplesOf, sumOf } from './exposition';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What an operator sees of the service: how much it does, how fast, and what it refuses. */
const metrics = openMetrics();
let api: Api;
beforeAll(async () => {
  api = await openApi({ metrics, limits: { rate: undefined } });
});
afterAll(() => api.close());
afterEach(() => jest.useRealTimers());

const samples = async () => samplesOf(await metrics.registry.metrics());
const put = (section: number, ...statuses: [enrollment_id: number, status: number][]) =>
  api.put(`/v1/sections/${section}/attendance`).send({
    attendances: {
      attendance: statuses.map(([enrollment_id, status]) => ({ enrollment_id, date: '2025-10-07', status })),
    },
  });

test('requests are counted by API, pattern, method and status, and no id and no name is in what is told', async () => {
  const { sections, enrollments } = api.world;
  const before = await samples();
  await put(sections.algebra, [enrollments.ada, 2], [enrollments.grace, 1]);
  await api.get(`/v1/sections/${sections.algebra}/attendance`);
  await api.get(`/v1/sections/${sections.elsewhere}/attendance`);
  await api.get('/osdi/api/v1/people').set('OSDI-API-Token', api.token);
  await api.get('/marks?from=never');
  const after = await samples();
  const more = (labels: Record<string, string>) =>
    sumOf(after, 'http_request_duration_seconds_count', labels) -
    sumOf(before, 'http_request_duration_seconds_count', labels);
  expect(patternOf('', '/doctor{/*rest}')).toBe('/doctor/:rest');
  const route = '/v1/sections/:section/attendance';
  expect(more({ api: 'schoology', route, method: 'PUT', status: '200' })).toBe(1);
  expect(more({ api: 'schoology', route, method: 'GET', status: '200' })).toBe(1);
  expect(more({ api: 'schoology', route, method: 'GET', status: '404' })).toBe(1);
  expect(more({ api: 'osdi', route: '/osdi/api/v1/people', method: 'GET', status: '200' })).toBe(1);
  expect(more({ api: 'rollbook', route: '/marks', method: 'GET', status: '400' })).toBe(1);
  expect(more({})).toBe(5);
  const labels = [...new Set(after.flatMap((sample) => Object.keys(sample.labels)))].sort();
  // Of prom-client itself are `kind`, `major`, `minor`, `patch`, `space`, `type` and `version`.
  expect(labels.filter((label) => !/^(kind|major|minor|patch|space|type|version)$/.test(label))).toEqual([
    'api',
    'code',
    'database',
    'le',
    'method',
    'operation',
    'priority',
    'route',
    'status',
  ]);
  expect(JSON.stringify(after)).not.toMatch(/larkspur|elsewhere|lovelace|hopper|algebra/i);
});

test('marks are counted that changed, by the API that wrote them, and only once they are on disk', async () => {
  const { sections, enrollments } = api.world;
  const written = async () => sumOf(await samples(), 'rollbook_marks_written_total', { api: 'schoology' });
  await put(sections.algebra, [enrollments.alan, 1], [enrollments.ada, 3]);
  const before = await written();
  await put(sections.algebra, [enrollments.alan, 2], [enrollments.ada, 3], [0, 2]);
  expect(await written()).toBe(before + 1);
  await put(sections.algebra, [enrollments.alan, 4]).set('If-Match', '"stale"').expect(412);
  expect(await written()).toBe(before + 1);
});

test('refusals are counted by the code of their error', async () => {
  const of = async (code: string) => sumOf(await samples(), 'rollbook_refused_requests_total', { code });
  const before = await Promise.all(['CREDENTIALS_INVALID', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'].map(of));
  await api.get('/v1/sections/1/attendance').set('Authorization', 'Bearer nobody').expect(401);
  await api.get('/nothing').expect(404);
  await api.post('/v1/sections/1/attendance').expect(405);
  expect(await Promise.all(['CREDENTIALS_INVALID', 'NOT_FOUND', 'METHOD_NOT_ALLOWED'].map(of))).toEqual(
    before.map((count) => count + 1),
  );
});

test('whatever is asked for, what is told grows no further', async () => {
  const ask = async (round: string) => {
    for (const path of [`/${round}`, `/v1/${round}`, `/v1/sections/${round}/attendance`, `//V1//sections/${round}`])
      await api.get(path);
    await fetch(`${api.url}/v1/${round}`, { method: round.toUpperCase() }).catch(() => undefined);
    await api.get('/v1/sections/1/attendance').set('Authorization', `Bearer ${round}`);
  };
  for (const method of ['lock', 'search']) await ask(method);
  const before = (await samples()).length;
  for (const method of ['mkcol', 'purge', 'report', 'unlink']) await ask(method);
  expect((await samples()).length).toBe(before);
});

test('how long statements took and how the database is used is told, and what waits for its turn', async () => {
  const before = sumOf(await samples(), 'rollbook_db_statement_duration_seconds_count', { operation: 'select' });
  await api.get(`/v1/sections/${api.world.sections.algebra}/attendance`);
  const after = await samples();
  expect(sumOf(after, 'rollbook_db_statement_duration_seconds_count', { operation: 'select' })).toBeGreaterThan(before);
  expect(sumOf(after, 'rollbook_db_pool_size', { database: 'primary' })).toBeGreaterThan(0);
  for (const name of ['rollbook_db_pool_in_use', 'rollbook_db_pool_waiting'])
    expect(after.filter((sample) => sample.name === name)).toEqual([
      { name, labels: { database: 'primary' }, value: 0 },
    ]);
  expect(
    after.filter(({ name }) => name === 'rollbook_queue_waiting').map(({ labels, value }) => [labels, value]),
  ).toEqual(['roll', 'read', 'bulk'].map((priority) => [{ priority }, 0]));
});

test('the rolls of today are told, due and taken, and are not read again within a minute', async () => {
  // A Tuesday, in the morning of Chicago.
  jest.useFakeTimers({ now: new Date('2025-10-14T15:00:00Z'), doNotFake: [...clockless] });
  const { database, sections, ledger, actor } = api.world;
  const read = async (registry: Registry) => {
    const samples = samplesOf(await registry.metrics());
    return ['rollbook_rolls_due', 'rollbook_rolls_taken'].map((name) => sumOf(samples, name));
  };
  const open = () => {
    const registry = new Registry();
    showStanding(registry, database, (fault) => {
      throw fault;
    });
    return registry;
  };
  const registry = open();
  // Algebra and Biology of one district, Chemistry of the other.
  expect(await read(registry)).toEqual([3, 0]);
  await ledger.open((transaction) => transaction.take({ section: sections.algebra, date: '2025-10-14' }, actor));
  expect(await read(registry)).toEqual([3, 0]);
  expect(await read(open())).toEqual([3, 1]);
  await database.knex('calendar_days').insert({
    district_id: actor.district,
    school_id: (await database.knex('schools').first('id')).id,
    date: '2025-10-14',
    school_day: false,
    reason: 'snow',
  });
  // Where the school is closed, only the roll that was taken all the same.
  expect(await read(open())).toEqual([2, 1]);
});

test('where the database cannot be read, the rest is told all the same, and nothing of what is in it', async () => {
  const { registry } = openMetrics();
  const faults: unknown[] = [];
  const broken = { ...api.world.database, all: () => Promise.reject(new Error('away')) };
  showStanding(registry, broken, (fault) => faults.push(fault));
  const told = samplesOf(await registry.metrics());
  expect(told.filter(({ name }) => /^rollbook_(rolls|feed|webhook)/.test(name))).toEqual([]);
  expect(told.length).toBeGreaterThan(10);
  expect(faults).toHaveLength(3);
});

test('it is fetched at /metrics alone, by GET and HEAD', async () => {
  const { registry } = openMetrics();
  const log = pino({ level: 'silent' });
  const server = await exposeMetrics({ host: '127.0.0.1', port: 0 }, { registry, database: api.world.database }, log);
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const statuses = [];
  for (const [method, path] of [
    ['GET', '/metrics'],
    ['HEAD', '/metrics'],
    ['POST', '/metrics'],
    ['GET', '/'],
    ['GET', '/v1/sections'],
  ] as const)
    statuses.push((await fetch(url + path, { method })).status);
  expect(statuses).toEqual([200, 200, 405, 404, 404]);
  const response = await fetch(`${url}/metrics`);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  samplesOf(await response.text());
  expect((await fetch(`${api.url}/metrics`)).status).toBe(404);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

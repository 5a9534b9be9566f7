import { once } from 'node:events';
import { Registry } from 'prom-client';
import { openLedger } from '../../src/ledger/ledger';
import { showStanding } from '../../src/service/metrics/standing';
import { type Api, openApi } from '../api';
import { setClock } from '../clock';
import { settled } from '../settled';
import { add, loopback, senderOver } from '../webhooks/hooks';
import { openReceiver } from '../webhooks/receiver';
import { openChecked } from '../world';
import { samplesOf } from './exposition';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What an operator is told of changes that others wait for. */
let api: Api;
beforeEach(async () => {
  api = await openApi({ webhooks: { networks: loopback } });
});
afterEach(async () => {
  jest.useRealTimers();
  await api.close();
});

const onPostgres = process.env.ENGINE === 'postgres';
const NOBODY = 'http://127.0.0.1:9/';

/** The gauges by their names, as they are read anew. */
async function gauges(): Promise<Record<string, number>> {
  const registry = new Registry();
  showStanding(registry, api.world.database, (fault) => {
    throw fault;
  });
  const samples = samplesOf(await registry.metrics());
  expect(samples.filter(({ labels }) => Object.keys(labels).length > 0)).toEqual([]);
  return Object.fromEntries(samples.map(({ name, value }) => [name.replace('rollbook_', ''), value]));
}
const mark = (date: string, section: 'ada' | 'adaInBiology' = 'ada') =>
  api.mark([api.world.enrollments[section], date, 2]);

test('the feed lags as long as changes are written that nobody can read, as something before them goes on', async () => {
  await mark('2025-10-06');
  await settled(api.world.database);
  expect(await gauges()).toMatchObject({ feed_lag_seconds: 0 });
  const other = openChecked(api.world.url);
  const [begun, ended] = [new AbortController(), new AbortController()];
  const { actor, enrollments } = api.world;
  const held = openLedger(other).open(async (transaction) => {
    await transaction.record([{ enrollment: enrollments.adaInBiology, date: '2025-10-07', status: 2 }], actor);
    begun.abort();
    if (onPostgres) await once(ended.signal, 'abort');
  });
  try {
    await (onPostgres ? once(begun.signal, 'abort') : held); // SQLite writes one after the other
    await mark('2025-10-08');
    setClock(100);
    const { feed_lag_seconds: lag } = await gauges();
    if (onPostgres) expect(lag).toBeGreaterThanOrEqual(100);
    else expect(lag).toBe(0);
  } finally {
    ended.abort();
    await held;
    await other.close();
  }
  await settled(api.world.database);
  expect(await gauges()).toMatchObject({ feed_lag_seconds: 0 });
});

test('webhooks lag by the first change that one which works has not been told; what is disabled is counted instead', async () => {
  const { database } = api.world;
  const change = (id: number, values: object) => database.knex('webhook_targets').where({ id }).update(values);
  expect(await gauges()).toMatchObject({ webhook_lag_seconds: 0, webhooks_failing: 0, webhooks_disabled: 0 });
  const { id } = await add(api, NOBODY);
  await add(await api.as({ district: api.world.districts.elsewhere }), NOBODY);
  await settled(database);
  expect(await gauges()).toMatchObject({ webhook_lag_seconds: 0 });
  await mark('2025-10-06');
  await settled(database);
  setClock(100);
  const { webhook_lag_seconds: lag } = await gauges();
  expect(lag).toBeGreaterThanOrEqual(100);
  expect(lag).toBeLessThan(200);
  setClock(100);
  await mark('2025-10-07');
  await settled(database);
  expect((await gauges()).webhook_lag_seconds).toBeGreaterThanOrEqual(200); // of the first, not of the last
  await change(id, { failing_since: new Date().toISOString(), failures: 1 });
  expect(await gauges()).toMatchObject({ webhooks_failing: 1, webhooks_disabled: 0 });
  const disabled_at = new Date().toISOString();
  await change(id, { disabled_at, disabled_reason: 'failing' });
  expect(await gauges()).toMatchObject({ webhook_lag_seconds: 0, webhooks_failing: 0, webhooks_disabled: 1 });
  await change(id, { disabled_at, disabled_reason: 'asked' });
  expect(await gauges()).toMatchObject({ webhook_lag_seconds: 0, webhooks_failing: 0, webhooks_disabled: 0 });
});

test('a webhook of a client that is revoked neither lags nor fails', async () => {
  const client = await api.as({ scopes: ['attendance:read'] });
  const { id } = await add(client, NOBODY);
  await mark('2025-10-06');
  await settled(api.world.database);
  const { knex } = api.world.database;
  await knex('webhook_targets').where({ id }).update({ failing_since: new Date().toISOString() });
  setClock(100);
  expect(await gauges()).toMatchObject({ webhooks_failing: 1 });
  const { client_id } = await knex('webhook_targets').where({ id }).first('client_id');
  await knex('api_clients').where({ id: client_id }).update({ revoked_at: new Date().toISOString() });
  expect(await gauges()).toMatchObject({ webhook_lag_seconds: 0, webhooks_failing: 0 });
});

test('a webhook that nothing concerned lags no longer once that is noted, though nothing more changes', async () => {
  const receiver = await openReceiver();
  const faults: unknown[] = [];
  const sender = senderOver(api, { faults, noteAfter: 0 });
  try {
    await add(api, receiver.url, { section: api.world.sections.algebra });
    sender.start();
    await mark('2025-10-06');
    await receiver.has(1);
    await mark('2025-10-06', 'adaInBiology');
    setClock(100);
    while ((await gauges()).webhook_lag_seconds! > 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(receiver.received).toHaveLength(1);
  } finally {
    await sender.stop();
    receiver.close();
  }
  expect(faults).toEqual([]);
});

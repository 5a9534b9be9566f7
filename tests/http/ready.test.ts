import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { health, type Readiness } from '../../src/http/health';
import { type Api, openApi } from '../api';

/** What `/readyz` says of a database that answers, but cannot be worked with. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const ready = async () => {
  const { status, body } = await api.get('/readyz');
  return [status, body.status];
};

test.each(['districts', 'sections', 'people', 'enrollments', 'marks', 'api_clients', 'api_tokens', 'epochs'])(
  'it is not ready once the table %s is gone under it, and is again when that is back',
  async (table) => {
    const { knex } = api.world.database;
    expect(await ready()).toEqual([200, 'ready']);
    await knex.schema.renameTable(table, `${table}_gone`);
    try {
      expect(await ready()).toEqual([503, 'unavailable']);
      expect((await api.get('/healthz')).status).toBe(200);
    } finally {
      await knex.schema.renameTable(`${table}_gone`, table);
    }
    expect(await ready()).toEqual([200, 'ready']);
  },
);

test('while a database takes its time, all who ask are told that it is not ready, and it is asked once', async () => {
  const answers: ((status: Readiness) => void)[] = [];
  const asked = () => new Promise<Readiness>((resolve) => answers.push(resolve));
  const server = express().use(health(asked)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`);
    return [answer.status, await answer.json()];
  };
  const unavailable = [503, { status: 'unavailable' }];
  expect(await Promise.all([ready(), ready()])).toEqual([unavailable, unavailable]);
  expect([await ready(), answers.length]).toEqual([unavailable, 1]);
  answers.pop()!('ready'); // too late for those
  const again = ready();
  while (answers.length === 0) await new Promise(setImmediate);
  answers.pop()!('ready');
  expect(await again).toEqual([200, { status: 'ready' }]);
  server.close().closeAllConnections();
});

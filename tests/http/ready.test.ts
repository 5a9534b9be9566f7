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

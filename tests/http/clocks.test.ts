import { type Api, openApi } from '../api';
import { later, rightClock, setClock } from '../clock';
import { apis } from './apis';

/** The clock of the machine is set by an hour; what is remembered goes by one that nobody sets. */
let api: Api;
afterEach(async () => {
  rightClock();
  await api.close();
});
const HOUR = 3_600;

describe.each(apis)('$name', ({ ask }) => {
  test.each([-HOUR, HOUR])(
    'a client revoked in another process is refused within a second, the clock set by %d s',
    async (seconds) => {
      api = await openApi();
      const { token } = await api.as({});
      expect((await ask(api, token)).status).toBe(200);
      const revoked_at = new Date().toISOString();
      await api.world.database.knex('api_clients').where({ name: 'test' }).update({ revoked_at });
      setClock(seconds);
      later(1);
      expect((await ask(api, token)).status).toBe(401);
    },
  );
});

test('an hour that the clock was set back lengthens no limit, and one that it was set forward ends none', async () => {
  api = await openApi({ limits: { rate: { points: 1, failures: 100, window: 10 } } });
  const [{ ask }] = apis as [(typeof apis)[0]];
  expect((await ask(api)).status).toBe(200);
  for (const seconds of [-HOUR, 2 * HOUR]) {
    setClock(seconds);
    const { status, headers } = await ask(api);
    expect([status, Number(headers['retry-after']) <= 10]).toEqual([429, true]);
  }
  setClock(-HOUR);
  later(10);
  expect((await ask(api)).status).toBe(200);
});

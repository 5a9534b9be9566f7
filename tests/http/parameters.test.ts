import { apis } from '../../src/apis';
import { createCredentials } from '../../src/http/credentials/credentials';
import { openRoster } from '../../src/roster/roster';
import { type Api, openApi } from '../api';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

test('a parameter that an endpoint does not know is named where it is refused, whatever the endpoint', async () => {
  const { clients, secrets, signer, webhooks, world, token } = api;
  const { database, ledger } = world;
  const all = apis({
    ...{ database, ledger, clients, secrets, signer, webhooks },
    credentials: createCredentials(database, clients, {}),
    roster: openRoster(database),
    onFault: () => undefined,
  } as never);
  const closed = all.flatMap(({ base, endpoints }) =>
    endpoints
      .filter(({ schemas, scope }) => scope && schemas?.query?.additionalProperties === false)
      .map(({ method, path }) => ({ method, path: `${base}${path}`.replace(/:\w+/g, '1') })),
  );
  expect(closed.length).toBeGreaterThan(2);
  for (const { method, path } of closed) {
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    const { status, text } = await api[verb](`${path}?no_such=1`).set('OSDI-API-Token', token);
    expect([method, path, status, text]).toEqual([
      method,
      path,
      400,
      expect.stringMatching(/no_such.*is not known here/s),
    ]);
  }
});

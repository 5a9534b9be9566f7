import type { TSchema } from '@sinclair/typebox';
import { apis } from '../../src/apis';
import { createCredentials } from '../../src/http/credentials/credentials';
import type { Endpoint } from '../../src/http/endpoint';
import { openRoster } from '../../src/roster/roster';
import { type Api, openApi } from '../api';

let api: Api;
let endpoints: readonly {
  readonly name: string;
  readonly method: Endpoint['method'];
  readonly path: string;
  readonly scope: Endpoint['scope'];
  readonly query: TSchema;
}[];
beforeAll(async () => {
  api = await openApi();
  const { clients, secrets, signer, webhooks, world } = api;
  const { database, ledger } = world;
  const all = apis({
    ...{ database, ledger, clients, secrets, signer, webhooks },
    credentials: createCredentials(database, clients, {}),
    roster: openRoster(database),
    prefix: '',
    onFault: () => undefined,
  } as never);
  endpoints = all.flatMap(({ name, base, endpoints }) =>
    endpoints.flatMap(({ method, path, scope, schemas }) =>
      schemas?.query
        ? [{ name, method, scope, path: `${base}${path}`.replace(/:\w+/g, '1'), query: schemas.query }]
        : [],
    ),
  );
});
afterAll(() => api.close());

const ask = ({ method, path }: Pick<Endpoint, 'method' | 'path'>) =>
  api[method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'](path).set('OSDI-API-Token', api.token);

test('a parameter that an endpoint does not know is named where it is refused, whatever the endpoint', async () => {
  const closed = endpoints.filter(({ query, scope }) => scope && query.additionalProperties === false);
  expect(closed.length).toBeGreaterThan(2);
  for (const { method, path } of closed) {
    const { status, text } = await ask({ method, path: `${path}?no_such=1` });
    expect([method, path, status, text]).toEqual([
      method,
      path,
      400,
      expect.stringMatching(/no_such.*is not known here/s),
    ]);
  }
});

/** Whose clients may send empty parameters, as docs/schoology.md, docs/powerschool.md and docs/osdi.md say. */
const lenient = ['schoology', 'powerschool', 'osdi'];

test('a parameter that is there and empty is refused by its name, or is as if it were not there, as the API has it', async () => {
  const asked = new Set<string>();
  for (const { name, method, scope, path, query } of endpoints) {
    if (!scope || (lenient.includes(name) && method !== 'GET')) continue;
    const plain = lenient.includes(name) ? await ask({ method, path }) : undefined;
    for (const parameter of Object.keys(query.properties)) {
      const { status, text } = await ask({ method, path: `${path}?${encodeURIComponent(parameter)}=` });
      const right = plain ? plain.status : 400;
      expect([method, path, parameter, status]).toEqual([method, path, parameter, right]);
      if (!plain) expect([method, path, text]).toEqual([method, path, expect.stringContaining(parameter)]);
      asked.add(name);
    }
  }
  expect([...asked].sort()).toEqual(['osdi', 'powerschool', 'rollbook', 'schoology', 'wix']);
});

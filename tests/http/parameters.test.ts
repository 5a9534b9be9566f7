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
  readonly query: TSchema | undefined;
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
    networks: [],
    onFault: () => undefined,
  } as never);
  endpoints = all.flatMap(({ name, base, endpoints }) =>
    endpoints.map(({ method, path, scope, schemas }) => ({
      ...{ name, method, scope, query: schemas?.query },
      path: `${base}${path}`.replace(/:\w+/g, '1'),
    })),
  );
});
afterAll(() => api.close());

const ask = ({ method, path }: Pick<Endpoint, 'method' | 'path'>) =>
  api[method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'](path).set('OSDI-API-Token', api.token);

test('a parameter that an endpoint of rollbook’s own API does not have is refused by its name, whatever the endpoint', async () => {
  // To what begins a launch, and to a registration, platforms add parameters of their own.
  const own = endpoints.filter(({ name, path }) => name === 'rollbook' && !/^\/lti\/(login|register)\b/.test(path));
  expect(own.length).toBeGreaterThan(30);
  for (const { method, path, query } of own) {
    const { status, body } = await ask({ method, path: `${path}?no_such=1` });
    const known = Object.keys(query?.properties ?? {});
    const said = known.length > 0 ? /^is not known here; \w+ is/ : 'is not known here; there are no parameters';
    const errors = [{ field: 'no_such', message: expect.stringMatching(said) }];
    expect([method, path, status, body.code, body.errors]).toEqual([method, path, 400, 'QUERY_INVALID', errors]);
    for (const name of known) expect([path, body.detail]).toEqual([path, expect.stringContaining(name)]);
  }
});

test.each([
  ['/reports/chronic?mindays=5', 'mindays is not known here; min_days is, and so are '],
  ['/changes?limmit=5', 'limmit is not known here; limit is, and so are '],
  ['/calendars/1?form=2025-10-06', 'form is not known here; from is, and so are to'],
  ['/reports/today?school=1&date=2025-10-06', 'school is not known here; date is'],
  ['/schools/1?__proto__=1', '__proto__ is not known here; there are no parameters'],
])('%s: the parameter that is the likeliest is named first', async (path, detail) => {
  const { status, body } = await api.get(path);
  expect([status, body.detail]).toEqual([400, expect.stringContaining(detail)]);
});

test('what is asked with a parameter that is not there is not done', async () => {
  const { sections, enrollments } = api.world;
  const path = `/rolls/${sections.algebra}/2025-10-06`;
  const before = (await api.get(path)).body;
  const statuses = [{ enrollment_id: enrollments.ada, status: 2 }];
  expect((await api.patch(`${path}?dry_run=1`).send({ taken: true, statuses })).status).toBe(400);
  expect((await api.get(path)).body).toEqual(before);
});

test('the APIs of others pass over a parameter that they have never heard of', async () => {
  const section = api.world.sections.algebra;
  for (const path of [
    `/v1/sections/${section}/attendance?weather=fair`,
    `/ws/v1/section/${section}?weather=fair`,
    '/osdi/api/v1/people?weather=fair',
  ])
    expect([path, (await ask({ method: 'GET', path })).status]).toEqual([path, 200]);
  const counted = await api.post('/bookings/v2/attendance/count?weather=fair').send({});
  expect(counted.status).toBe(200);
});

test('a parameter that comes twice is refused, and said to, whatever the endpoint', async () => {
  const asked = new Set<string>();
  for (const { name, method, scope, path, query } of endpoints) {
    const parameter = Object.keys(query?.properties ?? {})[0];
    if (!scope || parameter === undefined) continue;
    const twice = `${encodeURIComponent(parameter)}=1`;
    const { status, text } = await ask({ method, path: `${path}?${twice}&${twice}` });
    const said = expect.stringContaining(`must come once, not twice`);
    expect([method, path, status, text]).toEqual([method, path, 400, said]);
    asked.add(name);
  }
  expect([...asked].sort()).toEqual(['osdi', 'powerschool', 'rollbook', 'schoology', 'wix']);
});

/** Whose clients may send empty parameters, as docs/schoology.md, docs/powerschool.md and docs/osdi.md say. */
const lenient = ['schoology', 'powerschool', 'osdi'];

test('a parameter that is there and empty is refused by its name, or is as if it were not there, as the API has it', async () => {
  const asked = new Set<string>();
  for (const { name, method, scope, path, query } of endpoints) {
    if (!scope || !query || (lenient.includes(name) && method !== 'GET')) continue;
    const plain = lenient.includes(name) ? await ask({ method, path }) : undefined;
    for (const parameter of Object.keys(query.properties)) {
      const { status, text } = await ask({ method, path: `${path}?${encodeURIComponent(parameter)}=` });
      const right = plain ? plain.status : 400;
      expect([method, path, parameter, status]).toEqual([method, path, parameter, right]);
      // What has to be there and is not comes first.
      const required: readonly string[] = query.required ?? [];
      const missing = required.find((each) => each !== parameter);
      const named = expect.stringMatching(
        `\\b(${[parameter, ...(missing ? [`${missing} is missing`] : [])].join('|')})\\b`,
      );
      if (!plain) expect([method, path, text]).toEqual([method, path, named]);
      asked.add(name);
    }
  }
  expect([...asked].sort()).toEqual(['osdi', 'powerschool', 'rollbook', 'schoology', 'wix']);
});

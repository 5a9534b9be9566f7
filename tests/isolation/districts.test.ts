import { apis } from '../../src/apis';
import { signerWith } from '../../src/clients/signer';
import { createCredentials } from '../../src/http/credentials/credentials';
import { openRoster } from '../../src/roster/roster';
import { type Api, openApi } from '../api';
import { call, carrying, kindsOf, unmatched, watched, withoutEchoes } from './calling';
import { createFixtures, everythingOf, type Fixtures, giveWebhooks, type Ids, nowhere } from './fixtures';
import { isOfLti } from './scopes';
import { others, type Row, table } from './table';

/** Nothing of one district is to be read, written, counted or guessed from another. */
let api: Api;
let fixtures: Fixtures;
let stranger: Api;
let owner: Api;
let office: Api;
let statements: { since(): string[] };
beforeAll(async () => {
  api = await openApi();
  fixtures = await createFixtures(api);
  statements = watched(api.world.database);
  stranger = await api.as({ district: fixtures.birch.district });
  owner = await api.as({ person: fixtures.alder.ids.teacher });
  await giveWebhooks(api, fixtures.alder, owner.token);
  office = await api.as({ district: fixtures.alder.district });
});
afterAll(() => api.close());

const rows = [...Object.entries(table), ...others];
const asked = rows.map(
  ([endpoint, row], index) =>
    [index < Object.keys(table).length ? endpoint : `${endpoint}, in other words (${index})`, row, endpoint] as const,
);
const called = (by: Api, endpoint: string, row: Row, ids: Ids, headers = {}) =>
  call(api, endpoint, row, ids, { ...carrying(row.ask(ids).path, by.token), ...headers });

const endpoints = () => {
  const { database, ledger } = api.world;
  const credentials = createCredentials(database, api.clients, {});
  const house = {
    database,
    ledger,
    credentials,
    clients: api.clients,
    webhooks: api.webhooks,
    roster: openRoster(database),
    signer: signerWith(['']),
    secrets: api.secrets,
    prefix: '',
    networks: [],
    onFault: () => undefined,
    log: { warn: () => undefined },
  };
  return apis(house).flatMap(({ base, endpoints }) => endpoints.map(({ method, path }) => `${method} ${base}${path}`));
};

test('every endpoint of every API has a row, and every row an endpoint', () => {
  expect(unmatched(endpoints())).toEqual([]);
  expect(unmatched([...endpoints(), 'GET /v1/new/:id'])).toEqual(['GET /v1/new/:id']);
});

/** What no teacher may. */
const forTheOffice =
  /reports\/(today|absence|chronic)|PUT \/calendars|PATCH \/(schools|district)|PUT \/schools|district\/changes|webhooks\/disabled|\/access\/|^\w+ \/(students|absences|reminders)\//;

/** Which lead to the same for everybody, or are no ids: each school has a code of its own by such a name. */
const shared = ['GET /v1/roles/:id', 'GET /osdi/api/v1/docs/:rel', 'PUT /schools/:school/codes/:code'];

test.each(Object.entries(table))('the row of %s sends an id for every parameter of its path', (endpoint, { ask }) => {
  const [pattern, one, other] = [endpoint.split(' ')[1]!, ask(fixtures.alder.ids).path, ask(nowhere).path].map((path) =>
    path.split('?')[0]!.split('/'),
  );
  expect(one).toHaveLength(pattern!.length);
  for (const [index, segment] of pattern!.entries())
    if (!segment.startsWith(':')) expect(one![index]).toBe(segment);
    else if (segment !== ':date' && !shared.includes(endpoint)) expect(one![index]).not.toBe(other![index]);
});

test.each(asked.filter(([, , endpoint]) => !isOfLti(endpoint) && !/oauth|POST \/sign-in|\/openapi\//.test(endpoint)))(
  '%s answers those whose ids they are',
  async (_title, row, endpoint) => {
    const by = forTheOffice.test(endpoint) ? office : owner;
    const { status, text } = await called(by, endpoint, row, fixtures.alder.ids);
    expect([status, text]).toEqual([expect.any(Number), expect.not.stringContaining('ERROR')]);
    expect([200, 201, 204, 303]).toContain(status);
  },
);

test.each(asked)(
  '%s tells another district nothing: an id of this one is an id of nothing',
  async (_title, row, endpoint) => {
    const { birch, alder } = fixtures;
    const tag = (await called(owner, endpoint, row, alder.ids)).headers.etag ?? '"1.json"';
    const before = await everythingOf(api, alder);
    const kinds = kindsOf(row, birch.ids);
    const mixed = kinds.map((kind) => [kind]);
    const tries: [readonly string[], Record<string, string>][] = [
      ...mixed.map((some): [string[], Record<string, string>] => [some, {}]),
      [kinds, {}],
      [kinds, { 'If-None-Match': tag, 'If-Match': tag }],
      [kinds, { Accept: 'application/xml, text/xml;q=0.9, */*;q=0.1' }],
    ];
    for (const [some, headers] of tries) {
      const [foreign, unknown] = [alder.ids, nowhere].map(
        (ids) => ({ ...birch.ids, ...Object.fromEntries(some.map((kind) => [kind, ids[kind as keyof Ids]])) }) as Ids,
      );
      // Reports count what is new first, and what a file says is changed once.
      if (/reports|marks/.test(endpoint)) await called(stranger, endpoint, row, unknown!, headers);
      statements.since();
      const one = await called(stranger, endpoint, row, foreign!, headers);
      const ranForForeign = statements.since();
      const other = await called(stranger, endpoint, row, unknown!, headers);
      expect(withoutEchoes(one, foreign!, alder.ids)).toEqual(withoutEchoes(other, unknown!, nowhere));
      expect(ranForForeign).toEqual(statements.since());
      expect(one.text).not.toMatch(/Alder|Aspen/);
    }
    expect(await everythingOf(api, alder)).toEqual(before);
  },
);

import { type Scope, scopes } from '../../src/clients/client';
import type { NewClient } from '../../src/clients/clients';
import { type Api, openApi } from '../api';
import { signed } from '../cli/signed';
import { call, carrying } from './calling';
import { createFixtures, everythingOf, type Fixtures, nowhere } from './fixtures';
import { describes, isProof, needed, openToAll } from './scopes';
import { type Row, table } from './table';

/** Who is nobody, or no longer somebody, or may not do this. */
let api: Api;
let fixtures: Fixtures;
let held: object;
const clients: Record<string, NewClient> = {};
let expired: string;
beforeAll(async () => {
  api = await openApi();
  fixtures = await createFixtures(api);
  const create = (granted: readonly Scope[]) =>
    api.clients.create({ district: fixtures.alder.district, name: 'test', scopes: granted });
  for (const scope of scopes) clients[scope] = await create(scopes.filter((each) => each !== scope));
  clients.revoked = await create(scopes);
  clients.expired = await create(scopes);
  expired = await api.clients.issueToken(clients.expired.id, -1);
  await api.clients.revoke(clients.revoked.id);
  held = await everythingOf(api, fixtures.alder);
});
afterAll(() => api.close());
afterEach(async () => {
  expect(await everythingOf(api, fixtures.alder)).toEqual(held);
});

/** What platforms ask for by LTI brings what it proves in its body, and knows no client: tests/apis/lti asks it. */
const ofLaunch = (endpoint: string): boolean =>
  /^\w+ \/lti\/(jwks|login|again|register\/:invitation|launch|storage|finish|attendance\/)$/.test(endpoint);
const rows = Object.entries(table).filter(([endpoint]) => !ofLaunch(endpoint));
const closed = rows.filter(([endpoint]) => !openToAll.includes(endpoint));

/** Every way in which the API at this path takes credentials. */
function credentials(
  endpoint: string,
  { path }: ReturnType<Row['ask']>,
  client: NewClient,
  token: string,
): (readonly [Record<string, string>, string])[] {
  const bearer = [{ Authorization: `Bearer ${token}` }, path] as const;
  if (path.startsWith('/osdi'))
    return [
      [{ 'OSDI-API-Token': token }, path],
      [{}, `${path}${path.includes('?') ? '&' : '?'}osdi-api-token=${token}`],
    ];
  if (path.startsWith('/bookings')) return [[{ Authorization: token }, path], bearer];
  if (path.startsWith('/oauth'))
    return [[{ Authorization: `Basic ${Buffer.from(`${client.key}:${client.secret}`).toString('base64')}` }, path]];
  if (path.startsWith('/ws')) return [bearer];
  const bare = path.split('?')[0]!;
  return [bearer, [{ Authorization: signed(client, endpoint.split(' ')[0]!, api.url + bare) }, bare]];
}

async function statuses(endpoint: string, row: Row, client: NewClient, token: string): Promise<number[]> {
  const asked = row.ask(fixtures.alder.ids);
  const answers: number[] = [];
  for (const [headers, path] of credentials(endpoint, asked, client, token)) {
    const { status, text } = await call(
      api,
      endpoint,
      { ...row, ask: () => ({ ...asked, path }) },
      fixtures.alder.ids,
      headers,
    );
    expect(text).not.toMatch(/Alder|Aspen/);
    answers.push(status);
  }
  return answers;
}

test.each(rows)('%s tells nobody anything', async (endpoint, row) => {
  const [one, other] = [await call(api, endpoint, row, fixtures.alder.ids), await call(api, endpoint, row, nowhere)];
  expect(one).toEqual(other);
  expect(one.status).toBe(openToAll.includes(endpoint) ? 200 : 401);
  expect(one.text).not.toMatch(/Alder|Aspen/);
});

test.each(rows.filter(([endpoint]) => !endpoint.endsWith('/sign-in/ways') && !describes(endpoint)))(
  '%s refuses a revoked client, whatever its credentials',
  async (endpoint, row) => {
    const { revoked } = clients;
    for (const status of await statuses(endpoint, row, revoked!, revoked!.token)) expect(status).toBe(401);
  },
);

test.each(rows.filter(([endpoint]) => !isProof(endpoint) && !describes(endpoint)))(
  '%s refuses an expired token, and a stale signature',
  async (endpoint, row) => {
    const late = jest.spyOn(Date, 'now').mockReturnValueOnce(0);
    const answers = await statuses(endpoint, row, clients.expired!, expired);
    late.mockRestore();
    for (const status of answers) expect(status).toBe(401);
  },
);

const scoped = closed.flatMap(([endpoint, row]) => {
  const scope = needed(endpoint, row);
  return scope ? [[endpoint, scope, row] as const] : [];
});

test.each(scoped)('%s refuses a client without %s, whatever there is', async (endpoint, scope, row) => {
  const answer = (ids: typeof nowhere) =>
    call(api, endpoint, row, ids, carrying(row.ask(ids).path, clients[scope]!.token));
  const [one, other] = [await answer(fixtures.alder.ids), await answer(nowhere)];
  expect(one).toEqual(other);
  expect(one.status).toBe(403);
  expect(one.text).not.toMatch(/Alder|Aspen/);
});

test('nobody acts as another person without the scope for it', async () => {
  const { status } = await api.get('/v1/users').set({
    Authorization: `Bearer ${clients.admin!.token}`,
    'X-Schoology-Run-As': String(fixtures.alder.ids.teacher),
  });
  expect(status).toBe(403);
});

test('a person of another district is as unknown as nobody', async () => {
  const stranger = await api.as({ district: fixtures.birch.district });
  const refusals = [fixtures.alder.ids.teacher, nowhere.teacher].map(async (person) => {
    const { status, text } = await stranger.get('/v1/users').set('X-Schoology-Run-As', String(person));
    return [status, text.replaceAll(String(person), '#')];
  });
  const [one, other] = await Promise.all(refusals);
  expect(one).toEqual(other);
  expect(one![0]).toBe(403);
});

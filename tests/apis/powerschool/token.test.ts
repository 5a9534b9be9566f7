import { type Api, openApi } from '../../api';

let api: Api;
let client: { id: number; key: string; secret: string };
beforeAll(async () => {
  api = await openApi();
  const district = api.world.districts.larkspur;
  client = await api.clients.create({ district, name: 'plugin', scopes: ['attendance:read', 'roster:read'] });
});
afterAll(() => api.close());

const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';
const GRANT = 'grant_type=client_credentials';
const basic = (key: string, secret: string) => `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`;
const inForm = () => `${GRANT}&client_id=${client.key}&client_secret=${client.secret}`;
type Answer = { status: number; headers: Headers; body: Record<string, string> };
const ask = async (
  path: string,
  body: string,
  { type = FORM, ...headers }: Record<string, string> = {},
): Promise<Answer> => {
  const typed = type === '' ? headers : { 'Content-Type': type, ...headers };
  const response = await fetch(api.url + path, { method: 'POST', body: Buffer.from(body), headers: typed });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer['body'] };
};
const read = (authorization: string) => fetch(`${api.url}/ws/v1/district`, { headers: { authorization } });
const tokens = async () => Number((await api.world.database.knex('api_tokens').count({ n: '*' }).first())!.n);

test.each([
  ['Basic', '/oauth/access_token', () => GRANT, () => ({ authorization: basic(client.key, client.secret) })],
  [
    'basic in lower case',
    '/oauth/access_token',
    () => GRANT,
    () => ({ authorization: basic(client.key, client.secret).replace('B', 'b') }),
  ],
  [
    'a trailing slash',
    '/oauth/access_token/',
    () => GRANT,
    () => ({ authorization: basic(client.key, client.secret) }),
  ],
  ['a double slash', '//oauth/access_token', () => GRANT, () => ({ authorization: basic(client.key, client.secret) })],
  ['key and secret in the form', '/oauth/access_token', inForm, () => ({})],
  ['no content type', '/oauth/access_token', inForm, () => ({ type: '' })],
  [
    'the grant in the query',
    `/oauth/access_token?${GRANT}`,
    () => '',
    () => ({ authorization: basic(client.key, client.secret) }),
  ],
  [
    'a body of JSON',
    '/oauth/access_token',
    () => JSON.stringify({ grant_type: 'client_credentials', client_id: client.key, client_secret: client.secret }),
    () => ({ type: 'application/json' }),
  ],
] as [string, string, () => string, () => Record<string, string>][])(
  '%s gets a token that works',
  async (_how, path, body, headers) => {
    const response = await ask(path, body(), headers());
    const answer = response.body;
    expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'no-store',
    ]);
    expect(answer).toEqual({ access_token: expect.any(String), token_type: 'Bearer', expires_in: '2592000' });
    const district = await (await read(`Bearer ${answer.access_token}`)).json();
    expect(district).toEqual({ district: expect.objectContaining({ name: 'Larkspur' }) });
    expect((await read(`Bearer: ${answer.access_token}`)).status).toBe(200);
  },
);

test('each token is a fresh one, and those before it live on', async () => {
  const [first, second] = await Promise.all([
    ask('/oauth/access_token', inForm()),
    ask('/oauth/access_token', inForm()),
  ]);
  const all = [first.body.access_token, second.body.access_token];
  expect(new Set(all).size).toBe(2);
  for (const token of all) expect((await read(`Bearer ${token}`)).status).toBe(200);
});

type Refused = [string, () => string, () => string, number, string];
test.each([
  ['a wrong secret', () => GRANT, () => basic(client.key, 'wrong'), 401, 'invalid_client'],
  ['an unknown key', () => GRANT, () => basic('nobody', client.secret), 401, 'invalid_client'],
  ['a NUL in the key', () => GRANT, () => basic('a\u0000b', client.secret), 401, 'invalid_client'],
  ['no colon', () => GRANT, () => `Basic ${Buffer.from(client.key).toString('base64')}`, 401, 'invalid_client'],
  ['no base64', () => GRANT, () => 'Basic %%%', 401, 'invalid_client'],
  ['no credentials', () => GRANT, () => '', 401, 'invalid_client'],
  ['another grant', () => 'grant_type=password', () => basic(client.key, client.secret), 400, 'unsupported_grant_type'],
  ['no grant', () => '', () => basic(client.key, client.secret), 400, 'unsupported_grant_type'],
] as Refused[])('%s gets none', async (_what, body, authorization, status, error) => {
  const before = await tokens();
  const response = await ask('/oauth/access_token', body(), { authorization: authorization() });
  expect([response.status, response.body]).toEqual([status, { error }]);
  if (status === 401) expect(response.headers.get('www-authenticate')).toMatch(/^Basic /);
  expect(await tokens()).toBe(before);
});

test('a secret in the query is refused, since it would be logged', async () => {
  const before = await tokens();
  const response = await ask(`/oauth/access_token?${inForm()}`, '');
  expect([response.status, response.body]).toEqual([
    400,
    { error: 'invalid_request', error_description: expect.stringContaining('logged') },
  ]);
  expect(await tokens()).toBe(before);
});

test.each([
  ['GET', 405],
  ['PUT', 405],
])('%s has no token', async (method, status) => {
  expect((await fetch(`${api.url}/oauth/access_token`, { method })).status).toBe(status);
});

test.each(['expired', 'unknown'])(
  'a token that is %s is answered as plugins expect it, and nothing is written',
  async (what) => {
    const { access_token } = (await ask('/oauth/access_token', inForm())).body;
    await api.world.database
      .knex('api_tokens')
      .whereNotNull('expires_at')
      .update({ expires_at: '2020-01-01T00:00:00.000Z' });
    const response = await fetch(`${api.url}/ws/attendance/daily_time`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${what === 'expired' ? access_token : 'x'}`,
        'Content-Type': 'application/json',
      },
      body: '{"record":[]}',
    });
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Bearer error="invalid_token",realm="PowerSchool",error_description="The access token has expired"',
    ]);
    expect(await api.world.database.knex('journal')).toEqual([]);
  },
);

test('what has expired is forgotten with the next token', async () => {
  await ask('/oauth/access_token', inForm());
  await api.world.database
    .knex('api_tokens')
    .whereNotNull('expires_at')
    .update({ expires_at: '2020-01-01T00:00:00.000Z' });
  await ask('/oauth/access_token', inForm());
  const { n } = (await api.world.database.knex('api_tokens').whereNotNull('expires_at').count({ n: '*' }).first())!;
  expect(Number(n)).toBe(1);
});

test('without a token, and with that of a revoked client', async () => {
  const missing = await fetch(`${api.url}/ws/v1/district`);
  expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="PowerSchool"']);
  const { access_token } = (await ask('/oauth/access_token', inForm())).body;
  await api.clients.revoke(client.id);
  expect((await read(`Bearer ${access_token}`)).status).toBe(401);
  expect((await ask('/oauth/access_token', inForm())).status).toBe(401);
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import supertest from 'supertest';
import { openSignIn } from '../../src/clients/sign-in';
import { signerWith } from '../../src/clients/signer';
import { createCredentials } from '../../src/http/credentials/credentials';
import { createApp } from '../../src/service/app';
import type { OpenId } from '../../src/service/config';
import { type Api, openApi } from '../api';

/** The service as an operator may set it up: behind a proxy, on an address that others reach. */
let api: Api;
const servers: Server[] = [];
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function serve(options: {
  allowPlaintext?: boolean;
  publicUrl?: string;
  trustProxy?: string[];
  openid?: OpenId;
  stopping?: AbortSignal;
}): Promise<string> {
  const { allowPlaintext = false, publicUrl, trustProxy = false, openid, stopping } = options;
  const { database } = api.world;
  const { messages, attach } = createApp({
    database,
    clients: api.clients,
    credentials: createCredentials(database, api.clients, { publicUrl }),
    signer: signerWith(['a key that is used in tests alone']),
    secrets: api.secrets,
    webhooks: api.webhooks,
    openid,
    listener: { host: '127.0.0.1', publicUrl, allowPlaintext },
    log: pino({ level: 'silent' }),
    trustProxy,
    stopping,
    checkReplies: true,
  });
  const server = createServer({ ...messages }).listen(0, '127.0.0.1');
  attach(server);
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

let counter = 0;
async function plaintext(): Promise<string> {
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'x',
    scopes: ['roster:read'],
  });
  const parameters = {
    oauth_consumer_key: key,
    oauth_nonce: `${++counter}`,
    oauth_timestamp: `${Math.floor(Date.now() / 1_000)}`,
    oauth_signature_method: 'PLAINTEXT',
    oauth_signature: `${secret}%26`,
  };
  return `OAuth ${Object.entries(parameters)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}`;
}

const larkspur = () => api.world.districts.larkspur;

/** All that hands out a secret, or takes one in plain text: what each answers, with nothing said of a session. */
async function secrets(url: string, headers: Record<string, string>) {
  const { key, secret } = await api.clients.create({ district: larkspur(), name: 'x', scopes: ['attendance:read'] });
  const invitation = await openSignIn(api.world.database, api.clients).invite(larkspur(), api.world.people.noether, 60);
  const cookie = `rollbook_session=${(await api.clients.create({ district: larkspur(), name: 'x', scopes: ['attendance:read'] })).token}`;
  const post = (path: string) => supertest(url).post(path).set(headers);
  return {
    plaintext: await supertest(url)
      .get('/v1/users')
      .set('Authorization', await plaintext())
      .set(headers),
    token: await post('/oauth/access_token').auth(key, secret).type('form').send('grant_type=client_credentials'),
    session: await post('/sign-in').send({ key, secret }),
    invited: await post('/sign-in').send({ invitation }),
    cookie: await supertest(url).get('/session').set('Cookie', cookie).set(headers),
  };
}
const statuses = async (url: string, headers: Record<string, string> = {}) =>
  Object.values(await secrets(url, headers)).map(({ status }) => status);
const cookieOf = ({ headers }: { headers: Record<string, unknown> }) => (headers['set-cookie'] as string[])[0]!;
const [given, refused] = [
  [200, 200, 201, 201, 200],
  [401, 401, 401, 401, 401],
];

const proxies: [string, Record<string, string>][] = [
  ['X-Forwarded-For', { 'X-Forwarded-For': '192.0.2.1' }],
  ['X-Forwarded-For, though it names this machine', { 'X-Forwarded-For': '127.0.0.1' }],
  ['X-Forwarded-Host', { 'X-Forwarded-Host': 'attendance.example.org' }],
  ['X-Forwarded-Proto', { 'X-Forwarded-Proto': 'https' }],
  ['X-Real-IP', { 'X-Real-IP': '192.0.2.1' }],
  ['Forwarded', { Forwarded: 'for=192.0.2.1;proto=https' }],
  ['Via', { Via: '1.1 proxy' }],
];

test('what stays within the machine may be in plain text', async () => {
  expect(await statuses(await serve({}))).toEqual(given);
});

test.each(proxies)('over plain http no secret is taken nor given where a proxy says %s', async (_what, headers) => {
  const url = await serve({});
  const answers = await secrets(url, headers);
  expect(Object.values(answers).map(({ status }) => status)).toEqual(refused);
  expect(answers.plaintext.body.code).toBe('CREDENTIALS_INSECURE');
  expect(answers.token.body).toEqual({
    error: 'invalid_client',
    error_description: 'A secret in plain text is not accepted over plain http.',
  });
  for (const { headers } of Object.values(answers)) expect(headers).not.toHaveProperty('set-cookie');
});

test.each(proxies)('where the operator allows it, it is taken and given all the same: %s', async (_what, headers) => {
  expect(await statuses(await serve({ allowPlaintext: true }), headers)).toEqual(given);
});

test('where a trusted proxy says that TLS ended there, secrets are taken and given; where it says http, they are not', async () => {
  const url = await serve({ trustProxy: ['loopback'] });
  const by = (scheme: string) => statuses(url, { 'X-Forwarded-For': '192.0.2.1', 'X-Forwarded-Proto': scheme });
  expect([await by('https'), await by('http')]).toEqual([given, refused]);
});

test('an invitation that came over plain http is not used up by that', async () => {
  const url = await serve({});
  const token = await openSignIn(api.world.database, api.clients).invite(larkspur(), api.world.people.noether, 60);
  const accept = (headers: Record<string, string>) =>
    supertest(url).post('/sign-in').set(headers).send({ invitation: token });
  expect([(await accept({ 'X-Forwarded-For': '192.0.2.1' })).status, (await accept({})).status]).toEqual([401, 201]);
});

describe('behind a proxy with TLS that the operator names', () => {
  const published = { publicUrl: 'https://attendance.example.org', trustProxy: ['loopback'] };

  test.each<[string, Record<string, string>]>([
    ['says http', { 'X-Forwarded-Proto': 'http' }],
    ['says nothing', {}],
  ])(
    'what comes over http gets no token, no session and is not taken in plain text where the proxy %s',
    async (_what, headers) => {
      expect(await statuses(await serve(published), headers)).toEqual(refused);
    },
  );

  test('what comes over https gets all of them, in cookies that come back by TLS alone', async () => {
    const url = await serve(published);
    const answers = await secrets(url, { 'X-Forwarded-Proto': 'https' });
    expect(Object.values(answers).map(({ status }) => status)).toEqual(given);
    for (const answer of [answers.session, answers.invited]) expect(cookieOf(answer)).toMatch(/; Secure$/);
  });

  test('nobody who came over http is sent to sign in elsewhere', async () => {
    const openid = {
      issuer: new URL('https://id.example'),
      clientId: 'x',
      clientSecret: 'x',
      name: 'x',
      district: undefined,
      timeout: 1,
    };
    const { status, headers } = await supertest(await serve({ ...published, openid })).get('/sign-in/openid');
    expect([status, headers.location]).toEqual([303, '/#/refused/insecure']);
  });
});

test('cookies are Secure wherever PUBLIC_URL is https, whatever is said of how the request came', async () => {
  const url = await serve({ publicUrl: 'https://attendance.example.org' });
  const { session, invited } = await secrets(url, {});
  for (const answer of [session, invited]) expect(cookieOf(answer)).toMatch(/; Secure$/);
  const out = await supertest(url).delete('/session').set('Cookie', cookieOf(session).split(';')[0]!);
  expect(cookieOf(out)).toMatch(/; Secure$/);
  const plain = await serve({ publicUrl: 'http://attendance.example.org' });
  expect(cookieOf((await secrets(plain, {})).session)).not.toMatch(/Secure/);
});

test('RFC 6797, 7.2: that TLS is to be used is said over TLS alone', async () => {
  const url = await serve({ trustProxy: ['loopback'] });
  const said = async (scheme: string, path: string) =>
    (await supertest(url).get(path).set('X-Forwarded-Proto', scheme)).headers['strict-transport-security'];
  for (const path of ['/healthz', '/v1/users', '/nowhere'])
    expect([await said('https', path), await said('http', path)]).toEqual(['max-age=31536000', undefined]);
});

test('links start with PUBLIC_URL where it is given, whatever Host says', async () => {
  const url = await serve({ publicUrl: 'https://attendance.example.org/rollbook' });
  const { body } = await supertest(url)
    .get('/v1/users?limit=1')
    .set('Authorization', `Bearer ${api.token}`)
    .set('Host', 'api.schoology.com');
  expect(body.links.next).toBe('https://attendance.example.org/rollbook/v1/users?limit=1&start=1');
});

test('healthz and readyz answer without credentials', async () => {
  const url = await serve({});
  expect((await supertest(url).get('/healthz')).body).toEqual({ status: 'ok' });
  expect((await supertest(url).get('/readyz')).body).toEqual({ status: 'ready' });
});

test('while it stops nothing more is begun: 503 in the format asked for, and readyz says so', async () => {
  const url = await serve({ stopping: AbortSignal.abort() });
  const { status, headers, text } = await supertest(url).get('/v1/users').set('Accept', 'text/xml');
  expect([status, headers['retry-after'], headers.connection]).toEqual([503, '5', 'close']);
  expect(text).toContain('<code>UNAVAILABLE</code>');
  expect((await supertest(url).get('/readyz')).status).toBe(503);
  expect((await supertest(url).get('/healthz')).status).toBe(200);
});

test.each(['/nowhere', '/v2/x', '/%E0%'])('%s is no place of ours, and says so in JSON', async (path) => {
  const url = await serve({});
  const { status, headers, body } = await supertest(url).get(path);
  expect([400, 404]).toContain(status);
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'x-content-type-options': 'nosniff',
  });
  expect(headers).not.toHaveProperty('x-powered-by');
  expect(body.code).toMatch(/NOT_FOUND|PATH_MALFORMED/);
});

test.each([
  ['https', undefined, true],
  ['HTTPS', undefined, true],
  ['http', undefined, false],
  ['https, http', undefined, false],
  ['https,http', '192.0.2.1', false],
  ['http, https', '192.0.2.1', true],
  ['https, http, https', '192.0.2.1, 127.0.0.2', false],
  ['https, http', '198.51.100.1, 192.0.2.1, 127.0.0.2', true],
  ['https, ', undefined, false],
])(
  'of X-Forwarded-Proto %j, with X-Forwarded-For %j, what the trusted proxies appended counts',
  async (proto, by, isSecure) => {
    const url = await serve({ trustProxy: ['loopback'] });
    const headers = { 'X-Forwarded-Proto': proto, ...(by && { 'X-Forwarded-For': by }) };
    const { plaintext, token } = await secrets(url, headers);
    expect([plaintext.status, token.status]).toEqual(isSecure ? [200, 200] : [401, 401]);
  },
);

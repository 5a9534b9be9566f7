import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino from 'pino';
import supertest from 'supertest';
import { createApp } from '../../src/app';
import { signerWith } from '../../src/clients/signer';
import { createCredentials } from '../../src/http/credentials/credentials';
import { type Api, openApi } from '../api';

/** The service as an operator may set it up: behind a proxy, on an address that others reach. */
let api: Api;
let server: Server;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());
afterEach(() => {
  server.close();
  server.closeAllConnections();
});

async function serve(options: {
  allowPlaintext?: boolean;
  publicUrl?: string;
  trustProxy?: string[];
  host?: string;
  isDraining?: () => boolean;
}): Promise<string> {
  const { allowPlaintext = false, publicUrl, trustProxy = [], host = '127.0.0.1', isDraining = () => false } = options;
  const { database } = api.world;
  const credentials = createCredentials(database, api.clients, { allowPlaintext, publicUrl });
  const log = pino({ level: 'silent' });
  const app = createApp({
    database,
    clients: api.clients,
    credentials,
    signer: signerWith(['a key that is used in tests alone']),
    listener: { host, publicUrl },
    log,
    trustProxy,
    isDraining,
    checkReplies: true,
  });
  server = createServer(app).listen(0, host);
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

test('PLAINTEXT over plain http is refused where others could listen, and said why', async () => {
  const url = await serve({});
  const { status, body } = await supertest(url)
    .get('/v1/users')
    .set('Authorization', await plaintext());
  expect([status, body.code]).toEqual([401, 'CREDENTIALS_INSECURE']);
});

test('PLAINTEXT is taken where a trusted proxy says that TLS ended there', async () => {
  const url = await serve({ trustProxy: ['loopback'] });
  const get = async (scheme: string) =>
    (
      await supertest(url)
        .get('/v1/users')
        .set('Authorization', await plaintext())
        .set('X-Forwarded-Proto', scheme)
    ).status;
  expect([await get('https'), await get('http')]).toEqual([200, 401]);
});

test('RFC 6797, 7.2: that TLS is to be used is said over TLS alone', async () => {
  const url = await serve({ trustProxy: ['loopback'] });
  const said = async (scheme: string, path: string) =>
    (await supertest(url).get(path).set('X-Forwarded-Proto', scheme)).headers['strict-transport-security'];
  for (const path of ['/healthz', '/v1/users', '/nowhere'])
    expect([await said('https', path), await said('http', path)]).toEqual(['max-age=31536000', undefined]);
});

test('nobody else can say so', async () => {
  const url = await serve({});
  const request = supertest(url)
    .get('/v1/users')
    .set('Authorization', await plaintext());
  expect((await request.set('X-Forwarded-Proto', 'https')).status).toBe(401);
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
  const url = await serve({ isDraining: () => true });
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

import { createHash, createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import OAuth from 'oauth-1.0a';
import supertest from 'supertest';
import type { NewClient } from '../../../src/clients/clients';
import { type Api, openApi } from '../../api';

/** What a client sends beside its signature in a header: its parameters in the query, and the hash of its body. */
let api: Api;
let client: NewClient;
let path: string;
beforeAll(async () => {
  api = await openApi();
  client = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'oauth',
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
  path = `/v1/sections/${api.world.sections.algebra}/attendance`;
});
afterAll(() => api.close());

const hashes = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256', PLAINTEXT: 'sha1' };
type Method = keyof typeof hashes;

/** The library that LMS integrations use. */
const signer = (method: Method) =>
  new OAuth({
    consumer: { key: client.key, secret: client.secret },
    signature_method: method,
    hash_function: (base, key) =>
      method === 'PLAINTEXT' ? key : createHmac(hashes[method], key).update(base).digest('base64'),
    // It takes no body for an empty object.
    body_hash_function: (body) =>
      createHash(hashes[method])
        .update(body === '{}' ? '' : body)
        .digest('base64'),
  });

/** The target with the parameters in its query. */
function inQuery(method: Method, target: string, changes: Record<string, string> = {}): string {
  const all = Object.entries(signer(method).authorize({ url: api.url + target, method: 'GET' }));
  const parameters = Object.fromEntries(all.filter(([name]) => name.startsWith('oauth_')));
  return `${target}${target.includes('?') ? '&' : '?'}${new URLSearchParams({ ...parameters, ...changes } as never)}`;
}
const get = (target: string) => supertest(api.url).get(target);
const code = async (request: supertest.Test) => {
  const { status, body } = await request;
  return [status, body.code];
};

describe.each(['HMAC-SHA1', 'HMAC-SHA256'] as const)('RFC 5849, 3.5.3: %s in the query', (method) => {
  test('lets in, once', async () => {
    const target = inQuery(method, path);
    expect(await code(get(target))).toEqual([200, undefined]);
    expect(await code(get(target))).toEqual([401, 'NONCE_REPLAYED']);
  });

  test('covers what else is in the query, which the API reads without it', async () => {
    const target = inQuery(method, `/v1/users?limit=1`);
    const { status, body } = await get(target);
    expect([status, body.user.length]).toEqual([200, 1]);
    expect(body.links.next).toBe(`${api.url}/v1/users?limit=1&start=1`);
    expect(await code(get(inQuery(method, '/v1/users?limit=1').replace('limit=1', 'limit=2')))).toEqual([
      401,
      'CREDENTIALS_INVALID',
    ]);
  });

  test.each([
    ['another signature', { oauth_signature: 'x' }, 'CREDENTIALS_INVALID'],
    ['another key', { oauth_consumer_key: 'nobody' }, 'CREDENTIALS_INVALID'],
    ['no nonce', { oauth_nonce: '' }, 'CREDENTIALS_INVALID'],
    ['a token', { oauth_token: 'x' }, 'CREDENTIALS_INVALID'],
    ['another version', { oauth_version: '2.0' }, 'CREDENTIALS_INVALID'],
    ['another method', { oauth_signature_method: 'PLAINTEXT' }, 'CREDENTIALS_INVALID'],
  ])('with %s lets nobody in', async (_what, changes, why) => {
    expect(await code(get(inQuery(method, path, changes)))).toEqual([401, why]);
  });

  test('is one way too many beside another one, and each parameter may be there once', async () => {
    const { Authorization } = signer(method).toHeader(
      signer(method).authorize({ url: api.url + path, method: 'GET' }),
    ) as { Authorization: string };
    for (const other of [Authorization, `Bearer ${api.token}`])
      expect(await code(get(inQuery(method, path)).set('Authorization', other))).toEqual([401, 'CREDENTIALS_INVALID']);
    expect(await code(get(`${inQuery(method, path)}&oauth_nonce=again`))).toEqual([401, 'CREDENTIALS_INVALID']);
  });

  test("opens rollbook's own API too", async () => {
    expect(await code(get(inQuery(method, '/marks?from=2025-10-01')))).toEqual([200, undefined]);
  });
});

test('PLAINTEXT is not taken from the query, where the secret would be logged, and the answer says so', async () => {
  const { status, body } = await get(inQuery('PLAINTEXT', path));
  expect([status, body.code]).toEqual([401, 'CREDENTIALS_INVALID']);
  expect(body.detail).toBe(
    'PLAINTEXT is not taken from the query, where the secret would be logged: sign by HMAC, or send the header.',
  );
});

describe.each(Object.keys(hashes) as Method[])('oauth_body_hash with %s', (method) => {
  const attendances = (date: string) => ({
    attendances: { attendance: [{ enrollment_id: api.world.enrollments.ada, date, status: 2 }] },
  });
  /** Signed for one body, and sent with another one. */
  const send = (verb: 'PUT' | 'GET', signedFor: string, target = path) => {
    const request = { url: api.url + target, method: verb, data: signedFor, includeBodyHash: true };
    const { Authorization } = signer(method).toHeader(signer(method).authorize(request)) as { Authorization: string };
    expect(Authorization).toContain('oauth_body_hash=');
    const sent = verb === 'PUT' ? supertest(api.url).put(target) : supertest(api.url).get(target);
    return sent.set('Authorization', Authorization).set('Content-Type', 'application/json');
  };
  const history = () => api.world.ledger.history({ district: api.world.districts.larkspur });

  test('is right for the body that was signed, compressed or not', async () => {
    const body = JSON.stringify(attendances('2025-10-07'));
    expect(await code(send('PUT', body).send(body))).toEqual([200, undefined]);
    const large = JSON.stringify({ ...attendances('2025-10-08'), padding: 'x'.repeat(200_000) });
    expect(await code(send('PUT', large).send(large))).toEqual([200, undefined]);
  });

  test('is of the bytes on the wire', async () => {
    const zipped = gzipSync(JSON.stringify(attendances('2025-10-09')));
    const request = { url: api.url + path, method: 'PUT', data: 'x', includeBodyHash: true };
    const oauth = new OAuth({
      consumer: { key: client.key, secret: client.secret },
      signature_method: method,
      hash_function: (base, key) =>
        method === 'PLAINTEXT' ? key : createHmac(hashes[method], key).update(base).digest('base64'),
      body_hash_function: () => createHash(hashes[method]).update(zipped).digest('base64'),
    });
    const response = await fetch(api.url + path, {
      method: 'PUT',
      headers: {
        ...(oauth.toHeader(oauth.authorize(request)) as unknown as Record<string, string>),
        'Content-Type': 'application/json',
        'Content-Encoding': 'gzip',
      },
      body: zipped,
    });
    expect(response.status).toBe(200);
  });

  test('of another body is refused, and nothing is changed', async () => {
    const before = await history();
    const signedFor = JSON.stringify(attendances('2025-10-07'));
    for (const other of [attendances('2025-10-13'), { ...attendances('2025-10-14'), padding: 'x'.repeat(200_000) }]) {
      const refused = await send('PUT', signedFor).send(JSON.stringify(other));
      expect([refused.status, refused.body.code]).toEqual([401, 'CREDENTIALS_INVALID']);
      expect(refused.headers['www-authenticate']).toMatch(/OAuth /);
    }
    expect(await code(send('PUT', signedFor))).toEqual([401, 'CREDENTIALS_INVALID']);
    expect(await history()).toEqual(before);
  });

  test('is that of nothing where there is no body', async () => {
    expect(await code(send('GET', ''))).toEqual([200, undefined]);
    expect(await code(send('GET', 'x'))).toEqual([401, 'CREDENTIALS_INVALID']);
  });
});

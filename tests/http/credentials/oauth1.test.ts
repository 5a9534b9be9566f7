import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import supertest from 'supertest';
import type { NewClient } from '../../../src/clients/clients';
import { isSigned, normalized, parseOAuthHeader, uriOf } from '../../../src/http/credentials/oauth1';
import { Problem } from '../../../src/lib/problem';
import { type Api, openApi } from '../../api';

let api: Api;
let client: NewClient;
let path: string;
beforeAll(async () => {
  api = await openApi({ publicUrl: 'https://public.example/rollbook' });
  client = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'oauth',
    scopes: ['attendance:read'],
  });
  path = `/v1/sections/${api.world.sections.algebra}/attendance`;
});
afterAll(() => api.close());

const now = () => String(Math.floor(Date.now() / 1_000));
let counter = 0;
const nonce = () => `n${++counter}`;

/** The parameters of a request, from the text of RFC 5849, section 3.1. */
const plaintext = (changes: Record<string, string | undefined> = {}) => ({
  realm: 'Schoology API',
  oauth_consumer_key: client.key,
  oauth_token: '',
  oauth_nonce: nonce(),
  oauth_timestamp: now(),
  oauth_signature_method: 'PLAINTEXT',
  oauth_version: '1.0',
  oauth_signature: `${client.secret}%26`,
  ...changes,
});
const header = (parameters: Record<string, string | undefined>, comma = ',') =>
  `OAuth ${Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}="${value}"`)
    .join(comma)}`;
const get = (authorization: string, at = path) => supertest(api.url).get(at).set('Authorization', authorization);

/** 3.6, byte by byte. */
const pct = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) =>
      /[\w.~-]/.test(String.fromCharCode(byte)) && byte < 128
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

/** An HMAC signer written from 3.4.1 alone. */
function signed(
  method: 'HMAC-SHA1' | 'HMAC-SHA256',
  uri: string,
  query: [string, string][],
  changes: Record<string, string> = {},
) {
  const oauth: Record<string, string> = {
    oauth_consumer_key: client.key,
    oauth_nonce: nonce(),
    oauth_timestamp: now(),
    oauth_signature_method: method,
    oauth_version: '1.0',
    ...changes,
  };
  const pairs = [...Object.entries(oauth), ...query].map(([name, value]) => [pct(name), pct(value)] as const);
  pairs.sort(
    ([a, x], [b, y]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)) || Buffer.compare(Buffer.from(x), Buffer.from(y)),
  );
  const base = ['GET', pct(uri), pct(pairs.map(([name, value]) => `${name}=${value}`).join('&'))].join('&');
  const hash = method === 'HMAC-SHA1' ? 'sha1' : 'sha256';
  const oauth_signature = createHmac(hash, `${pct(client.secret)}&`)
    .update(base)
    .digest('base64');
  return header(
    Object.fromEntries(Object.entries({ ...oauth, oauth_signature }).map(([name, value]) => [name, pct(value)])),
  );
}

test('RFC 5849, 3.4.1.1: the example of a normalized request', () => {
  const oauth = parseOAuthHeader(
    'OAuth realm="Example",oauth_consumer_key="9djdj82h48djs9d2",oauth_signature_method="HMAC-SHA1",' +
      'oauth_timestamp="137131201",oauth_nonce="7d8f3e4a",oauth_signature="djosJKDKJSD8743243%2Fjdk33klY%3D"',
  );
  expect(normalized(oauth, '/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2%20q')).toBe(
    'a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a&' +
      'oauth_signature_method=HMAC-SHA1&oauth_timestamp=137131201',
  );
});

test('RFC 5849, 1.2: the example signature of a request without a token', () => {
  const oauth = parseOAuthHeader(
    'OAuth realm="Photos",oauth_consumer_key="dpf43f3p2l4k3l03",oauth_signature_method="HMAC-SHA1",' +
      'oauth_timestamp="137131200",oauth_nonce="wIjqoS",oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready",' +
      'oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"',
  );
  const request = { method: 'POST', origins: ['https://photos.example.net'], target: '/initiate' };
  expect(isSigned(oauth, ['kd94hf93k423kf44'], request)).toBe(true);
  expect(isSigned(oauth, ['kd94hf93k423kf44'], { ...request, target: '/token' })).toBe(false);
});

test.each([
  ['http://EXAMPLE.COM:80', '/r%20v/X?id=123', 'http://example.com/r%20v/X'],
  ['https://www.example.net:8080', '/?q=1', 'https://www.example.net:8080/'],
  ['https://example.com:443', '/', 'https://example.com/'],
  ['http://example.com:443', '/', 'http://example.com:443/'],
])('RFC 5849, 3.4.1.2: %s%s is %s', (origin, target, uri) => {
  expect(uriOf(origin, target)).toBe(uri);
});

test.each<[string, Record<string, string | undefined>, string]>([
  ['as the documentation has it', {}, ','],
  ['commas with a space', {}, ', '],
  ['no realm', { realm: undefined }, ','],
  ['an empty realm', { realm: '' }, ','],
  ['an encoded realm', { realm: 'Schoology%20API' }, ','],
  ['a realm with a comma and an escape that is none', { realm: 'a, b=100%' }, ','],
  ['no token', { oauth_token: undefined }, ','],
  ['no version', { oauth_version: undefined }, ','],
  ['a timestamp with a fraction', { oauth_timestamp: `${now()}.123` }, ','],
  ['a nonce with + / =', { oauth_nonce: 'a+b/c==' }, ','],
  ['a negative nonce', { oauth_nonce: '-1234567890' }, ','],
])('PLAINTEXT with %s is let in', async (_what, changes, comma) => {
  expect((await get(header(plaintext(changes), comma))).status).toBe(200);
});

test('PLAINTEXT with the secret raw, parameters in another order, and the scheme in lower case is let in', async () => {
  const parameters = plaintext({ oauth_signature: `${client.secret}&` });
  const reversed = Object.fromEntries(Object.entries(parameters).reverse());
  expect((await get(header(reversed).replace('OAuth', 'oauth'))).status).toBe(200);
});

test.each<[string, Record<string, string | undefined>, string]>([
  ['a wrong secret', { oauth_signature: 'wrong%26' }, 'CREDENTIALS_INVALID'],
  ['the secret without its &', { oauth_signature: 'SECRET' }, 'CREDENTIALS_INVALID'],
  ['an unknown key', { oauth_consumer_key: 'nobody' }, 'CREDENTIALS_INVALID'],
  ['an unknown method', { oauth_signature_method: 'RSA-SHA1' }, 'CREDENTIALS_INVALID'],
  ['another version', { oauth_version: '2.0' }, 'CREDENTIALS_INVALID'],
  ['a token', { oauth_token: 'x' }, 'CREDENTIALS_INVALID'],
  ['no key', { oauth_consumer_key: undefined }, 'CREDENTIALS_INVALID'],
  ['no nonce', { oauth_nonce: undefined }, 'CREDENTIALS_INVALID'],
  ['no timestamp', { oauth_timestamp: undefined }, 'CREDENTIALS_INVALID'],
  ['an empty signature', { oauth_signature: '' }, 'CREDENTIALS_INVALID'],
  ['a broken escape', { oauth_nonce: '%E0%' }, 'CREDENTIALS_INVALID'],
  ['a key with a NUL character', { oauth_consumer_key: 'a%00' }, 'CREDENTIALS_INVALID'],
  ['a timestamp that is none', { oauth_timestamp: 'now' }, 'TIMESTAMP_STALE'],
  [
    'a timestamp of ten minutes ago',
    { oauth_timestamp: String(Math.floor(Date.now() / 1_000) - 600) },
    'TIMESTAMP_STALE',
  ],
  [
    'a timestamp of in ten minutes',
    { oauth_timestamp: String(Math.floor(Date.now() / 1_000) + 600) },
    'TIMESTAMP_STALE',
  ],
  ['a header without end', { oauth_nonce: 'x'.repeat(5_000) }, 'CREDENTIALS_INVALID'],
])('%s is refused', async (_what, changes, code) => {
  const { status, headers, body } = await get(header(plaintext(changes)));
  expect([status, body.code]).toEqual([401, code]);
  expect(headers['www-authenticate']).toBe('OAuth realm="rollbook", Bearer realm="rollbook", Session realm="rollbook"');
});

test.each([
  'OAuth',
  'OAuth ',
  'OAuth x',
  'OAuth a="b" c="d"',
  'OAuth ,',
  'Basic dTpw',
  'Bearer',
  'Bearer  ',
  'Bearer wrong',
  'x',
])('Authorization: %s is refused', async (authorization) => {
  expect((await get(authorization)).status).toBe(401);
});

test('no Authorization at all is refused, with the ways there are', async () => {
  const { status, body, headers } = await supertest(api.url).get(path);
  expect([status, body.code]).toEqual([401, 'CREDENTIALS_MISSING']);
  expect(headers['www-authenticate']).toContain('OAuth realm=');
});

test('a parameter that comes twice is refused', async () => {
  expect((await get(`${header(plaintext())},oauth_nonce="again"`)).body.detail).toContain('oauth_nonce twice');
});

test('the same timestamp and nonce twice is a replay, another client may use them', async () => {
  const parameters = plaintext();
  expect((await get(header(parameters))).status).toBe(200);
  const { status, body } = await get(header(parameters));
  expect([status, body.detail]).toEqual([
    401,
    'Duplicate timestamp/nonce combination, possible replay attack. Request rejected.',
  ]);
  const other = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'other',
    scopes: ['attendance:read'],
  });
  const theirs = { ...parameters, oauth_consumer_key: other.key, oauth_signature: `${other.secret}%26` };
  expect((await get(header(theirs))).status).toBe(200);
});

test('timestamps out of order are fine inside the window', async () => {
  for (const ago of [0, 200, 100]) {
    const oauth_timestamp = String(Math.floor(Date.now() / 1_000) - ago);
    expect((await get(header(plaintext({ oauth_timestamp })))).status).toBe(200);
  }
});

test('a refused request does not use up its nonce', async () => {
  const parameters = plaintext();
  expect((await get(header({ ...parameters, oauth_signature: 'wrong%26' }))).status).toBe(401);
  expect((await get(header(parameters))).status).toBe(200);
});

test('a revoked client is refused, by signature and by token', async () => {
  const gone = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'gone',
    scopes: ['attendance:read'],
  });
  const bearer = () => get(`Bearer ${gone.token}`);
  expect((await bearer()).status).toBe(200);
  await api.clients.revoke(gone.id);
  expect((await bearer()).body.code).toBe('CREDENTIALS_INVALID');
  const parameters = plaintext({ oauth_consumer_key: gone.key, oauth_signature: `${gone.secret}%26` });
  expect((await get(header(parameters))).body.code).toBe('CREDENTIALS_INVALID');
});

test.each(['Bearer', 'bearer', 'Bearer:'])('%s TOKEN is let in', async (scheme) => {
  expect((await get(`${scheme} ${api.token}`)).status).toBe(200);
});

const HOSTS: [string, string | undefined, (target: string) => string][] = [
  ['the address connected to', undefined, (target) => api.url + target],
  ['the service it was made for, over http', 'api.schoology.com', (target) => `http://api.schoology.com${target}`],
  ['the service it was made for, over https', 'api.schoology.com', (target) => `https://api.schoology.com${target}`],
  ['the public address', undefined, (target) => `https://public.example/rollbook${target}`],
  ['the origin of the public address', undefined, (target) => `https://public.example${target}`],
];
describe.each(['HMAC-SHA1', 'HMAC-SHA256'] as const)('%s', (method) => {
  test.each(HOSTS)('over %s is let in', async (_what, host, uri) => {
    const request = get(signed(method, uri(path), []));
    expect((await (host ? request.set('Host', host) : request)).status).toBe(200);
  });

  test('is refused over an address that is neither', async () => {
    expect((await get(signed(method, `http://elsewhere.example${path}`, []))).body.code).toBe('CREDENTIALS_INVALID');
  });

  test('covers the query', async () => {
    const header = signed(method, api.url + path, [['start', '2025-10-01']]);
    for (const altered of ['?start=2025-10-02', '??start=2025-10-01', '?start=2025-10-01&start=2025-10-01', ''])
      expect((await get(header, path + altered)).status).toBe(401);
    expect((await get(header, `${path}?start=2025-10-01`)).status).toBe(200);
  });

  test('agrees with a signer written from the RFC for any query', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { maxLength: 5 }), async (query) => {
        const search = query.map(([name, value]) => `x${pct(name)}=${pct(value)}`).join('&');
        const signature = signed(
          method,
          api.url + path,
          query.map(([name, value]) => [`x${name}`, value]),
        );
        expect((await get(signature, `${path}?${search}`)).status).toBe(200);
      }),
      { numRuns: 50 },
    );
  });
});

test('a mutated header is refused with a 401, never let in and never a fault', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(300), fc.string({ maxLength: 3 }), async (at, junk) => {
      const whole = header(plaintext({ oauth_signature: `${'0'.repeat(40)}%26` }));
      const mutated = (whole.slice(0, at) + junk + whole.slice(at + 1)).replace(/[^\t\x20-\x7e]/g, '');
      expect((await get(mutated)).status).toBe(401);
    }),
    { numRuns: 100 },
  );
});

test('a header is parsed in time that grows with its length alone', () => {
  for (const hostile of ['a="'.repeat(1_300), `${' '.repeat(4_000)}x`, `a=${'"'.repeat(4_000)}`])
    expect(() => parseOAuthHeader(`OAuth ${hostile}`)).toThrow(Problem);
});

import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { siteOf } from '../../src/http/admission/rates';
import { type Api, openApi } from '../api';
import { apis } from './apis';

/** What clients and addresses may ask for in a window of time, here one so long that no test sees its end. */
let api: Api;
afterEach(() => api.close());
const window = 3_600;

describe.each(apis)('$name', ({ ask, no }) => {
  test('says what is left, and 429 in its own words when nothing is', async () => {
    api = await openApi({ limits: { rate: { points: 2, failures: 100, window } } });
    const first = await ask(api);
    expect(first.status).toBe(200);
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"client";q=2;w=3600',
      ratelimit: expect.stringMatching(/^"client";r=1;t=3(600|599)$/),
    });
    expect((await ask(api)).status).toBe(200);
    const third = await ask(api);
    expect([third.status, third.body]).toMatchObject([429, no(429, 'RATE_LIMITED')]);
    expect(third.headers).toMatchObject({ 'retry-after': expect.stringMatching(/^3(600|599)$/) });
    expect(third.headers.ratelimit).toMatch(/^"client";r=0;/);
  });

  test('wrong credentials are limited by address; good ones from the same address go on', async () => {
    api = await openApi({ limits: { rate: { points: 100, failures: 2, window } } });
    expect((await ask(api, 'wrong')).status).toBe(401);
    expect((await ask(api, 'wrong')).status).toBe(401);
    const third = await ask(api, 'wrong-again');
    expect([third.status, third.body]).toMatchObject([429, no(429, 'RATE_LIMITED')]);
    expect(third.headers).toMatchObject({ 'retry-after': expect.any(String), connection: 'close' });
    expect((await ask(api)).status).toBe(200);
  });
});

test('what one client spends is not taken from another', async () => {
  api = await openApi({ limits: { rate: { points: 1, failures: 100, window } } });
  const [{ ask }] = apis as [(typeof apis)[0]];
  const other = await api.as({});
  expect([(await ask(api)).status, (await ask(api)).status, (await ask(other)).status]).toEqual([200, 429, 200]);
});

test('a body costs a point for each 4 KiB, and one that is refused so changes nothing', async () => {
  api = await openApi({ limits: { rate: { points: 5, failures: 100, window } } });
  const { ada } = api.world.enrollments;
  const mark = (size: number) =>
    api.put(`/v1/sections/${api.world.sections.algebra}/attendance`).send({
      attendances: { attendance: [{ enrollment_id: ada, date: '2025-09-08', status: 2 }] },
      padding: 'x'.repeat(size),
    });
  expect((await mark(0)).headers.ratelimit).toMatch(/r=4;/);
  const before = await api.world.ledger.history({ district: api.world.districts.larkspur });
  expect((await mark(17 * 1024)).status).toBe(429);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual(before);
});

const roll = (size = 0) =>
  Buffer.from(
    JSON.stringify({
      attendances: { attendance: [{ enrollment_id: api.world.enrollments.ada, date: '2025-09-08', status: 2 }] },
      padding: 'x'.repeat(size),
    }),
  );

/** Sends it with a length, or in chunks. */
const sent = async (encoding: string, body: Buffer, chunked = false) => {
  const response = await fetch(`${api.url}/v1/sections/${api.world.sections.algebra}/attendance`, {
    method: 'PUT',
    headers: {
      authorization: `Bearer ${api.token}`,
      'content-type': 'application/json',
      'content-encoding': encoding,
    },
    body: chunked ? new Blob([new Uint8Array(body)]).stream() : new Uint8Array(body),
    ...(chunked && { duplex: 'half' }),
  } as RequestInit);
  return { status: response.status, left: Number(/r=(\d+)/.exec(response.headers.get('ratelimit')!)![1]) };
};

test.each([
  ['identity', (body: Buffer) => body],
  ['IDENTITY', (body: Buffer) => body],
  ['gzip', (body: Buffer) => gzipSync(body)],
  ['deflate', (body: Buffer) => deflateSync(body)],
  ['br', (body: Buffer) => brotliCompressSync(body)],
])('a body in %s costs what it holds, sent with a length or in chunks', async (encoding, encode) => {
  api = await openApi({ limits: { rate: { points: 1_000, failures: 100, window } } });
  expect(await sent(encoding, encode(roll()))).toEqual({ status: 200, left: 999 });
  expect(await sent(encoding, encode(roll()), true)).toEqual({ status: 200, left: 998 });
  expect(await sent(encoding, encode(roll(40 * 1_024)))).toEqual({ status: 200, left: 987 });
  expect(await sent(encoding, encode(roll(40 * 1_024)), true)).toEqual({ status: 200, left: 976 });
});

test('a body that is too large once decoded, or does not decode, is refused and costs what 1 MiB does', async () => {
  api = await openApi({ limits: { rate: { points: 1_000, failures: 100, window } } });
  expect(await sent('gzip', gzipSync(roll(11 * 1_024 * 1_024)))).toEqual({ status: 413, left: 743 });
  expect(await sent('gzip', Buffer.from('no gzip'))).toEqual({ status: 400, left: 486 });
});

test('one that is refused before any of it is decoded costs what has come of it', async () => {
  api = await openApi({ limits: { rate: { points: 10_000, failures: 100, window } } });
  // By its encoding, after which nothing is read.
  expect(await sent('zstd', Buffer.from('x'), true)).toEqual({ status: 415, left: 9_999 });
  // By its size: more than ten MiB are no more than one.
  expect(await sent('identity', roll(11 * 1_024 * 1_024), true)).toEqual({ status: 413, left: 9_742 });
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

test('an encoded body that costs too much once decoded changes nothing', async () => {
  api = await openApi({ limits: { rate: { points: 5, failures: 100, window } } });
  expect((await sent('gzip', gzipSync(roll(17 * 1_024)))).status).toBe(200);
  const before = await api.world.ledger.history({ district: api.world.districts.larkspur });
  await api.close();
  api = await openApi({ limits: { rate: { points: 5, failures: 100, window } } });
  await sent('gzip', gzipSync(roll(8 * 1_024)));
  const known = await api.world.ledger.history({ district: api.world.districts.larkspur });
  expect((await sent('gzip', gzipSync(roll(17 * 1_024)))).status).toBe(429);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual(known);
  expect(before).toHaveLength(known.length);
});

test('secrets that are tried at the token endpoint are limited by address', async () => {
  api = await openApi({ limits: { rate: { points: 100, failures: 2, window } } });
  const tried = () =>
    api.post('/oauth/access_token').auth('key', 'guess').type('form').send('grant_type=client_credentials');
  expect([(await tried()).status, (await tried()).status, (await tried()).status]).toEqual([401, 401, 429]);
});

test('the address is the one that a trusted proxy names, and otherwise the proxy itself', async () => {
  api = await openApi({ trustProxy: 1, limits: { rate: { points: 100, failures: 1, window } } });
  const from = async (address: string) =>
    (await api.get('/v1/sections').set('Authorization', 'Bearer wrong').set('X-Forwarded-For', address)).status;
  expect([await from('192.0.2.1'), await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([401, 429, 401]);
  await api.close();
  api = await openApi({ limits: { rate: { points: 100, failures: 1, window } } });
  expect([await from('192.0.2.1'), await from('192.0.2.2')]).toEqual([401, 429]);
});

test.each([
  ['192.0.2.1', '192.0.2.1', true],
  ['192.0.2.1', '192.0.2.2', false],
  ['192.0.2.1', '::ffff:192.0.2.1', true],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff::9', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['2001:db8::', '2001:db8:0:1::', false],
  [undefined, 'nonsense', true],
])('%s and %s stand for the same site: %s', async (one, other, same) => {
  api = await openApi();
  expect(siteOf(one) === siteOf(other)).toBe(same);
});

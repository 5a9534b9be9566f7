import { connect } from 'node:net';
import { type Api, openApi } from '../api';
import { apis } from './apis';

/** What would have to be guessed: a request that says twice what can be said once. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

/** The answer to these bytes. */
const raw = (...lines: string[]) =>
  new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket
      .on('data', (data) => {
        text += data;
      })
      .on('end', () => resolve(text))
      .on('error', reject)
      .write(`${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n`);
  });

const host = () => `Host: ${new URL(api.url).host}`;
const places = [
  '/v1/users',
  '/ws/v1/metadata',
  '/oauth/access_token',
  '/osdi/api/v1/people',
  '/bookings/v2/attendance/x',
  '/marks',
  '/session',
  '/healthz',
  '/readyz',
  '/',
  '/nowhere',
];

test.each(places)('RFC 9112, 3.2: two Host headers are 400 at %s, also where they agree', async (path) => {
  for (const other of [host(), 'Host: elsewhere.example', 'HOST: '])
    expect(await raw(`GET ${path} HTTP/1.1`, host(), other)).toMatch(/^HTTP\/1\.1 400 /);
});

test.each([
  'a, b',
  'evil"host',
  'a b',
  'elsewhere.example/x',
  'a@b',
  'a?b',
  'a#b',
  'a:b',
  'a:1:2',
  '[::1',
  '[::1]x',
  'a\\b',
  '%zz',
  '<a>',
  'é',
])('RFC 9112, 3.2: a Host that is none is 400 wherever it comes: %s', async (value) => {
  for (const path of places) expect(await raw(`GET ${path} HTTP/1.1`, `Host: ${value}`)).toMatch(/^HTTP\/1\.1 400 /);
});

test.each(['', 'localhost', 'LMS.example:80', 'my_host', '10.0.0.1:8080', '[::1]:3000', 'a.example:', 'xn--nxasmq6b'])(
  'any other is one: %j',
  async (value) => expect(await raw('GET /healthz HTTP/1.1', `Host: ${value}`)).toMatch(/^HTTP\/1\.1 200 /),
);

test.each([
  ['Authorization', () => `Bearer ${api.token}`],
  ['Content-Type', () => 'application/json'],
  ['Origin', () => api.url],
])('two headers %s are 400', async (name, value) => {
  const two = [`${name}: ${value()}`, `${name}: ${value()}`];
  expect(await raw('GET /v1/users HTTP/1.1', host(), ...two)).toMatch(/^HTTP\/1\.1 400 /);
});

test('each API says so in its own words', async () => {
  for (const [path, words] of [
    ['/v1/users', '"code":"REQUEST_MALFORMED"'],
    ['/ws/v1/metadata', '"message":'],
    ['/osdi/api/v1/people', '"osdi:error"'],
    ['/bookings/v2/attendance/x', '"applicationError"'],
  ] as const)
    expect(await raw(`GET ${path} HTTP/1.1`, host(), host())).toContain(words);
  expect(apis).toHaveLength(4);
});

test('one of each is fine', async () => {
  const lines = [host(), `Authorization: Bearer ${api.token}`, 'Content-Type: application/json', `Origin: ${api.url}`];
  expect(await raw('GET /v1/users HTTP/1.1', ...lines)).toMatch(/^HTTP\/1\.1 200 /);
});

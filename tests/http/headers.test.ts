import supertest, { type Test } from 'supertest';
import type { NewClient } from '../../src/clients/clients';
import { type Api, openApi } from '../api';

/** Every header of every kind of answer, as it is on the wire. */
let api: Api;
let path: string;
/** May act as others, and read nothing. */
let client: NewClient;
beforeAll(async () => {
  api = await openApi();
  path = `/v1/sections/${api.world.sections.algebra}/attendance`;
  client = await api.clients.create({ district: api.world.districts.larkspur, name: 'x', scopes: ['admin'] });
});
afterAll(() => api.close());

/** Of all answers, whatever else they say. */
const fixed = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};
/** Of the connection and of the bytes. */
const changing = [
  'connection',
  'content-encoding',
  'content-length',
  'date',
  'etag',
  'keep-alive',
  'transfer-encoding',
];

const typed = (type: string) => ({ 'content-type': `${type}; charset=utf-8` });
const vary = 'Accept, Accept-Encoding';
const data = { 'cache-control': 'private, no-cache', vary };
const json = { ...data, ...typed('application/json') };
const problem = { ...data, ...typed('application/problem+json') };
const unstored = { 'cache-control': 'no-store' };
const hal = {
  'cache-control': 'max-age=0, private, must-revalidate',
  vary,
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'ETag, Location',
};
const preflight = {
  'access-control-allow-headers': 'OSDI-API-Token, Content-Type, If-Match, If-None-Match',
  'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
  'access-control-max-age': '7200',
};

const nothing = () => ({
  attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: '2025-10-07', status: 1 } },
});
const nobody = () => supertest(api.url);
const people = '/osdi/api/v1/people';
const byToken = (at: string) => nobody().get(at).set('OSDI-API-Token', api.token);
const token = (secret: string) =>
  nobody().post('/oauth/access_token').auth(client.key, secret).type('form').send('grant_type=client_credentials');

test.each<[what: string, send: () => Test, status: number, more: Record<string, unknown>]>([
  ['JSON', () => api.get(path), 200, json],
  ['XML', () => api.get(path).set('Accept', 'text/xml'), 200, { ...data, ...typed('text/xml') }],
  ['a HEAD', () => api.head(path), 200, json],
  ['what has not changed', () => api.get(path).set('If-None-Match', '*'), 304, data],
  [
    'HAL',
    () => byToken(people).set('Accept', 'application/hal+json'),
    200,
    { ...hal, ...typed('application/hal+json') },
  ],
  [
    'a page about a link relation, which may be framed',
    () => nobody().get('/osdi/api/v1/docs/person').set('Accept', 'text/html'),
    200,
    {
      ...hal,
      ...typed('text/html'),
      'content-security-policy': "default-src 'none'",
      'cross-origin-resource-policy': 'cross-origin',
      'x-frame-options': undefined,
    },
  ],
  ['a preflight', () => nobody().options(people), 204, { ...hal, ...preflight, allow: 'GET, HEAD, OPTIONS' }],
  [
    'an answer with a name',
    () => api.post('/bookings/v2/attendance/query').send({}),
    200,
    { ...json, 'x-wix-request-id': expect.any(String) },
  ],
  ['a token', () => token(client.secret), 200, { ...json, ...unstored }],
  ['no token', () => token('wrong'), 401, { ...json, 'www-authenticate': 'Basic realm="rollbook"' }],
  ['400', () => api.get(`${path}?start=x`), 400, problem],
  [
    '401',
    () => nobody().get(path),
    401,
    { ...problem, 'www-authenticate': 'OAuth realm="rollbook", Bearer realm="rollbook", Session realm="rollbook"' },
  ],
  [
    '401 in HAL',
    () => nobody().get(people),
    401,
    { ...hal, ...typed('application/hal+json'), 'www-authenticate': 'OSDI-API-Token realm="rollbook"' },
  ],
  ['403', () => nobody().get('/v1/users').set('Authorization', `Bearer ${client.token}`), 403, problem],
  ['404', () => api.get('/v1/sections/999999/attendance'), 404, problem],
  [
    '404 in XML',
    () => api.get('/v1/nowhere').set('Accept', 'text/xml'),
    404,
    { ...data, ...typed('application/problem+xml') },
  ],
  [
    '404 of no API',
    () => nobody().get('/nowhere'),
    404,
    { ...unstored, ...typed('application/problem+json'), vary: 'Accept-Encoding' },
  ],
  ['405', () => api.delete(path), 405, { ...problem, allow: 'GET, HEAD, PUT, OPTIONS' }],
  ['406', () => api.get(path).set('Accept', 'image/png'), 406, problem],
  ['412', () => api.put(path).set('If-Match', '"7.json"').send(nothing()), 412, problem],
  ['415', () => api.put(path).set('Content-Type', 'text/csv').send('a'), 415, problem],
  ['OPTIONS', () => nobody().options(path), 204, { ...data, allow: 'GET, HEAD, PUT, OPTIONS' }],
  ['health', () => nobody().get('/healthz'), 200, { ...unstored, ...typed('application/json') }],
  ['readiness', () => nobody().get('/readyz'), 200, { ...unstored, ...typed('application/json') }],
])('%s has the headers that it should, and no others', async (_what, send, status, more) => {
  const answer = await send();
  const said = Object.entries(answer.headers).filter(([name]) => !changing.includes(name));
  expect([answer.status, Object.fromEntries(said)]).toEqual([status, { ...fixed, ...more }]);
});

test('the page may load what is its own and nothing else, is framed nowhere, and is asked for anew each time', async () => {
  const { headers, status } = await nobody().get('/');
  expect([status, headers['content-type'], headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-cache',
  ]);
  expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/);
  expect(headers['content-security-policy']).not.toMatch(/unsafe|data:|https?:|\*/);
  expect(headers).toMatchObject({ 'x-frame-options': 'DENY', 'x-content-type-options': 'nosniff' });
});

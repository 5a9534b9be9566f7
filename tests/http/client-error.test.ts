import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { openMetrics } from '../../src/service/metrics/metrics';
import { type Api, openApi } from '../api';
import { samplesOf, sumOf } from '../service/exposition';

/** What comes on a connection and is no request, or none that comes to its end: it is answered and counted as any refusal is. */
let api: Api;
const sockets: Socket[] = [];
const metrics = openMetrics();
const connection = { headersTimeout: 200, requestTimeout: 400, connectionsCheckingInterval: 20 };
/** So few that a connection that is not closed would be missed. */
const maxConnections = 20;
beforeAll(async () => {
  api = await openApi({ metrics, connection, maxConnections, limits: { rate: undefined } });
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => api.close());

/** A connection on which something is said, by a client that itself never closes it. */
function dial(text: string): { socket: Socket; heard: Promise<string> } {
  const socket = connect({ port: Number(new URL(api.url).port), host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let all = '';
  socket
    .on('error', () => undefined)
    .on('data', (data) => {
      all += data;
    });
  socket.write(text);
  const over = Promise.race([once(socket, 'end'), once(socket, 'close')]);
  return { socket, heard: over.then(() => all) };
}

interface Heard {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The answers on a connection, one after the other. */
function answersIn(text: string): Heard[] {
  const answers: Heard[] = [];
  for (let rest = text; rest !== ''; ) {
    const end = rest.indexOf('\r\n\r\n');
    const [first = '', ...fields] = rest.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      fields.map((field) => [field.split(': ', 1)[0]!.toLowerCase(), field.slice(field.indexOf(': ') + 2)]),
    );
    const length = Number(headers['content-length'] ?? 0);
    answers.push({
      status: Number(/^HTTP\/1\.1 (\d+) /.exec(first)?.[1]),
      headers,
      body: rest.slice(end + 4, end + 4 + length),
    });
    rest = rest.slice(end + 4 + length);
  }
  return answers;
}
const said = async (text: string): Promise<Heard[]> => answersIn(await dial(text).heard);

const algebra = () => `/v1/sections/${api.world.sections.algebra}/attendance`;
const whole = 'GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n';
/** Of a roll, up to where its body begins. */
const head = (fields: string) =>
  `PUT ${algebra()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.token}\r\nContent-Type: application/json\r\n${fields}\r\n\r\n`;
const roll = () =>
  JSON.stringify({
    attendances: { attendance: [{ enrollment_id: api.world.enrollments.ada, date: '2025-09-08', status: 2 }] },
  });

const samples = async () => samplesOf(await metrics.registry.metrics());
const history = () => api.world.ledger.history({ district: api.world.districts.larkspur });

const unread: [what: string, text: () => string, status: number, code: string][] = [
  [
    'headers that are too long',
    () => `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    431,
    'HEADERS_TOO_MANY',
  ],
  [
    'a request line that is too long',
    () => `GET /${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\n\r\n`,
    431,
    'HEADERS_TOO_MANY',
  ],
  ['a request line that is none', () => 'GET\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00\x01', 400, 'REQUEST_MALFORMED'],
  ['a method that is none', () => 'TAKE / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['a version that is none', () => 'GET / HTTP/7.3\r\nHost: x\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['two lengths', () => head('Content-Length: 2\r\nContent-Length: 3'), 400, 'REQUEST_MALFORMED'],
  ['a length and chunks', () => head('Content-Length: 2\r\nTransfer-Encoding: chunked'), 400, 'REQUEST_MALFORMED'],
  ['a line feed in a field', () => 'GET / HTTP/1.1\r\nHost: x\r\nX: a\nb\r\n\r\n', 400, 'REQUEST_MALFORMED'],
  ['headers that never end', () => 'GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ', 408, 'REQUEST_SLOW'],
  ['CONNECT', () => 'CONNECT elsewhere.example:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405, 'METHOD_NOT_ALLOWED'],
];

test.each(unread)(
  '%s: a problem document, the headers of every refusal, and an end',
  async (_what, text, status, code) => {
    const labels = { api: 'none', route: 'unread', method: 'other', status: String(status) };
    const counts = async () => {
      const all = await samples();
      const refused = sumOf(all, 'rollbook_refused_requests_total', { code });
      return [sumOf(all, 'http_request_duration_seconds_count', labels), refused];
    };
    const [before, refusedBefore] = await counts();
    const [answer, ...others] = await said(text());
    expect(others).toEqual([]);
    expect(answer).toMatchObject({
      status,
      headers: {
        connection: 'close',
        'content-type': 'application/problem+json; charset=utf-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        date: expect.any(String),
      },
    });
    expect(JSON.parse(answer!.body)).toMatchObject({
      status,
      code,
      type: `/errors#${code}`,
      detail: expect.any(String),
    });
    expect(await counts()).toEqual([before! + 1, refusedBefore! + 1]);
    expect(await history()).toEqual([]);
  },
);

test('an answer to HEAD has no body, also where the head cannot be read', async () => {
  const [answer, ...others] = await said(`HEAD / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
  // Content-Length is what a body would have; nothing follows.
  expect([answer?.status, answer?.body, others]).toEqual([431, '', []]);
});

const broken: [what: string, text: () => string, status: number, code: string][] = [
  ['a chunk that is none', () => `${head('Transfer-Encoding: chunked')}x\r\n`, 400, 'REQUEST_MALFORMED'],
  [
    'an extension of a chunk that is too long',
    () => `${head('Transfer-Encoding: chunked')}1;${'x'.repeat(20_000)}\r\n`,
    413,
    'BODY_TOO_LARGE',
  ],
  ['a small body that does not come', () => `${head('Content-Length: 1000')}{"a`, 408, 'BODY_SLOW'],
  ['a large body that does not come', () => `${head('Content-Length: 100000')}{"a`, 408, 'BODY_SLOW'],
];

test.each(broken)(
  '%s: refused in the words of the API, under its route, with nothing written',
  async (_what, text, status, code) => {
    const labels = {
      api: 'schoology',
      route: '/v1/sections/:section/attendance',
      method: 'PUT',
      status: String(status),
    };
    const count = async () => sumOf(await samples(), 'http_request_duration_seconds_count', labels);
    const before = await count();
    const [answer, ...others] = await said(text());
    expect(others).toEqual([]);
    expect(answer).toMatchObject({ status, headers: { connection: 'close', vary: 'Accept, Accept-Encoding' } });
    expect(JSON.parse(answer!.body)).toMatchObject({ status, code });
    expect(await count()).toBe(before + 1);
    expect(await history()).toEqual([]);
  },
);

test('whose body is broken has to say who they are first', async () => {
  const text = `PUT ${algebra()} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n`;
  expect(await said(text)).toMatchObject([{ status: 401, headers: { connection: 'close' } }]);
});

test('an answer that has begun has none in it, and none comes after it', async () => {
  const { socket, heard } = dial(
    `PUT ${algebra()} HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nContent-Type: application/json\r\n\r\n{"a`,
  );
  await once(socket, 'data'); // 401, before the body is here
  expect(answersIn(await heard)).toMatchObject([{ status: 401 }]);
});

test('a request that has come whole is answered, whatever follows it, and what follows is refused after it', async () => {
  const put = head(`Content-Length: ${roll().length}`) + roll();
  expect(await said(`${put}${whole}no HTTP\r\n\r\n`)).toMatchObject([
    { status: 200, headers: { 'content-type': expect.stringContaining('json') } },
    { status: 200, body: '{"status":"ok"}' },
    { status: 400, body: expect.stringContaining('REQUEST_MALFORMED') },
  ]);
  expect(await history()).toHaveLength(2); // the mark, and that the roll was taken
  expect(await said(`${whole}CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatchObject([
    { status: 200 },
    { status: 405 },
  ]);
});

test.each([
  ['no Host', '', 400, 'REQUEST_MALFORMED'],
  [
    'an expectation that nobody knows',
    'Host: x\r\nExpect: a miracle\r\nConnection: close\r\n',
    417,
    'EXPECTATION_FAILED',
  ],
])('RFC 9112, 3.2 and RFC 9110, 10.1.1: %s is refused wherever it comes', async (_what, fields, status, code) => {
  for (const path of ['/healthz', '/', '/marks', algebra()]) {
    const [answer, ...others] = await said(`GET ${path} HTTP/1.1\r\n${fields}\r\n`);
    expect([path, answer?.status, others]).toEqual([path, status, []]);
    expect(answer!.body).toContain(code);
  }
  for (const version of ['', ' HTTP/0.9', ' HTTP/2.0'])
    expect([version, await said(`GET /healthz${version}\r\nHost: x\r\n\r\n`)]).toMatchObject([
      version,
      [{ status: 400 }],
    ]);
  expect(await said('GET /healthz HTTP/1.0\r\n\r\n')).toMatchObject([{ status: 200 }]);
});

test.each([
  ['an expectation that nobody knows', 'HTTP/1.1\r\nHost: x\r\nExpect: a miracle', 417],
  ['a Host that is none', 'HTTP/1.1\r\nHost: a b', 400],
  ['two Hosts', 'HTTP/1.1\r\nHost: a\r\nHost: b', 400],
  ['no Host', 'HTTP/1.1', 400],
  ['another version', 'HTTP/2.0\r\nHost: x', 400],
])('%s: who waits with the body for the answer has it at once', async (_what, first, status) => {
  const waiting = await openApi({ limits: { rate: undefined } }); // two minutes for a body, as usual
  try {
    for (const path of ['/nowhere', '/marks', algebra()]) {
      const socket = connect(Number(new URL(waiting.url).port), '127.0.0.1');
      sockets.push(socket);
      socket.write(`PUT ${path} ${first}\r\nContent-Length: 10\r\n\r\n`);
      const [text] = await once(socket, 'data');
      expect(String(text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      if (status === 417) await once(socket, 'close'); // the body may come after all, and is no request
    }
  } finally {
    await waiting.close();
  }
});

test('who sends nothing but such things, and closes no connection, takes none from others', async () => {
  for (let round = 0; round < 3; round++) {
    const all = [...unread, ...broken].map(([, text]) => dial(text()));
    await Promise.all(all.map(({ heard }) => heard));
  }
  const resets = Array.from({ length: 15 }, () => dial('GET / HTTP/1.1\r\nHost: x\r\n'));
  await Promise.all(resets.map(({ socket }) => once(socket, 'connect')));
  for (const { socket } of resets) socket.resetAndDestroy();
  expect((await api.get('/healthz')).status).toBe(200);
});

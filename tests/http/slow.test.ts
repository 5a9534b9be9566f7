import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import express from 'express';
import { defaultLimits } from '../../src/http/admission/limits';
import { semaphore } from '../../src/http/admission/semaphore';
import { json } from '../../src/http/formats/json';
import { Streamed, sender } from '../../src/http/send';
import { listenOn } from '../../src/service/listener';
import { type Api, openApi } from '../api';

/** Clients that are slow, or do nothing at all: none of them holds up another. */
let api: Api;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

/** A connection on which something is said; `heard` is what came back once it is closed. */
function dial(text: string): { socket: Socket; heard: Promise<string> } {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  sockets.push(socket);
  socket.write(text);
  let all = '';
  socket
    .on('error', () => undefined)
    .on('data', (data) => {
      all += data;
    });
  return { socket, heard: once(socket, 'close').then(() => all) };
}

const head = (length: number) =>
  `PUT /v1/sections/${api.world.sections.algebra}/attendance HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n` +
  `Authorization: Bearer ${api.token}\r\nContent-Length: ${length}\r\n\r\n`;
const large = (padding = 100_000) => ({
  attendances: { attendance: [{ enrollment_id: api.world.enrollments.ada, date: '2025-09-08', status: 2 }] },
  padding: 'x'.repeat(padding),
});
const put = () => api.put(`/v1/sections/${api.world.sections.algebra}/attendance`).send(large());

test('headers and bodies that never end are answered 408, and their connection closed', async () => {
  const connection = { headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 };
  api = await openApi({ connection });
  expect(await dial('GET /v1/sections/1 HTTP/1.1\r\nHost: x\r\nX-Slow: ').heard).toMatch(/^HTTP\/1.1 408 /);
  expect(await dial(`${head(1_000)}{"a`).heard).toMatch(/^HTTP\/1.1 408 /);
});

test('what is no HTTP is answered 408 after a request that asks for an upgrade, and the connection closed', async () => {
  api = await openApi({ connection: { headersTimeout: 100, connectionsCheckingInterval: 20 } });
  const { socket, heard } = dial(
    'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n',
  );
  await once(socket, 'data');
  socket.write('no HTTP\r\n\r\n');
  expect(await heard).toMatch(/^HTTP\/1.1 200 .*HTTP\/1.1 408 /s);
});

test('a connection on which nothing is asked is closed, and so is one too many', async () => {
  api = await openApi({ connection: { keepAliveTimeout: 100 }, maxConnections: 1 });
  const idle = dial('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle.socket, 'data');
  expect(await dial('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n').heard).toBe('');
  expect(await idle.heard).toMatch(/^HTTP\/1.1 200 /);
  expect((await api.get('/healthz')).status).toBe(200);
});

test('large bodies that trickle give their turn to others, and may still end well', async () => {
  api = await openApi({ limits: { bodiesComing: 100_000, patience: 50 } });
  const text = JSON.stringify(large());
  const slow = dial(head(text.length) + text.slice(0, 10));
  await wait(20);
  expect((await put()).status).toBe(200);
  slow.socket.write(text.slice(10));
  const [answer] = await once(slow.socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
});

test('beyond what is kept for bodies that trickle they are answered 408 in the words of the API', async () => {
  api = await openApi({ limits: { bodiesLate: 150_000, patience: 50 } });
  const slow = [dial(`${head(100_000)}{"a`), dial(`${head(100_000)}{"a`)];
  const answer = await Promise.race(slow.map(({ heard }) => heard));
  expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*"code":"BODY_SLOW"/);
  expect((await put()).status).toBe(200);
});

test('who finds too many waiting for a turn is refused before anything is read, and nothing is changed', async () => {
  api = await openApi({ limits: { bodiesComing: 100_000, patience: 60_000, waiting: 1 } });
  dial(`${head(100_000)}{"a`);
  await wait(50);
  dial(`${head(100_000)}{"a`);
  await wait(50);
  const { status, body, headers } = await put();
  expect([status, body.code, headers['retry-after']]).toEqual([503, 'OVERLOADED', '1']);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

/** More than the system holds for a connection that nobody reads from. */
const HUGE = 'x'.repeat(32 * 1024 * 1024);
async function* endless(size: number) {
  for (;;) yield [await wait(1, 'x'.repeat(size))];
}

test.each([
  ['takes nothing of its answer', HUGE, { stalled: 100 }, false],
  ['takes nothing of a streamed answer', new Streamed({ list: endless(1024 * 1024) }), { stalled: 100 }, false],
  ['takes a streamed answer for too long', new Streamed({ list: endless(1024) }), { longest: 100 }, true],
])('a client that %s is let go', async (_what, body, limits, isRead) => {
  api = await openApi();
  const send = sender({ ...defaultLimits, ...limits }, semaphore(1));
  const app = express();
  const ended = new Promise<void>((resolve) => {
    app.get('/', async (request, response) => {
      response.on('close', resolve);
      const reply = { status: 200, revision: 1, body: async () => body };
      const offer = { format: json, type: 'application/json' };
      await (await send(request, response, offer, reply, 'epoch', { client: 1, district: 1 }))?.streamed;
    });
  });
  const server = await listenOn(
    { attach: (server) => void server.on('request', app) },
    {
      host: '127.0.0.1',
      port: 0,
      maxConnections: 1,
    },
  );
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  let [size, end] = [0, ''];
  socket
    .on('error', () => undefined)
    .on('data', (data) => {
      size += data.length;
      end = data.toString('latin1').slice(-5);
    });
  if (!isRead) socket.pause();
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await ended;
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
  expect(size).toBeLessThan(HUGE.length);
  expect(end).not.toBe('0\r\n\r\n'); // the last chunk of a whole answer
  server.close();
});

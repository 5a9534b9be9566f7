import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import pino from 'pino';
import type { Limits } from '../../src/http/admission/limits';
import { priorities } from '../../src/http/admission/queue';
import { openMetrics } from '../../src/service/metrics/metrics';
import { type Api, openApi } from '../api';
import { apis } from './apis';

/** Admission control at the wire: as shipped nobody is refused who can be served; where somebody is, how it is said. */
let api: Api;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

/** The queue holds nobody. */
const none = { queued: 0 };

const pathOf = (section = api.world.sections.algebra) => `/v1/sections/${section}/attendance`;
const headers = () => ({ authorization: `Bearer ${api.token}`, 'content-type': 'application/json' });
const read = () => fetch(api.url + pathOf(), { headers: headers() });
const roll = (status: number, date = '2025-09-08') =>
  fetch(api.url + pathOf(), {
    method: 'PUT',
    headers: headers(),
    body: JSON.stringify({ attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date, status } } }),
  });
const statusesOf = async (answers: Promise<Response>[]) => {
  const counts: Record<number, number> = {};
  for (const { status } of await Promise.all(answers)) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
};
/** Opens a service under these limits; what it gives resolves once it is so for the number of requests in its queue. */
async function watchQueue(limits: Partial<Limits>) {
  const metrics = openMetrics();
  api = await openApi({ limits, metrics });
  return async (isSo: (waiting: number) => boolean): Promise<void> => {
    for (;;) {
      const { values } = await metrics.registry.getSingleMetric('rollbook_queue_waiting')!.get();
      if (isSo(values.reduce((sum, { value }) => sum + value, 0))) return;
      await wait(5);
    }
  };
}
const times = <T>(count: number, work: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => work(index));
/** The event loop does nothing else. */
const block = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
};

describe('as shipped', () => {
  /** But for how long one may wait: how long all of them take depends on the machine. */
  const patient = { limits: { wait: 60_000 } };

  test.each([20, 200])('%i parallel reads of one section are all answered', async (count) => {
    api = await openApi(patient);
    expect(await statusesOf(times(count, read))).toEqual({ 200: count });
  });

  test('64 clients in a closed loop, reads and rolls, are all answered', async () => {
    api = await openApi(patient);
    const counts: Record<number, number> = {};
    await Promise.all(
      times(64, async (client) => {
        for (let round = 0; round < 12; round++) {
          const { status } = await (client % 2 ? roll(1 + ((client + round) % 4)) : read());
          counts[status] = (counts[status] ?? 0) + 1;
        }
      }),
    );
    expect(counts).toEqual({ 200: 64 * 12 });
  });

  test.each([300, 2_500])(
    '50 requests that come while the service stands still for %i ms are all answered',
    async (stall) => {
      api = await openApi();
      const lines = times(50, () => dial());
      await Promise.all(lines.map(({ socket }) => once(socket, 'connect')));
      await read();
      for (const { socket } of lines)
        socket.write(`GET ${pathOf()} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${api.token}\r\n\r\n`);
      block(stall);
      const first = await Promise.all(lines.map(({ socket }) => once(socket, 'data')));
      expect(first.map(([data]) => String(data).slice(0, 12))).toEqual(Array(50).fill('HTTP/1.1 200'));
    },
  );
});

/** A connection on which something is said; `heard` is what came back once it is closed. */
function dial(text = ''): { socket: Socket; heard: Promise<string> } {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  sockets.push(socket);
  if (text) socket.write(text);
  let all = '';
  socket
    .on('error', () => undefined)
    .on('data', (data) => {
      all += data;
    });
  return { socket, heard: once(socket, 'close').then(() => all) };
}

describe.each(apis)('$name', ({ ask, no }) => {
  test('refuses in its own words, with or without credentials', async () => {
    api = await openApi({ limits: none });
    for (const token of [undefined, 'wrong']) {
      const { status, body, headers } = await ask(api, token);
      expect([status, body]).toMatchObject([503, no(503, 'OVERLOADED')]);
      expect([headers['retry-after'], headers.vary]).toEqual(['1', 'Accept, Accept-Encoding']);
    }
  });
});

test('who wants XML is refused in XML, and nothing is changed', async () => {
  api = await openApi({ limits: none });
  const { status, text } = await api
    .put(pathOf())
    .set('Accept', 'text/xml')
    .send({ attendances: { attendance: [] } });
  expect([status, text]).toEqual([503, expect.stringContaining('<code>OVERLOADED</code>')]);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

test('where there is no API the refusal is JSON, and the log says once a second how many there were', async () => {
  const lines: string[] = [];
  api = await openApi({ limits: none, log: pino({ level: 'warn' }, { write: (line) => void lines.push(line) }) });
  const { status, body } = await api.get('/');
  expect([status, body.code]).toEqual([503, 'OVERLOADED']);
  await read();
  for (const end = Date.now() + 20_000; lines.length === 0 && Date.now() < end; ) await wait(50);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ refused: 2, msg: 'overloaded' }]);
});

test('probes never wait: they are answered while nobody else is begun', async () => {
  api = await openApi({ limits: { atOnce: 0, wait: 60_000 } });
  const waiting = read();
  expect([(await api.get('/healthz')).status, (await api.get('/readyz')).status]).toEqual([200, 200]);
  expect(await Promise.race([waiting, wait(50, 'waits')])).toBe('waits');
  waiting.catch(() => undefined);
});

test('with the protection off requests do not take turns', async () => {
  api = await openApi({ limits: { ...none, atOnce: 0, wait: Number.POSITIVE_INFINITY } });
  expect((await read()).status).toBe(200);
});

test('who has waited for as long as one may is refused, and nothing is changed', async () => {
  api = await openApi({ limits: { atOnce: 0, wait: 100 } });
  const answer = await roll(2);
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

test('a full queue gives up bulk for reads and reads for rolls, each the newest first, and a roll for nobody', async () => {
  const queue = await watchQueue({ atOnce: 0, queued: 3, wait: 5_000 });
  const order: string[] = [];
  const send = async (what: string, answer: Promise<Response>) => {
    const { status } = await answer;
    order.push(`${what} ${status}`);
  };
  const marks = () => fetch(`${api.url}/marks`, { headers: headers() });
  const all: Promise<void>[] = [];
  for (const [what, ask] of [
    ['bulk', marks],
    ['first read', read],
    ['second read', read],
    ['roll 1', () => roll(2)],
    ['roll 2', () => roll(3)],
    ['third read', read],
    ['roll 3', () => roll(4)],
    ['roll 4', () => roll(2)],
  ] as const) {
    all.push(send(what, ask()));
    await queue((waiting) => waiting + order.length === all.length); // it waits, or sends somebody away
  }
  expect(order).toEqual(['bulk 503', 'second read 503', 'third read 503', 'first read 503', 'roll 4 503']);
  await Promise.all(all);
  expect(order.slice(5).sort()).toEqual(['roll 1 503', 'roll 2 503', 'roll 3 503']);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

test('the bytes of those that wait are bounded: a body that would be too many is refused before it is looked at', async () => {
  const queue = await watchQueue({ atOnce: 0, queuedBytes: 100_000, wait: 2_000 });
  const body = 'x'.repeat(50_000);
  const send = () => fetch(api.url + pathOf(), { method: 'PUT', headers: headers(), body });
  let isFirstOver = false;
  const first = send().finally(() => {
    isFirstOver = true;
  });
  await queue((waiting) => waiting === 1);
  expect([(await send()).status, isFirstOver]).toEqual([503, false]);
  expect((await first).status).toBe(503);
});

test('a body that does not come keeps nobody waiting, and is read when it comes, in chunks too', async () => {
  api = await openApi({ limits: { atOnce: 1 } });
  const text = JSON.stringify({
    attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: '2025-09-08', status: 2 } },
  });
  const head = `PUT ${pathOf()} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nAuthorization: Bearer ${api.token}\r\n`;
  const slow = dial(`${head}Content-Length: ${text.length}\r\n\r\n${text.slice(0, 20)}`);
  const chunked = dial(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\n${text.slice(0, 5)}\r\n`);
  await wait(50);
  expect(await statusesOf([read(), roll(3), read()])).toEqual({ 200: 3 });
  slow.socket.write(text.slice(20));
  chunked.socket.write(`${(text.length - 5).toString(16)}\r\n${text.slice(5)}\r\n0\r\n\r\n`);
  expect((await slow.heard).slice(0, 12)).toBe('HTTP/1.1 200');
  expect((await chunked.heard).slice(0, 12)).toBe('HTTP/1.1 200');
});

test('whose client has gone is not begun any more', async () => {
  const queue = await watchQueue({ atOnce: 0, wait: 60_000 });
  const body = JSON.stringify({
    attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: '2025-09-08', status: 2 } },
  });
  const gone = dial(
    `PUT ${pathOf()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: Bearer ${api.token}\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  await queue((waiting) => waiting === 1);
  gone.socket.destroy();
  await wait(100);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

test('few heavy reads are worked on at the same time, and the others wait for their turn', async () => {
  api = await openApi({ limits: { heavyReads: 1 } });
  const { ask } = apis.find(({ name }) => name === 'Wix')!;
  const answers = await Promise.all(times(30, () => ask(api)));
  expect(answers.map(({ status }) => status)).toEqual(Array(30).fill(200));
});

test('every endpoint has a priority, and reads by POST are no rolls', async () => {
  const queue = await watchQueue({ atOnce: 0, queued: 1, wait: 1_500 });
  // A roll takes the place of what matters less; what it does not take is a roll. A read takes that of bulk alone.
  const takes = async (answer: Promise<unknown>, asks = () => roll(2)) => {
    const first = answer.then(() => 'refused');
    await queue((waiting) => waiting === 1);
    // The other of the two waits for as long as it may.
    const second = asks().then(() => 'kept');
    const result = await Promise.race([first, second]);
    await Promise.all([first, second]);
    return result;
  };
  const post = (path: string) => fetch(api.url + path, { method: 'POST', headers: headers(), body: '{}' });
  expect(await takes(post('/bookings/v2/attendance/query'))).toBe('refused');
  expect(await takes(post('/bookings/v2/attendance/set'))).toBe('kept');
  expect(await takes(fetch(`${api.url}/osdi/api/v1/people`))).toBe('refused');
  expect(await takes(post('/oauth/access_token'))).toBe('kept');
  for (const path of ['cc', 'CC', 'Cc/count', 'ATTENDANCE/count'])
    expect([path, await takes(fetch(`${api.url}/ws/schema/table/${path}`), read)]).toEqual([path, 'refused']);
  expect(await takes(fetch(`${api.url}/ws/schema/table/PERIOD`), read)).toBe('kept');
  expect(priorities).toEqual(['roll', 'read', 'bulk']);
});

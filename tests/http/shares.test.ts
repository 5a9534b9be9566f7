import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Api, openApi } from '../api';

/** One district's slow readers of streamed answers, on real sockets: the others are answered at once. */
let api: Api;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

/** A mark for each enrollment and day, with comments: more than the system holds for a reader that takes nothing. */
async function fill(district: number, section: number, enrollment: number): Promise<void> {
  const rows = Array.from({ length: 400 }, (_, index) => ({
    district_id: district,
    section_id: section,
    enrollment_id: enrollment,
    date: new Date(Date.UTC(2024, 7, 1 + index)).toISOString().slice(0, 10),
    status: 2,
    comment: 'x'.repeat(32_000),
    changed_at: '2025-09-08T00:00:00.000Z',
  }));
  for (let from = 0; from < rows.length; from += 50)
    await api.world.database.knex('marks').insert(rows.slice(from, from + 50));
}

const ask = (token: string) =>
  `GET /marks?from=2024-08-01&to=2026-01-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n\r\n`;

/** Asks for all marks and takes no more than the beginning. */
async function slowReader(token: string): Promise<Socket> {
  const socket = connect({ port: Number(new URL(api.url).port), host: '127.0.0.1' });
  sockets.push(socket.on('error', () => undefined));
  socket.write(ask(token));
  await once(socket, 'readable');
  return socket;
}

const clientOf = async (district: number) =>
  (await api.clients.create({ district, name: 'reader', scopes: ['attendance:read'] })).token;

/** Takes all of it. */
const wholeOf = async (token: string): Promise<number> => {
  const response = await fetch(`${api.url}/marks?from=2024-08-01&to=2026-01-01`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await response.json()) as { marks: unknown[] }).marks.length;
};

async function open(limits: Parameters<typeof openApi>[0]) {
  api = await openApi(limits);
  const { districts, sections, enrollments } = api.world;
  await fill(districts.larkspur, sections.algebra, enrollments.ada);
  await fill(districts.elsewhere, sections.elsewhere, enrollments.eve);
  return districts;
}

test("a district's slow readers leave others their share, who are answered while those wait", async () => {
  const { larkspur, elsewhere } = await open({ limits: { streams: 8, stalledBeforeOthers: 60_000 } });
  const clients = await Promise.all([larkspur, larkspur, larkspur].map(clientOf));
  let reading = 0;
  for (const token of clients.flatMap((token) => [token, token, token])) slowReader(token).then(() => reading++);
  while (reading < 6) await wait(20); // three quarters of eight; the others wait
  const other = await clientOf(elsewhere);
  expect(await Promise.all([wholeOf(other), wholeOf(other)])).toEqual([400, 400]);
  expect(reading).toBe(6);
});

test("one client's slow readers leave the district's other clients theirs", async () => {
  const { larkspur } = await open({ limits: { streams: 8, stalledBeforeOthers: 60_000 } });
  const [slow, other] = await Promise.all([clientOf(larkspur), clientOf(larkspur)]);
  await Promise.all(Array.from({ length: 4 }, () => slowReader(slow)));
  const waiting = slowReader(slow);
  expect(await wholeOf(other)).toBe(400);
  expect(await Promise.race([waiting, 'waits'])).toBe('waits');
});

test('a reader that takes nothing is cut for those who wait for its turn, and no other is', async () => {
  const { larkspur, elsewhere } = await open({ limits: { streams: 2, stalledBeforeOthers: 1_500 } });
  const slow = await slowReader(await clientOf(larkspur));
  const other = await slowReader(await clientOf(elsewhere));
  const cut = once(slow, 'close');
  // Of two turns a district has one: it waits for that of its own district.
  expect(await wholeOf(await clientOf(larkspur))).toBe(400);
  slow.resume(); // whoever reads again finds the connection at its end
  await cut;
  other.resume();
  expect(await Promise.race([once(other, 'close'), wait(500, 'goes on')])).toBe('goes on');
});

test('a reader that takes nothing keeps its turn while nobody waits for it', async () => {
  const { larkspur } = await open({ limits: { streams: 4, stalledBeforeOthers: 100 } });
  const reader = await slowReader(await clientOf(larkspur));
  await wait(600);
  let size = 0;
  reader.on('data', (data) => {
    size += data.length;
  });
  for (let last = -1; last !== size; ) {
    last = size;
    await wait(300);
  }
  expect(size).toBeGreaterThan(400 * 32_000);
});

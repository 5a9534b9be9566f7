import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { doorBy } from '../../src/http/door';
import { type Api, openApi } from '../api';
import { apis } from './apis';

let api: Api | undefined;
afterEach(async () => {
  await api?.close();
  api = undefined;
});

/** Less than every request waits, and nobody else is let in. */
const never = { delay: -1, perTurn: 0 };

test.each(apis)('$name turns requests away in its own words, with or without credentials', async ({ ask, no }) => {
  api = await openApi({ limits: never });
  for (const token of [undefined, 'wrong']) {
    const { status, body, headers } = await ask(api, token);
    expect([status, body]).toMatchObject([503, no(503, 'OVERLOADED')]);
    expect(headers['retry-after']).toBe('1');
  }
});

test('who wants XML is turned away in XML, and nothing is changed', async () => {
  api = await openApi({ limits: never });
  const { algebra } = api.world.sections;
  const { status, text } = await api
    .put(`/v1/sections/${algebra}/attendance`)
    .set('Accept', 'text/xml')
    .send({ attendances: { attendance: [] } });
  expect([status, text]).toEqual([503, expect.stringContaining('<code>OVERLOADED</code>')]);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
});

test('probes are never turned away', async () => {
  api = await openApi({ limits: never });
  expect([(await api.get('/healthz')).status, (await api.get('/readyz')).status]).toEqual([200, 200]);
});

test('when work takes too long fewer are let in, rolls more than reads, and all again when it does not', async () => {
  const door = doorBy({ delay: 200, perTurn: 8 });
  expect(door.isFull()).toBe(false);
  await Promise.all(Array.from({ length: 40 }, () => door.inside(() => wait(250))));
  const leave: (() => void)[] = [];
  const working = Array.from({ length: 12 }, () =>
    door.inside(() => new Promise<void>((resolve) => leave.push(resolve))),
  );
  await turn();
  expect([door.isFull(0.7), door.isFull()]).toEqual([true, false]);
  working.push(
    ...Array.from({ length: 4 }, () => door.inside(() => new Promise<void>((resolve) => leave.push(resolve)))),
  );
  await turn();
  expect(door.isFull()).toBe(true);
  for (const each of leave) each();
  await Promise.all(working);
  expect(door.isFull(0.7)).toBe(false);
});

const work = (milliseconds: number) => {
  for (const end = performance.now() + milliseconds; performance.now() < end; );
};

test('a burst is let in, and of a queue that stands only a few in each turn', async () => {
  const door = doorBy({ delay: 20, perTurn: 2 });
  const enter = () => {
    expect(door.isFull()).toBe(false);
    door.inside(async () => undefined);
  };
  await wait(20);
  enter();
  enter();
  work(30);
  expect(door.isFull()).toBe(false);
  work(40);
  expect(door.isFull()).toBe(true);

  await turn();
  enter();
  work(10);
  enter();
  expect(door.isFull()).toBe(true);

  await wait(20);
  enter();
  enter();
  work(10);
  expect(door.isFull()).toBe(false);
});

test('few heavy reads are worked on at the same time; who finds too many waiting is refused', async () => {
  api = await openApi({ limits: { heavyReads: 1, waiting: 0 } });
  const [, , , { ask }] = apis as [unknown, unknown, unknown, (typeof apis)[0]];
  const answers = await Promise.all(Array.from({ length: 30 }, () => ask(api!)));
  const statuses = answers.map(({ status }) => status);
  expect(statuses).toContain(200);
  expect(statuses.filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect((await ask(api)).status).toBe(200);
});

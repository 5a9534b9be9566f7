import { turn, yieldToEventLoop } from '../../src/lib/event-loop';
import { type Api, openApi } from '../api';

/** Streams of many marks, which an embedded database reads on the thread that answers everybody else. */
const STREAMS = 20;
const MARKS = 5_000;
const STUDENTS = 50;
let api: Api;
beforeAll(async () => {
  api = await openApi();
  const { districts, sections, enrollments } = api.world;
  const { knex } = api.world.database;
  const { id: _, sourced_id: __, ...enrollment } = await knex('enrollments').where({ id: enrollments.ada }).first();
  const enrolled = Array.from({ length: STUDENTS }, () => enrollment);
  const students = await knex('enrollments').insert(enrolled).returning('id');
  const rows = Array.from({ length: MARKS }, (_, index) => ({
    district_id: districts.larkspur,
    section_id: sections.algebra,
    enrollment_id: students[index % STUDENTS].id,
    date: new Date(Date.UTC(2024, 7, 1 + Math.floor(index / STUDENTS))).toISOString().slice(0, 10),
    status: 2,
    comment: 'a comment of the usual length',
    changed_at: '2025-09-08T00:00:00.000Z',
  }));
  for (let from = 0; from < rows.length; from += 500) await knex('marks').insert(rows.slice(from, from + 500));
});
afterAll(() => api.close());

const marksOf = async (accept: string, token = api.token): Promise<number> => {
  const headers = { authorization: `Bearer ${token}`, accept };
  const response = await fetch(`${api.url}/marks?from=2024-08-01&to=2026-01-01`, { headers });
  expect(response.status).toBe(200);
  return (await response.text()).split('a comment of the usual length').length - 1;
};

const streams = async (accept: string, ended: () => void) => {
  const tokens = await Promise.all(
    Array.from({ length: STREAMS }, async (_, index) =>
      index % 2 === 0 ? api.token : (await api.as({ scopes: ['attendance:read'] })).token,
    ),
  );
  return tokens.map((token) => marksOf(accept, token).finally(ended));
};

/**
 * Counts what is read for streams, and the most of it in one turn of the event loop, in rows and in times.
 * @param endless whether what was read first is read again and again until the end, so that no stream is done before
 */
function watch({ endless = false } = {}) {
  const { database } = api.world;
  const { all } = database;
  let first: unknown[] | undefined;
  const seen = { reads: 0, rows: 0, inOneTurn: 0 };
  let inThisTurn = 0;
  let timer: NodeJS.Immediate;
  const turn = () => {
    inThisTurn = 0;
    timer = setImmediate(turn);
  };
  turn();
  Object.assign(database, {
    all: async (query: never, values: Record<string, never>) => {
      const read = await all(query, values);
      if (!values || !('after_enrollment' in values)) return read;
      first ??= read;
      const rows = endless ? first : read;
      seen.reads++;
      seen.rows = Math.max(seen.rows, rows.length);
      seen.inOneTurn = Math.max(seen.inOneTurn, ++inThisTurn);
      return rows;
    },
  });
  return Object.assign(seen, {
    end: () => {
      clearImmediate(timer);
      Object.assign(database, { all });
    },
  });
}

test.each(['application/json', 'text/csv'])(
  'of all streams of %s some read a few rows, then others are heard',
  async (accept) => {
    const seen = watch();
    const counts = await Promise.all(await streams(accept, () => undefined)).finally(seen.end);
    expect(counts).toEqual(Array(STREAMS).fill(MARKS));
    expect(seen.reads).toBeGreaterThan(STREAMS * 9);
    expect(seen.rows).toBeLessThanOrEqual(500);
    if (process.env.ENGINE === 'sqlite') expect(seen.inOneTurn).toBeLessThanOrEqual(8); // others may answer more at once
  },
);

/** Time passes as a test says. By the clock of the machine, other processes could make any of this long. */
function heldClock(): { pass(milliseconds: number): void } {
  let now = performance.now();
  jest.spyOn(performance, 'now').mockImplementation(() => now);
  return {
    pass(milliseconds) {
      now += milliseconds;
    },
  };
}
afterEach(() => jest.restoreAllMocks());

/** Counts the turns of the event loop. */
function countTurns() {
  let turns = 0;
  let timer = setImmediate(function count() {
    turns++;
    timer = setImmediate(count);
  });
  return { count: () => turns, end: () => clearImmediate(timer) };
}

test('those who wait for a turn go on in few turns, and none of a turn before one that came sooner', async () => {
  heldClock();
  const turns = countTurns();
  const went: number[] = [];
  const begun = Array.from({ length: 32 }, (_, index) => turn().then(() => went.push(index)));
  await Promise.all(begun);
  turns.end();
  expect(went).toEqual(begun.map((_, index) => index));
  expect(turns.count()).toBeLessThanOrEqual(6);
});

test('one who takes long is alone in its turn', async () => {
  const clock = heldClock();
  const turns = countTurns();
  const went: number[] = [];
  const long = async () => {
    await turn();
    went.push(turns.count());
    clock.pass(11);
  };
  await Promise.all([long(), long(), long()]);
  turns.end();
  expect(new Set(went).size).toBe(3);
});

/** How many of some steps of a count, each of which takes so many milliseconds, let others be heard first. */
async function pausesOf(steps: number, milliseconds: number): Promise<number> {
  const clock = heldClock();
  const turns = countTurns();
  let pauses = 0;
  for (let each = 0; each < steps; each++) {
    clock.pass(milliseconds);
    const before = turns.count();
    await yieldToEventLoop();
    if (turns.count() > before) pauses++;
  }
  turns.end();
  return pauses;
}

test('a count lets others be heard after each long step, and now and then between short ones', async () => {
  expect(await pausesOf(5, 3)).toBe(5);
  const pauses = await pausesOf(1_000, 0.01);
  expect(pauses).toBeGreaterThanOrEqual(3);
  expect(pauses).toBeLessThanOrEqual(6);
});

test('a probe and a roll are answered however long many streams are written', async () => {
  let ended = 0;
  const seen = watch({ endless: true });
  const all = await streams('application/json', () => ended++);
  while (seen.reads < STREAMS) await new Promise((resolve) => setTimeout(resolve, 1));
  const { algebra } = api.world.sections;
  const attendance = [{ enrollment_id: api.world.enrollments.grace, date: '2025-09-08', status: 2 }];
  const [probe, roll] = await Promise.all([
    fetch(`${api.url}/healthz`),
    api.put(`/v1/sections/${algebra}/attendance`).send({ attendances: { attendance } }),
  ]);
  expect([probe.status, roll.status, ended]).toEqual([200, 200, 0]);
  seen.end();
  await Promise.all(all);
});

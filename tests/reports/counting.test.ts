import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase, readingFrom } from '../../src/database/open';
import { forgetCounted } from '../../src/database/years';
import { FIRST_DAY, LAST_DAY } from '../../src/days';
import { coalesce, openCounted } from '../../src/reports/counted';
import { openCounting } from '../../src/reports/counting';
import { recountNotes } from '../../src/roster/recounts';
import { openSchools } from '../../src/roster/schools';
import { type Api, openApi } from '../api';
import { clockless } from '../clock';

let api: Api;
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date('2025-10-13T17:00:00Z'), doNotFake: [...clockless] });
  api = await openApi();
});
afterEach(async () => {
  await api.close();
  jest.useRealTimers();
});

const DAY = '2025-10-06';
const knex = () => api.world.database.knex;
const cells = async (counted: ReturnType<typeof openCounted>) =>
  (
    await counted.cells({ district: api.world.districts.larkspur, from: '2000-01-01', to: '2099-12-31', school: null })
  ).map(({ date, students, absent, late }) => [date, students, absent, late]);
const somebody = { api: 'test', client: null, person: null };

/** What is kept, without anything being counted first. */
const kept = () => knex()('counted_days').orderBy('date').select('date', 'students', 'absent');

test('a process that read a day before another counted it does not write over that', async () => {
  const { database, url, districts, enrollments } = api.world;
  const other = openDatabase(url);
  await api.mark([enrollments.ada, DAY, 2]);
  // Between what the first one has read and what it writes, a mark is made, and the other counts it.
  let meanwhile = async () => {
    meanwhile = async () => undefined;
    await api.mark([enrollments.grace, DAY, 2]);
    await openCounting(other)(districts.larkspur);
    expect(await kept()).toEqual([{ date: DAY, students: 4, absent: 2 }]);
  };
  const slow: typeof database = {
    ...database,
    transaction: async (work) => {
      await meanwhile();
      return database.transaction(work);
    },
  };
  await openCounting(slow)(districts.larkspur);
  await other.close();
  expect(await kept()).toEqual([{ date: DAY, students: 4, absent: 2 }]);
});

test('processes that count at the same time, while rolls are taken, come to the same', async () => {
  const { database, url, enrollments } = api.world;
  const other = openDatabase(url);
  const [one, two] = [openCounted(database), openCounted(other)];
  const days = ['2025-10-06', '2025-10-07', '2025-10-08', '2025-10-09'];
  for (const date of days)
    await Promise.all([
      api.mark([enrollments.ada, date, 2]),
      cells(one),
      cells(two),
      api.mark([enrollments.adaInBiology, date, 1], [enrollments.grace, date, 3]),
      cells(two),
    ]);
  const found = [await cells(one), await cells(two)];
  await other.close();
  const expected = days.map((date) => [date, 4, 1, 1]);
  expect(found).toEqual([expected, expected]);
});

/** The last four days until Tuesday; Monday's roll of Algebra was taken. */
const counts = {
  present: [
    ['2025-10-02', 0, 3, 0, true],
    ['2025-10-03', 0, 3, 0, true],
    ['2025-10-06', 1, 4, 1, true],
    ['2025-10-07', 0, 4, 0, true],
  ],
  unknown: [['2025-10-06', 1, 4, 1, false]],
};

test.each([
  ['present', 'unknown'],
  ['unknown', 'present'],
] as const)(
  'a process that counts while a school says that untaken rolls are %s, not %s, counts nothing as before',
  async (untaken, before) => {
    const { database, url, districts, enrollments } = api.world;
    const other = openDatabase(url);
    const school = (await knex()('schools').first()).id;
    const schools = openSchools(other);
    const { larkspur: district } = districts;
    await schools.set({ district, ...somebody }, school, { untaken: before });
    await api.mark([enrollments.ada, DAY, 2]);
    // Between what is read and what is written the school says so.
    let meanwhile = async () => {
      meanwhile = async () => undefined;
      await schools.set({ district, ...somebody }, school, { untaken });
    };
    const slow: typeof database = {
      ...database,
      transaction: async (work) => {
        await meanwhile();
        return database.transaction(work);
      },
    };
    const range = { district, from: '2025-08-25', to: '2025-10-07', school: null };
    await openCounted(slow).cells(range);
    const found = await openCounted(database).cells(range);
    await other.close();
    expect(found).toHaveLength(untaken === 'present' ? 32 : 1);
    expect(
      found.slice(-4).map(({ date, rolls, students, absent, assumed }) => [date, rolls, students, absent, assumed]),
    ).toEqual(counts[untaken]);
  },
);

test('a section that moves takes its days that nobody has written of from one such school to another', async () => {
  const { database, districts, sections } = api.world;
  const { id: from, ...school } = await knex()('schools').first();
  const [{ id: to }] = await knex()('schools')
    .insert({ ...school, sourced_id: 'other', number: '201' })
    .returning('id');
  const district = districts.larkspur;
  const schools = openSchools(database);
  for (const id of [from, to]) await schools.set({ district, ...somebody }, id, { untaken: 'present' });
  const counted = openCounted(database);
  const range = { district, from: DAY, to: DAY, school: null };
  const studentsBySchool = async () =>
    Object.fromEntries((await counted.cells(range)).map(({ school, students }) => [school, students]));
  expect(await studentsBySchool()).toEqual({ [from]: 4 });
  await knex()('sections').where({ id: sections.algebra }).update({ school_id: to });
  const whole = { section: sections.algebra, from: FIRST_DAY, to: LAST_DAY };
  await database.transaction((tx) => recountNotes(database)(tx, district, [whole, { ...whole, school: from }]));
  expect(await studentsBySchool()).toEqual({ [from]: 1, [to]: 4 });
});

test('what was counted is read from the database itself, not from a copy that lags behind', async () => {
  const { database, enrollments } = api.world;
  const behind = await openApi(); // has its own database, in which nothing ever happened
  try {
    await api.mark([enrollments.ada, DAY, 2]);
    expect(await cells(openCounted(readingFrom(behind.world.database, database)))).toEqual([[DAY, 4, 1, 0]]);
  } finally {
    await behind.close();
  }
});

test.each([
  ['waits too long for what is counted', { patience: 1 }],
  ['asks for what too many sections have to be counted for', { many: 1 }],
])('who %s is told to ask again, and counting goes on', async (_what, options) => {
  const { database, enrollments } = api.world;
  await api.mark([enrollments.ada, DAY, 2]);
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const slow: typeof database = {
    ...database,
    transaction: async (work) => {
      await held;
      return database.transaction(work);
    },
  };
  const counted = openCounted(slow, options);
  await expect(cells(counted)).rejects.toMatchObject({ code: 'UNAVAILABLE', retryAfter: 5 });
  release();
  while ((await kept()).length === 0) await pause(5);
  expect(await kept()).toEqual([{ date: DAY, students: 4, absent: 1 }]);
  let found: unknown[] | undefined;
  while (!found) found = await cells(openCounted(database, { ...options, patience: 10_000 })).catch(() => undefined);
  expect(found).toEqual([[DAY, 4, 1, 0]]);
});

test('who asks while something is done waits for the next time, which all that wait share', async () => {
  const runs: (() => void)[] = [];
  const work = coalesce(() => new Promise((resolve) => runs.push(resolve)));
  const first = work(1);
  const [second, third] = [work(1), work(1)];
  expect(second).toBe(third);
  expect(runs).toHaveLength(1);
  runs[0]!();
  await first;
  await new Promise(setImmediate);
  expect(runs).toHaveLength(2);
  const fourth = work(1);
  expect(fourth).not.toBe(second);
  runs[1]!();
  await second;
  await new Promise(setImmediate);
  runs[2]!();
  await fourth;
});

test('one who fails does not keep the next from being done', async () => {
  let runs = 0;
  const work = coalesce(async () => {
    if (++runs === 1) throw new Error('away');
  });
  const [first, second] = [work(1), work(1)];
  await expect(first).rejects.toThrow('away');
  await second;
  expect(runs).toBe(2);
});

test('a school year that is taken away takes what was counted of it along', async () => {
  const { database, enrollments } = api.world;
  await knex()('enrollments').where({ id: enrollments.ada }).update({ begin_date: '2024-08-26' });
  await api.mark([enrollments.ada, '2025-06-30', 2], [enrollments.ada, '2025-07-01', 2]);
  await cells(openCounted(database));
  for (const sql of forgetCounted(2024)) await knex().raw(sql);
  expect((await kept()).map(({ date }: { date: string }) => date)).toEqual(['2025-07-01']);
  expect((await knex()('counted_students').distinct('year')).map(({ year }: { year: number }) => year)).toEqual([2025]);
});

test('a student whom an event admits counts on a day that was counted already', async () => {
  const { database, sections, enrollments } = api.world;
  await api.mark([enrollments.ada, DAY, 2]);
  const counted = openCounted(database);
  expect(await cells(counted)).toEqual([[DAY, 4, 1, 0]]);
  const osdi = (path: string) => api.post(`/osdi/api/v1${path}`).set('OSDI-API-Token', api.token);
  const event = await osdi('/events').send({
    identifiers: [`rollbook:section:${sections.algebra}`],
    all_day_date: DAY,
  });
  const person = { given_name: 'Mary', family_name: 'Somerville', email_addresses: [{ address: 'mary@example.org' }] };
  const path = new URL(event.body._links.self.href).pathname.replace('/osdi/api/v1', '');
  const help = await osdi(`${path}/record_attendance_helper`).send({ person, status: 'accepted', attended: true });
  expect([help.status, help.body]).toEqual([201, expect.anything()]);
  expect(await cells(counted)).toEqual([[DAY, 5, 1, 0]]);
});

test('the rolls of a district come school by school, in CSV too', async () => {
  await api.mark([api.world.enrollments.ada, DAY, 2]);
  const { text } = await api.get(`/reports/rolls?date=${DAY}`).set('Accept', 'text/csv');
  const [head, ...rows] = text.trim().split('\r\n');
  expect(head).toMatch(/^section_id,title,section_code/);
  expect(rows.map((row) => row.split(',').slice(1, 3))).toEqual([
    ['Algebra', 'ALG'],
    ['Biology', 'BIO'],
  ]);
});

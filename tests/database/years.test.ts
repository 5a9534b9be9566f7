import type { Knex } from 'knex';
import { migrations } from '../../db/migrations';
import { createYears, openYears } from '../../src/database/years';
import { openCounting } from '../../src/reports/counting';
import { openWorld, type World } from '../world';

let world: World;
const { ENGINE } = process.env;
const isParted = ENGINE === 'postgres';
beforeEach(async () => {
  world = await openWorld({ reuse: false }); // the parts of its tables change
});
afterEach(() => world.close());

const at = (day: string) => new Date(`${day}T12:00:00Z`);
const absent = (date: string, enrollment = world.enrollments.ada) =>
  world.ledger.record([{ enrollment, date, status: 2, comment: `on ${date}` }], world.actor, { roll: 'always' });
const createYearsAt = (day: string) =>
  world.database.knex.transaction((tx) => createYears(tx, world.database, { now: at(day) }));
const years = async () => (await openYears(world.database).list()).map(({ year }) => year);
const marks = () => world.ledger.marks({ district: world.districts.larkspur, section: world.sections.algebra });
const history = () => world.ledger.history({ district: world.districts.larkspur });
/** The table in which each mark lies. */
const places = async () =>
  (await world.database.knex.raw('select tableoid::regclass::text as place, date from marks order by date')).rows;

/** Whether the planner has been told what is in a table. */
const isKnownToPlanner = async (table: string): Promise<boolean> =>
  (await world.database.knex('pg_stats').where({ tablename: table })).length > 0;

/** Ada is there for years. */
const widen = (begin_date: string, end_date: string) =>
  world.database.knex('enrollments').where({ id: world.enrollments.ada }).update({ begin_date, end_date });

/** What a roll wrote at that time, like one that is there: the ledger of now reads tables that were not there yet. */
async function writtenThen(knex: Knex, date: string, enrollment_id: number): Promise<void> {
  for (const table of ['meetings', 'marks', 'journal'])
    for (const { id: _, ...row } of await knex(table).where({ date: '2025-06-30' }))
      await knex(table).insert({ ...row, date, ...(row.enrollment_id && { enrollment_id }) });
}

test('a database with attendance is converted, and back, with every row', async () => {
  await widen('1990-01-01', '2200-01-01');
  for (const day of ['1995-06-30', '2025-06-30', '2025-07-01', '2025-12-31', '2026-01-01', '2199-12-31'])
    await absent(day);
  const { knex } = world.database;
  const stored = () =>
    Promise.all(
      ['meetings', 'marks', 'journal'].map((table) =>
        knex(table)
          .orderBy('date')
          .orderBy(knex.raw(table === 'journal' ? 'id' : 'section_id')),
      ),
    );
  const before = await stored();
  const migration = { migrationSource: migrations(world.database), name: '0009_partitions' };
  // Later ones refer to keys that it makes.
  const later = ['0015_presences', '0023_corrections', '0024_former_terms', '0036_districts_in_keys'].map((name) => ({
    ...migration,
    name,
  }));
  for (const one of [migration, ...later].reverse()) await knex.migrate.down(one);
  expect(await stored()).toEqual(before);
  await writtenThen(knex, '2025-10-01', world.enrollments.grace);
  const between = await stored();
  for (const one of [migration, ...later]) await knex.migrate.up(one);
  expect(await stored()).toEqual(between);
  await absent('2025-10-02', world.enrollments.grace);
  const ids = (await history()).map(({ id }) => id);
  expect(new Set(ids).size).toBe(15); // the last day is yet to come, and its roll is not taken
  expect(Math.max(...ids)).toBe(ids[0]);
  expect(await years()).toEqual(isParted ? [1994, 2024, 2025, 2199, null] : []);
});

test.each([
  ['a mark of nobody', { enrollment_id: 999_999 }],
  ['a mark in no section', { section_id: 999_999 }],
  ['a mark that says present', { status: 1 }],
  ['a mark without a comment', { comment: null }],
])('%s is refused by the tables themselves', async (_title, wrong) => {
  const { larkspur: district_id } = world.districts;
  const right = {
    district_id,
    section_id: world.sections.algebra,
    date: '2026-10-01',
    enrollment_id: world.enrollments.ada,
    status: 2,
    comment: '',
    changed_at: '2026-10-01T08:00:00.000Z',
  };
  const insert = world.database.knex('marks').insert({ ...right, ...wrong });
  await expect(insert).rejects.toMatchObject({ message: expect.stringMatching(/constraint/i) });
  expect(await marks()).toEqual([]);
});

test('no write is refused for lack of a part, and what waited is moved once the part is made', async () => {
  await widen('1990-01-01', '2200-01-01');
  await createYearsAt('2026-11-21');
  for (const day of ['2035-06-30', '2035-07-01', '2036-06-30', '2036-07-01']) await absent(day);
  const before = [await marks(), await history()];
  if (isParted)
    expect(new Set((await places()).map(({ place }: { place: string }) => place))).toEqual(new Set(['marks_default']));
  await createYearsAt('2026-11-21');
  await createYearsAt('2026-11-21');
  expect([await marks(), await history()]).toEqual(before);
  if (!isParted) return;
  expect(await places()).toEqual([
    { place: 'marks_2034', date: '2035-06-30' },
    { place: 'marks_2035', date: '2035-07-01' },
    { place: 'marks_2035', date: '2036-06-30' },
    { place: 'marks_2036', date: '2036-07-01' },
  ]);
  expect(await years()).toEqual([2026, 2027, 2028, 2029, 2034, 2035, 2036, null]);
  // Else it takes a part that was filled in one go for next to empty until autovacuum comes by.
  for (const part of ['marks_2034', 'meetings_2035', 'marks_2035', 'journal_2036'])
    expect([part, await isKnownToPlanner(part)]).toEqual([part, true]);
});

test('a school year that is over is detached whole, the others stay as they are', async () => {
  await absent('2025-09-01');
  await absent('2026-06-11');
  await widen('2025-08-25', '2027-06-12');
  await absent('2026-09-01');
  await createYearsAt('2026-11-21');
  await openCounting(world.database)(world.districts.larkspur);
  const detached = openYears(world.database).detach(2025, [], at('2026-11-21'));
  if (!isParted) return expect(detached).rejects.toThrow('SQLite keeps all school years in one table');
  expect(await detached).toEqual(
    ['meetings', 'marks', 'presences', 'journal'].map((table) => `detached_${table}_2025`),
  );
  expect((await marks()).map(({ date }) => date)).toEqual(['2026-09-01']);
  expect((await history()).map(({ date }) => date)).toEqual(['2026-09-01', '2026-09-01']);
  const { knex } = world.database;
  expect(await knex('detached_marks_2025').orderBy('date').pluck('date')).toEqual(['2025-09-01', '2026-06-11']);
  expect(await knex('detached_journal_2025')).toHaveLength(4);
  expect(await knex('counted_days').pluck('date')).toEqual(['2026-09-01']);
  await absent('2025-09-02');
  expect((await marks()).map(({ date }) => date)).toEqual(['2025-09-02', '2026-09-01']);
});

const OVER = 'Only a school year that is over can be detached.';
test.each([
  [
    2025,
    ['2025-08-25'],
    `${OVER} That of Larkspur runs since 2025-08-25, and its days from July to June are in one part.`,
  ],
  [2026, [], OVER],
  [
    2026,
    ['2026-08-24'],
    `${OVER} That of Larkspur runs since 2026-08-24, and its days from July to June are in one part.`,
  ],
  [2028, ['2026-08-24'], `${OVER} This one has not begun.`],
  [2019, ['2026-08-24'], 'There is no such school year; `rollbook years list` lists them.'],
])('%d cannot be detached where school years run since %j', async (year, running, message) => {
  await absent('2025-09-01');
  const before = await years();
  const ofLarkspur = running.map((from) => ({ district: 'Larkspur', from }));
  const detached = openYears(world.database).detach(year, ofLarkspur, at('2027-06-30'));
  const refusal = isParted ? { message } : { message: expect.stringMatching(/^SQLite keeps all school years in one/) };
  await expect(detached).rejects.toMatchObject(refusal);
  expect([await years(), (await marks()).length]).toEqual([before, 1]);
});

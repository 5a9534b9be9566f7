import { idOn } from '../../src/days';
import { openRetention } from '../../src/privacy/retention';
import { openCorrections } from '../../src/roster/corrections';
import type { School } from '../apis/powerschool/school';
import { openTraces, osdiCall } from './traces';

let school: School;
beforeEach(async () => {
  school = await openTraces(); // in 2025-26
  const { enrollments, database } = school.world;
  await database
    .knex('enrollments')
    .where({ id: enrollments.ada })
    .update({ begin_date: '2018-07-01', end_date: '2030-01-01' });
  for (const day of ['2019-06-30', '2019-07-01', '2020-06-30', '2020-07-01'])
    await school.mark([enrollments.ada, day, 2, `on ${day}`]);
});
afterEach(() => school.close());

const tables = ['marks', 'meetings', 'journal', 'powerschool_attendance', 'osdi_attendances', 'wix_attendances'];
/** The days of which the district has anything, table by table. */
const days = async (): Promise<Record<string, string[]>> =>
  Object.fromEntries(
    await Promise.all(
      tables.map(async (table) => [
        table,
        [...new Set(await school.world.database.knex(table).orderBy('date').pluck('date'))],
      ]),
    ),
  );
const eraseYear = (year: number, dryRun = false, district = school.world.districts.larkspur) =>
  openRetention(school.world.database).erase(district, year, { dryRun });
const audit = () => school.world.database.knex('erased_years').orderBy(['year', 'kept_in']);

test('a school year goes from July to June, the others stay as they are', async () => {
  const before = await days();
  expect(await eraseYear(2019)).toEqual({ marks: 2, meetings: 2, journal: 4 });
  const without = (dates: string[]) => dates.filter((date) => date < '2019-07-01' || date > '2020-06-30');
  expect(await days()).toEqual(
    Object.fromEntries(Object.entries(before).map(([table, dates]) => [table, without(dates)])),
  );
});

test('what the APIs keep beside the ledger goes with it, and how much it was stays', async () => {
  const removed = {
    marks: 3,
    meetings: 3,
    journal: 7,
    powerschool_attendance: 1,
    osdi_attendances: 1,
    wix_attendances: 1,
    other_changes: 2, // of which those who follow were told
  };
  expect(await eraseYear(2025)).toEqual(removed);
  expect(
    Object.values(await days())
      .flat()
      .filter((date) => date >= '2025-07-01'),
  ).toEqual([]);
  const rows = (await audit()).map(({ kept_in, removed }) => [kept_in, removed]);
  expect(Object.fromEntries(rows)).toEqual(removed);
});

test('what is left after its year has been taken off is erased too', async () => {
  const { database, districts } = school.world;
  for (const table of ['marks', 'meetings', 'journal'])
    await database.knex(table).where('date', '>=', '2025-07-01').where({ district_id: districts.larkspur }).delete();
  expect(await eraseYear(2025)).toEqual({
    powerschool_attendance: 1,
    osdi_attendances: 1,
    wix_attendances: 1,
    other_changes: 2,
  });
});

test('all APIs answer without it, also to who remembers an ETag', async () => {
  const { sections, enrollments, people } = school.world;
  const path = `/v1/sections/${sections.algebra}/attendance`;
  const { headers } = await school.get(path);
  await eraseYear(2025);
  const again = await school.get(path).set('If-None-Match', headers.etag!);
  expect([again.status, again.text.includes('2025-10')]).toEqual([200, false]);
  expect((await osdiCall(school, 'get', `/events/${idOn(sections.algebra, '2025-10-01')}`)).status).toBe(404);
  expect((await school.post('/bookings/v2/attendance/count').send({})).body.count).toBe(4);
  expect(await school.ask('attendance.student_attendance_detail', { students_dcid: [people.ada] })).toHaveLength(4);
  await school.mark([enrollments.ada, '2026-01-12', 2]); // and it can be written again
  expect((await school.get(path)).text).toContain('2026-01-12');
});

test('run again it has nothing to do, and what it once did stays written', async () => {
  const would = await eraseYear(2019, true);
  expect([would, await audit()]).toEqual([{ marks: 2, meetings: 2, journal: 4 }, []]);
  expect(await eraseYear(2019)).toEqual(would);
  const after = await audit();
  expect([await eraseYear(2019), await audit()]).toEqual([{}, after]);
  await school.mark([school.world.enrollments.ada, '2020-01-10', 2]);
  await eraseYear(2019);
  expect((await audit()).map(({ kept_in, removed }) => [kept_in, removed])).toEqual([
    ['journal', 6],
    ['marks', 3],
    ['meetings', 3],
  ]);
});

test('what was corrected goes with the day on which it was, and each roll with its own', async () => {
  const { database, enrollments, sections, districts } = school.world;
  const { note, read } = openCorrections(database);
  const correction = {
    section: sections.algebra,
    enrollment: enrollments.ada,
    what: 'days',
    from: 'a',
    to: 'b',
  } as const;
  const actor = { district: districts.larkspur, api: 'enrollment set' };
  await database.transaction((tx) =>
    note(tx, actor, '2020-09-01', [{ ...correction, on: ['2019-07-01', '2020-09-01'], off: ['2019-06-30'] }]),
  );
  const left = () => read(database, { district: districts.larkspur, limit: 9 });
  expect(await eraseYear(2019)).toMatchObject({ corrected_rolls: 1 });
  expect(await left()).toMatchObject([{ on: ['2020-09-01'], off: ['2019-06-30'] }]);
  expect(await eraseYear(2020)).toMatchObject({ corrections: 1, corrected_rolls: 1 });
  expect([await left(), await database.knex('corrected_rolls').pluck('date')]).toEqual([[], ['2019-06-30']]);
});

test('the other district keeps its year', async () => {
  const { enrollments, districts, ledger } = school.world;
  const actor = { district: districts.elsewhere, api: 'test', client: null, person: null };
  await ledger.record([{ enrollment: enrollments.eve, date: '2025-10-01', status: 2 }], actor);
  await eraseYear(2025);
  expect(await eraseYear(2025, true, districts.elsewhere)).toEqual({ marks: 1, meetings: 1, journal: 2 });
});

test('the years before one are those since the first of which there is anything', async () => {
  const { yearsBefore } = openRetention(school.world.database);
  const { larkspur, elsewhere } = school.world.districts;
  expect(await yearsBefore(larkspur, 2021)).toEqual([2018, 2019, 2020]);
  expect(await yearsBefore(larkspur, 2018)).toEqual([]);
  expect(await yearsBefore(elsewhere, 2021)).toEqual([]);
});

test('days that are kept of an enrollment go with their year, and what is before and after it stays', async () => {
  const { enrollments, sections, districts, database } = school.world;
  const { knex } = database;
  const of = { district_id: districts.larkspur, section_id: sections.algebra };
  const keep = (enrollment_id: number, ...ranges: [begin_date: string, end_date: string][]) =>
    knex('kept_days').insert(ranges.map(([begin_date, end_date]) => ({ ...of, enrollment_id, begin_date, end_date })));
  const kept = async () =>
    (await knex('kept_days').orderBy(['enrollment_id', 'begin_date'])).map((row) => [row.begin_date, row.end_date]);
  await knex('enrollments').whereIn('id', [enrollments.ada, enrollments.grace]).update({ begin_date: '2026-01-01' });
  await keep(enrollments.ada, ['2019-06-01', '2020-09-01']); // from before it to after it
  await keep(
    enrollments.grace,
    ...([
      ['2019-06-01', '2019-07-01'],
      ['2019-07-01', '2019-07-02'],
      ['2020-01-10', '2020-01-11'],
      ['2020-06-30', '2020-07-02'],
      ['2020-07-03', '2020-07-04'],
    ] as [string, string][]),
  );
  const before = await kept();
  expect((await eraseYear(2019, true)).kept_days).toBe(4);
  expect(await kept()).toEqual(before);
  expect((await eraseYear(2019)).kept_days).toBe(4);
  expect(await kept()).toEqual([
    ['2019-06-01', '2019-07-01'],
    ['2020-07-01', '2020-09-01'],
    ['2019-06-01', '2019-07-01'],
    ['2020-07-01', '2020-07-02'],
    ['2020-07-03', '2020-07-04'],
  ]);
  expect((await eraseYear(2019)).kept_days).toBeUndefined();
});

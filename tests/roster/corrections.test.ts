import { type Correction, daysText, openCorrections } from '../../src/roster/corrections';
import { openCorrection } from '../../src/roster/set-enrollment';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** A past that was changed can be read afterwards: by what, when, whose, from which days to which, and on which rolls. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2025-09-01');
  for (const date of rolls) await rivers.take('k', date, ['ada']);
  await rivers.take('l', rolls[0]!);
});
afterEach(() => rivers.close());

const rolls = ['2025-09-02', '2025-09-04', '2025-09-08'];
const TODAY = '2025-09-15';
const people = ['ada', 'grace', 'lin', 'zoe'].map((id) => ({ id }));
const classes = [{ id: 'k' }, { id: 'l' }];
const [ada, grace, lin] = [{ id: 'ada' }, { id: 'grace' }, { id: 'lin', class: 'l' }];
const school: Said = { people, classes, enrollments: [ada, grace, lin] };
const said = (...enrollments: NonNullable<Said['enrollments']>): Said => ({ ...school, enrollments });
const database = () => rivers.api.world.database;
const journal = async () =>
  (await openCorrections(database()).read(database(), { district: rivers.district, limit: 99 })).map(
    ({ at: _at, section_id: _section, ...correction }) => correction,
  );
const [from, to] = ['2025-08-25', '2026-06-11'];
const OF_IMPORT = { api: 'import --correct-past', what: 'days' };

test('an import that corrects says of each enrollment which days it had and has, and which rolls it is on and off', async () => {
  const id = await rivers.enrollment('grace');
  const report = await rivers.import(said(ada, { ...grace, begin: '2025-09-03' }, lin, { id: 'zoe' }), TODAY, {
    correctPast: true,
  });
  expect(report.corrected.map(({ sourcedId, rolls: all }) => [sourcedId, all])).toEqual([
    ['grace', 1],
    ['zoe', 3],
  ]);
  expect(await journal()).toEqual([
    { ...OF_IMPORT, enrollment_id: id, from: `${from}/${to}`, to: `2025-09-03/${to}`, on: [], off: [rolls[0]] },
    { ...OF_IMPORT, enrollment_id: await rivers.enrollment('zoe'), from: '', to: `${from}/${to}`, on: rolls, off: [] },
  ]);
  expect(await rivers.findings()).toEqual([]);
});

test('so it does of one that is of another class: the former is off its rolls', async () => {
  const before = await rivers.enrollment('ada');
  await rivers.import(said({ ...ada, class: 'l' }, grace, lin), TODAY, { correctPast: true });
  expect(await journal()).toEqual([
    { ...OF_IMPORT, enrollment_id: before, from: `${from}/${to}`, to: '', on: [], off: rolls },
    {
      ...OF_IMPORT,
      enrollment_id: await rivers.enrollment('ada'),
      from: '',
      to: `${from}/${to}`,
      on: [rolls[0]],
      off: [],
    },
  ]);
});

test('and of those that follow the terms of their class', async () => {
  const spring = { id: 'spring', begin: '2026-01-20', end: '2026-06-12' };
  const sessions = [{ id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' }, spring];
  const moved = { ...school, sessions, classes: [{ id: 'k', terms: ['spring'] }, { id: 'l' }] };
  await rivers.import(moved, TODAY, { correctPast: true });
  const off = { ...OF_IMPORT, from: `${from}/${to}`, to: `2026-01-20/${to}`, on: [], off: rolls };
  expect((await journal()).sort((one, other) => one.enrollment_id! - other.enrollment_id!)).toEqual([
    { ...off, enrollment_id: await rivers.enrollment('ada') },
    { ...off, enrollment_id: await rivers.enrollment('grace') },
  ]);
});

test('days that an import has kept are among those before', async () => {
  const later = said({ ...ada, begin: '2025-09-12' }, grace, lin);
  await rivers.import(later, TODAY);
  expect(await journal()).toEqual([]); // nothing of the past has changed
  await rivers.import(later, TODAY, { correctPast: true });
  expect(await journal()).toMatchObject([
    { from: `2025-09-02/2025-09-08, 2025-09-12/${to}`, to: `2025-09-12/${to}`, off: rolls },
  ]);
  await rivers.import(later, TODAY, { correctPast: true });
  expect(await journal()).toHaveLength(1);
});

test('and of one that was made of two: it is off the rolls of which the row that is left says nothing', async () => {
  const id = await rivers.enrollment('grace');
  const again = { id: 'grace-2', person: 'grace', begin: '2025-09-03' };
  const before = await rivers.seen(from, TODAY, [rolls[0]!]);
  const report = await rivers.import(said(ada, again, lin), TODAY, { correctPast: true });
  expect(report.refused).toEqual([]);
  const stands = await database().knex('enrollments').where({ district_id: rivers.district, sourced_id: 'grace-2' });
  expect(stands.map((row) => [row.id, row.begin_date])).toEqual([[id, '2025-09-03']]);
  expect(await rivers.seen(from, TODAY, [rolls[0]!])).not.toEqual(before);
  expect(await journal()).toContainEqual({
    ...{ ...OF_IMPORT, enrollment_id: id, on: [], off: [rolls[0]] },
    ...{ from: `${from}/${to}`, to: `2025-09-03/${to}` },
  });
  expect(await rivers.findings()).toEqual([]);
});

test('the correction of one enrollment is journaled with its days, also where no roll is another by it', async () => {
  const id = await rivers.enrollment('grace');
  const correct = openCorrection(database());
  await correct(id, { begin_date: '2025-09-03', end_date: '2025-09-08' });
  await correct(id, { end_date: '2025-09-06' });
  const OF_SET = { enrollment_id: id, api: 'enrollment set', what: 'days', on: [] };
  expect(await journal()).toEqual([
    { ...OF_SET, from: `${from}/${to}`, to: '2025-09-03/2025-09-07', off: [rolls[0], rolls[2]] },
    { ...OF_SET, from: '2025-09-03/2025-09-07', to: '2025-09-03/2025-09-05', off: [] },
  ]);
});

test('a correction that was only rehearsed is not journaled', async () => {
  const id = await rivers.enrollment('grace');
  await expect(openCorrection(database())(id, { begin_date: '2027-01-01' })).rejects.toThrow('cannot end before');
  expect(await journal()).toEqual([]);
});

test('those of a section or an enrollment, since an instant, and the last so many can be asked for', async () => {
  const { note, read } = openCorrections(database());
  const { district } = rivers;
  const [section, other] = [await rivers.section('k'), await rivers.section('l')];
  const [one, two] = [await rivers.enrollment('ada'), await rivers.enrollment('lin')];
  const correction = { what: 'days', from: '', to: '' } as const;
  const noted: Correction[] = [
    { ...correction, section, enrollment: one },
    { ...correction, section: other, enrollment: two },
    { section, enrollment: null, what: 'school', from: '1 (../..)', to: '2' },
  ];
  await database().transaction((tx) => note(tx, { district, api: 'test' }, TODAY, noted));
  const of = async (filter: object) =>
    (await read(database(), { district, limit: 99, ...filter })).map(({ section_id, enrollment_id }) => [
      section_id,
      enrollment_id,
    ]);
  const all = [
    [section, one],
    [other, two],
    [section, null],
  ];
  expect(await of({})).toEqual(all);
  expect(await of({ section })).toEqual([all[0], all[2]]);
  expect(await of({ enrollment: two })).toEqual([all[1]]);
  expect(await of({ limit: 2 })).toEqual(all.slice(1));
  expect(await of({ since: '2999-01-01T00:00:00.000Z' })).toEqual([]);
  expect(await of({ district: district + 1 })).toEqual([]);
});

test.each([
  [[], ''],
  [[['2025-09-01', '2025-09-01']], ''],
  [[['2025-09-01', '2025-09-02']], '2025-09-01/2025-09-01'],
  [
    [
      ['2025-10-01', '9999-12-31'],
      ['0001-01-01', '2025-03-01'],
    ],
    '../2025-02-28, 2025-10-01/..',
  ],
])('the days %p are written as %p', (days, text) => {
  expect(daysText(days.map(([begin_date, end_date]) => ({ begin_date: begin_date!, end_date: end_date! })))).toBe(text);
});

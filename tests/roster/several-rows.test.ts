import type { Said } from './builder';
import { changes } from './bundles';
import { openRivers, type Rivers } from './school';
import { everything } from './sequences';

/** An enrollment that the SIS lists by several rows has the days of all of them, whichever of them a delta has. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
});
afterEach(() => rivers.close());

const TODAY = '2025-09-01';
type Rows = NonNullable<Said['enrollments']>;
const row = (id: string, begin = '', end = '', more = {}): Rows[number] => ({ id, person: 'ada', begin, end, ...more });
const sessions = (end: string) => [{ id: 'year', type: 'schoolYear', begin: '2025-08-25', end }];
const said = (enrollments: Rows, end = '2026-06-12'): Said => ({
  sessions: sessions(end),
  people: ['ada', 'lin', 'mae'].map((id) => ({ id })),
  enrollments: [...enrollments, { id: 'lin' }],
});
const delta = (enrollments: Rows): Said => ({
  ...said([]),
  modes: { orgs: 'absent', academicSessions: 'absent', classes: 'absent', users: 'absent', enrollments: 'delta' },
  enrollments,
});
/** Ada's days, by the sourcedIds that they go by. */
const days = async (): Promise<string[]> => {
  const { knex } = rivers.api.world.database;
  const rows = await knex('enrollments')
    .join('people', 'people.id', 'person_id')
    .where({ 'enrollments.district_id': rivers.district, 'people.sourced_id': 'ada', 'enrollments.active': true })
    .whereRaw('begin_date < end_date')
    .orderBy('begin_date')
    .select('enrollments.id', 'enrollments.sourced_id', 'begin_date', 'end_date');
  const named = await Promise.all(
    rows.map(async ({ id, sourced_id, begin_date, end_date }) => {
      const others = await knex('enrollment_aliases')
        .where({ enrollment_id: id })
        .orderBy('sourced_id')
        .pluck('sourced_id');
      return `${[sourced_id, ...others].sort().join('+')} ${begin_date} ${end_date}`;
    }),
  );
  return named;
};
const year = row('a', '2025-08-25', '2026-06-12');
const late = row('b', '2025-10-01', '2026-06-12');

test('deltas that shorten one row each shorten the enrollment, in whichever order, and once more change nothing', async () => {
  for (const order of [
    [row('a', '2025-08-25', '2025-12-20'), row('b', '2025-10-01', '2026-02-01')],
    [row('b', '2025-10-01', '2026-02-01'), row('a', '2025-08-25', '2025-12-20')],
  ]) {
    await rivers.import(said([year, late]), TODAY);
    expect(await days()).toEqual(['a+b 2025-08-25 2026-06-12']);
    const reports = [];
    for (const each of order) {
      reports.push(await rivers.import(delta([each]), TODAY));
      expect(changes(await rivers.import(delta([each]), TODAY))).toBe(0);
    }
    expect(reports.map(({ warnings, counts }) => [warnings, counts.enrollments.updated])).toEqual([
      [[], 0],
      [[], 1],
    ]);
    expect(await days()).toEqual(['a+b 2025-08-25 2026-02-01']);
    expect(await rivers.findings()).toEqual([]);
  }
});

test.each<[string, Rows, Rows, string[]]>([
  ['deleted', [year, late], [{ ...year, status: 'tobedeleted' }], ['b 2025-10-01 2026-06-12']],
  [
    'moved away from it',
    [year, late],
    [row('b', '2025-10-01', '2026-06-12', { person: 'mae' })],
    ['a 2025-08-25 2026-06-12'],
  ],
  [
    'moved after it',
    [row('a', '', '2025-12-20'), row('b', '2025-10-01', '2026-01-20')],
    [row('b', '2026-01-20', '2026-06-12')],
    ['a 2025-08-25 2025-12-20', 'b 2026-01-20 2026-06-12'],
  ],
  [
    'shortened, of three',
    [year, late, row('c', '2025-11-01', '2026-03-01')],
    [row('a', '2025-08-25', '2025-12-20'), row('b', '2025-10-01', '2025-12-20')],
    ['a+b+c 2025-08-25 2026-03-01'],
  ],
  ['listed as it was', [year, late], [late], ['a+b 2025-08-25 2026-06-12']],
])('a row that is %s leaves the days that the others say', async (_what, before, after, left) => {
  await rivers.import(said(before), TODAY);
  const report = await rivers.import(delta(after), TODAY);
  expect([report.refused, report.warnings, await days()]).toEqual([[], [], left]);
  const again = await rivers.import(delta(after), TODAY);
  expect([changes(again), await days(), await rivers.findings()]).toEqual([0, left, []]);
});

test('a row that leaves its end to the terms has that which they have by now', async () => {
  await rivers.import(said([row('a', '2025-08-25'), row('b', '2025-10-01', '2025-12-20')]), TODAY);
  await rivers.import({ ...said([], '2026-06-30'), modes: { enrollments: 'absent' } }, TODAY);
  expect(await days()).toEqual(['a+b 2025-08-25 2026-06-30']);
  await rivers.import(delta([row('b', '2025-10-01', '2025-11-20')]), TODAY);
  expect(await days()).toEqual(['a+b 2025-08-25 2026-06-30']);
  await rivers.import(delta([row('a', '2025-08-25', '2025-10-20')]), TODAY);
  expect(await days()).toEqual(['a+b 2025-08-25 2025-11-20']);
});

test('the days of rows are those of a bulk file after the next one, also where they were not known', async () => {
  await rivers.import(said([year, late]), TODAY);
  await rivers.api.world.database.knex('enrollment_rows').delete();
  const shorter = row('a', '2025-08-25', '2025-12-20');
  const report = await rivers.import(delta([shorter]), TODAY);
  expect([report.warnings.length, await days()]).toEqual([1, ['a+b 2025-08-25 2026-06-12']]);
  await rivers.import(said([shorter, late]), TODAY);
  await rivers.import(delta([row('b', '2025-10-01', '2025-11-01')]), TODAY);
  expect(await days()).toEqual(['a+b 2025-08-25 2025-12-20']);
});

describe('a row that a delta adds beside one that stands is put together with what that one says', () => {
  const added = async (rows: Rows, more: Partial<Said> = {}) => {
    const bundle = { ...delta(rows), ...more };
    await rivers.import(bundle, TODAY);
    const [stands, left] = [await everything(rivers), await days()];
    expect(changes(await rivers.import(bundle, TODAY))).toBe(0);
    expect(await everything(rivers)).toEqual(stands);
    return left;
  };

  test('not with the day on which it begins since rolls were taken', async () => {
    await rivers.import(said([]), TODAY);
    await rivers.take('k', '2025-08-28');
    await rivers.import(said([row('b')]), TODAY);
    expect(await added([row('a', '2025-08-25', '2025-11-01')])).toEqual(['a+b 2025-08-29 2026-06-12']);
  });

  test('not with the day to which its terms have moved, where another row of it says the day', async () => {
    await rivers.import(said([row('a'), row('b', '2025-08-25', '2025-12-20')]), TODAY);
    const moved: Partial<Said> = {
      sessions: [{ id: 'year', type: 'schoolYear', begin: '2025-08-28', end: '2026-06-12' }],
      modes: { orgs: 'absent', classes: 'absent', users: 'absent', enrollments: 'delta' },
    };
    expect(await added([row('c')], moved)).toEqual(['a+b+c 2025-08-25 2026-06-12']);
  });
});

test('of two enrollments that are over one is made that is over', async () => {
  await rivers.import(said([row('a')]), TODAY);
  const { knex } = rivers.api.world.database;
  const over = { active: false, end_date: '2025-08-30' };
  await knex('enrollments').where({ district_id: rivers.district, sourced_id: 'a' }).update(over);
  const { id: _id, ...a } = await knex('enrollments').where({ district_id: rivers.district, sourced_id: 'a' }).first();
  await knex('enrollments').insert({ ...a, sourced_id: 'old' });
  const bundle = said([row('c', '2025-09-01')]);
  await rivers.import(bundle, TODAY);
  expect(await days()).toEqual(['c 2025-09-01 2026-06-12']);
  expect(
    await knex('enrollments')
      .where({ ...a, active: true })
      .pluck('id'),
  ).toEqual([]);
  const stands = await everything(rivers);
  expect(changes(await rivers.import(bundle, TODAY))).toBe(0);
  expect(await everything(rivers)).toEqual(stands);
});

test('a row that is refused keeps what it said, and not what a row said that a bulk file no longer lists', async () => {
  await rivers.import(said([row('a'), row('b', '2025-10-01', '2025-12-20')]), TODAY);
  const bundle = said([row('b', '2025-10-01', 'soon'), row('c', '2025-11-01', '2026-01-20')]);
  const { refused } = await rivers.import(bundle, TODAY);
  expect(refused).toHaveLength(1);
  expect(await days()).toEqual(['b+c 2025-10-01 2026-01-20']);
  const stands = await everything(rivers);
  expect(changes(await rivers.import(bundle, TODAY))).toBe(0);
  expect(await everything(rivers)).toEqual(stands);
});

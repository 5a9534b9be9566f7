import { openCodes } from '../../src/ledger/codes';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** A class that changes its school leaves its past in the one in which it was. */
let rivers: Rivers;
let schools: Record<string, number>;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2025-09-01');
  for (const date of rolls) {
    await rivers.take('k', date, ['ada']);
    await rivers.take('l', date, ['lin']);
  }
  const rows = await rivers.api.world.database.knex('schools').where({ district_id: rivers.district });
  schools = Object.fromEntries(rows.map(({ sourced_id, id }) => [sourced_id, id]));
});
afterEach(() => rivers.close());

const rolls = ['2025-09-02', '2025-09-04', '2025-09-08'];
const TODAY = '2025-09-15';
const people = ['ada', 'grace', 'lin', 'mae'].map((id) => ({ id }));
const enrollments = [{ id: 'ada' }, { id: 'grace' }, { id: 'lin', class: 'l' }, { id: 'mae', class: 'm' }];
const inSchools = (k: string, l = 't', m = 't'): Said => ({
  schools: [
    { id: 's', name: 'Rivers Middle', number: '700' },
    { id: 't', name: 'Thames High', number: '800' },
  ],
  people,
  classes: [
    { id: 'k', school: k },
    { id: 'l', school: l },
    { id: 'm', school: m },
  ],
  enrollments,
});
const school = inSchools('s');
const knex = () => rivers.api.world.database.knex;
const body = async (path: string) => (await rivers.office.get(path).expect(200)).body;
const SPAN = 'from=2025-09-01&to=2025-09-12';
/** All that is seen of the past; without the names of the schools that chronically absent students are in now. */
const seen = async (dates = rolls) => {
  const all = await rivers.seen('2025-09-01', '2025-09-12', dates);
  const { students, ...chronic } = all.chronic as { students: { school: string }[] };
  const bySchool = (await body(`/reports/absence?by=school&${SPAN}`)).rows;
  const of = await Promise.all(
    Object.values(schools).map(async (id) => [
      (await body(`/reports/absence?by=day&school=${id}&${SPAN}`)).rows,
      (await body(`/reports/rolls?date=${dates[0]}&school=${id}`)).rolls,
    ]),
  );
  return {
    ...all,
    bySchool,
    of,
    chronic: { ...chronic, students: students.map(({ school: _school, ...rest }) => rest) },
  };
};
const former = async () =>
  (await knex()('former_schools').where({ district_id: rivers.district }).orderBy('begin_date')).map(
    ({ section_id, school_id, begin_date, end_date }) => [section_id, school_id, begin_date, end_date],
  );

test('days that are over stay in the school in which the class was, in all reports', async () => {
  const before = await seen();
  expect(before.bySchool.map(({ key, student_days }: Record<string, unknown>) => [Number(key), student_days])).toEqual([
    [schools.s, 6],
    [schools.t, 3],
  ]);
  const report = await rivers.import(inSchools('t', 's'), TODAY);
  expect(report.refused).toEqual([]);
  expect(report.kept).toEqual([
    { file: 'classes.csv', line: 2, sourcedId: 'k', enrollment: null, rolls: 3 },
    { file: 'classes.csv', line: 3, sourcedId: 'l', enrollment: null, rolls: 3 },
  ]);
  expect(await seen()).toEqual(before);
  expect(await rivers.findings()).toEqual([]);
  const again = await rivers.import(inSchools('t', 's'), TODAY);
  expect([again.kept, again.counts.classes.updated, await seen()]).toEqual([[], 0, before]);
});

test('from the day of the import on it counts in the new one, where chronically absent students are now, too', async () => {
  const still = { id: 'ada', end: '2099-06-30' };
  await rivers.import({ ...inSchools('t'), enrollments: [still, ...enrollments.slice(1)] }, TODAY);
  await rivers.take('k', TODAY, ['ada', 'grace']);
  const { rows } = await body(`/reports/absence?by=school&from=${TODAY}&to=${TODAY}`);
  expect(rows).toMatchObject([{ key: String(schools.t), student_days: 2, absent_days: 2 }]);
  const today = await body(`/reports/today?date=${TODAY}`);
  expect(today.schools.map(({ school_id, rolls: all }: Record<string, unknown>) => [school_id, all])).toEqual([
    [schools.t, 3],
  ]);
  const chronic = await body(`/reports/chronic?from=2025-09-01&to=${TODAY}&min_days=1`);
  expect(chronic.students.map(({ name, school: of }: Record<string, unknown>) => [name, of])).toContainEqual([
    'ada Rivers',
    'Thames High',
  ]);
});

test('a roll of today that was taken before the import counts where it was taken', async () => {
  await rivers.take('k', TODAY, ['ada']);
  const on = async () => (await body(`/reports/absence?by=school&from=${TODAY}&to=${TODAY}`)).rows;
  const before = await on();
  await rivers.import(inSchools('t'), TODAY);
  expect(await on()).toEqual(before);
  expect(await former()).toEqual([[await rivers.section('k'), schools.s, '0001-01-01', '2025-09-16']]);
  await rivers.take('k', '2025-09-16');
  const { rows } = await body('/reports/absence?by=school&from=2025-09-16&to=2025-09-16');
  expect(rows).toMatchObject([{ key: String(schools.t), student_days: 2 }]);
});

test.each([
  ['present', 'present'],
  ['unknown', 'present'],
] as const)(
  'classes that change schools after one of their rolls was taken change together, from tomorrow on (%s, %s)',
  async (one, other) => {
    // Classes in chunks of one: the second is read after the first has moved.
    const of = (school: string): Said => ({
      ...inSchools(school, 't', school),
      enrollments: [...enrollments, { id: 'ada m', person: 'ada', class: 'm' }],
    });
    await rivers.import(of('s'), TODAY);
    await knex()('schools').where({ id: schools.s }).update({ untaken: one });
    await knex()('schools').where({ id: schools.t }).update({ untaken: other });
    await rivers.take('k', TODAY, ['ada']);
    await rivers.import(of('t'), TODAY, { rowsAtOnce: 1 });
    const on = async (date: string) => {
      const { rows } = await body(`/reports/absence?by=school&from=${date}&to=${date}`);
      return Object.fromEntries(
        rows.map(({ key, student_days }: { key: string; student_days: number }) => [key, student_days]),
      );
    };
    const inS = one === 'present' ? 3 : 2; // ada and grace; mae, where nobody says anything of her
    expect(await on(TODAY)).toEqual({ [schools.s!]: inS, [schools.t!]: 1 });
    expect(await on('2025-09-16')).toEqual({ [schools.t!]: 4 });
    expect((await rivers.import(of('t'), TODAY, { rowsAtOnce: 1 })).counts.classes.updated).toBe(0);
    expect(await on(TODAY)).toEqual({ [schools.s!]: inS, [schools.t!]: 1 });
  },
);

test('what is written of a past day later counts in the school of that day', async () => {
  await rivers.import(inSchools('t'), TODAY);
  await seen();
  await rivers.take('k', '2025-09-09', ['grace']);
  const mark = { enrollment: await rivers.enrollment('grace'), date: rolls[0]!, status: 4 };
  await rivers.api.world.ledger.record([mark], { ...rivers.api.world.actor, district: rivers.district });
  const { rows } = await body(`/reports/absence?by=school&${SPAN}`);
  expect(rows).toMatchObject([
    { key: String(schools.s), rolls_taken: 4, student_days: 8, absent_days: 5, excused_days: 1 },
    { key: String(schools.t), rolls_taken: 3, student_days: 3, absent_days: 3 },
  ]);
});

test('who comes to the class later does not change its days in the former school, nor does who is moved', async () => {
  await rivers.import(inSchools('t'), TODAY);
  const before = await seen();
  const more = { ...inSchools('t'), enrollments: [{ id: 'ada', begin: '2025-09-12' }, ...enrollments.slice(1)] };
  await rivers.import(more, '2025-09-16');
  const { month: _month, ...after } = (await seen()) as Record<string, unknown>;
  expect(after).toEqual(before);
});

test('a day is a school day as the calendar and the week of the school of that day have it', async () => {
  await knex()('schools').where({ id: schools.t }).update({ weekdays: '7' });
  const month = async () =>
    (await body(`/reports/sections/${await rivers.section('k')}/month?month=2025-09`)).days.filter(
      ({ date }: { date: string }) => date < TODAY,
    );
  const [before, days] = [await seen(), await month()];
  expect(before.bySchool).toMatchObject([{ key: String(schools.s), student_days: 6 }]);
  await rivers.import(inSchools('t', 's'), TODAY);
  expect([await seen(), await month()]).toEqual([before, days]);
});

test('marks are written out by the school of their day, and read in again by its codes and calendar', async () => {
  const code = { school_id: schools.s!, year: 2025, code: 'ILL', description: 'Ill', status: 4 } as const;
  await openCodes(rivers.api.world.database).set(
    { district: rivers.district, api: 'test', client: null, person: null },
    code,
  );
  const post = async (row: object) => {
    const sent = { marks: [{ section: 'k', student: 'ada', status: 'ILL', ...row }] };
    return (await rivers.office.post('/marks').send(sent).expect(200)).body.rows[0];
  };
  const csv = async (name: string) =>
    (await rivers.office.get(`/marks?school=${schools[name]}&from=2025-09-01`).set('Accept', 'text/csv')).text;
  expect(await post({ date: rolls[1] })).toMatchObject({ outcome: 'changed', to: 'excused' });
  const [before, elsewhere] = [await csv('s'), await csv('t')];
  expect([before.trim().split('\r\n'), elsewhere.trim().split('\r\n')].map(({ length }) => length)).toEqual([4, 4]);
  await rivers.import(inSchools('t'), TODAY);
  expect([await csv('s'), await csv('t')]).toEqual([before, elsewhere]);
  expect(await post({ date: rolls[0] })).toMatchObject({ outcome: 'changed', to: 'excused' });
  expect(await post({ date: TODAY })).toMatchObject({ outcome: 'refused', column: 'status' });
  expect(await post({ date: TODAY, status: 'late' })).toMatchObject({ outcome: 'changed' });
  expect((await csv('t')).trim().split('\r\n')).toHaveLength(5);
  await knex()('schools').where({ id: schools.s }).update({ weekdays: '7' });
  const warned = async (date: string) => (await post({ date, status: 'absent' })).warning;
  expect([await warned('2025-09-09'), await warned('2025-09-16')]).toEqual([
    '2025-09-09 is no school day (weekend); it counts in no rate.',
    '',
  ]);
});

test('where students who are not marked count as present, they do so on the days on which their class was in that school', async () => {
  await rivers.office.patch(`/schools/${schools.s}`).send({ untaken: 'present' }).expect(200);
  const open = [...rolls, '2025-09-03', '2025-09-10'];
  const before = await seen(open);
  expect(before.bySchool.map(({ key, student_days }: Record<string, unknown>) => [Number(key), student_days])).toEqual([
    [schools.s, 20],
    [schools.t, 3],
  ]);
  await rivers.import(inSchools('t'), TODAY);
  expect(await seen(open)).toEqual(before);
  await rivers.office.patch(`/schools/${schools.s}`).send({ untaken: 'unknown' }).expect(200);
  const told = (await body(`/reports/absence?by=school&${SPAN}`)).rows;
  expect(told).toMatchObject([{ key: String(schools.s), student_days: 6 }, { student_days: 3 }]);
  await rivers.office.patch(`/schools/${schools.s}`).send({ untaken: 'present' }).expect(200);
  expect(await seen(open)).toEqual(before);
  // Nor does a change of the roster take days that were counted there, though nobody took the roll.
  const less = { ...inSchools('t'), enrollments: [{ id: 'ada', begin: '2025-09-12' }, ...enrollments.slice(1)] };
  await rivers.import(less, '2025-09-16');
  const { rows } = await body(`/reports/absence?by=school&${SPAN}`);
  expect(rows.map(({ key, student_days }: Record<string, unknown>) => [Number(key), student_days])).toEqual([
    [schools.s, 20],
    [schools.t, 3],
  ]);
});

test.each(['s', 't'])(
  'days on which nobody takes a roll stay counted in the school that says so, and in no other: in %s',
  async (assuming) => {
    await rivers.office.patch(`/schools/${schools[assuming]}`).send({ untaken: 'present' }).expect(200);
    await rivers.import(inSchools('s', 't', 's'), '2025-09-06'); // Mae's class, of which no roll was ever taken
    const { id } = await knex()('people').where({ district_id: rivers.district, sourced_id: 'mae' }).first();
    const counted = () =>
      Promise.all(
        [`absence?by=day&school=${schools[assuming]}&`, 'absence?by=school&', `students/${id}?`].map((path) =>
          body(`/reports/${path}${SPAN}`),
        ),
      );
    const before = await counted();
    expect(before[2].enrolled_days).toBe(5);
    const later = { id: 'mae', class: 'm', begin: '2026-01-20' };
    const report = await rivers.import(
      { ...inSchools('s', 't', 's'), enrollments: [...enrollments.slice(0, 3), later] },
      TODAY,
    );
    expect(report.kept).toEqual([expect.objectContaining({ file: 'enrollments.csv', sourcedId: 'mae', rolls: 0 })]);
    expect(await counted()).toEqual(before);
    const kept = await knex()('kept_days').where({ enrollment_id: await rivers.enrollment('mae') });
    expect(kept.map(({ begin_date, end_date }) => [begin_date, end_date])).toEqual([
      assuming === 's' ? ['2025-09-06', TODAY] : ['2025-08-25', '2025-09-06'],
    ]);
    expect(await rivers.findings()).toEqual([]);
  },
);

test('what the import says of a class is not taken for what it says of an enrollment of the same sourcedId', async () => {
  const doubled = [...enrollments, { id: 'k', person: 'ada' }];
  const report = await rivers.import({ ...inSchools('t'), enrollments: doubled }, TODAY);
  expect(report.kept).toContainEqual({ file: 'classes.csv', line: 2, sourcedId: 'k', enrollment: null, rolls: 3 });
  expect(await rivers.findings()).toEqual([]);
});

test('a class of which nothing is known has no past that could stay', async () => {
  const report = await rivers.import(inSchools('s', 't', 's'), TODAY);
  expect([report.kept, await former()]).toEqual([[], []]);
});

test.each<[string, string, number[]]>([
  ['it counted untaken days', 's', [0]],
  ['it counts them only in the new one', 't', []],
])('a class whose roll nobody took is among those that are kept where %s', async (_where, assuming, kept) => {
  await rivers.import(inSchools('s', 't', 's'), '2025-09-01');
  await rivers.office.patch(`/schools/${schools[assuming]}`).send({ untaken: 'present' }).expect(200);
  const empty = inSchools('s', 't', 't');
  const report = await rivers.import(empty, TODAY);
  expect(report.kept).toEqual(
    kept.map((rolls) => ({ file: 'classes.csv', line: 4, sourcedId: 'm', enrollment: null, rolls })),
  );
});

test.each<[string, string | undefined]>([
  ['nobody is', undefined],
  ['somebody is to be', '2025-10-01'],
])('a class in which %s has no days that are kept', async (_who, begin) => {
  await rivers.office.patch(`/schools/${schools.t}`).send({ untaken: 'present' }).expect(200);
  const mae = begin === undefined ? [] : [{ id: 'mae', class: 'm', begin }];
  const said = (m: string) => ({ ...inSchools('s', 't', m), enrollments: [...enrollments.slice(0, 3), ...mae] });
  await knex()('enrollments').where({ sourced_id: 'mae' }).update({ begin_date: '2025-09-20', end_date: '2025-09-20' });
  await rivers.import(said('t'), '2025-09-01');
  expect((await rivers.import(said('s'), TODAY)).kept).toEqual([]);
});

test.each(['s', 't'])(
  'a class of which nothing is known stays, too, where students who are not marked count as present: in %s',
  async (assuming) => {
    await rivers.office.patch(`/schools/${schools[assuming]}`).send({ untaken: 'present' }).expect(200);
    const before = await seen([...rolls, '2025-09-03']);
    await rivers.import(inSchools('s', 't', 's'), TODAY);
    expect(await seen([...rolls, '2025-09-03'])).toEqual(before);
    expect(await former()).toEqual([[await rivers.section('m'), schools.t, '0001-01-01', TODAY]]);
  },
);

test('a class may move more than once, to no school, and back; within a day it leaves no trace', async () => {
  const before = await seen();
  const id = await rivers.section('k');
  await rivers.import(inSchools('t'), TODAY);
  await rivers.import(inSchools(''), TODAY);
  await rivers.import(inSchools('s'), TODAY);
  expect([await former(), await seen()]).toEqual([[], before]);
  await rivers.import(inSchools(''), '2025-09-16');
  await rivers.take('k', '2025-09-16');
  await rivers.import(inSchools('t'), '2025-09-18');
  await rivers.import(inSchools('s'), '2025-09-22');
  expect(await former()).toEqual([
    [id, schools.s, '0001-01-01', '2025-09-16'],
    [id, 0, '2025-09-16', '2025-09-18'],
    [id, schools.t, '2025-09-18', '2025-09-22'],
  ]);
  expect(await seen()).toEqual(before);
  const { schools: on } = await body('/reports/today?date=2025-09-16');
  expect(on.map(({ school_id, taken }: Record<string, unknown>) => [school_id, taken])).toEqual([
    [schools.t, 0],
    [0, 1],
  ]);
  expect(await rivers.findings()).toEqual([]);
});

test('where the past was wrong, it follows, and the journal says so', async () => {
  await rivers.import(inSchools('t'), TODAY);
  const report = await rivers.import(inSchools('t'), TODAY, { correctPast: true });
  expect(report.corrected).toEqual([{ file: 'classes.csv', line: 2, sourcedId: 'k', enrollment: null, rolls: 3 }]);
  const { rows } = await body(`/reports/absence?by=school&${SPAN}`);
  expect(rows).toMatchObject([{ key: String(schools.t), rolls_taken: 6, student_days: 9 }]);
  expect(await former()).toEqual([]);
  expect(await knex()('corrections').where({ district_id: rivers.district })).toMatchObject([
    {
      section_id: await rivers.section('k'),
      enrollment_id: null,
      date: TODAY,
      api: 'import --correct-past',
      what: 'school',
      from_value: `${schools.s} (../2025-09-14), ${schools.t} (2025-09-15/..)`,
      to_value: String(schools.t),
    },
  ]);
  const again = await rivers.import(inSchools('t'), TODAY, { correctPast: true });
  expect(again.corrected).toEqual([]);
});

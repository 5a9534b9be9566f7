import { rehearsed } from '../../src/roster/oneroster/report';
import { sampled } from '../sampled';
import type { Said } from './builder';
import { changes } from './bundles';
import { openRivers, type Rivers } from './school';

/** Whoever the SIS has deleted is on no roll to come, also where it has not deleted their enrollments; days that are over stay. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2025-09-01');
  for (const date of rolls) {
    await rivers.take('k', date, ['ada']);
    await rivers.take('l', date, ['lin']);
  }
});
afterEach(() => rivers.close());

const rolls = ['2025-09-02', '2025-09-04', '2025-09-08'];
const TODAY = '2025-09-15';
const TOMORROW = '2025-09-16';
const two = [{ id: 's' }, { id: 't', name: 'Thames High', number: '800' }];
const school: Said = {
  schools: two,
  people: [...['ada', 'grace', 'lin'].map((id) => ({ id })), { id: 'emmy', role: 'teacher' }],
  classes: [{ id: 'k' }, { id: 'l', school: 't' }],
  enrollments: [
    { id: 'ada' },
    { id: 'grace' },
    { id: 'ada-l', person: 'ada', class: 'l' },
    { id: 'lin', class: 'l' },
    { id: 'emmy', role: 'teacher' },
  ],
};
/** Only these rows have changed. */
const delta = (said: Said): Said => {
  const of = (rows: readonly object[] | undefined) => (rows ? ('delta' as const) : ('absent' as const));
  const modes = {
    orgs: of(said.schools),
    academicSessions: of(said.sessions),
    classes: of(said.classes),
    users: of(said.people),
    enrollments: of(said.enrollments),
  };
  return { ...said, modes };
};
const status = 'tobedeleted';
const knex = () => rivers.api.world.database.knex;
/** Who is on the rolls of a day, by class. */
const on = async (date: string): Promise<string[]> => {
  const rows = await knex()('enrollments')
    .join('sections', 'sections.id', 'section_id')
    .join('people', 'people.id', 'person_id')
    .where('enrollments.district_id', rivers.district)
    .where('begin_date', '<=', date)
    .where('end_date', '>', date)
    .select('sections.sourced_id as class', 'people.sourced_id as person');
  return rows.map((row) => `${row.class} ${row.person}`).sort();
};
const seen = () => rivers.seen('2025-09-01', '2025-09-12', rolls);
const all = ['k ada', 'k emmy', 'k grace', 'l ada', 'l lin'];
const without = (pattern: RegExp) => all.filter((each) => !pattern.test(each));

test.each(
  sampled<[string, Said, RegExp, string, number, number]>([
    ['a user', { people: [{ id: 'ada', status }] }, /ada/, 'users.csv', 1, 2],
    ['a teacher', { people: [{ id: 'emmy', role: 'teacher', status }] }, /emmy/, 'users.csv', 1, 1],
    ['two users', { people: ['ada', 'lin'].map((id) => ({ id, status })) }, /ada|lin/, 'users.csv', 2, 3],
    ['a class', { classes: [{ id: 'l', school: 't', status }] }, /l /, 'classes.csv', 1, 2],
    ['a school', { schools: [{ ...two[1]!, status }] }, /l /, 'orgs.csv', 1, 2],
  ]),
)('with %s their enrollments end', async (_what, said, gone, file, deleted, enrollments) => {
  const before = await seen();
  const report = await rivers.import(delta(said), TODAY);
  expect([report.refused, report.warnings, report.orphaned]).toEqual([[], [], [{ file, deleted, enrollments }]]);
  expect(report.counts.enrollments).toEqual({ inserted: 0, updated: 0, ended: enrollments, refused: 0 });
  expect([await on(TODAY), await on('2025-09-12')]).toEqual([without(gone), all]);
  expect(await seen()).toEqual(before);
  const again = await rivers.import(delta(said), TOMORROW);
  expect([changes(again), again.orphaned, await on(TODAY)]).toEqual([0, [], without(gone)]);
  expect(await rivers.findings()).toEqual([]);
});

test('a dry run says the same, and ends nothing', async () => {
  const said = delta({ people: [{ id: 'ada', status }] });
  const { database } = rivers.api.world;
  const would = await rehearsed(database, (rehearsal) => rivers.import(said, TODAY, {}, rehearsal));
  expect([would.orphaned, await on(TODAY)]).toEqual([[{ file: 'users.csv', deleted: 1, enrollments: 2 }], all]);
  expect(await rivers.import(said, TODAY)).toEqual(would);
});

test('whoever is on a roll of today that was taken ends tomorrow, and who was to come never comes', async () => {
  await rivers.take('k', TODAY, ['ada']);
  await knex()('enrollments').where({ sourced_id: 'ada-l' }).update({ begin_date: '2025-10-01' });
  await rivers.import(delta({ people: [{ id: 'ada', status }] }), TODAY);
  expect([await on(TODAY), await on(TOMORROW), await on('2025-10-02')]).toEqual([
    without(/l ada/),
    without(/ada/),
    without(/ada/),
  ]);
  expect(await rivers.findings()).toEqual([]);
});

test('an enrollment that another system has added ends too', async () => {
  await knex()('enrollments').where({ sourced_id: 'ada-l' }).update({ sourced_id: null });
  await rivers.import(delta({ people: [{ id: 'ada', status }] }), TODAY);
  expect(await on(TODAY)).toEqual(without(/ada/));
});

test('students of a class that moves to another school stay in it when the school is deleted', async () => {
  const said = delta({ schools: [{ ...two[1]!, status }], classes: [{ id: 'l' }] });
  const report = await rivers.import(said, TODAY);
  expect([report.orphaned, report.counts.enrollments.ended, await on(TOMORROW)]).toEqual([[], 0, all]);
});

test('students who move to another class are in it when theirs is deleted, and that is no more than one end each', async () => {
  const said = delta({
    classes: [{ id: 'l', school: 't', status }],
    enrollments: [{ id: 'lin' }, { id: 'ada-l', person: 'ada', class: 'l', status }],
  });
  const report = await rivers.import(said, TODAY);
  expect(report.counts.enrollments).toEqual({ inserted: 1, updated: 0, ended: 2, refused: 0 });
  expect(await on(TODAY)).toEqual(['k ada', 'k emmy', 'k grace', 'k lin']);
  expect(changes(await rivers.import(said, TODAY))).toBe(0);
});

test.each(
  sampled<[string, Said, RegExp, string, string]>([
    ['user', { people: school.people!.slice(1) }, /ada/, 'userSourcedId', 'The user'],
    ['class', { classes: school.classes!.slice(0, 1) }, /l /, 'classSourcedId', 'The class'],
    ['school', { schools: two.slice(0, 1) }, /l /, 'classSourcedId', 'The school of the class'],
  ]),
)(
  'a row of a bulk file is not believed of a %s that the bundle does not list',
  async (_what, said, gone, column, what) => {
    const before = await seen();
    const bundle = { ...school, ...said };
    const report = await rivers.import(bundle, TODAY);
    expect([report.refused, await on(TODAY), await seen()]).toEqual([[], without(gone), before]);
    const reason = `${what} was deleted: the enrollment has ended.`;
    const warning = expect.objectContaining({ file: 'enrollments.csv', column, reason, rows: 2 });
    expect(report.warnings).toContainEqual(warning);
    expect(report.counts.enrollments).toMatchObject({ inserted: 0, ended: 2 });
    const again = await rivers.import(bundle, TOMORROW);
    expect([changes(again), await on(TODAY), again.warnings]).toEqual([0, without(gone), report.warnings]);
    // They come back, from that day on.
    await rivers.import(school, '2025-09-18');
    expect([await on('2025-09-18'), await seen()]).toEqual([all, before]);
    expect(await rivers.findings()).toEqual([]);
  },
);

test('what was over already stays as it was, also where it is listed for the first time', async () => {
  const over = [
    { id: 'ada', end: '2025-09-05' },
    { id: 'new', person: 'grace', class: 'l', begin: '2025-09-03', end: '2025-09-10' },
  ];
  await rivers.import(delta({ enrollments: over.slice(0, 1) }), '2025-09-09');
  const before = await knex()('enrollments').where({ sourced_id: 'ada' }).first();
  const said = delta({
    people: [{ id: 'ada', status }],
    classes: [{ id: 'l', school: 't', status }],
    enrollments: over,
  });
  const report = await rivers.import(said, TODAY);
  expect([report.refused, report.warnings]).toEqual([[], []]);
  const { begin_date, end_date } = await knex()('enrollments').where({ sourced_id: 'ada' }).first();
  expect([begin_date, end_date]).toEqual([before.begin_date, before.end_date]);
  expect(await knex()('enrollments').where({ sourced_id: 'new' })).toMatchObject([{ end_date: '2025-09-10' }]);
  expect(changes(await rivers.import(said, TODAY))).toBe(0);
});

test.each(
  sampled<[string, string, Said]>([
    ['users', 'people', { people: [{ id: 'grace' }] }],
    ['classes', 'sections', { classes: [{ id: 'l' }] }],
    ['orgs', 'schools', { schools: [{ id: 't' }] }],
  ]),
)('enrollments of many that were deleted before are held against the limits, too: %s', async (file, table, listed) => {
  const people = Array.from({ length: 30 }, (_none, index) => ({ id: `p${index}` }));
  const said: Said = {
    ...school,
    people: [...school.people!, ...people],
    enrollments: [...school.enrollments!, ...people],
  };
  await rivers.import(said, TODAY);
  const gone = file === 'users' ? people.map(({ id }) => id) : file === 'classes' ? ['k'] : ['s'];
  await knex()(table).where({ district_id: rivers.district }).whereIn('sourced_id', gone).update({ active: false });
  const before = await on(TOMORROW);
  const report = await rivers.import(
    { ...said, ...listed, ...(file === 'users' && { people: school.people! }) },
    TODAY,
  );
  expect(report.refused.map(({ file }) => file)).toEqual([`${file}.csv`]);
  expect([report.warnings, report.orphaned, await on(TOMORROW)]).toEqual([[], [], before]);
  // Nor does a delta end what it does not have.
  await rivers.import(delta({ people: [{ id: 'lin', given: 'Linh' }] }), TODAY);
  expect(await on(TOMORROW)).toEqual(before);
});

test('of who was deleted before, enrollments that were left end once the SIS says so again', async () => {
  await knex()('people').where({ sourced_id: 'ada' }).update({ active: false });
  await rivers.import(delta({ people: [{ id: 'ada', status }] }), TODAY);
  expect(await on(TODAY)).toEqual(without(/ada/));
});

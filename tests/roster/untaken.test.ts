import { sampled } from '../sampled';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/**
 * What the roster changes of days whose roll nobody took: what was said of a student alone stays counted, and where a school
 * says that students who are not marked are present, they are so on days that are kept as on others.
 */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2025-09-01');
  for (const date of rolls) await rivers.take('k', date, ['ada']);
  await rivers.take('l', rolls[0]!);
});
afterEach(() => rivers.close());

const rolls = ['2025-09-02', '2025-09-04', '2025-09-08'];
const OPEN = '2025-09-09';
const TODAY = '2025-09-15';
const [ada, grace, alan] = ['ada', 'grace', 'alan'].map((id) => ({ id, begin: '2025-09-01' }));
const lin = { id: 'lin', class: 'l' };
const people = [ada!, grace!, alan!, lin].map(({ id }) => ({ id }));
const classes = [{ id: 'k' }, { id: 'l' }];
const school: Said = { people, classes, enrollments: [ada!, grace!, alan!, lin] };

const tell = async (...said: [who: string, date: string, status: number][]) => {
  const marks = await Promise.all(
    said.map(async ([who, date, status]) => ({ enrollment: await rivers.enrollment(who), date, status })),
  );
  const outcomes = await rivers.api.world.ledger.open((transaction) =>
    transaction.record(marks, { ...rivers.api.world.actor, district: rivers.district }, { roll: 'never' }),
  );
  expect(outcomes.map(({ ok }) => ok)).toEqual(said.map(() => true));
};
const seen = () => rivers.seen('2025-09-01', '2025-09-12', [...rolls, OPEN]);
const body = async (path: string) => (await rivers.office.get(path).expect(200)).body;
const setUntaken = async (untaken: string) => {
  const { id } = await rivers.api.world.database.knex('schools').where({ district_id: rivers.district }).first();
  await rivers.office.patch(`/schools/${id}`).send({ untaken }).expect(200);
};

const changes: readonly [string, Said][] = [
  ['begins later', { ...school, enrollments: [{ ...ada!, begin: '2026-01-20' }, grace!, alan!, lin] }],
  ['ends earlier', { ...school, enrollments: [{ ...ada!, end: '2025-09-03' }, grace!, alan!, lin] }],
  ['is left out of a bulk file', { ...school, enrollments: [grace!, alan!, lin] }],
  [
    'is of a class that is left out',
    { ...school, classes: [{ id: 'l' }], enrollments: [{ ...ada!, class: 'l', begin: TODAY }, lin] },
  ],
];

test.each(sampled(changes))('an enrollment that %s keeps what was said of the student alone', async (_what, said) => {
  await tell(['ada', OPEN, 2], ['grace', OPEN, 1]);
  const before = await seen();
  expect(before[`today ${OPEN}`]).toEqual([
    expect.objectContaining({ taken: 0, not_taken: 2, marked: 2, students: 2, absent: 1 }),
  ]);
  const report = await rivers.import(said, TODAY);
  expect(report.refused).toEqual([]);
  const after = await seen();
  expect(Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]))).toEqual(before);
  expect(await rivers.findings()).toEqual([]);
});

test('where who is not marked counts as present, all days that are over stay counted, and no others', async () => {
  await setUntaken('present');
  const days = async () => {
    const span = 'from=2025-09-01&to=2025-09-12';
    const { rows } = await body(`/reports/absence?by=day&${span}`);
    const { id } = await rivers.api.world.database
      .knex('people')
      .where({ district_id: rivers.district, sourced_id: 'ada' })
      .first();
    const { enrolled_days, absent_days, assumed } = await body(`/reports/students/${id}?${span}`);
    const counted = rows.map(({ key, student_days }: Record<string, unknown>) => [String(key).slice(8), student_days]);
    return { counted: Object.fromEntries(counted), ada: [enrolled_days, absent_days, assumed] };
  };
  const all = ['01', '02', '03', '04', '05', '08', '09', '10', '11', '12'];
  expect(await days()).toEqual({ counted: Object.fromEntries(all.map((day) => [day, 4])), ada: [10, 3, true] });
  await rivers.import(changes[0]![1], TODAY);
  expect(await days()).toEqual({ counted: Object.fromEntries(all.map((day) => [day, 4])), ada: [10, 3, true] });
  const { rolls } = await body(`/reports/rolls?date=${TODAY}`);
  expect(rolls.map(({ students }: Record<string, unknown>) => students).sort()).toEqual([1, 2]);
  await rivers.import(school, TODAY);
  expect(await days()).toEqual({ counted: Object.fromEntries(all.map((day) => [day, 4])), ada: [10, 3, true] });
  expect(await rivers.api.world.database.knex('kept_days')).toEqual([]);
});

test.each(sampled(changes))(
  'in a school in which nobody takes rolls, an enrollment that %s keeps all days that are over',
  async (_what, said) => {
    const other = await openRivers();
    await other.import(school, '2025-09-01');
    const { id } = await other.api.world.database.knex('schools').where({ district_id: other.district }).first();
    await other.office.patch(`/schools/${id}`).send({ untaken: 'present' }).expect(200);
    const mark = { enrollment: await other.enrollment('ada'), date: OPEN, status: 2 };
    await other.api.world.ledger.record(
      [mark],
      { ...other.api.world.actor, district: other.district },
      { roll: 'never' },
    );
    const before = await other.seen('2025-09-01', '2025-09-12', [...rolls, OPEN]);
    expect(before.absence).toHaveLength(10);
    const report = await other.import(said, TODAY);
    expect(report.kept.map(({ sourcedId, rolls }) => [sourcedId, rolls])).toEqual(
      said.enrollments!.some((row) => row.id === 'ada' && row.class === undefined) ? [['ada', 1]] : [],
    );
    const after = await other.seen('2025-09-01', '2025-09-12', [...rolls, OPEN]);
    expect(Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]))).toEqual(before);
    expect(await other.findings()).toEqual([]);
    await other.close();
  },
);

test('the days between those that are kept are kept with them, and count once the school says so', async () => {
  const later = school.enrollments!.map((each) => ({ ...each, begin: '2026-01-20' }));
  await rivers.import({ ...school, enrollments: later }, TODAY);
  const path = '/reports/absence?by=day&from=2025-09-01&to=2025-09-12';
  expect((await body(path)).rows).toHaveLength(rolls.length); // what the import has changed is counted
  await setUntaken('present');
  const { rows } = await body(path);
  expect(rows.map(({ key, student_days }: Record<string, unknown>) => [String(key).slice(8), student_days])).toEqual([
    ['02', 4], // and Lin
    ...['03', '04', '05', '08'].map((day) => [day, 3]),
  ]);
});

test('away in some of the classes in which the status is known is partial, whether or not their rolls are taken', async () => {
  const more = ['m', 'n'].map((id) => ({ id }));
  const of = ['l', 'm', 'n'].map((id) => ({ id: `ada-${id}`, person: 'ada', class: id }));
  await rivers.import(
    { ...school, classes: [...classes, ...more], enrollments: [...school.enrollments!, ...of] },
    '2025-09-01',
  );
  const partial = async () => {
    const { rows } = await body(`/reports/absence?by=day&from=${OPEN}&to=${OPEN}`);
    const { schools } = await body(`/reports/today?date=${OPEN}`);
    return [rows[0]?.student_days, rows[0]?.absent_days, rows[0]?.partial_days, schools[0].partial];
  };
  await tell(['ada', OPEN, 4], ['ada-m', OPEN, 1]);
  expect(await partial()).toEqual([1, 1, 0, 0]); // in half of what is known
  await tell(['ada-l', OPEN, 3]);
  expect(await partial()).toEqual([1, 0, 1, 1]);
  const { body: found } = await rivers.office.get(`/reports/chronic?from=${OPEN}&to=${OPEN}&min_days=1`);
  expect(found).toMatchObject({ enrolled: 1, total: 0 });
  await tell(['ada-m', OPEN, 2]);
  expect(await partial()).toEqual([1, 1, 0, 0]);
  await setUntaken('present'); // and present in the fourth class, in which nobody says otherwise
  expect(await partial()).toEqual([4, 1, 0, 0]);
  await tell(['ada-m', OPEN, 1]);
  expect(await partial()).toEqual([4, 0, 1, 1]);
});

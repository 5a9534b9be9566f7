import { clockless } from '../clock';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/**
 * A school in which nobody takes rolls, and whoever is not marked counts as present: each day that is over was counted, and
 * no change of the roster that says nothing of these days rewrites them.
 */
let rivers: Rivers;
let knex: Rivers['api']['world']['database']['knex'];
beforeEach(async () => {
  // Days are counted up to yesterday.
  jest.useFakeTimers({ now: new Date('2025-09-25T12:00:00Z'), doNotFake: [...clockless] });
  rivers = await openRivers();
  knex = rivers.api.world.database.knex;
  await rivers.import(school, '2025-09-01');
  await assume(rivers);
  // Ada is away from both of her classes on two days: on the first one all day long, as she is away from her homeroom.
  for (const [who, date] of [
    ['ada', AWAY],
    ['ada-math', '2025-09-10'],
  ])
    await absent(who!, date!);
});
afterEach(async () => {
  await rivers.close();
  jest.useRealTimers();
});

const AWAY = '2025-09-09';
const TODAY = '2025-09-22';
const people = ['ada', 'grace', 'alan', 'joan'].map((id) => ({ id }));
const homerooms = ['h1', 'h2'].map((id) => ({ id, homeroom: true }));
const classes: NonNullable<Said['classes']> = [...homerooms, { id: 'math' }];
const ada = { id: 'ada', class: 'h1' };
const others = [
  { id: 'grace', class: 'h1' },
  { id: 'alan', class: 'h2' },
  { id: 'ada-math', person: 'ada', class: 'math' },
  { id: 'teacher', person: 'joan', class: 'h1', role: 'aide' },
];
const school: Said = { classes, people, enrollments: [ada, ...others] };
const dayOf = (number: number): string => `2025-09-${String(number).padStart(2, '0')}`;
const over = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 16, 17, 18, 19].map(dayOf);

async function assume({ api, district, office }: Rivers): Promise<void> {
  const rows = await api.world.database.knex('schools').where({ district_id: district });
  for (const { id } of rows) await office.patch(`/schools/${id}`).send({ untaken: 'present' }).expect(200);
}
async function absent(enrollment: string, date: string): Promise<void> {
  const mark = { enrollment: await rivers.enrollment(enrollment), date, status: 2 };
  const actor = { ...rivers.api.world.actor, district: rivers.district };
  await rivers.api.world.ledger.open((transaction) => transaction.record([mark], actor, { roll: 'never' }));
}
/** All that is reported and shown of the days that are over, of who was here before. */
async function seen(): Promise<Record<string, unknown>> {
  return rivers.seen('2025-08-25', '2025-09-21', [over[0]!, AWAY, '2025-09-10', over.at(-1)!]);
}
async function expectPastAfter(said: Said, today = TODAY) {
  const before = await seen();
  expect(before.absence).toHaveLength(20);
  const report = await rivers.import(said, today);
  expect(report.refused).toEqual([]);
  const after = await seen();
  expect(Object.fromEntries(Object.keys(before).map((key) => [key, after[key]]))).toEqual(before);
  const again = await rivers.import(said, today);
  expect([again.kept, again.delayed, await seen()]).toEqual([[], [], after]);
  expect(await rivers.findings()).toEqual([]);
  return report;
}
const body = async (path: string) => (await rivers.office.get(path).expect(200)).body;
async function historyOf(person: string, to = '2025-09-21') {
  const { id } = await knex('people').where({ district_id: rivers.district, sourced_id: person }).first();
  const { enrolled_days, absent_days, partial_days } = await body(`/reports/students/${id}?from=2025-08-01&to=${to}`);
  return { enrolled_days, absent_days, partial_days };
}
const daysOf = async (sourcedId: string) => {
  const { begin_date, end_date } = await knex('enrollments')
    .where({ id: await rivers.enrollment(sourcedId) })
    .first();
  return [begin_date, end_date];
};
const begins = (report: Awaited<ReturnType<Rivers['import']>>) =>
  report.delayed.map(({ sourcedId, said, begins }) => [sourcedId, said, begins]);

test('a student who changes homerooms without a begin date is in the new one from the day of the import on', async () => {
  expect(await historyOf('ada')).toEqual({ enrolled_days: 20, absent_days: 2, partial_days: 0 });
  const report = await expectPastAfter({ ...school, enrollments: [{ ...ada, class: 'h2' }, ...others] });
  expect(begins(report)).toEqual([['ada', '2025-08-25', TODAY]]);
  expect(await daysOf('ada')).toEqual([TODAY, '2026-06-12']);
  expect((await body(`/reports/chronic?from=2025-09-01&to=2025-09-12&min_days=1`)).students).toHaveLength(1);
});

test.each([
  ['the same enrollments', (id: string) => id],
  ['new enrollments', (id: string) => `${id}-new`],
])('a class that gets another sourcedId, with %s, begins on the day of the import', async (_what, idOf) => {
  const renamed = { ...school, classes: [{ id: 'h1-new', homeroom: true }, ...classes.slice(1)] };
  const enrollments = [ada, ...others].map(({ id, class: of, ...row }) =>
    of === 'h1' ? { person: id, ...row, id: idOf(id), class: 'h1-new' } : { ...row, id, class: of },
  );
  const report = await expectPastAfter({ ...renamed, enrollments });
  expect(begins(report)).toEqual(['ada', 'grace', 'teacher'].map((id) => [idOf(id), '2025-08-25', TODAY]));
});

test('a new class in mid-year, of students who are new as well, begins on the day of the import', async () => {
  const report = await expectPastAfter({
    ...school,
    classes: [...classes, { id: 'art' }],
    people: [...people, { id: 'lin' }],
    enrollments: [ada, ...others, { id: 'lin', class: 'art' }],
  });
  expect(begins(report)).toEqual([['lin', '2025-08-25', TODAY]]);
  expect(await historyOf('lin')).toMatchObject({ enrolled_days: 0 });
});

test.each(['bulk', 'delta'] as const)(
  'a latecomer without dates, in a %s file, is not present in the past',
  async (mode) => {
    const late = { id: 'lin', class: 'h1' };
    const report = await expectPastAfter({
      ...school,
      modes: { enrollments: mode },
      people: [...people, { id: 'lin' }],
      enrollments: mode === 'bulk' ? [ada, ...others, late] : [late],
    });
    expect(report.delayed).toEqual([
      {
        file: 'enrollments.csv',
        line: mode === 'bulk' ? 7 : 2,
        sourcedId: 'lin',
        enrollment: null,
        said: '2025-08-25',
        begins: TODAY,
      },
    ]);
    expect(await historyOf('lin', '2025-09-23')).toMatchObject({ enrolled_days: 2 });
  },
);

test('a begin date that somebody has said does not reach back either, unless the past is said to have been wrong', async () => {
  const late = { id: 'lin', class: 'h1', begin: '2025-09-15' };
  const said = { ...school, people: [...people, { id: 'lin' }], enrollments: [ada, ...others, late] };
  expect(begins(await expectPastAfter(said))).toEqual([['lin', '2025-09-15', TODAY]]);
  expect(await historyOf('lin', '2025-09-23')).toMatchObject({ enrolled_days: 2 });

  const report = await rivers.import(said, TODAY, { correctPast: true });
  expect(report.corrected).toMatchObject([{ sourcedId: 'lin', rolls: 0 }]);
  expect(await historyOf('lin')).toMatchObject({ enrolled_days: 5 });
  const [correction] = await knex('corrections').where({ district_id: rivers.district });
  expect(correction).toMatchObject({ what: 'days', to_value: expect.stringMatching(/^2025-09-15\//) });
  // Where it is said no longer, it stays.
  const blank = { ...said, enrollments: [ada, ...others, { id: 'lin', class: 'h1' }] };
  expect(begins(await rivers.import(blank, TODAY))).toEqual([]);
  expect(await historyOf('lin')).toMatchObject({ enrolled_days: 5 });
});

test('a class that gets another sourcedId, and a student who changes homerooms, with dates of the term, leave the past as it was', async () => {
  const begin = '2025-08-25';
  const dated = { ...school, enrollments: school.enrollments!.map((row) => ({ ...row, begin })) };
  await expectPastAfter(dated);
  const other = { id: 'h1-new', homeroom: true };
  const renamed = (row: NonNullable<Said['enrollments']>[number]) =>
    row.class === 'h1' ? { ...row, class: 'h1-new' } : row;
  await expectPastAfter({
    ...dated,
    classes: [other, ...classes.slice(1)],
    enrollments: dated.enrollments.map(renamed),
  });
  await expectPastAfter({
    ...dated,
    enrollments: [{ ...ada, class: 'h2', begin: '2025-09-08' }, ...dated.enrollments.slice(1)],
  });
});

test('who comes back with another sourcedId and the date on which they came first was not present meanwhile', async () => {
  await rivers.import({ ...school, enrollments: others }, '2025-09-11');
  const back = { id: 'ada-again', person: 'ada', class: 'h1', begin: '2025-08-25' };
  const report = await expectPastAfter({ ...school, enrollments: [...others, back] });
  expect(begins(report).map(([, , begins]) => begins)).toEqual([TODAY]);
});

test('a begin date that is said does not fill days on which the student was not in the class', async () => {
  const dated = { ...ada, begin: '2025-08-25' };
  await rivers.import({ ...school, enrollments: [dated, ...others] }, '2025-09-10');
  await rivers.import({ ...school, enrollments: others }, '2025-09-11');
  const report = await expectPastAfter({ ...school, enrollments: [dated, ...others] });
  expect(begins(report)).toEqual([['ada', '2025-08-25', TODAY]]);
  // An end that comes from the terms of the class is one of today, too.
  const until = (end: string): Said => ({
    ...school,
    sessions: [
      { id: 'year', type: 'schoolYear', begin: '2025-08-25', end: '2026-06-12' },
      { id: 'short', begin: '2025-08-25', end },
    ],
    classes: [{ ...homerooms[0]!, terms: ['short'] }, ...classes.slice(1)],
    enrollments: [dated, ...others],
  });
  await rivers.import(until('2025-09-23'), TODAY);
  await rivers.import(until('2025-10-01'), '2025-09-25');
  expect(await daysOf('ada')).toEqual(['2025-09-25', '2025-10-01']);
  expect(await historyOf('ada', '2025-09-24')).toMatchObject({ enrolled_days: 23 }); // of her other class
});

test('who was away and comes back without a begin date was not present meanwhile', async () => {
  const gone = { ...school, enrollments: others.filter(({ id }) => id !== 'ada-math') };
  await rivers.import(gone, '2025-09-11');
  expect(await historyOf('ada')).toEqual({ enrolled_days: 13, absent_days: 2, partial_days: 0 });
  const report = await expectPastAfter(school);
  expect(begins(report)).toEqual(['ada', 'ada-math'].map((id) => [id, '2025-08-25', TODAY]));
  expect(report.kept.map(({ sourcedId, rolls }) => [sourcedId, rolls])).toEqual([
    ['ada', 1],
    ['ada-math', 1],
  ]);
});

test('a class that is left out for a while, and comes back, was not there meanwhile', async () => {
  await rivers.import(
    { ...school, classes: classes.slice(0, 2), enrollments: [ada, ...others.slice(0, 2)] },
    '2025-09-11',
  );
  const report = await expectPastAfter(school);
  expect(begins(report)).toEqual(['ada-math', 'teacher'].map((id) => [id, '2025-08-25', TODAY]));
});

test('a class that has no terms any more goes on as it began, and so it does once it has some again', async () => {
  const without = { ...school, classes: [{ ...homerooms[0]!, terms: [] }, ...classes.slice(1)] };
  await expectPastAfter(without);
  expect(await daysOf('ada')).toEqual(['2025-08-25', '9999-12-31']);
  const late = { id: 'lin', class: 'h1' };
  const more = { ...without, people: [...people, { id: 'lin' }], enrollments: [ada, ...others, late] };
  expect(begins(await expectPastAfter(more))).toEqual([['lin', '0001-01-01', TODAY]]);
  await expectPastAfter({ ...school, people: more.people, enrollments: more.enrollments }, '2025-09-24');
  expect(await daysOf('ada')).toEqual(['2025-08-25', '2026-06-12']);
});

test('--correct-past says that the past was wrong, and it follows', async () => {
  await rivers.import({ ...school, enrollments: [{ ...ada, class: 'h2' }, ...others] }, TODAY, { correctPast: true });
  expect(await daysOf('ada')).toEqual(['2025-08-25', '2026-06-12']);
  expect(await historyOf('ada')).toEqual({ enrolled_days: 20, absent_days: 1, partial_days: 0 });
});

describe('a first import in the middle of the term', () => {
  /** A school that is known, and counts untaken days as present, before it has any students. */
  let late: Rivers;
  beforeEach(async () => {
    late = await openRivers();
    await late.import({ classes: [], people: [] }, '2025-09-01');
    await assume(late);
  });
  afterEach(() => late.close());
  const student_days = async () => {
    const { rows } = (await late.office.get('/reports/absence?by=day&from=2025-08-25&to=2025-09-19').expect(200)).body;
    return rows.map((row: Record<string, unknown>) => row.student_days);
  };

  test('counts from the begin of the term', async () => {
    const report = await late.import(school, TODAY);
    expect(report.delayed).toEqual([]);
    expect(await student_days()).toEqual(over.map(() => 3).concat(3, 3, 3, 3, 3));
    expect((await late.import(school, TODAY)).counts.enrollments).toMatchObject({ inserted: 0, updated: 0, ended: 0 });
  });

  test('does so where classes and users come first, and enrollments in more rows than one transaction takes', async () => {
    const many = Array.from({ length: 5_200 }, (_none, index) => ({ id: `p${index}` }));
    await late.import({ classes, people: many }, '2025-09-02');
    const report = await late.import(
      { classes, people: many, enrollments: many.map((row) => ({ ...row, class: 'h1' })) },
      TODAY,
    );
    expect(report.delayed).toEqual([]);
    expect(await student_days()).toEqual(over.map(() => 5_200).concat(5_200, 5_200, 5_200, 5_200, 5_200));
  });

  test('and one of a new year, too, as nobody was in the school on its days', async () => {
    await late.import(school, '2025-09-01');
    const next: Said = {
      ...school,
      sessions: [{ id: 'next', type: 'schoolYear', begin: '2026-08-24', end: '2027-06-11' }],
      classes: classes.map((row) => ({ ...row, id: `${row.id}-27`, terms: ['next'] })),
      enrollments: others.map((row) => ({ person: row.id, ...row, id: `${row.id}-27`, class: `${row.class}-27` })),
    };
    const report = await late.import(
      { ...next, enrollments: next.enrollments!.filter(({ id }) => id !== 'ada-math-27') },
      '2026-09-02',
      { allowEnding: 9 },
    );
    expect([report.refused, report.delayed]).toEqual([[], []]);
  });
});

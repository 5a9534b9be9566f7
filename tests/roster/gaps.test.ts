import { sampled } from '../sampled';
import type { Said } from './builder';
import { openRivers, type Rivers } from './school';

/** A class of fall and spring, between which are the days before January 20; who is not marked counts as present. */
let rivers: Rivers;
beforeEach(async () => {
  rivers = await openRivers();
  await rivers.import(school, '2026-01-05');
  const { id } = await rivers.api.world.database.knex('schools').where({ district_id: rivers.district }).first();
  await rivers.office.patch(`/schools/${id}`).send({ untaken: 'present' }).expect(200);
});
afterEach(() => rivers.close());

const TODAY = '2026-01-30';
const terms = (springBegins: string): NonNullable<Said['sessions']> => [
  { id: 'fall', begin: '2025-08-25', end: '2026-01-06' },
  { id: 'spring', begin: springBegins, end: '2026-06-12' },
];
const school: Said = {
  sessions: terms('2026-01-20'),
  classes: [{ id: 'k', terms: ['fall', 'spring'] }],
  people: [{ id: 'ada' }, { id: 'alan' }],
  enrollments: [{ id: 'ada' }, { id: 'alan' }],
};
const get = async (path: string) => (await rivers.office.get(path).expect(200)).body;
const SPAN = 'from=2026-01-05&to=2026-01-21';
/** The days that count of all students, and of Ada. */
const counted = async () => {
  const { rows } = await get(`/reports/absence?by=day&${SPAN}`);
  const { students } = await get(`/reports/chronic?${SPAN}&min_days=1`);
  const { id } = await rivers.api.world.database
    .knex('people')
    .where({ sourced_id: 'ada', district_id: rivers.district })
    .first();
  const { enrolled_days } = await get(`/reports/students/${id}?${SPAN}`);
  return {
    days: rows.map(({ key, student_days }: Record<string, unknown>) => [String(key).slice(8), student_days]),
    ada: enrolled_days,
    absent: students.map(({ enrolled_days }: Record<string, unknown>) => enrolled_days),
  };
};
const both = (...days: string[]) => days.map((day) => [day, 2]);
const rolls = async (date: string) => (await get(`/reports/rolls?date=${date}`)).rolls.length;

test('days between its terms do not count, but for one on which its roll is taken', async () => {
  // Also the 6th, which the term says as its end: it may mean the last day by it.
  expect(await counted()).toEqual({ days: both('05', '06', '20', '21'), ada: 4, absent: [] });
  await rivers.take('k', '2026-01-08', ['ada']);
  expect(await counted()).toEqual({ days: both('05', '06', '08', '20', '21'), ada: 5, absent: [5] });
  expect(await Promise.all(['2026-01-06', '2026-01-07', '2026-01-08', '2026-01-20'].map(rolls))).toEqual([1, 0, 1, 1]);
  expect((await get('/reports/today?date=2026-01-07')).schools).toEqual([]);
});

/** What the file says, and the row that has moved the days between the terms. */
const changes: readonly [string, Said, readonly [file: string, line: number]][] = [
  ['another begin of a term', { ...school, sessions: terms('2026-01-14') }, ['academicSessions.csv', 3]],
  [
    'a term between the two',
    {
      ...school,
      sessions: [...terms('2026-01-20'), { id: 'winter', begin: '2026-01-14', end: '2026-01-20' }],
      classes: [{ id: 'k', terms: ['fall', 'winter', 'spring'] }],
    },
    ['classes.csv', 2],
  ],
  [
    'a term of the whole year',
    {
      ...school,
      sessions: [...terms('2026-01-20'), { id: 'year', begin: '2025-08-25', end: '2026-06-12' }],
      classes: [{ id: 'k', terms: ['year'] }],
    },
    ['classes.csv', 2],
  ],
];
const formerTerms = async () =>
  (await knex()('former_terms').orderBy('begin_date')).map(({ begin_date, end_date, is_between }) => [
    begin_date,
    end_date,
    Boolean(is_between),
  ]);
const knex = () => rivers.api.world.database.knex;
const BEFORE = both('05', '06', '20', '21');
const AFTER = both('05', '06', '14', '15', '16', '19', '20', '21');

test.each(sampled(changes.slice(0, 2)))(
  '%s makes other days count from the day of the import on',
  async (_what, said) => {
    expect((await counted()).ada).toBe(4);
    const report = await rivers.import(said, '2026-01-08');
    expect(report.kept).toEqual([]); // the only day that is over stays between the terms
    expect([await counted(), await formerTerms()]).toEqual([{ days: AFTER, ada: 8, absent: [] }, []]);
    expect(await Promise.all(['2026-01-07', '2026-01-14'].map(rolls))).toEqual([0, 1]);
  },
);

test.each(sampled(changes))('%s, of days that are over, changes nothing of them', async (_what, said, mover) => {
  await rivers.take('k', '2026-01-08', ['ada']);
  const before = await counted();
  expect([before.ada, before.absent]).toEqual([5, [5]]);
  const report = await rivers.import(said, TODAY);
  const ofClass = { file: mover[0], line: mover[1], sourcedId: 'k', enrollment: null, rolls: 0 };
  expect(report.kept).toEqual([ofClass]);
  expect([await counted(), await rolls('2026-01-15')]).toEqual([before, 0]);
  expect(await formerTerms()).toEqual([
    ['0001-01-01', '2026-01-07', false],
    ['2026-01-07', '2026-01-20', true],
    ['2026-01-20', TODAY, false],
  ]);
  const again = await rivers.import(said, TODAY);
  expect([again.kept, await counted()]).toEqual([[], before]);
  await rivers.import(school, '2026-02-02');
  expect([await counted(), await rivers.findings()]).toEqual([before, []]);
});

test('terms that come to leave a gap, or end, take no day that is over and was counted', async () => {
  const whole = { ...changes[2]![1] };
  await rivers.import(whole, '2026-01-05');
  const all = both('05', '06', '07', '08', '09', '12', '13', '14', '15', '16', '19', '20', '21');
  expect(await counted()).toEqual({ days: all, ada: 13, absent: [] });
  await rivers.import(school, TODAY);
  expect(await counted()).toEqual({ days: all, ada: 13, absent: [] });
  const spring = { ...school, classes: [{ id: 'k', terms: ['spring'] }] };
  const report = await rivers.import(spring, TODAY);
  expect(report.kept.map(({ sourcedId }) => sourcedId)).toEqual(['ada', 'alan']);
  expect(await counted()).toEqual({ days: all, ada: 13, absent: [] });
  const fall = { ...school, classes: [{ id: 'k', terms: ['fall'] }] };
  await rivers.import(fall, TODAY);
  expect(await counted()).toEqual({ days: all, ada: 13, absent: [] });
  expect(await rivers.findings()).toEqual([]);
});

test('a term that is extended into the past adds nobody to days on which others were counted', async () => {
  const begins = (day: string): Said => ({
    sessions: [{ id: 'spring', begin: day, end: '2026-06-12' }, ...terms('2026-01-20').slice(0, 1)],
    classes: [
      { id: 'k', terms: ['fall', 'spring'] },
      { id: 'l', terms: ['spring'] },
    ],
    people: [...school.people!, { id: 'lin' }],
    enrollments: [...school.enrollments!, { id: 'lin', class: 'l' }],
  });
  await rivers.import(begins('2026-01-20'), '2026-01-05');
  const before = await counted();
  const report = await rivers.import(begins('2026-01-05'), TODAY);
  expect(await counted()).toEqual(before);
  expect(report.delayed).toEqual([]); // it begins as it did
});

test.each(sampled(changes))(
  '%s, in an import that breaks off before the end of the classes, changes nothing of days that are over',
  async (_what, said) => {
    const before = await counted();
    const onProgress = ({ file }: { readonly file: string }) => {
      if (file === 'classes.csv') throw new Error('killed');
    };
    await expect(rivers.import(said, TODAY, { onProgress })).rejects.toThrow('killed');
    expect([await counted(), await rivers.findings()]).toEqual([before, []]);
    await rivers.import(said, TODAY);
    expect([await counted(), await rivers.findings()]).toEqual([before, []]);
    const { kept, counts } = await rivers.import(said, TODAY);
    expect([kept, counts.classes.updated, await counted()]).toEqual([[], 0, before]);
  },
);

test.each(
  sampled([
    ['the sessions', 'classes'],
    ['the classes', 'academicSessions'],
  ] as const),
)('where the past was wrong, it follows %s of the file, and the journal says so', async (_what, absent) => {
  const said = changes[absent === 'classes' ? 0 : 2]![1];
  if (absent === 'academicSessions') await rivers.import({ ...said, modes: { classes: 'absent' } }, '2026-01-06');
  else await rivers.import(said, TODAY);
  expect((await counted()).ada).toBe(4);
  const modes = { [absent]: absent === 'classes' ? 'delta' : 'absent' } as const;
  const report = await rivers.import({ ...said, modes }, TODAY, { correctPast: true });
  const mover = absent === 'classes' ? { file: 'academicSessions.csv', line: 0 } : { file: 'classes.csv', line: 2 };
  const ofClass = { ...mover, sourcedId: 'k', enrollment: null, rolls: 0 };
  expect(report.corrected).toEqual([ofClass]);
  expect((await counted()).ada).toBe(absent === 'classes' ? 8 : 13);
  expect(await formerTerms()).toEqual([]);
  expect(await knex()('corrections').where({ district_id: rivers.district })).toMatchObject([
    {
      section_id: await rivers.section('k'),
      enrollment_id: null,
      what: 'terms',
      from_value: '2026-01-07/2026-01-19',
      to_value: absent === 'classes' ? '2026-01-07/2026-01-13' : '',
    },
  ]);
  expect(await rivers.findings()).toEqual([]);
  const again = await rivers.import({ ...said, modes }, TODAY, { correctPast: true });
  expect(again.corrected).toEqual([]);
});

test('of a class that is in another school by now, days between its terms stay as they were in the former one', async () => {
  const schools = ['s', 't'].map((id) => ({ id, name: `School ${id}`, number: id }));
  const moved = (springBegins: string): Said => ({
    ...school,
    ...{ schools, sessions: terms(springBegins) },
    classes: [{ id: 'k', school: 't', terms: ['fall', 'spring'] }],
  });
  await rivers.import(moved('2026-01-20'), TODAY);
  expect(await counted()).toEqual({ days: BEFORE, ada: 4, absent: [] });
  await rivers.import(moved('2026-01-14'), TODAY);
  expect(await counted()).toEqual({ days: BEFORE, ada: 4, absent: [] });
  await rivers.import(moved('2026-01-14'), TODAY, { correctPast: true });
  expect((await counted()).days).toEqual([]); // it was never in the school that counts such days
});

test('where nobody counts untaken days, the terms of today say it of all days', async () => {
  const { id } = await knex()('schools').where({ district_id: rivers.district }).first();
  await rivers.office.patch(`/schools/${id}`).send({ untaken: 'unknown' }).expect(200);
  expect(await rolls('2026-01-15')).toBe(0);
  await rivers.import(changes[0]![1], TODAY);
  expect([await rolls('2026-01-15'), await formerTerms()]).toEqual([1, []]);
});

test('a first import of a class leaves the days between its terms out, also those that are over', async () => {
  const more = { ...school, classes: [...school.classes!, { id: 'l', terms: ['fall', 'spring'] }] };
  const report = await rivers.import(more, TODAY);
  expect([report.kept, await formerTerms(), (await counted()).days]).toEqual([[], [], BEFORE]);
});

test('where the terms of a class leave no day between them, all of them count', async () => {
  await rivers.import({ ...school, sessions: terms('2026-01-07') }, '2026-01-06');
  expect((await counted()).days).toHaveLength(13);
});

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

test.each<[string, Said]>([
  ['another begin of a term', { ...school, sessions: terms('2026-01-14') }],
  [
    'a term between the two',
    {
      ...school,
      sessions: [...terms('2026-01-20'), { id: 'winter', begin: '2026-01-14', end: '2026-01-20' }],
      classes: [{ id: 'k', terms: ['fall', 'winter', 'spring'] }],
    },
  ],
])('%s makes other days count', async (_what, said) => {
  expect((await counted()).ada).toBe(4);
  await rivers.import(said, TODAY);
  const days = ['05', '06', '14', '15', '16', '19', '20', '21'];
  expect(await counted()).toEqual({ days: both(...days), ada: 8, absent: [] });
  await rivers.import(school, TODAY);
  expect(await counted()).toEqual({ days: both('05', '06', '20', '21'), ada: 4, absent: [] });
});

test('of a class that is in another school by now, days between its terms follow in the former one', async () => {
  const schools = ['s', 't'].map((id) => ({ id, name: `School ${id}`, number: id }));
  const moved = (springBegins: string): Said => ({
    ...school,
    ...{ schools, sessions: terms(springBegins) },
    classes: [{ id: 'k', school: 't', terms: ['fall', 'spring'] }],
  });
  await rivers.import(moved('2026-01-20'), TODAY);
  expect(await counted()).toEqual({ days: both('05', '06', '20', '21'), ada: 4, absent: [] });
  await rivers.import(moved('2026-01-14'), TODAY);
  const days = ['05', '06', '14', '15', '16', '19', '20', '21'];
  expect(await counted()).toEqual({ days: both(...days), ada: 8, absent: [] });
});

test('where the terms of a class leave no day between them, all of them count', async () => {
  await rivers.import({ ...school, sessions: terms('2026-01-07') }, TODAY);
  expect((await counted()).days).toHaveLength(13);
});

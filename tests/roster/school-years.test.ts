import fc from 'fast-check';
import { dateOf } from '../../src/days';
import { openRetention } from '../../src/privacy/retention';
import { daysOfYear, isOver, schoolYearOn, schoolYearsOf, startOfYear } from '../../src/roster/school-years';
import { type Api, openApi } from '../api';

const session = (type: string, begin_date: string, end_date: string, school_year = '') => ({
  type,
  begin_date,
  end_date,
  school_year,
});
const yearOn = (date: string, sessions: ReturnType<typeof session>[]) => schoolYearOn(date, schoolYearsOf(sessions));

describe('the school year that a day is in', () => {
  const calendarYears = [
    session('schoolYear', '2025-02-03', '2025-12-12'),
    session('schoolYear', '2026-02-02', '2026-12-11'),
  ];

  test.each([
    ['within a session of January to December', '2025-04-01', calendarYears, 2025],
    ['after such a session', '2026-01-20', calendarYears, 2025],
    ['in the next one', '2026-02-02', calendarYears, 2026],
    ['before the first one', '2025-01-20', calendarYears, 2024],
    [
      'after a session that was short, in the same months',
      '2026-05-01',
      [session('schoolYear', '2026-01-05', '2026-04-01')],
      2026,
    ],
    [
      'within terms that say their year',
      '2025-03-01',
      [session('term', '2025-02-03', '2025-06-20', '2025'), session('term', '2025-07-14', '2025-12-12', '2025')],
      2025,
    ],
    [
      'within terms that say none',
      '2025-03-01',
      [session('term', '2025-02-03', '2025-06-20'), session('term', '2025-07-14', '2025-12-12')],
      2025,
    ],
    [
      'within two semesters from August on',
      '2026-03-01',
      [
        session('semester', '2025-08-25', '2026-01-20', '2026'),
        session('semester', '2026-01-20', '2026-06-12', '2026'),
      ],
      2025,
    ],
    ['where nothing is said, before July', '2026-06-30', [], 2025],
    ['where nothing is said, from July on', '2026-07-01', [], 2026],
    ['where a session has no end', '2026-06-30', [session('schoolYear', '2020-01-01', '9999-12-31')], 2025],
    ['where a session is of many years', '2026-06-30', [session('schoolYear', '2020-01-01', '2030-12-31')], 2025],
  ])('is that of its sessions: %s', (_where, date, sessions, year) => {
    expect(yearOn(date, sessions)).toBe(year);
  });

  const day = fc.integer({ min: 18_000, max: 22_000 });
  const anySession = fc
    .record({
      type: fc.constantFrom('schoolYear', 'term', 'semester'),
      from: day,
      length: fc.integer({ min: -3, max: 420 }),
      label: fc.constantFrom('', '2025', '2026'),
    })
    .map(({ type, from, length, label }) => session(type, dateOf(from)!, dateOf(from + length)!, label));

  test('every day is in one year, whose first and last day agree, whatever the sessions are', () => {
    fc.assert(
      fc.property(fc.array(anySession, { maxLength: 6 }), day, (sessions, number) => {
        const years = schoolYearsOf(sessions.sort((one, other) => (one.begin_date < other.begin_date ? -1 : 1)));
        const date = dateOf(number)!;
        const year = schoolYearOn(date, years);
        const { from, to } = daysOfYear(year, years);
        expect(from <= date && date < to).toBe(true);
        expect(schoolYearOn(dateOf(number + 1)!, years)).toBeGreaterThanOrEqual(year);
        expect(startOfYear(date, years) <= date).toBe(true);
        expect(isOver(year, date, years)).toBe(false);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a district whose year runs from January to December', () => {
  let api: Api;
  beforeEach(async () => {
    api = await openApi();
    const { knex } = api.world.database;
    const term = (begin_date: string, end_date: string) => ({
      district_id: api.world.districts.larkspur,
      sourced_id: begin_date,
      title: begin_date.slice(0, 4),
      type: 'schoolYear',
      begin_date,
      end_date,
      school_year: '',
    });
    await knex('terms').insert([term('2024-01-08', '2024-12-13'), term('2025-01-08', '2025-12-12')]);
    await knex('enrollments').update({ begin_date: '2024-01-01', end_date: '2026-01-01' });
    const { ada, grace } = api.world.enrollments;
    for (const date of ['2024-02-01', '2024-09-02', '2025-02-03', '2025-09-01'])
      await api.mark([ada, date, 2], [grace, date, 1]);
  });
  afterEach(() => api.close());

  const days = async (from: string, to: string) =>
    (await api.get(`/reports/absence?by=day&from=${from}&to=${to}`)).body.rows.map(({ key }: { key: string }) => key);
  const absences = async (from: string) =>
    (await api.get(`/reports/chronic?from=${from}&to=2025-12-31&min_days=1`)).body.students.map(
      ({ absent_days }: { absent_days: number }) => absent_days,
    );

  test('loses the days of the year that is erased, and no day of the running one', async () => {
    expect(await days('2024-01-01', '2025-12-31')).toHaveLength(4);
    const { larkspur } = api.world.districts;
    const retention = openRetention(api.world.database);
    expect(await retention.yearsBefore(larkspur, 2025)).toEqual([2024]);
    expect(await retention.erase(larkspur, 2024, { dryRun: false })).toMatchObject({ marks: 2, meetings: 2 });
    expect(await days('2024-01-01', '2025-12-31')).toEqual(['2025-02-03', '2025-09-01']);
    expect(await absences('2024-01-01')).toEqual([2]);
  });

  test('is reported on from its first day when no other is asked for', async () => {
    const { body } = await api.get('/reports/absence?by=day&to=2025-03-01');
    expect([body.from, body.rows.length]).toEqual(['2025-01-08', 1]);
  });
});

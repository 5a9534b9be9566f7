import { type Api, openApi } from '../../api';

/** Larkspur's classes run from Monday 2025-08-25 until before Friday 2026-06-12. */
let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const why = async (date: string, by: Api = api) => {
  const { status, body } = await by.get(`/reports/in-session?date=${date}`);
  expect([status, body.date]).toEqual([200, date]);
  return [body.why, body.last, body.next];
};

test.each([
  ['2025-10-08', 'in_session', '2025-10-07', null],
  ['2025-10-11', 'no_school', '2025-10-10', null],
  ['2026-07-04', 'over', '2026-06-11', null],
  ['2025-08-20', 'not_begun', null, '2025-08-25'],
])('of %s the office and a teacher are told %s, and %s as the last day that was', async (date, ...answer) => {
  expect(await why(date)).toEqual(answer);
  expect(await why(date, await api.as({ person: api.world.people.mendel }))).toEqual(answer);
});

test('holidays are passed over; of a day between two enrollments the next beginning is told', async () => {
  const { knex } = api.world.database;
  const school = (await knex('schools').first()).id;
  const days = Array.from({ length: 12 }, (_, index) => ({
    date: new Date(Date.UTC(2025, 11, 22 + index)).toISOString().slice(0, 10),
    school_day: false,
    reason: 'Winter break',
  }));
  await api.put(`/calendars/${school}`).send({ days });
  expect(await why('2025-12-29')).toEqual(['no_school', '2025-12-19', null]);
  await knex('enrollments').where({ end_date: '2026-06-12' }).update({ end_date: '2025-12-20' });
  const later = { begin_date: '2026-01-05', end_date: '2026-06-12' };
  await knex('enrollments').where({ id: api.world.enrollments.alan }).update(later);
  expect(await why('2026-01-02')).toEqual(['between_terms', '2025-12-19', '2026-01-05']);
});

test('where nobody is enrolled that is said', async () => {
  const district = api.world.districts.elsewhere;
  await api.world.database.knex('enrollments').where({ district_id: district }).delete();
  expect(await why('2025-10-08', await api.as({ district }))).toEqual(['no_students', null, null]);
});

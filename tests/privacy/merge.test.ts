import { invariantsOf } from '../../src/cli/check';
import { findingsOf } from '../../src/database/invariants';
import { mergePeople } from '../../src/privacy/merge';
import { subjectOf } from '../../src/privacy/subject';
import { openCorrections } from '../../src/roster/corrections';
import { rehearsed } from '../../src/roster/oneroster/report';
import { type Api, openApi } from '../api';

/** Ada was added a second time by another system, as person `double`, and is on the rolls twice. */
let api: Api;
let double: number;
let enrollment: number;
beforeEach(async () => {
  api = await openApi();
  const { database, districts, sections } = api.world;
  const ada = await database.knex('people').where({ id: api.world.people.ada }).first();
  const { id: _id, ...copy } = ada;
  const insert = async (table: string, row: object): Promise<number> =>
    (await database.knex(table).insert(row).returning('id'))[0].id;
  double = await insert('people', { ...copy, sourced_id: 'ada-again', identifier: 'A17', email: '' });
  enrollment = await insert('enrollments', {
    district_id: districts.larkspur,
    section_id: sections.algebra,
    person_id: double,
    sourced_id: 'e-again',
    admin: false,
    begin_date: '2025-09-15',
    end_date: '2026-06-12',
  });
  await take('2025-10-01');
  await api.mark([enrollment, '2025-10-01', 2, 'Flu']);
  await api.world.ledger.record([{ enrollment, date: '2025-10-02', status: 1 }], api.world.actor);
  await take('2025-10-03');
  await api.mark([api.world.enrollments.ada, '2025-10-03', 3], [enrollment, '2025-10-03', 2]);
});
afterEach(() => api.close());

const take = (date: string) =>
  api.world.ledger.open((transaction) =>
    transaction.take({ section: api.world.sections.algebra, date }, api.world.actor),
  );
const merge = async (keep: number, drop: number, on = api.world.database) => {
  const [kept, dropped] = [await subjectOf(api.world.database, keep), await subjectOf(api.world.database, drop)];
  return mergePeople(on, kept, dropped);
};
const rows = async () => {
  const tables = [
    'people',
    'enrollments',
    'marks',
    'presences',
    'journal',
    'enrollment_aliases',
    'person_aliases',
    'corrections',
    'corrected_rolls',
  ];
  return Promise.all(tables.map((table) => api.world.database.knex(table).orderBy(1).orderBy(2)));
};
const entries = async (date: string) =>
  (
    await api.world.ledger.entries({
      district: api.world.districts.larkspur,
      section: api.world.sections.algebra,
      from: date,
      to: date,
    })
  )
    .filter(({ person_id }) => [api.world.people.ada, double].includes(person_id))
    .map(({ enrollment_id, person_id, status, comment }) => [enrollment_id, person_id, status, comment]);
const findings = async () =>
  (await findingsOf(api.world.database, invariantsOf(api.world.database), 5))
    .filter(({ name }) => name !== 'part_missing') // of school years: each start makes them
    .map(({ name, rows }) => [name, rows]);

test('two who are one are on a roll once, with what was said of either, and what the one who stays says first', async () => {
  const { ada } = api.world.enrollments;
  const person = api.world.people.ada;
  expect(await merge(person, double)).toEqual({ moved: 0, combined: 1, told: 2, others: {} });
  expect(await entries('2025-10-01')).toEqual([[ada, person, 2, 'Flu']]);
  expect(await entries('2025-10-02')).toEqual([[ada, person, 1, '']]);
  expect(await entries('2025-10-03')).toEqual([[ada, person, 3, '']]);
  const { body } = await api.get(`/reports/students/${person}?from=2025-10-01&to=2025-10-31`);
  expect([body.enrolled_days, body.absent_days, body.late_days]).toEqual([3, 1, 1]);
  expect((await api.get('/reports/absence?by=day&from=2025-10-01&to=2025-10-01')).body.rows[0].student_days).toBe(3);
  expect(await api.world.database.knex('people').where({ id: double })).toEqual([]);
  expect((await api.get(`/reports/students/${double}`)).status).toBe(404);
  expect(await findings()).toEqual([]);
});

test.each([
  ['of which none are its own any more', ['2026-06-12', '2026-06-12'], ['2025-08-25', '2026-06-12']],
  ['beside its own, which are of another time', ['2026-09-01', '2027-01-15'], ['2026-09-01', '2027-01-15']],
])('days that are kept of the one who goes are days of the one who stays: %s', async (_what, own, becomes) => {
  const { knex } = api.world.database;
  const { ada } = api.world.enrollments;
  const { ada: person } = api.world.people;
  const of = { district_id: api.world.districts.larkspur, section_id: api.world.sections.algebra };
  await knex('enrollments').where({ id: enrollment }).update({ begin_date: own[0], end_date: own[1] });
  await knex('kept_days').insert({
    ...{ ...of, enrollment_id: enrollment },
    ...{ begin_date: '2025-10-01', end_date: '2025-10-04' },
  });
  expect(await merge(person, double)).toMatchObject({ moved: 0, combined: 1, told: 2 });
  expect(await entries('2025-10-01')).toEqual([[ada, person, 2, 'Flu']]);
  expect(await entries('2025-10-02')).toEqual([[ada, person, 1, '']]);
  expect(await entries('2025-10-03')).toEqual([[ada, person, 3, '']]);
  expect(await knex('enrollments').where({ id: ada }).first('begin_date', 'end_date')).toEqual({
    begin_date: becomes[0],
    end_date: becomes[1],
  });
  const days = await knex('kept_days').select('enrollment_id', 'begin_date', 'end_date');
  expect(days).toEqual(
    becomes[0] === own[0] ? [{ enrollment_id: ada, begin_date: '2025-08-25', end_date: '2026-06-12' }] : [],
  );
  expect(await findings()).toEqual([]);
});

test('the journal says that it was done, and has both', async () => {
  await merge(api.world.people.ada, double);
  const history = await api.world.ledger.history({ district: api.world.districts.larkspur });
  const merged = history.filter(({ api: by }) => by === 'person merge');
  expect(merged.map(({ enrollment_id, date, to_status }) => [enrollment_id, date, to_status])).toEqual(
    expect.arrayContaining([
      [api.world.enrollments.ada, '2025-10-01', 2],
      [enrollment, '2025-10-01', null],
      [enrollment, '2025-10-03', null],
    ]),
  );
});

test('it can be read afterwards which enrollments were whose, on which days, and on which rolls', async () => {
  const { ada: person } = api.world.people;
  const { ada } = api.world.enrollments;
  const { database, districts } = api.world;
  await database.knex('enrollments').where({ id: ada }).update({ begin_date: '2025-10-02' });
  await merge(person, double);
  const corrections = await openCorrections(database).read(database, { district: districts.larkspur, limit: 9 });
  const said = corrections.map(({ enrollment_id, api: by, what, from, to, on, off }) => [
    ...[enrollment_id, by, what, from, to, on, off],
  ]);
  expect(said).toEqual([
    [enrollment, 'person merge', 'person', String(double), String(person), [], []],
    [ada, 'person merge', 'days', '2025-10-02/2026-06-11', '2025-09-15/2026-06-11', ['2025-10-01'], []],
    [enrollment, 'person merge', 'days', '2025-09-15/2026-06-11', '', [], ['2025-10-01', '2025-10-03']],
  ]);
});

test('imports know them by either sourcedId from then on', async () => {
  await merge(api.world.people.ada, double);
  const { knex } = api.world.database;
  expect(await knex('people').where({ id: api.world.people.ada }).first()).toMatchObject({
    sourced_id: 'ada',
    identifier: 'A17',
    email: 'ada@example.org',
  });
  expect(await knex('person_aliases').select('sourced_id', 'person_id')).toEqual([
    { sourced_id: 'ada-again', person_id: api.world.people.ada },
  ]);
  expect(await knex('enrollment_aliases').select('sourced_id', 'enrollment_id')).toEqual([
    { sourced_id: 'e-again', enrollment_id: api.world.enrollments.ada },
  ]);
});

test('the one who is kept takes the sourcedId where it has none', async () => {
  const { knex } = api.world.database;
  await knex('people').where({ id: double }).update({ sourced_id: null });
  expect(await merge(double, api.world.people.ada)).toMatchObject({ moved: 1, combined: 1 });
  expect(await knex('people').where({ id: double }).first()).toMatchObject({
    sourced_id: 'ada',
    email: 'ada@example.org',
  });
  expect(await findings()).toEqual([]);
});

test('a dryRun says the same and changes nothing', async () => {
  const before = await rows();
  const would = await rehearsed(api.world.database, (database) => merge(api.world.people.ada, double, database));
  expect(await rows()).toEqual(before);
  expect(await merge(api.world.people.ada, double)).toEqual(would);
});

test('who is the same already, of another district, or erased is not merged', async () => {
  const before = await rows();
  const { ada, eve } = api.world.people;
  await expect(merge(ada, ada)).rejects.toThrow('These are the same person already.');
  await expect(merge(ada, eve)).rejects.toThrow('They are of different districts.');
  const { districts, database } = api.world;
  await database
    .knex('erasures')
    .insert({ district_id: districts.larkspur, person_id: double, at: new Date().toISOString(), salt: 's' });
  await expect(merge(ada, double)).rejects.toThrow('One of them was erased');
  expect(await rows()).toEqual(before);
});

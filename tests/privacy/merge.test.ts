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
    'enrollment_rows',
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
  expect(await merge(person, double)).toEqual({ moved: 0, combined: 1, told: 2, left: 1, others: {} });
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

test('who said what, by which API and when, is as it was', async () => {
  const { knex } = api.world.database;
  const client = await knex('api_clients').where({ district_id: api.world.districts.larkspur }).first();
  const of = { district: api.world.districts.larkspur, section: api.world.sections.algebra };
  const by = { district: of.district, api: 'schoology', client: client.id, person: api.world.people.noether };
  await api.world.ledger.record(
    [
      { enrollment, date: '2025-10-06', status: 2, comment: 'Dentist' },
      { enrollment, date: '2025-10-07', status: 1 },
    ],
    by,
    { roll: 'never' },
  );
  const seen = async (whose: number) => {
    const marks = await knex('marks').where({ enrollment_id: whose }).andWhere('date', '>=', '2025-10-06');
    const presences = await knex('presences').where({ enrollment_id: whose }).andWhere('date', '>=', '2025-10-06');
    const journal = (await api.world.ledger.history({ district: of.district })).filter(
      ({ enrollment_id, date, to_status }) => enrollment_id === whose && date >= '2025-10-06' && to_status !== null,
    );
    return [...marks, ...presences, ...journal].map(({ id: _id, enrollment_id: _whose, ...row }) => row);
  };
  const roll = async (date: string) =>
    (await api.get(`/rolls/${of.section}/${date}`)).body.statuses.map(
      ({ enrollment_id: _whose, ...said }: object & { enrollment_id: number }) => said,
    );
  const before = [await seen(enrollment), await roll('2025-10-06'), await roll('2025-10-07')];
  expect(before[0]).toHaveLength(4);
  expect(before[0]).toEqual(Array(4).fill(expect.objectContaining({ client_id: client.id, person_id: by.person })));
  await new Promise((resolve) => setTimeout(resolve, 5)); // another instant
  await merge(api.world.people.ada, double);
  expect([await seen(api.world.enrollments.ada), await roll('2025-10-06'), await roll('2025-10-07')]).toEqual(before);
  expect(await findings()).toEqual([]);
});

test('an enrollment that is left and has grown takes in another one that it meets then', async () => {
  const { knex } = api.world.database;
  const { ada } = api.world.enrollments;
  await knex('enrollments').where({ id: ada }).update({ begin_date: '2025-08-25', end_date: '2025-10-01' });
  const [{ id: spring }] = await knex('enrollments')
    .insert({
      ...{ district_id: api.world.districts.larkspur, section_id: api.world.sections.algebra, admin: false },
      ...{ person_id: api.world.people.ada, sourced_id: 'spring', begin_date: '2026-01-20', end_date: '2026-06-12' },
    })
    .returning('id');
  expect(await merge(api.world.people.ada, double)).toMatchObject({ moved: 0, combined: 2 });
  const { begin_date, end_date } = await knex('enrollments').where({ id: ada }).first();
  const other = await knex('enrollments').where({ id: spring }).first();
  expect([begin_date, end_date, other.begin_date, other.end_date].sort().at(-1)).toBe('2026-06-12');
  expect(await findings()).toEqual([]);
  // Ada's first one has grown, and is gone then: of that the journal has what it was before, and what it is in the end.
  const { database, districts } = api.world;
  const corrections = await openCorrections(database).read(database, { district: districts.larkspur, limit: 9 });
  const days = corrections.filter(({ what }) => what === 'days');
  expect(days.map(({ enrollment_id, from, to, on, off }) => [enrollment_id, from, to, on, off])).toEqual([
    [ada, '2025-08-25/2025-09-30', '', [], []],
    [enrollment, '2025-09-15/2026-06-11', '', [], ['2025-10-01', '2025-10-03']],
    [spring, '2026-01-20/2026-06-11', '2025-08-25/2026-06-11', ['2025-10-01', '2025-10-03'], []],
  ]);
});

test('an enrollment that is gone is in no list and page any more, and its id answers 404', async () => {
  const { section } = { section: api.world.sections.algebra };
  const { ada } = api.world.enrollments;
  const lists = async () => {
    const schoology = await api.get(`/v1/sections/${section}/enrollments?limit=200`);
    const powerSchool = await api.get(`/ws/v1/section/${section}/section_enrollment`);
    expect([schoology.status, powerSchool.status]).toEqual([200, 200]);
    return [
      schoology.body.enrollment.map(({ id }: { id: string }) => Number(id)),
      powerSchool.body.section_enrollments.section_enrollment.map(({ id }: { id: number }) => id),
    ];
  };
  const before = await lists();
  expect(before).toEqual([expect.arrayContaining([ada, enrollment]), expect.arrayContaining([ada, enrollment])]);
  await merge(api.world.people.ada, double);
  expect(await lists()).toEqual(before.map((ids) => ids.filter((id: number) => id !== enrollment)));
  expect((await api.get(`/v1/sections/${section}/enrollments/${enrollment}`)).status).toBe(404);
  expect((await api.get(`/v1/sections/${section}/enrollments/${ada}`)).status).toBe(200);
  expect((await api.get(`/v1/sections/${section}/attendance?enrollment_id=${enrollment}`)).status).toBe(404);
  expect((await merge(api.world.people.grace, api.world.people.ada)).moved).toBe(1); // that in Biology, and not what is gone
});

test('the journal says that it was done, and has both', async () => {
  await merge(api.world.people.ada, double);
  const history = await api.world.ledger.history({ district: api.world.districts.larkspur });
  const merged = history.filter(({ api: by }) => by === 'person merge');
  expect(merged.map(({ enrollment_id, date, to_status }) => [enrollment_id, date, to_status])).toEqual(
    expect.arrayContaining([
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

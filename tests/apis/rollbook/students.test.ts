import { idOn } from '../../../src/days';
import { personNames } from '../../../src/roster/person-names';
import { type Api, openApi } from '../../api';

/** Finding students, and their day. Algebra is in period 1, Biology in period 2. */
let api: Api;
const DAY = '2025-10-08';
beforeEach(async () => {
  api = await openApi();
  const { knex } = api.world.database;
  await knex('sections').where({ id: api.world.sections.biology }).update({ periods: '2' });
});
afterEach(() => api.close());

/** As an import leaves them. */
async function index() {
  const { database, districts, people } = api.world;
  const noteNames = personNames(database);
  const { eve, ...others } = people;
  await database.transaction((tx) => noteNames(tx, districts.larkspur, { ids: Object.values(others) }));
  await database.transaction((tx) => noteNames(tx, districts.elsewhere, { ids: [eve] }));
}
const rename = (name: 'ada' | 'grace' | 'alan' | 'katherine', changes: object) =>
  api.world.database.knex('people').where({ id: api.world.people[name] }).update(changes);
const found = async (search: string, by: Api = api) =>
  (await by.get(`/students?search=${encodeURIComponent(search)}`).expect(200)).body.students.map(
    ({ name }: { name: string }) => name,
  );

test('a student is found by beginnings of names in any order, without case and accents, and by the number', async () => {
  await rename('ada', { family_name: 'Núñez-O’Brien', identifier: '0042-A' });
  await rename('grace', { preferred_name: 'Amazing', family_name: 'Łukasz Größe' });
  await index();
  for (const search of ['ada', 'ADÁ', 'nunez', 'nuñ', 'obrien', 'brien', 'o’br', 'bri ada', '0042-a', '0042'])
    expect([search, await found(search)]).toEqual([search, ['Ada Núñez-O’Brien']]);
  for (const search of ['amaz', 'grace', 'lukasz', 'grosse gra'])
    expect([search, await found(search)]).toEqual([search, ['Amazing Łukasz Größe']]);
  expect(await found('a')).toEqual(['Ada Núñez-O’Brien', 'Alan Turing', 'Amazing Łukasz Größe']);
  for (const search of ['ada turing', 'da', 'zz', '%', '   -'])
    expect([search, await found(search)]).toEqual([search, []]);
});

test('whoever is no student, or of another district, is not found, and no teacher looks through the district', async () => {
  await index();
  expect([await found('noether'), await found('eve')]).toEqual([[], []]);
  expect(await found('eve', await api.as({ district: api.world.districts.elsewhere }))).toEqual(['Eve Else']);
  const teacher = await api.as({ person: api.world.people.noether });
  const { status, body } = await teacher.get('/students?search=ada');
  expect([status, body.code]).toEqual([403, 'OFFICE_ONLY']);
});

test('only so many are listed, and it says whether there are more', async () => {
  await index();
  const { body } = await api.get('/students?search=a&limit=1');
  expect([body.students.length, body.more]).toEqual([1, true]);
  expect(body.students[0]).toEqual({
    ...{ id: api.world.people.ada, student_number: '', name: 'Ada Lovelace', grades: '07' },
    ...{ school: 'Larkspur Middle School', active: true },
  });
  expect((await api.get('/students?search=a&limit=2')).body.more).toBe(false);
  for (const query of ['', 'search=', 'search=a&limit=0', 'search=a&limit=101', 'search=a&limit=x'])
    expect([query, (await api.get(`/students?${query}`)).status]).toEqual([query, 400]);
});

test('who is added by another system is found at once', async () => {
  const { ledger, sections, actor } = api.world;
  await ledger.schedule(sections.algebra, DAY, actor);
  const person = { given_name: 'Jürgen', family_name: 'Neu', email_addresses: [{ address: 'neu@example.org' }] };
  const path = `/osdi/api/v1/events/${idOn(sections.algebra, DAY)}/record_attendance_helper`;
  await api.post(path).unset('Authorization').set('OSDI-API-Token', api.token).send({ person }).expect(201);
  expect(await found('jurgen')).toEqual(['Jürgen Neu']);
});

test('a student’s day has all rolls in the order of periods, with what is known in each', async () => {
  const { enrollments, people, sections, database, districts } = api.world;
  const school_id = (await database.knex('schools').first()).id;
  const period = { district_id: districts.larkspur, school_id, year: 2025 };
  await database.knex('bell_periods').insert([
    { ...period, period: '2', start_time: 30_600, end_time: 33_300 },
    { ...period, period: '1', start_time: 33_600, end_time: 36_300 },
  ]);
  await api.mark([enrollments.ada, DAY, 3, 'bus']);
  const { body } = await api.get(`/reports/students/${people.ada}/day?date=${DAY}`).expect(200);
  const usual = { school_day: true, reason: '', code: '' };
  expect(body).toEqual({
    student: { id: people.ada, student_number: '', name: 'Ada Lovelace' },
    date: DAY,
    rolls: [
      {
        ...{ section_id: sections.biology, section: 'Biology', enrollment_id: enrollments.adaInBiology, periods: '2' },
        ...{ starts: '08:30', ends: '09:15', teachers: 'Gregor Mendel', ...usual },
        ...{ taken_at: null, status: null, comment: '' },
      },
      {
        ...{ section_id: sections.algebra, section: 'Algebra', enrollment_id: enrollments.ada, periods: '1' },
        ...{ starts: '09:20', ends: '10:05', teachers: 'Emmy Noether', ...usual },
        ...{ taken_at: expect.any(String), status: 3, comment: 'bus' },
      },
    ],
  });
  const mendel = await api.as({ person: people.mendel });
  const own = (await mendel.get(`/reports/students/${people.ada}/day?date=${DAY}`)).body.rolls;
  expect(own.map(({ section }: { section: string }) => section)).toEqual(['Biology']);
  const gone = (await api.get(`/reports/students/${people.katherine}/day?date=2025-10-10`)).body.rolls;
  expect(gone).toEqual([]);
});

test('a student’s history says in which periods', async () => {
  const { enrollments, people } = api.world;
  await api.mark([enrollments.ada, DAY, 2], [enrollments.adaInBiology, DAY, 3]);
  const { days } = (await api.get(`/reports/students/${people.ada}?from=${DAY}&to=${DAY}`)).body;
  expect(days.map(({ periods, status }: Record<string, unknown>) => [periods, status])).toEqual([
    ['1', 2],
    ['2', 3],
  ]);
});

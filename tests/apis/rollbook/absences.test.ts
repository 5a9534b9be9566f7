import { erase } from '../../../src/privacy/erase';
import { openRetention } from '../../../src/privacy/retention';
import { subjectOf } from '../../../src/privacy/subject';
import { type Api, openApi } from '../../api';
import { clockless } from '../../clock';

/** Algebra, in period 1, has Ada, Grace, Alan and until 2025-10-09 Katherine; Biology, in period 2, has Ada. It is Wednesday. */
let api: Api;
let school: number;
const TODAY = '2025-10-08';
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date(`${TODAY}T17:00:00Z`), doNotFake: [...clockless] });
  api = await openApi();
  const { knex } = api.world.database;
  school = (await knex('schools').first()).id;
  await knex('sections').where({ id: api.world.sections.biology }).update({ periods: '2' });
});
afterEach(async () => {
  await api.close();
  jest.useRealTimers();
});

type Name = keyof Api['world']['enrollments'];
type Said = { readonly id: number; readonly counts: object; readonly marks: readonly Record<string, unknown>[] };

const enter = async (body: object, query = ''): Promise<Said> =>
  (
    await api
      .post(`/absences${query}`)
      .send({ status: 4, ...body })
      .expect(query ? 200 : 201)
  ).body;
const takeBack = async (id: number) => (await api.delete(`/absences/${id}`).expect(200)).body;
const refused = async (body: object, by: Api = api, query = '') => {
  const { status, body: problem } = await by.post(`/absences${query}`).send(body);
  return [status, problem.code, problem.errors?.[0]?.field];
};
const ada = () => api.world.people.ada;

/** What every API knows of a class: `ada: 4 flu`, and whether its roll is taken. */
async function known(date: string, section: 'algebra' | 'biology' = 'algebra') {
  const { sections, enrollments } = api.world;
  const { body } = await api.get(`/rolls/${sections[section]}/${date}`).expect(200);
  const nameOf = (id: number) => Object.entries(enrollments).find(([, enrollment]) => enrollment === id)?.[0];
  const said = body.statuses.map(
    ({ enrollment_id, status, comment }: { enrollment_id: number; status: number; comment: string }) =>
      `${nameOf(enrollment_id)}: ${status} ${comment}`.trim(),
  );
  return [body.taken_at === null ? 'not taken' : 'taken', ...said];
}
const says = async (
  name: Name,
  date: string,
  status: number | null,
  section: 'algebra' | 'biology' = 'algebra',
  by = api,
) => {
  const statuses = [{ enrollment_id: api.world.enrollments[name], status }];
  await by.patch(`/rolls/${api.world.sections[section]}/${date}`).send({ statuses }).expect(200);
};
/** All that an absence could change. */
const everything = async () =>
  Promise.all(
    [
      'marks',
      'presences',
      'meetings',
      'journal',
      'absences',
      'absence_students',
      'absence_marks',
      'attendance_codes',
    ].map((table) => api.world.database.knex(table).select().orderBy(1)),
  );

test('an absence of days goes to all classes of the student on school days, ahead of time too, and takes no roll', async () => {
  const { counts, marks } = await enter({ students: [ada()], from: TODAY, to: '2025-10-13', comment: 'trip' });
  expect(counts).toEqual({ changed: 8, unchanged: 0, left: 0 }); // Wednesday to Friday and Monday, two classes each
  expect(marks.map(({ date, section }) => `${date} ${section}`).slice(0, 3)).toEqual([
    ...[`${TODAY} Algebra`, `${TODAY} Biology`, '2025-10-09 Algebra'],
  ]);
  for (const date of [TODAY, '2025-10-09', '2025-10-10', '2025-10-13'])
    expect([date, await known(date)]).toEqual([date, ['not taken', 'ada: 4 trip']]);
  // Ada is the only student of Biology: all statuses are known, and still nobody has taken the roll.
  expect(await known(TODAY, 'biology')).toEqual(['not taken', 'adaInBiology: 4 trip']);
  expect(await known('2025-10-11')).toEqual(['not taken']);
});

test('a day that the calendar takes out, and days before and after an enrollment, are left alone', async () => {
  await api
    .put(`/calendars/${school}`)
    .send({ days: [{ date: '2025-10-09', school_day: false }] })
    .expect(200);
  const { katherine, grace } = api.world.people;
  const { marks } = await enter({ students: [katherine, grace], from: TODAY, to: '2025-10-10' });
  expect(marks.map(({ name, date }) => `${name} ${date}`)).toEqual([
    ...['Grace Hopper 2025-10-08', 'Katherine Johnson 2025-10-08', 'Grace Hopper 2025-10-10'],
  ]);
});

test('a preview says what would change, and what somebody has said, and changes nothing', async () => {
  const { people } = api.world;
  const teacher = await api.as({ person: people.noether });
  await says('ada', TODAY, 3, 'algebra', teacher);
  await says('grace', TODAY, 4);
  const before = await everything();
  const students = [people.ada, people.grace, people.alan];
  const { id, counts, marks } = await enter({ students, from: TODAY }, '?dry_run=yes');
  expect([id, counts]).toEqual([null, { changed: 2, unchanged: 1, left: 1 }]);
  const shown = marks.map(({ name, section, before, before_by, outcome }) => [
    name,
    section,
    before,
    before_by,
    outcome,
  ]);
  expect(shown).toEqual([
    ['Grace Hopper', 'Algebra', 4, 'test', 'unchanged'],
    ['Ada Lovelace', 'Algebra', 3, 'Emmy Noether', 'left'],
    ['Ada Lovelace', 'Biology', null, '', 'changed'],
    ['Alan Turing', 'Algebra', null, '', 'changed'],
  ]);
  await enter({ students, from: TODAY, code: 'E', status: undefined }, '?dry_run=yes');
  expect(await everything()).toEqual(before);
  expect((await enter({ students, from: TODAY })).counts).toEqual(counts);
  expect(await known(TODAY)).toEqual(['not taken', 'ada: 3', 'grace: 4', 'alan: 4']);
});

test('what is said already is overruled where the office asks for it, also on a roll that is taken', async () => {
  const { sections } = api.world;
  await api.patch(`/rolls/${sections.algebra}/${TODAY}`).send({ taken: true }).expect(200);
  await says('adaInBiology', TODAY, 1, 'biology');
  for (const query of ['', '?dry_run=yes'])
    expect(await refused({ students: [ada()], from: TODAY, status: 2 }, api, query)).toEqual([
      ...[400, 'BODY_INVALID', 'students'],
    ]);
  const { counts } = await enter({ students: [ada()], from: TODAY, status: 2, overrule: true, comment: 'left' });
  expect(counts).toEqual({ changed: 2, unchanged: 0, left: 0 });
  expect(await known(TODAY)).toEqual(['taken', 'ada: 2 left']);
  expect((await known(TODAY, 'biology')).slice(1)).toEqual(['adaInBiology: 2 left']);
});

test('a roll that is taken later keeps it for whoever is not named, and the teacher of whom is', async () => {
  const { people, enrollments, sections } = api.world;
  await enter({ students: [people.ada, people.grace], from: TODAY, comment: 'trip' });
  const attendance = [
    { enrollment_id: enrollments.grace, date: TODAY, status: 1 },
    { enrollment_id: enrollments.alan, date: TODAY, status: 3 },
  ];
  await api.put(`/v1/sections/${sections.algebra}/attendance`).send({ attendances: { attendance } }).expect(200);
  expect(await known(TODAY)).toEqual(['taken', 'ada: 4 trip', 'alan: 3']);
});

test('it is of the periods, or of the time, that are named', async () => {
  const { database, districts } = api.world;
  const one = async (part: object) =>
    (await enter({ students: [ada()], from: TODAY, ...part }, '?dry_run=yes')).marks.map(({ section }) => section);
  expect(await one({ periods: ['2', '1'] })).toEqual(['Algebra', 'Biology']);
  expect(await refused({ students: [ada()], from: TODAY, status: 4, periods: ['2', '9'] })).toEqual([
    ...[400, 'BODY_INVALID', 'periods.1'],
  ]);
  const timed = { students: [ada()], from: TODAY, status: 4, from_time: '09:00', to_time: '9:30 AM' };
  expect(await refused(timed)).toEqual([400, 'BODY_INVALID', 'from_time']); // nobody has said when periods are
  const period = { district_id: districts.larkspur, school_id: school, year: 2025 };
  await database.knex('bell_periods').insert([
    { ...period, period: '1', start_time: 30_600, end_time: 33_300 }, // 8:30 to 9:15
    { ...period, period: '2', start_time: 33_600, end_time: 36_300 }, // 9:20 to 10:05
  ]);
  for (const query of ['', '?dry_run=yes']) {
    const between = { ...timed, from_time: '09:15', to_time: '09:20' };
    expect(await refused(between, api, query)).toEqual([400, 'BODY_INVALID', 'students']);
  }
  expect(await one({ from_time: '09:14', to_time: '09:21' })).toEqual(['Algebra', 'Biology']);
  expect(await one({ from_time: '10:00' })).toEqual(['Biology']);
  expect(await one({ to_time: '09:00' })).toEqual(['Algebra']);
});

test('students are named by id, by number, and as a class, each once', async () => {
  const { people, sections, database } = api.world;
  await database.knex('people').where({ id: people.grace }).update({ identifier: '0042' });
  const { marks } = await enter(
    { students: [people.ada], student_numbers: [' 0042 ', '0042'], section: sections.biology, from: TODAY },
    '?dry_run=yes',
  );
  expect(marks.map(({ name, student_number }) => `${name} ${student_number}`)).toEqual([
    ...['Grace Hopper 0042', 'Ada Lovelace ', 'Ada Lovelace '],
  ]);
  await database.knex('people').where({ id: people.alan }).update({ identifier: '0042' });
  const both = { from: TODAY, status: 4 };
  expect(await refused({ ...both, student_numbers: ['0042'] })).toEqual([400, 'BODY_INVALID', 'student_numbers.0']);
  expect(await refused({ ...both, student_numbers: ['1'] })).toEqual([400, 'BODY_INVALID', 'student_numbers.0']);
  for (const id of [people.noether, people.eve, 999_999])
    expect(await refused({ ...both, students: [people.ada, id] })).toEqual([400, 'BODY_INVALID', 'students.1']);
  expect(await refused({ ...both, section: sections.elsewhere })).toEqual([404, 'NOT_FOUND', undefined]);
});

test('a code of the school says what it means, and is on the marks', async () => {
  const { marks } = await enter({ students: [ada()], from: TODAY, status: undefined, code: 'E', periods: ['1'] });
  expect(marks.map(({ status, code }) => [status, code])).toEqual([[4, 'E']]);
  const { body } = await api.get(`/reports/absentees?school=${school}&code=E`);
  const said = body.marks.map(({ name, by }: { name: string; by: string }) => [name, by]);
  expect(said).toEqual([['Ada Lovelace', 'test']]);
  for (const code of ['P', 'X']) {
    const asked = { students: [ada()], from: TODAY, code };
    expect([code, await refused(asked)]).toEqual([code, [400, 'BODY_INVALID', 'code']]);
  }
});

describe('An absence that is taken back', () => {
  test('leaves what stood before, unknown, present, or a mark with its comment and code', async () => {
    const { people, enrollments } = api.world;
    await says('grace', TODAY, 1);
    await api
      .post('/marks')
      .send({ marks: [{ enrollment: enrollments.alan, date: TODAY, code: 'A', comment: 'flu' }] })
      .expect(200);
    const marks = () => api.world.database.knex('marks').select('enrollment_id', 'status', 'comment', 'code_id');
    const [before, standing] = [await known(TODAY), await marks()];
    const students = [people.ada, people.grace, people.alan];
    const { id } = await enter({ students, from: TODAY, comment: 'trip', overrule: true });
    expect(await known(TODAY)).toEqual(['not taken', 'ada: 4 trip', 'grace: 4 trip', 'alan: 4 trip']);
    expect(await takeBack(id)).toMatchObject({ id, restored: 4, left: [], taken_back_at: expect.any(String) });
    expect([await known(TODAY), await marks()]).toEqual([before, standing]);
    const after = await everything();
    expect(await takeBack(id)).toMatchObject({ restored: 0, left: [] });
    expect(await everything()).toEqual(after);
  });

  test('leaves what was said otherwise since, and says where', async () => {
    const { people, enrollments, sections } = api.world;
    const { id } = await enter({ students: [people.ada, people.grace], from: TODAY });
    await says('grace', TODAY, 3);
    expect(await takeBack(id)).toMatchObject({
      restored: 2,
      left: [{ section_id: sections.algebra, enrollment_id: enrollments.grace, date: TODAY }],
    });
    expect(await known(TODAY)).toEqual(['not taken', 'grace: 3']);
  });

  test('stands where another absence says the same, until that is taken back, in whichever order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ] as const) {
      const first = await enter({ students: [ada()], from: TODAY, periods: ['1'] });
      const second = await enter({ students: [ada()], from: TODAY });
      const ids = [first.id, second.id];
      await takeBack(ids[order[0]]!);
      expect(await known(TODAY)).toEqual(['not taken', 'ada: 4']);
      await takeBack(ids[order[1]]!);
      expect([await known(TODAY), await known(TODAY, 'biology')]).toEqual([['not taken'], ['not taken']]);
    }
  });

  test('leaves unknown who was present by the roll alone, where the roll is no longer taken, and present of whom it was said', async () => {
    const { people, sections } = api.world;
    const roll = (taken: boolean) => api.patch(`/rolls/${sections.algebra}/${TODAY}`).send({ taken }).expect(200);
    await says('grace', TODAY, 1);
    await roll(true);
    const { id } = await enter({ students: [ada(), people.grace], from: TODAY, periods: ['1'], overrule: true });
    await roll(false);
    expect(await known(TODAY)).toEqual(['not taken', 'ada: 4', 'grace: 4']);
    expect(await takeBack(id)).toMatchObject({ restored: 2, left: [] });
    expect(await known(TODAY)).toEqual(['not taken', 'grace: 1']);
  });

  test('leaves a later absence of the same class, and what somebody had said in between', async () => {
    const one = { students: [ada()], from: TODAY, periods: ['1'], overrule: true };
    const first = await enter(one);
    await says('ada', TODAY, 2);
    const second = await enter(one);
    expect((await takeBack(first.id)).left).toHaveLength(1);
    expect(await known(TODAY)).toEqual(['not taken', 'ada: 4']);
    await takeBack(second.id);
    expect(await known(TODAY)).toEqual(['not taken', 'ada: 2']);
  });

  test('leaves present on a roll that was taken since, as everybody without a mark', async () => {
    const { id } = await enter({ students: [ada()], from: TODAY, periods: ['1'] });
    await api.patch(`/rolls/${api.world.sections.algebra}/${TODAY}`).send({ taken: true }).expect(200);
    expect((await takeBack(id)).restored).toBe(1);
    expect(await known(TODAY)).toEqual(['taken']);
  });
});

describe('Who comes late or leaves early', () => {
  /** Period 1 is from 8:30 to 9:30, period 2 from 9:40 to 10:40. */
  beforeEach(async () => {
    const period = { district_id: api.world.districts.larkspur, school_id: school, year: 2025 };
    await api.world.database.knex('bell_periods').insert([
      { ...period, period: '1', start_time: 30_600, end_time: 34_200 },
      { ...period, period: '2', start_time: 34_800, end_time: 38_400 },
    ]);
  });
  const both = async () => [(await known(TODAY)).slice(1), (await known(TODAY, 'biology')).slice(1)].flat();

  test.each<[string, object, string[]]>([
    ['in the first half of a class is late', { late_arrival: '8:59' }, ['ada: 3 bus']],
    ['in the middle of a class has missed it', { late_arrival: '9:00' }, ['ada: 4 bus']],
    ['between two classes has missed the first', { late_arrival: '9:35' }, ['ada: 4 bus']],
    ['in the second class is late in that', { late_arrival: '9:50' }, ['ada: 4 bus', 'adaInBiology: 3 bus']],
    [
      'leaves in the first half misses it, and what follows',
      { early_dismissal: '9:00' },
      ['ada: 4 bus', 'adaInBiology: 4 bus'],
    ],
    ['leaves later was there, and misses what follows', { early_dismissal: '9:01' }, ['adaInBiology: 4 bus']],
  ])('who comes, or leaves, %s', async (_case, time, expected) => {
    await enter({ students: [ada()], from: TODAY, comment: 'bus', ...time });
    expect(await both()).toEqual(expected);
  });

  test('is no longer absent where the teacher had said so, and what else is said is left', async () => {
    const teacher = await api.as({ person: api.world.people.noether });
    await says('ada', TODAY, 2, 'algebra', teacher);
    await says('adaInBiology', TODAY, 1, 'biology');
    const { counts } = await enter({ students: [ada()], from: TODAY, late_arrival: '10:30', comment: 'bus' });
    expect(counts).toEqual({ changed: 1, unchanged: 0, left: 1 });
    expect(await both()).toEqual(['ada: 4 bus']);
    expect(await known(TODAY, 'biology')).toEqual(['taken']); // its only student is present
  });

  test('is on the list of the day until that is taken back', async () => {
    const { people } = api.world;
    const { id } = await enter({
      students: [ada(), people.grace],
      from: TODAY,
      late_arrival: '8:40 AM',
      comment: 'bus',
    });
    const left = await enter({ students: [ada()], from: TODAY, early_dismissal: '10:00', comment: 'dentist' });
    await enter({ students: [people.alan], from: TODAY });
    const passes = async () =>
      (await api.get(`/absences/passes?date=${TODAY}`).expect(200)).body.passes.map((pass: Record<string, unknown>) =>
        ['name', 'kind', 'time', 'comment'].map((column) => pass[column]),
      );
    const dentist = ['Ada Lovelace', 'early_dismissal', '10:00', 'dentist'];
    expect(await passes()).toEqual([
      ['Grace Hopper', 'late_arrival', '08:40', 'bus'],
      ['Ada Lovelace', 'late_arrival', '08:40', 'bus'],
      dentist,
    ]);
    await takeBack(id!);
    expect(await passes()).toEqual([dentist]);
    await takeBack(left.id!);
    expect(await known(TODAY)).toEqual(['not taken', 'alan: 4']);
  });

  test('does so on one day, and in one way', async () => {
    const right = { students: [ada()], from: TODAY, status: 4, late_arrival: '9:00' };
    expect(await refused({ ...right, to: '2025-10-09' })).toEqual([400, 'BODY_INVALID', 'to']);
    expect(await refused({ ...right, periods: ['1'] })).toEqual([400, 'BODY_INVALID', 'periods']);
    expect(await refused({ ...right, early_dismissal: '10:00' })).toEqual([400, 'BODY_INVALID', 'late_arrival']);
    expect(await refused({ ...right, late_arrival: 'late' })).toEqual([400, 'BODY_INVALID', 'late_arrival']);
    expect(await both()).toEqual([]);
  });
});

test('absences are listed, those entered last first, and each says what of it stands', async () => {
  const { people } = api.world;
  const { id } = await enter({ students: [ada()], from: TODAY, to: '2025-10-09', periods: ['1'], comment: 'trip' });
  const other = await enter({ students: [people.grace], from: '2025-10-20' });
  const ids = async (query: string) =>
    (await api.get(`/absences${query}`).expect(200)).body.absences.map(({ id }: { id: number }) => id);
  expect(await ids('')).toEqual([other.id, id]);
  expect(await ids('?date=2025-10-09')).toEqual([id]);
  expect(await ids(`?student=${people.grace}`)).toEqual([other.id]);
  expect(await ids(`?before=${other.id}`)).toEqual([id]);
  await says('ada', '2025-10-09', 2);
  const { marks, ...absence } = (await api.get(`/absences/${id}`).expect(200)).body;
  expect(absence).toEqual({
    ...{
      id,
      kind: 'absence',
      from: TODAY,
      to: '2025-10-09',
      periods: ['1'],
      from_time: null,
      to_time: null,
      students: 1,
      who: [{ person_id: ada(), student_number: '', name: 'Ada Lovelace' }],
      status: 4,
      code: '',
      comment: 'trip',
      classes: 2,
    },
    ...{ created_at: expect.any(String), created_by: 'test', taken_back_at: null, taken_back_by: '' },
  });
  expect(marks.map(({ date, comment, stands }: Record<string, unknown>) => [date, comment, stands])).toEqual([
    [TODAY, 'trip', true],
    ['2025-10-09', 'trip', false],
  ]);
});

test('an erasure takes the comment, and what was said is taken back all the same; a school year takes all of it', async () => {
  const { database, districts } = api.world;
  const { id } = await enter({ students: [ada()], from: TODAY, comment: 'clinic' });
  await erase(database, await subjectOf(database, ada()));
  const comments = async () => database.knex('absence_marks').distinct('to_comment').pluck('to_comment');
  expect([await comments(), await known(TODAY)]).toEqual([['[erased]'], ['not taken', 'ada: 4 [erased]']]);
  expect(await database.knex('absences').pluck('comment')).toEqual(['[erased]']);
  expect(await takeBack(id!)).toMatchObject({ restored: 2, left: [] });
  expect(await known(TODAY)).toEqual(['not taken']);
  await openRetention(database).erase(districts.larkspur, 2025, { dryRun: false });
  for (const table of ['absences', 'absence_students', 'absence_marks'])
    expect([table, await database.knex(table)]).toEqual([table, []]);
});

test('what is wrong is refused by its name, and nothing is changed', async () => {
  const right = { students: [ada()], from: TODAY, status: 4 };
  const before = await everything();
  const cases: [object, string][] = [
    [{ ...right, from: 'today' }, 'from'],
    [{ ...right, to: '2025-10-07' }, 'to'],
    [{ ...right, to: '2027-10-07' }, 'to'],
    [{ ...right, code: 'E' }, 'status'],
    [{ ...right, status: undefined }, 'status'],
    [{ ...right, status: 1 }, 'status'],
    [{ ...right, students: [] }, 'students'],
    [{ ...right, students: Array(501).fill(ada()) }, 'students'],
    [{ ...right, periods: ['1'], from_time: '08:00' }, 'periods'],
    [{ ...right, from_time: 'noon' }, 'from_time'],
    [{ ...right, from_time: '10:00', to_time: '09:00' }, 'to_time'],
    [{ ...right, comment: '\u0007' }, 'comment'],
    [{ ...right, from: '2025-10-11' }, 'students'], // a Saturday
  ];
  for (const [body, field] of cases)
    expect([field, await refused(body)]).toEqual([field, [400, 'BODY_INVALID', field]]);
  expect(await everything()).toEqual(before);
});

test('absences are the office’s alone, of its own district, and none where the SIS takes attendance', async () => {
  const { people, districts, database } = api.world;
  const body = { students: [ada()], from: TODAY, status: 4 };
  const { id } = await enter({ students: [ada()], from: TODAY });
  const teacher = await api.as({ person: people.noether });
  const other = await api.as({ district: districts.elsewhere });
  const before = await everything();
  expect(await refused(body, teacher)).toEqual([403, 'OFFICE_ONLY', undefined]);
  expect(await refused(body, other)).toEqual([400, 'BODY_INVALID', 'students.0']);
  for (const by of [teacher, other])
    expect([(await by.get(`/absences/${id}`)).status, (await by.delete(`/absences/${id}`)).status]).toEqual(
      by === teacher ? [403, 403] : [404, 404],
    );
  expect((await other.get('/absences')).body.absences).toEqual([]);
  await database.knex('districts').where({ id: districts.larkspur }).update({ sis_attendance_app: true });
  expect(await refused(body)).toEqual([410, 'SIS_ATTENDANCE_APP', undefined]);
  expect((await api.delete(`/absences/${id}`)).status).toBe(410);
  expect(await everything()).toEqual(before);
});

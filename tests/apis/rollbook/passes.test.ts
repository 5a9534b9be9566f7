import { type Api, openApi } from '../../api';
import { clockless } from '../../clock';

/** Ada has Algebra in period 1, from 8:30 to 9:30, and Biology in period 2, from 9:40 to 10:40. It is Wednesday. */
let api: Api;
const TODAY = '2025-10-08';
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date(`${TODAY}T17:00:00Z`), doNotFake: [...clockless] });
  api = await openApi();
  const { database, districts, sections } = api.world;
  const { knex } = database;
  const { id: school_id } = await knex('schools').first();
  await knex('sections').where({ id: sections.biology }).update({ periods: '2' });
  const period = { district_id: districts.larkspur, school_id, year: 2025 };
  await knex('bell_periods').insert([
    { ...period, period: '1', start_time: 30_600, end_time: 34_200 },
    { ...period, period: '2', start_time: 34_800, end_time: 38_400 },
  ]);
});
afterEach(async () => {
  await api.close();
  jest.useRealTimers();
});

const ada = () => api.world.people.ada;
const enter = async (body: object, query = '') =>
  (
    await api
      .post(`/absences${query}`)
      .send({ students: [ada()], from: TODAY, status: 4, ...body })
      .expect(query ? 200 : 201)
  ).body;
const takeBack = async ({ id }: { id: number }) => (await api.delete(`/absences/${id}`).expect(200)).body;
const passes = async () => (await api.get(`/absences/passes?date=${TODAY}`).expect(200)).body.passes;
/** What is known of Ada: `1: 4 flu`, by the periods. */
async function known() {
  const { body } = await api.get(`/reports/students/${ada()}/day?date=${TODAY}`).expect(200);
  return body.rolls
    .filter(({ status }: { status: number | null }) => status !== null)
    .map(({ periods, status, comment }: Record<string, unknown>) => `${periods}: ${status} ${comment}`.trim());
}
const teacherSays = async (person: 'noether' | 'mendel', status: number, comment = '') => {
  const { people, enrollments, sections } = api.world;
  const [section, enrollment_id] =
    person === 'noether' ? [sections.algebra, enrollments.ada] : [sections.biology, enrollments.adaInBiology];
  const teacher = await api.as({ person: people[person] });
  await teacher
    .patch(`/rolls/${section}/${TODAY}`)
    .send({ statuses: [{ enrollment_id, status, comment }] })
    .expect(200);
};
const outcomes = ({ marks }: { marks: Record<string, unknown>[] }) =>
  marks.map(({ section, before, status, outcome }) => [section, before, status, outcome]);

test('who was called in sick and comes late is late, and no longer absent in the classes after that', async () => {
  const sick = await enter({ status: 2, comment: 'sick' });
  const body = { late_arrival: '8:59', comment: 'bus' };
  const expected = [
    ['Algebra', 2, 3, 'changed'],
    ['Biology', 2, null, 'changed'],
  ];
  expect(outcomes(await enter(body, '?dry_run=yes'))).toEqual(expected);
  expect(await known()).toEqual(['1: 2 sick', '2: 2 sick']);
  const late = await enter(body);
  expect(outcomes(late)).toEqual(expected);
  expect(await known()).toEqual(['1: 3 bus']);
  const { marks } = (await api.get(`/absences/${late.id}`).expect(200)).body;
  expect(marks.map(({ status, stands }: Record<string, unknown>) => [status, stands])).toEqual([
    [3, true],
    [null, true],
  ]);
  await takeBack(late);
  expect(await known()).toEqual(['1: 2 sick', '2: 2 sick']);
  const again = await enter(body);
  await takeBack(sick);
  expect(await known()).toEqual(['1: 3 bus']);
  await takeBack(again);
  expect(await known()).toEqual([]);
});

test('what a teacher said of the classes after an arrival is left, and named', async () => {
  await enter({ status: 2, comment: 'sick' });
  await teacherSays('mendel', 4, 'field trip');
  const late = await enter({ late_arrival: '8:59' });
  expect(outcomes(late)).toEqual([
    ['Algebra', 2, 3, 'changed'],
    ['Biology', 4, 1, 'left'], // the roll is taken by it: who has no mark is present
  ]);
  expect(late.marks[1].before_by).toBe('Gregor Mendel');
  expect(await known()).toEqual(['1: 3 sick', '2: 4 field trip']);
});

test('what was entered ahead of a time after the arrival stays', async () => {
  await enter({ early_dismissal: '10:00', comment: 'dentist' });
  await enter({ late_arrival: '8:40', comment: 'bus' });
  expect(await known()).toEqual(['1: 3 bus', '2: 4 dentist']);
});

test('who comes back after an early dismissal is late in the class that goes on, and has missed what lies between', async () => {
  const left = await enter({ early_dismissal: '8:50', comment: 'dentist' });
  expect(await known()).toEqual(['1: 4 dentist', '2: 4 dentist']);
  expect(outcomes(await enter({ late_arrival: '9:50', comment: 'back' }))).toEqual([
    ['Algebra', 4, 4, 'unchanged'],
    ['Biology', 4, 3, 'changed'],
  ]);
  expect(await known()).toEqual(['1: 4 dentist', '2: 3 back']);
  await takeBack(left);
  expect(await known()).toEqual(['1: 4 dentist', '2: 3 back']);
  expect((await enter({ late_arrival: '9:35' }, '?dry_run=yes')).warnings).toEqual([
    'Ada Lovelace came late at 09:50 already.',
  ]);
});

test.each([
  ['arrives before the first class', { late_arrival: '8:00' }],
  ['leaves in the second half of the last class', { early_dismissal: '10:30' }],
  ['leaves after the last class', { early_dismissal: '15:00' }],
])('who %s has a pass, and misses no class', async (_case, time) => {
  const said = {
    counts: { changed: 0, unchanged: 0, left: 0 },
    marks: [],
    message: expect.stringMatching(/^No class/),
  };
  expect(await enter(time, '?dry_run=yes')).toMatchObject({ ...said, id: null });
  expect(await passes()).toEqual([]);
  const pass = await enter({ ...time, comment: 'bus' });
  expect(pass).toMatchObject(said);
  expect(await passes()).toMatchObject([{ name: 'Ada Lovelace', comment: 'bus' }]);
  expect(await known()).toEqual([]);
  expect((await api.get(`/absences?student=${ada()}`).expect(200)).body.absences).toMatchObject(
    [{ classes: 0, from_time: null, who: [{ name: 'Ada Lovelace' }] }].map((each) =>
      'late_arrival' in time ? each : { ...each, from_time: expect.any(String), to_time: null },
    ),
  );
  await takeBack(pass);
  expect(await passes()).toEqual([]);
  for (const query of ['', '?dry_run=yes']) {
    const body = { students: [ada()], from: '2025-10-11', status: 4, ...time }; // a Saturday
    const { status, body: problem } = await api.post(`/absences${query}`).send(body);
    expect([status, problem.errors[0].field]).toEqual([400, 'students']);
  }
});

test('a pass has the reason that was entered with it, not the comment of a teacher', async () => {
  await teacherSays('noether', 2, 'slept in class yesterday');
  await enter({ late_arrival: '9:00' });
  expect(await known()).toEqual(['1: 4 slept in class yesterday']);
  expect((await passes()).map(({ comment }: { comment: string }) => comment)).toEqual(['']);
});

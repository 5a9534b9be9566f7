import { familyRoles, givenRoles, memberOf, signInRoles } from '../../../src/clients/client';
import { openSignIn } from '../../../src/clients/sign-in';
import { type Api, openApi } from '../../api';
import { later, rightClock, setClock } from '../../clock';

/** Algebra is Noether's; Mendel takes it for her on one day. */
let api: Api;
let noether: Api;
let mendel: Api;
let today: string;
beforeEach(async () => {
  setClock(12 * 3_600 - ((Date.now() / 1_000) % 86_400)); // noon: it ends by UTC, and is given by the day of the school
  api = await openApi();
  const { people, database } = api.world;
  await database.knex('people').where({ id: people.mendel }).update({ preferred_name: 'Grégor' });
  noether = await api.as({ person: people.noether });
  mendel = await api.as({ person: people.mendel });
  today = (await noether.get('/session')).body.today;
});
afterEach(async () => {
  rightClock();
  await api.close();
});

const knex = (table: string) => api.world.database.knex(table);
const plus = (days: number) => new Date(Date.parse(today) + days * 86_400_000).toISOString().slice(0, 10);
const give = async (body: object = {}, by = noether) => {
  const { sections, people } = api.world;
  return by.post('/substitutions').send({ section: sections.algebra, person: people.mendel, from: today, ...body });
};
const rolls = async (by: Api, date = today) =>
  (await by.get(`/reports/rolls?date=${date}`)).body.rolls.map(
    ({ title, teachers }: { title: string; teachers: string }) => `${title} of ${teachers}`,
  );
const roll = (date = today) => `/rolls/${api.world.sections.algebra}/${date}`;
/** What the office has given Mendel: in place of what the SIS says of him. */
async function setGiven(role: string | null, school_id: number): Promise<void> {
  const of = { district_id: api.world.districts.larkspur, person_id: api.world.people.mendel };
  await knex('office_roles').where(of).delete();
  if (role) await knex('office_roles').insert({ ...of, role, school_id, given_at: '2025-10-01T00:00:00.000Z' });
}
/** What Mendel is answered, who is signed in. */
async function signedIn() {
  const { world, clients, url } = api;
  const invitation = await openSignIn(world.database, clients).invite(
    world.districts.larkspur,
    world.people.mendel,
    60,
  );
  const send = (method: string, path: string, cookie: string, body?: object) =>
    fetch(url + path, {
      method,
      headers: { cookie, 'Content-Type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
  const cookie = (await send('POST', '/sign-in', '', { invitation })).headers.get('set-cookie')!.split(';')[0]!;
  return async (method: string, path: string, body?: object) => (await send(method, path, cookie, body)).status;
}
const held = () => Promise.all(['marks', 'meetings', 'journal', 'presences'].map((table) => knex(table).select()));

/** The year of the world is over by now: its students stay until they are to leave. */
beforeEach(() => knex('enrollments').update({ end_date: '2099-12-31' }));

test('a teacher gives a class for a day: the substitute sees it among their own with whose it is, and takes its roll', async () => {
  const { body: offered } = await noether.get(
    `/substitutions/people?section=${api.world.sections.algebra}&search=gregor%20mend`,
  );
  expect(offered.people).toEqual([]);
  const { body } = await noether.get(`/substitutions/people?section=${api.world.sections.algebra}&search=MEND`);
  expect(body.people).toEqual([{ person_id: api.world.people.mendel, name: 'Grégor Mendel', role: 'teacher' }]);
  expect(await rolls(mendel)).toEqual(['Biology of Grégor Mendel']);
  const given = await give();
  expect([given.status, given.body]).toEqual([
    201,
    {
      ...{ id: expect.any(Number), section_id: api.world.sections.algebra, section: 'Algebra', from: today, to: today },
      ...{ person_id: api.world.people.mendel, name: 'Grégor Mendel', can_take: true, by: 'Emmy Noether' },
    },
  ]);
  expect(await rolls(mendel)).toEqual(['Algebra of Emmy Noether', 'Biology of Grégor Mendel']);
  const taken = await mendel.patch(roll()).send({ taken: true });
  expect([taken.status, taken.body.taken_by]).toEqual([200, 'Grégor Mendel']);
  expect((await give()).body.id).toBe(given.body.id);
  expect((await noether.get(`/substitutions?section=${api.world.sections.algebra}`)).body.substitutions).toEqual([
    given.body,
  ]);
});

test('of other days the substitute sees and writes nothing, in any API', async () => {
  const { algebra } = api.world.sections;
  const { ada } = api.world.enrollments;
  await give();
  const [before, after] = [plus(-1), plus(1)];
  await noether.patch(roll(before)).send({ taken: true });
  const stood = await held();
  for (const date of [before, after]) {
    expect(await rolls(mendel, date)).toEqual(['Biology of Grégor Mendel']);
    expect((await mendel.get(roll(date))).status).toBe(403);
    expect((await mendel.patch(roll(date)).send({ taken: true })).status).toBe(403);
    expect((await mendel.get(`/v1/sections/${algebra}/attendance?start=${date}&end=${date}`)).status).toBe(403);
    const item = { enrollment_id: ada, date, status: 2 };
    const put = await mendel.put(`/v1/sections/${algebra}/attendance`).send({ attendances: { attendance: [item] } });
    expect(put.body.attendance[0].response_code).toBe(403);
    const marks = await mendel.post('/marks').send({ marks: [{ enrollment: ada, date, status: 'absent' }] });
    expect(marks.body.rows).toMatchObject([{ outcome: 'refused' }]);
    const osdi = await api
      .post('/osdi/api/v1/events')
      .unset('Authorization')
      .set('OSDI-API-Token', mendel.token)
      .send({ identifiers: [`rollbook:section:${algebra}`], all_day_date: date });
    expect(osdi.status).toBe(403);
  }
  expect(await held()).toEqual(stood);
  expect((await mendel.get(`/v1/sections/${algebra}/attendance?start=${today}&end=${today}`)).status).toBe(200);
});

test('it ends by itself: the day after its last one it can still be corrected, then nothing is seen', async () => {
  await give();
  later(24 * 3_600);
  expect((await mendel.patch(roll()).send({ taken: true })).status).toBe(200);
  later(3 * 24 * 3_600);
  expect((await mendel.get(roll())).status).toBe(403);
  expect((await mendel.get(`/v1/sections/${api.world.sections.algebra}`)).status).toBe(403);
  const { body } = await mendel.get('/changes?after=start');
  expect(JSON.stringify(body)).not.toContain(`"section_id":${api.world.sections.algebra},`);
});

test('it is taken back, and so ends at once; who did it is kept', async () => {
  const { id } = (await give()).body;
  expect((await mendel.delete(`/substitutions/${id}`)).status).toBe(403);
  expect((await mendel.get(roll())).status).toBe(200);
  expect((await noether.delete(`/substitutions/${id}`)).status).toBe(204);
  expect((await mendel.get(roll())).status).toBe(403);
  expect((await noether.delete(`/substitutions/${id}`)).status).toBe(404);
  expect(await knex('substitutions').where({ id }).first()).toMatchObject({
    by_person_id: api.world.people.noether,
    ended_at: expect.anything(),
    ended_by_person_id: api.world.people.noether,
  });
});

test('the office gives any class of its district; a teacher only their own, and a substitute none', async () => {
  const { algebra, biology } = api.world.sections;
  const { noether: emmy, ada } = api.world.people;
  await give();
  expect((await give({}, mendel)).status).toBe(403);
  expect((await give({ section: biology }, noether)).status).toBe(403);
  expect((await mendel.get(`/substitutions?section=${algebra}`)).status).toBe(403);
  expect((await give({ section: biology, person: emmy, to: plus(2) }, api)).status).toBe(201);
  expect(await rolls(noether, plus(2))).toEqual(['Algebra of Emmy Noether', 'Biology of Grégor Mendel']);
  const count = (await knex('substitutions').select()).length;
  for (const [body, field] of [
    [{ person: ada }, 'person'],
    [{ person: emmy }, 'person'],
    [{ to: plus(-1) }, 'to'],
    [{ from: plus(-3), to: plus(-2) }, 'to'],
    [{ to: plus(400) }, 'to'],
    [{ from: '2026-02-30' }, 'from'],
  ] as const) {
    const { status, body: problem } = await give(body);
    expect([status, problem.code, problem.errors?.[0]?.field]).toEqual([400, 'BODY_INVALID', field]);
  }
  expect((await give({ section: api.world.sections.elsewhere }, api)).status).toBe(404);
  expect(await knex('substitutions').select()).toHaveLength(count);
});

test('only who signs in as a teacher can be given a class, whatever the SIS and the office say of them', async () => {
  const { algebra } = api.world.sections;
  const { mendel: id } = api.world.people;
  const school_id = (await knex('people').where({ id }).first()).school_id ?? (await knex('schools').first()).id;
  for (const given_role of [null, ...givenRoles]) {
    await setGiven(given_role, school_id);
    for (const role of [...signInRoles, ...familyRoles, 'Teacher']) {
      await knex('people').where({ id }).update({ role });
      const isTeacher = memberOf({ id, role, school_id, given_role, given_school_id: school_id })?.role === 'teacher';
      const stood = await knex('substitutions').select();
      const { people } = (await noether.get(`/substitutions/people?section=${algebra}&search=mendel`)).body;
      expect([role, given_role, people.length]).toEqual([role, given_role, isTeacher ? 1 : 0]);
      const { status, body } = await give();
      if (isTeacher) expect([role, status]).toEqual([role, 201]);
      else {
        expect([status, body.errors]).toEqual([
          400,
          [{ field: 'person', message: 'must be somebody else of the school, who signs in as a teacher' }],
        ]);
        expect(await knex('substitutions').select()).toEqual(stood);
      }
    }
  }
});

test('who can no longer take it is said to; signed in, a counselor has no right of it', async () => {
  await knex('people').where({ id: api.world.people.mendel }).update({ email: 'mendel@example.org' });
  const { body: given } = await give();
  const standing = async () => (await noether.get(`/substitutions?section=${api.world.sections.algebra}`)).body;
  const school = (await knex('schools').first()).id;
  const says = async (can_take: boolean) => expect((await standing()).substitutions).toEqual([{ ...given, can_take }]);
  await setGiven('counselor', school);
  await says(false);
  const counselor = await signedIn();
  const stood = await held();
  expect(await counselor('GET', roll())).toBe(200); // of their school
  expect(await counselor('PATCH', roll(), { taken: true })).toBe(403);
  await knex('sections').where({ id: api.world.sections.algebra }).update({ school_id: null });
  expect(await counselor('GET', roll())).toBe(403);
  expect(await held()).toEqual(stood);
  await setGiven(null, school);
  await says(true);
  for (const change of [{ role: 'student' }, { role: 'principal' }, { role: 'teacher', active: false }]) {
    await knex('people').where({ id: api.world.people.mendel }).update(change);
    await says(false);
  }
});

import { openSignIn } from '../../../src/clients/sign-in';
import { mergePeople } from '../../../src/privacy/merge';
import { subjectOf } from '../../../src/privacy/subject';
import { type Api, openApi } from '../../api';
import { later, rightClock } from '../../clock';
import { openRivers } from '../../roster/school';

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(async () => {
  rightClock();
  await api.close();
});

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
const bodyOf = (response: Response): Promise<any> => response.json();
const post = (body: unknown) =>
  fetch(`${api.url}/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
const session = (cookie: string) => fetch(`${api.url}/session`, { headers: { cookie } });

const invite = (person = api.world.people.noether, seconds = 600) =>
  openSignIn(api.world.database, api.clients).invite(api.world.districts.larkspur, person, seconds);
const accept = async (invitation: string) => {
  const response = await post({ invitation });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  return { status: response.status, cookie, body: await bodyOf(response) };
};
const change = (values: object, id = api.world.people.noether) =>
  api.world.database.knex('people').where({ id }).update(values);

test.each([
  [{}, ['key', 'secret'], 'key and secret missing'],
  [{ key: 'k' }, ['secret'], 'secret missing'],
  [{ secret: 's' }, ['key'], 'key missing'],
  [{ key: '', secret: 's' }, ['key'], 'key must not be empty'],
  [{ key: 'k', secret: 1 }, ['secret'], 'secret must be string'],
  [{ invitation: null }, ['invitation'], 'invitation must be string'],
  [{ invitation: 'x'.repeat(201) }, ['invitation'], 'invitation must have at most 200 characters'],
])('%j is answered with 400, which names %j', async (body, fields, words) => {
  const response = await post(body);
  const problem = await bodyOf(response);
  expect([response.status, problem.code]).toEqual([400, 'BODY_INVALID']);
  expect(problem.detail).toContain(words);
  expect(problem.errors.map(({ field }: { field: string }) => field)).toEqual(fields);
});

test('who is signed in makes no webhook, which would go on without them; an API client does', async () => {
  const { cookie } = await accept(await invite());
  const token = cookie.split('=')[1]!;
  const url = 'https://sis.example.org/attendance';
  const asks: [string, object][] = [
    ['/webhooks', { url }],
    ['/v1/triggers/targets', { target: url }],
  ];
  for (const [path, body] of asks) {
    const add = (headers: Record<string, string>) =>
      fetch(api.url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    expect([path, (await add({ Authorization: `Bearer ${token}` })).status]).toEqual([path, 403]);
    expect(await api.world.database.knex('webhook_targets')).toEqual([]);
    expect([path, (await add({ Authorization: `Bearer ${api.token}` })).status]).toEqual([path, 201]);
    await api.world.database.knex('webhook_targets').delete();
  }
  const byCookie = await fetch(`${api.url}/webhooks`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', cookie },
    body: JSON.stringify({ url }),
  });
  expect(await bodyOf(byCookie)).toMatchObject({ code: 'SESSION_FORBIDDEN', status: 403 });
});

test('the pages know of whose school’s office somebody is who signs in', async () => {
  const { id } = await api.world.database.knex('schools').first();
  await change({ role: 'principal', school_id: id });
  expect((await accept(await invite())).body).toMatchObject({ person: null, school: id });
  await change({ role: 'districtAdministrator' });
  expect((await accept(await invite())).body).toMatchObject({ person: null, school: null });
});

test('an invitation signs in once, and of many at once one', async () => {
  const token = await invite();
  const answers = await Promise.all(Array.from({ length: 8 }, () => accept(token)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(7).fill(401)]);
  const { body } = answers.find(({ status }) => status === 401)!;
  expect(body).toMatchObject({
    code: 'CREDENTIALS_INVALID',
    detail: 'The invitation is not known, was used, or has expired.',
  });
});

test('an invitation signs nobody in once its time is over, and the next one takes it away', async () => {
  const token = await invite(api.world.people.noether, 60);
  later(61);
  expect((await accept(token)).status).toBe(401);
  await invite();
  expect(await api.world.database.knex('invitations')).toHaveLength(1);
});

test('an invitation is kept as a hash alone', async () => {
  const token = await invite();
  expect(JSON.stringify(await api.world.database.knex('invitations'))).not.toContain(token);
});

test('an invitation ends with the revocation of the client; another one makes a new client', async () => {
  const [first, second] = [await invite(), await invite()];
  const { body, cookie } = await accept(first);
  await api.clients.revoke(body.client.id);
  expect((await accept(second)).status).toBe(401);
  const again = await accept(await invite());
  expect(again.body).toMatchObject({ person: body.person, client: { name: body.client.name } });
  expect(again.body.client.id).not.toBe(body.client.id);
  expect([(await session(cookie)).status, (await session(again.cookie)).status]).toEqual([401, 200]);
  expect((await accept(await invite())).body.client).toEqual(again.body.client);
});

test('of people who are invited at the same time each has one client', async () => {
  const tokens = await Promise.all(Array.from({ length: 5 }, () => invite()));
  const bodies = [];
  for (const token of tokens) bodies.push((await accept(token)).body);
  expect(new Set(bodies.map(({ client }) => client.id)).size).toBe(1);
  const standing = await api.world.database.knex('api_clients').where({ name: 'Emmy Noether', revoked_at: null });
  expect(standing).toHaveLength(1);
});

test('a session that nobody uses ends after twelve hours', async () => {
  const { cookie } = await accept(await invite());
  later(12 * 3_600);
  expect((await session(cookie)).status).toBe(401);
});

test.each([[{ active: false }], [{ role: 'student' }], [{ role: 'parent' }], [{ role: 'administrator' }]])(
  'within a second the session and the invitations of a teacher end whose row says %j',
  async (values) => {
    const [first, second] = [await invite(), await invite()];
    const { cookie } = await accept(first);
    await change(values);
    later(1);
    expect([(await session(cookie)).status, (await accept(second)).status]).toEqual([401, 401]);
    await change({ active: true, role: 'teacher' });
    expect((await session(cookie)).status).toBe(200);
  },
);

test('who comes to work in the office signs in as the office from then on, and back', async () => {
  const asTeacher = await accept(await invite());
  await change({ role: 'principal' });
  const asOffice = await accept(await invite());
  expect(asOffice.body).toMatchObject({ person: null, scopes: expect.arrayContaining(['roster:write']) });
  await change({ role: 'teacher' });
  expect((await accept(await invite())).body.person).toEqual(asTeacher.body.person);
  later(1);
  expect([(await session(asTeacher.cookie)).status, (await session(asOffice.cookie)).status]).toEqual([401, 401]);
});

test.each(['teacher', 'principal'])('a %s who was made one with another person is signed out', async (role) => {
  const { people, database } = api.world;
  await change({ role });
  const { cookie } = await accept(await invite());
  expect((await session(cookie)).status).toBe(200);
  const [kept, gone] = [await subjectOf(database, people.mendel), await subjectOf(database, people.noether)];
  await mergePeople(database, kept, gone);
  later(1);
  expect((await session(cookie)).status).toBe(401);
});

test('a client that an operator bound to a person ends with the person, its tokens, its key and its sessions', async () => {
  const { key, secret, token } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'tablet',
    scopes: ['attendance:read'],
    person: api.world.people.noether,
  });
  const ask = async () => [
    (await fetch(`${api.url}/session`, { headers: { authorization: `Bearer ${token}` } })).status,
    (await post({ key, secret })).status,
  ];
  expect(await ask()).toEqual([200, 201]);
  await change({ active: false });
  later(1);
  expect(await ask()).toEqual([401, 401]);
});

test.each([
  ['teacher', true],
  ['aide', true],
  ['proctor', true],
  ['administrator', false],
  ['principal', false],
  ['siteAdministrator', false],
  ['districtAdministrator', false],
  ['systemAdministrator', false],
])('a person who is a %s signs in; that they are bound to their sections is %p', async (role, bound) => {
  await change({ role });
  const { body } = await accept(await invite());
  expect([body.person !== null, body.client.name]).toEqual([bound, 'Emmy Noether']);
});

test('whoever an import lists signs in by the role that it gives them, however it is spelled', async () => {
  const rivers = await openRivers(api);
  const roles = ['teacher', 'aide', 'proctor', 'administrator', 'principal', 'siteAdministrator'];
  const ofDistrict = ['districtAdministrator', 'systemAdministrator'];
  const people = [...roles, ...ofDistrict].map((role) => ({ id: role, role, given: role }));
  await rivers.import({ version: '1.2', people: [...people, { id: 's1', role: 'student' }] }, '2025-09-01');
  const { district } = rivers;
  const listed = await api.world.database.knex('people').where({ district_id: district }).select('id', 'sourced_id');
  const seen: Record<string, unknown> = {};
  for (const { id, sourced_id } of listed) {
    const invitation = await openSignIn(api.world.database, api.clients)
      .invite(district, id, 600)
      .catch(() => undefined);
    const { body } = invitation ? await accept(invitation) : { body: undefined };
    seen[sourced_id] = body && (body.person ? 'own sections' : body.school ? 'a school' : 'the district');
  }
  await rivers.close();
  expect(seen).toEqual({
    ...Object.fromEntries(['teacher', 'aide', 'proctor'].map((role) => [role, 'own sections'])),
    ...Object.fromEntries(['administrator', 'principal', 'siteAdministrator'].map((role) => [role, 'a school'])),
    ...Object.fromEntries(ofDistrict.map((role) => [role, 'the district'])),
    s1: undefined,
  });
});

test.each(['student', 'parent', 'guardian', 'relative'])('a %s is not invited', async (role) => {
  await change({ role });
  await expect(invite()).rejects.toThrow(/is a \w+: only teachers and the office sign in\.$/);
  expect(await api.world.database.knex('sign_ins')).toEqual([]);
});

test('nobody is invited into a district that they are not in', async () => {
  await expect(invite(api.world.people.eve)).rejects.toThrow(/There is no active person/);
});

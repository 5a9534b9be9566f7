import { openSignIn } from '../../../src/clients/sign-in';
import { type Api, openApi } from '../../api';
import { later, rightClock } from '../../clock';

/** Who may sign in, and who says so. */
let api: Api;
let office: Api;
beforeEach(async () => {
  api = await openApi();
  office = await api.as({ scopes: ['access'] });
});
afterEach(async () => {
  rightClock();
  await api.close();
});

const knex = (table: string) => api.world.database.knex(table);
const noether = () => api.world.people.noether;
const mendel = () => api.world.people.mendel;
const school = async (): Promise<number> => (await knex('schools').first()).id;

interface Signed {
  readonly status: number;
  readonly cookie: string;
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  readonly body: any;
}
async function signIn(proof: object): Promise<Signed> {
  const response = await fetch(`${api.url}/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(proof),
  });
  const cookie = response.headers.get('set-cookie') ?? '';
  return { status: response.status, cookie, body: await response.json() };
}
const follow = (link: string, more = {}) => signIn({ invitation: link.split('/').at(-1), ...more });
const session = (cookie: string) => fetch(`${api.url}/session`, { headers: { cookie: cookie.split(';')[0]! } });
const byCookie = async (cookie: string, method: string, path: string, body?: object) => {
  const response = await fetch(api.url + path, {
    method,
    headers: { cookie: cookie.split(';')[0]!, 'Content-Type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  const answer: any = response.status === 204 ? undefined : await response.json();
  return { status: response.status, body: answer };
};

const invited = async (body: object, by = office) => {
  const { status, body: answer } = await by.post('/access/invitations').send(body);
  expect([status, answer]).toMatchObject([201, { invitations: expect.any(Array) }]);
  return answer.invitations;
};
const listed = async (query = '') => (await office.get(`/access/people${query}`)).body.people;
const changes = async () =>
  (await office.get('/access/changes')).body.changes.map(
    ({ at: _at, person_id: _id, ...change }: { at: string; person_id: number }) => change,
  );
/** Somebody of the office, who is signed in. */
async function signedIn(role: string, given_name = 'Noor'): Promise<Signed> {
  const { id: _id, ...person } = await knex('people').where({ id: noether() }).first();
  const [{ id }] = await knex('people')
    .insert({ ...person, sourced_id: given_name, given_name, family_name: 'Rahimi', role, email: '' })
    .returning('id');
  const token = await openSignIn(api.world.database, api.clients).invite(api.world.districts.larkspur, id, 600);
  return signIn({ invitation: token });
}

test('the office invites a person: the link signs them in once, and the list says where they are signed in', async () => {
  expect(await listed()).toMatchObject([
    { name: 'Gregor Mendel' },
    { name: 'Emmy Noether', sessions: [], used_at: null },
  ]);
  const [invitation] = await invited({ people: [noether()], days: 2 });
  expect(invitation).toEqual({
    person_id: noether(),
    name: 'Emmy Noether',
    email: 'emmy@example.org',
    link: expect.stringMatching(new RegExp(`^${api.url}/#/invitation/[\\w-]{43}$`)),
    expires_at: expect.any(String),
    mailed: false,
  });
  expect((await listed('?search=noeth'))[0]).toMatchObject({ invited_until: invitation.expires_at, sessions: [] });
  expect([(await follow(invitation.link)).status, (await follow(invitation.link)).status]).toEqual([201, 401]);
  const [after] = await listed('?search=NOETHER');
  expect(after).toMatchObject({ invited_until: null, revoked_at: null, role: 'teacher' });
  expect(after.sessions).toEqual([
    { began_at: after.used_at, used_at: after.used_at, ends_at: expect.any(String), own_device: false },
  ]);
});

test('of a person who is invited again the earlier link ends; their sessions end where that is asked for', async () => {
  const [first] = await invited({ people: [noether()] });
  const { cookie } = await follow((await invited({ people: [noether()] }))[0].link);
  expect((await follow(first.link)).status).toBe(401);
  expect((await session(cookie)).status).toBe(200);
  const [last] = await invited({ people: [noether()], end_sessions: true });
  expect([(await session(cookie)).status, (await follow(last.link)).status]).toEqual([401, 201]);
});

test('all teachers of a school are invited at once, each by a link of their own; or those who are signed in nowhere', async () => {
  const invitations = await invited({ school: await school() });
  expect(invitations.map(({ name }: { name: string }) => name)).toEqual(['Gregor Mendel', 'Emmy Noether']);
  expect(new Set(invitations.map(({ link }: { link: string }) => link)).size).toBe(2);
  await follow(invitations[0].link);
  expect(await invited({ school: await school(), only_signed_out: true })).toMatchObject([{ person_id: noether() }]);
});

test('who teaches in a school is a teacher of it, whichever school the roster lists them in', async () => {
  await knex('people').where({ id: mendel() }).update({ school_id: null });
  expect(await listed(`?school=${await school()}`)).toHaveLength(2);
  await knex('enrollments').where({ person_id: mendel() }).update({ active: false });
  expect(await listed(`?school=${await school()}`)).toMatchObject([{ name: 'Emmy Noether' }]);
  expect(await listed()).toHaveLength(2);
});

test('sessions are ended, and the person stays invited', async () => {
  const { cookie } = await follow((await invited({ people: [noether()] }))[0].link);
  const [next] = await invited({ people: [noether()] });
  expect((await office.delete(`/access/people/${noether()}/sessions`)).status).toBe(204);
  expect([(await session(cookie)).status, (await follow(next.link)).status]).toEqual([401, 201]);
});

test('access that is taken away is so in every way, until the person is invited again', async () => {
  const { cookie } = await follow((await invited({ people: [noether()] }))[0].link);
  const [open] = await invited({ people: [noether()] });
  for (const person of [noether(), mendel()])
    expect((await office.delete(`/access/people/${person}`)).status).toBe(204);
  expect([(await session(cookie)).status, (await follow(open.link)).status]).toEqual([401, 401]);
  expect((await listed()).map(({ revoked_at }: { revoked_at: string | null }) => revoked_at !== null)).toEqual([
    true,
    true,
  ]);
  // Also of who had never signed in.
  for (const person of [noether(), mendel()])
    await expect(
      openSignIn(api.world.database, api.clients).admit(api.world.districts.larkspur, person),
    ).rejects.toThrow('was revoked');
  expect((await follow((await invited({ people: [noether()] }))[0].link)).status).toBe(201);
});

test('it is kept who has done what; what changes nothing is not', async () => {
  const { cookie } = await signedIn('districtAdministrator');
  const [invitation] = (await byCookie(cookie, 'POST', '/access/invitations', { people: [noether()] })).body
    .invitations;
  await follow(invitation.link);
  for (const path of [`/access/people/${noether()}/sessions`, `/access/people/${noether()}`])
    for (let times = 0; times < 2; times++) await byCookie(cookie, 'DELETE', path);
  await invited({ people: [noether()] });
  expect(await changes()).toEqual([
    { what: 'invited', name: 'Emmy Noether', role: null, school: '', by: 'test' },
    { what: 'revoked', name: 'Emmy Noether', role: null, school: '', by: 'Noor Rahimi' },
    { what: 'sessions_ended', name: 'Emmy Noether', role: null, school: '', by: 'Noor Rahimi' },
    { what: 'invited', name: 'Emmy Noether', role: null, school: '', by: 'Noor Rahimi' },
  ]);
});

test('a principal says it of their own school, and of nobody of the district', async () => {
  const { id: own, ...of } = await knex('schools').first();
  const [{ id: other }] = await knex('schools')
    .insert({ ...of, sourced_id: 'other', number: '9' })
    .returning('id');
  await knex('people').where({ id: mendel() }).update({ school_id: other });
  await knex('enrollments').where({ person_id: mendel() }).delete();
  const { id: chief } = (await signedIn('districtAdministrator', 'Dana')).body.client;
  const { cookie } = await signedIn('principal', 'Pat');
  const { body } = await byCookie(cookie, 'GET', '/access/people');
  expect(body.people.map(({ name }: { name: string }) => name)).toEqual(['Emmy Noether', 'Pat Rahimi']);
  const dana = (await knex('sign_ins').where({ client_id: chief }).first()).person_id;
  const before = await knex('invitations').orderBy('hash');
  for (const person of [mendel(), dana]) {
    expect((await byCookie(cookie, 'POST', '/access/invitations', { people: [noether(), person] })).status).toBe(404);
    expect((await byCookie(cookie, 'DELETE', `/access/people/${person}`)).status).toBe(404);
    expect((await byCookie(cookie, 'DELETE', `/access/people/${person}/sessions`)).status).toBe(404);
  }
  expect((await byCookie(cookie, 'POST', '/access/invitations', { school: other })).status).toBe(403);
  expect((await byCookie(cookie, 'POST', '/access/invitations', { school: own })).body.invitations).toHaveLength(1);
  expect(
    await knex('invitations')
      .where({ used_at: null })
      .whereNotIn(
        'hash',
        before.map(({ hash }: { hash: string }) => hash),
      ),
  ).toHaveLength(1);
});

test('nobody takes their own access away, and no teacher says who has any', async () => {
  const { cookie, body } = await signedIn('districtAdministrator');
  const self = (await knex('sign_ins').where({ client_id: body.client.id }).first()).person_id;
  expect(await byCookie(cookie, 'DELETE', `/access/people/${self}`)).toMatchObject({
    status: 403,
    body: { code: 'PERSON_FORBIDDEN' },
  });
  expect((await session(cookie)).status).toBe(200);
  const teacher = await api.as({ person: noether() });
  for (const answer of [
    await teacher.get('/access/people'),
    await teacher.post('/access/invitations').send({ people: [mendel()] }),
    await teacher.delete(`/access/people/${mendel()}`),
  ])
    expect([answer.status, answer.body.code]).toEqual([403, 'SCOPE_MISSING']);
  const signed = await follow((await invited({ people: [noether()] }))[0].link);
  expect(await byCookie(signed.cookie, 'GET', '/access/people')).toMatchObject({
    status: 403,
    body: { code: 'SCOPE_MISSING' },
  });
  expect(await knex('sign_ins').where({ person_id: mendel() })).toEqual([]);
});

test.each([
  [{}, 'people'],
  [{ people: [1], school: 1 }, 'people'],
  [{ people: [] }, 'people'],
  [{ people: [1], only_signed_out: true }, 'only_signed_out'],
  [{ people: [1], days: 100 }, 'days'],
  [{ people: [1], link: 'x' }, 'link'],
])('%j is answered with 400, which names %s', async (body, field) => {
  const { status, body: problem } = await office.post('/access/invitations').send(body);
  expect([status, problem.code, problem.errors[0].field]).toEqual([400, 'BODY_INVALID', field]);
});

test('who does not sign in is not there to be invited', async () => {
  const { ada, eve } = api.world.people;
  for (const person of [ada, eve, 999_999])
    expect((await office.post('/access/invitations').send({ people: [noether(), person] })).body).toMatchObject({
      code: 'NOT_FOUND',
      detail: `There is no person ${person} here who signs in.`,
    });
  expect(await knex('invitations')).toEqual([]);
});

test('a district invites so many people an hour', async () => {
  const row = { district_id: api.world.districts.larkspur, api: 'test', person_id: noether(), what: 'invited' };
  const at = new Date().toISOString();
  await api.world.database.knex.batchInsert(
    'access_changes',
    Array.from({ length: 10_000 }, () => ({ ...row, at })),
    500,
  );
  const { status, body, headers } = await office.post('/access/invitations').send({ people: [noether()] });
  expect([status, body.code, headers['retry-after']]).toEqual([429, 'RATE_LIMITED', '3600']);
  later(3_601);
  expect((await invited({ people: [noether()] })).length).toBe(1);
});

test('a session is renewed by use: for 30 days on a device of one’s own, for 12 hours on others', async () => {
  const day = 24 * 3_600;
  for (const [own_device, seconds] of [
    [true, 30 * day],
    [false, day / 2],
  ] as const) {
    rightClock();
    const { cookie } = await follow((await invited({ people: [noether()] }))[0].link, { own_device });
    expect(cookie).toContain(`Max-Age=${seconds};`);
    later(60);
    expect((await session(cookie)).headers.get('set-cookie')).toBeNull();
    later(seconds - 61);
    const renewed = await session(cookie);
    expect([renewed.status, renewed.headers.get('set-cookie')]).toEqual([200, cookie]);
    later(seconds - 1);
    expect((await session(cookie)).status).toBe(200);
    later(seconds);
    expect((await session(cookie)).status).toBe(401);
  }
});

describe('a role that is given', () => {
  const give = (person: number, role: string, of: number, by = office) =>
    by.put(`/access/people/${person}/role`).send({ role, school: of });
  const standing = async () =>
    (await listed()).map(({ name, access }: { name: string; access: string }) => [name, access]);

  test('stands in place of the one in the roster, and who is signed in by that is so no longer', async () => {
    const { cookie } = await follow((await invited({ people: [noether()] }))[0].link);
    const [unused] = await invited({ people: [noether()] });
    expect((await give(noether(), 'secretary', await school())).status).toBe(204);
    expect([(await session(cookie)).status, (await follow(unused.link)).status]).toEqual([401, 401]);
    expect(await standing()).toEqual([
      ['Gregor Mendel', 'teacher'],
      ['Emmy Noether', 'secretary'],
    ]);
    const { body, cookie: next } = await follow((await invited({ people: [noether()] }))[0].link);
    expect(body).toMatchObject({ person: null, user: noether(), role: 'secretary', school: await school() });
    expect(body.scopes).toEqual(['attendance:read', 'attendance:write', 'roster:read']);
    expect((await give(noether(), 'counselor', await school())).status).toBe(204);
    expect((await session(next)).status).toBe(401);
    expect((await office.delete(`/access/people/${noether()}/role`)).status).toBe(204);
    expect((await follow((await invited({ people: [noether()] }))[0].link)).body).toMatchObject({
      person: { id: noether() },
      role: 'teacher',
    });
  });

  test('is kept with who gave it; the same once more is nothing', async () => {
    for (let times = 0; times < 2; times++) await give(noether(), 'secretary', await school());
    for (let times = 0; times < 2; times++) await office.delete(`/access/people/${noether()}/role`);
    const { name } = await knex('schools').first();
    expect(await changes()).toEqual([
      { what: 'role_taken', name: 'Emmy Noether', role: null, school: '', by: 'test' },
      { what: 'role_given', name: 'Emmy Noether', role: 'secretary', school: name, by: 'test' },
    ]);
    expect(await knex('office_roles')).toEqual([]);
  });

  test('lets somebody in who does not sign in by the roster, and nobody else', async () => {
    await knex('people').where({ id: mendel() }).update({ role: 'counselor' });
    expect(await standing()).toContainEqual(['Gregor Mendel', null]);
    expect((await office.post('/access/invitations').send({ people: [mendel()] })).status).toBe(404);
    await give(mendel(), 'counselor', await school());
    expect((await follow((await invited({ people: [mendel()] }))[0].link)).body.role).toBe('counselor');
    const { ada, eve } = api.world.people;
    for (const person of [ada, eve, 999_999])
      expect((await give(person, 'secretary', await school())).status).toBe(404);
    expect((await give(noether(), 'secretary', 999_999)).status).toBe(404);
    expect((await give(noether(), 'principal', await school())).status).toBe(400);
    expect(await knex('office_roles').select('person_id')).toEqual([{ person_id: mendel() }]);
  });

  test('gives back no access that was taken away, and a session in it ends with the access', async () => {
    await office.delete(`/access/people/${noether()}`);
    await give(noether(), 'secretary', await school());
    const signIn = openSignIn(api.world.database, api.clients);
    await expect(signIn.admit(api.world.districts.larkspur, noether())).rejects.toThrow('was revoked');
    const { cookie } = await follow((await invited({ people: [noether()] }))[0].link);
    expect((await session(cookie)).status).toBe(200);
    await office.delete(`/access/people/${noether()}`);
    expect((await session(cookie)).status).toBe(401);
  });

  test('keeps out a client of the person that may do more than the role, as long as it is theirs', async () => {
    const person = noether();
    const reads = await api.as({ person, scopes: ['attendance:read', 'roster:read'] });
    const writes = await api.as({ person, scopes: ['attendance:read', 'attendance:write'] });
    const { algebra } = api.world.sections;
    const path = `/v1/sections/${algebra}/attendance`;
    const mark = { enrollment_id: api.world.enrollments.ada, date: '2025-10-08', status: 2 };
    const put = async () => (await writes.put(path).send({ attendances: { attendance: [mark] } })).status;
    const statuses = async () => [(await reads.get(path)).status, (await writes.get(path)).status, await put()];
    expect(await statuses()).toEqual([200, 200, 200]);
    const marks = await knex('marks');
    await give(person, 'counselor', await school());
    expect(await statuses()).toEqual([200, 401, 401]);
    expect(await knex('marks')).toEqual(marks);
    await give(person, 'secretary', await school());
    expect(await statuses()).toEqual([200, 200, 200]);
    await give(person, 'counselor', await school());
    await office.delete(`/access/people/${person}/role`);
    expect(await statuses()).toEqual([200, 200, 200]);
  });

  test('is a principal’s to give in their own school alone, and nobody changes their own', async () => {
    const { id: own, ...of } = await knex('schools').first();
    const [{ id: other }] = await knex('schools')
      .insert({ ...of, sourced_id: 'other', number: '9' })
      .returning('id');
    const { cookie, body } = await signedIn('principal', 'Pat');
    const pat = (await knex('sign_ins').where({ client_id: body.client.id }).first()).person_id;
    const put = (person: number, at: number) =>
      byCookie(cookie, 'PUT', `/access/people/${person}/role`, { role: 'secretary', school: at });
    expect(await put(noether(), other)).toMatchObject({ status: 403, body: { code: 'OFFICE_ONLY' } });
    expect(await put(pat, own)).toMatchObject({ status: 403, body: { code: 'PERSON_FORBIDDEN' } });
    await knex('people').where({ id: mendel() }).update({ school_id: other });
    await knex('enrollments').where({ person_id: mendel() }).delete();
    expect((await put(mendel(), own)).status).toBe(404);
    expect(await knex('office_roles')).toEqual([]);
    expect((await put(noether(), own)).status).toBe(204);
  });
});

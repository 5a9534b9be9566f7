import { openClients } from '../../../src/clients/clients';
import { openLastUse } from '../../../src/clients/last-use';
import { openSignIn } from '../../../src/clients/sign-in';
import { type Api, openApi } from '../../api';

/** The programs that may call, and the settings of a district: who changes them, and that it is kept. */
let api: Api;
let office: Api;
beforeEach(async () => {
  api = await openApi();
  office = await api.as({ scopes: ['access', 'attendance:read', 'attendance:write', 'roster:read', 'roster:write'] });
});
afterEach(() => api.close());

const knex = (table: string) => api.world.database.knex(table);
const listed = async (by = office) => (await by.get('/access/clients')).body.clients;
const one = async (id: number) => (await listed()).find((client: { id: number }) => client.id === id);
const changes = async () =>
  (await office.get('/district/changes')).body.changes.map(
    ({ what, detail, by }: { what: string; detail: string; by: string }) => `${what} ${detail} ${by}`,
  );
const made = async (body: object = { name: 'LMS', scopes: ['roster:read'] }) => {
  const { status, body: client, headers } = await office.post('/access/clients').send(body);
  expect([status, headers['cache-control'], client]).toEqual([201, 'no-store', expect.anything()]);
  return client;
};
const asked = async (token: string) =>
  (await fetch(`${api.url}/v1/users`, { headers: { Authorization: `Bearer ${token}` } })).status;

/** Whoever of the office has this role, signed in. */
async function signedIn(role: string) {
  const { id: _id, ...person } = await knex('people').where({ id: api.world.people.noether }).first();
  const [{ id }] = await knex('people')
    .insert({ ...person, sourced_id: role, given_name: 'Noor', family_name: 'Rahimi', role, email: '' })
    .returning('id');
  const invitation = await openSignIn(api.world.database, api.clients).invite(api.world.districts.larkspur, id, 600);
  const response = await fetch(`${api.url}/sign-in`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ invitation }),
  });
  const cookie = response.headers.get('set-cookie')!.split(';')[0]!;
  return async (method: string, path: string, body?: object) => {
    const headers = { cookie, 'Content-Type': 'application/json' };
    const answer = await fetch(api.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
    // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
    const json: any = answer.status === 204 ? undefined : await answer.json();
    return { status: answer.status, body: json };
  };
}

test('the office makes a client, whose secrets are shown once; it is let in, and listed without them', async () => {
  const client = await made({
    name: 'LMS',
    scopes: ['roster:read', 'attendance:read'],
    person: api.world.people.noether,
  });
  expect(client).toEqual({
    ...{ id: expect.any(Number), name: 'LMS', marks_only: false, previous_secret_until: null },
    ...{ key: expect.any(String), secret: expect.any(String), token: expect.stringMatching(/^rollbook_/) },
    scopes: ['attendance:read', 'roster:read'],
  });
  expect(await asked(client.token)).toBe(200);
  const { secret: _secret, token: _token, ...public_ } = client;
  expect(await one(client.id)).toEqual({
    ...public_,
    ...{ person_id: api.world.people.noether, person: 'Emmy Noether' },
    ...{ created_at: expect.any(String), used_at: null, revoked_at: null },
  });
  expect(JSON.stringify(await listed())).not.toContain(client.secret);
});

test('after a rotation two secrets are good for a while; a client that is revoked is refused', async () => {
  const client = await made();
  const { status, body: rotated } = await office.post(`/access/clients/${client.id}/rotate`).send({ grace: 60 });
  expect([status, rotated.key, rotated.name]).toEqual([200, client.key, 'LMS']);
  expect([await asked(client.token), await asked(rotated.token)]).toEqual([200, 200]);
  expect(await one(client.id)).toMatchObject({ previous_secret_until: rotated.previous_secret_until });
  expect((await office.delete(`/access/clients/${client.id}`)).status).toBe(204);
  expect([await asked(client.token), await asked(rotated.token)]).toEqual([401, 401]);
  expect(await one(client.id)).toMatchObject({ revoked_at: expect.any(String) });
  expect((await office.delete(`/access/clients/${client.id}`)).status).toBe(404);
  expect(await changes()).toEqual(['client_revoked LMS test', 'client_rotated LMS test', 'client_created LMS test']);
});

test('nobody gets more by a client than they have: neither by a new one, nor by the secret of another', async () => {
  const { id } = await api.clients.create({
    ...{ district: api.world.districts.larkspur, name: 'all', scopes: ['admin', 'roster:read'] },
  });
  const before = await knex('api_clients').where({ id }).first();
  const marksOnly = await api.as({ scopes: ['access', 'roster:read'], marksOnly: true });
  const held = await knex('api_clients').count();
  for (const [by, path, body, code] of [
    [office, '/access/clients', { name: 'x', scopes: ['admin'] }, 'SCOPE_MISSING'],
    [office, `/access/clients/${id}/rotate`, {}, 'SCOPE_MISSING'],
    [marksOnly, '/access/clients', { name: 'x', scopes: ['roster:read'] }, 'MARKS_ONLY'],
    // It would be bound, and could sign in as anybody of the office.
    [office, '/access/clients', { name: 'x', scopes: ['access'], person: api.world.people.noether }, 'BODY_INVALID'],
  ] as const)
    expect((await by.post(path).send(body)).body.code).toBe(code);
  expect(await knex('api_clients').where({ id }).first()).toEqual(before);
  expect(await knex('api_clients').count()).toEqual(held);
});

test('clients are the district’s office’s: not a principal’s, not a teacher’s; and those of people are not among them', async () => {
  const principal = await signedIn('principal');
  const chief = await signedIn('districtAdministrator');
  const client = await made();
  expect((await chief('GET', '/access/clients')).body.clients.map(({ name }: { name: string }) => name)).toEqual([
    'LMS',
    'test',
    'test',
  ]);
  const [own] = await knex('api_clients').where({ signs_in: true });
  const teacher = await api.as({ person: api.world.people.noether });
  const body = { name: 'mine', scopes: ['roster:read'] };
  expect([
    (await principal('GET', '/access/clients')).status,
    (await principal('POST', '/access/clients', body)).status,
    (await principal('POST', `/access/clients/${client.id}/rotate`, {})).status,
    (await principal('DELETE', `/access/clients/${client.id}`)).status,
    (await principal('PATCH', '/district', { sis_takes_attendance: true })).status,
    (await principal('GET', '/district/changes')).status,
    (await teacher.post('/access/clients').send(body)).status,
    (await office.delete(`/access/clients/${own.id}`)).status,
    (await office.post(`/access/clients/${own.id}/rotate`).send({})).status,
  ]).toEqual([403, 403, 403, 403, 403, 403, 403, 404, 404]);
  expect(await asked(client.token)).toBe(200);
  expect(await knex('api_clients').where({ name: 'mine' })).toEqual([]);
});

test('a district makes and rotates so many clients an hour', async () => {
  const row = { district_id: api.world.districts.larkspur, api: 'test', what: 'client_created', detail: '' };
  const at = new Date().toISOString();
  await knex('setting_changes').insert(Array.from({ length: 100 }, () => ({ ...row, at })));
  const { status, body, headers } = await office.post('/access/clients').send({ name: 'x', scopes: ['roster:read'] });
  expect([status, body.code, headers['retry-after']]).toEqual([429, 'RATE_LIMITED', '3600']);
  expect(await knex('api_clients').where({ name: 'x' })).toEqual([]);
});

test('when a client was last used is known to the hour, by its token as by its secret, and not by its key alone', async () => {
  const { database } = api.world;
  const lastUse = openLastUse(database);
  const clients = openClients(database, api.secrets, lastUse.note);
  const [byToken, bySecret, byKey] = [await made(), await made(), await made()];
  await clients.byToken(byToken.token);
  await clients.bySecret(bySecret.key, bySecret.secret);
  await clients.bySecret(byKey.key, 'wrong');
  await lastUse.flush();
  const used = async ({ id }: { id: number }) => (await one(id)).used_at;
  expect([await used(byToken), await used(bySecret), await used(byKey)]).toEqual([
    expect.any(String),
    expect.any(String),
    null,
  ]);
});

test('the SIS takes attendance over, and gives it back: each is kept, and what changes nothing is not', async () => {
  const chief = await signedIn('districtAdministrator');
  const roll = async () => (await office.get(`/rolls/${api.world.sections.algebra}/2025-10-06`)).status;
  expect(await roll()).toBe(200);
  for (const on of [true, true]) await chief('PATCH', '/district', { sis_takes_attendance: on });
  expect([(await office.get('/district')).body.sis_takes_attendance, await roll()]).toEqual([true, 410]);
  expect((await chief('PATCH', '/district', { sis_takes_attendance: false })).body).toMatchObject({ name: 'Larkspur' });
  expect(await roll()).toBe(200);
  expect(await changes()).toEqual(['sis_attendance_off  Noor Rahimi', 'sis_attendance_on  Noor Rahimi']);
});

test('a code is added to a school, or says something else from now on; a principal sets those of their own school', async () => {
  const { id: school, ...of } = await knex('schools').first();
  const [{ id: other }] = await knex('schools')
    .insert({ ...of, sourced_id: 'other', number: '9' })
    .returning('id');
  const principal = await signedIn('principal');
  const path = `/schools/${school}/codes`;
  const set = (code: string, body: object) => principal('PUT', `${path}/${encodeURIComponent(code)}?year=2025`, body);
  expect(await set('F/T', { status: 4, description: 'Field trip' })).toMatchObject({
    status: 200,
    body: { code: 'F/T', description: 'Field trip', status: 4 },
  });
  for (let times = 0; times < 2; times++) await set('F/T', { status: 2 });
  const { body } = await office.get(`${path}?year=2025`);
  expect(body.codes.at(-1)).toMatchObject({ code: 'F/T', description: 'F/T', status: 2 });
  expect([
    (await principal('PUT', `/schools/${other}/codes/FT`, { status: 4 })).status,
    (await set('two words', { status: 4 })).status,
    (await set('X', { status: 5 })).status,
    (await office.get(`${path}?year=twenty`)).status,
  ]).toEqual([403, 404, 400, 400]);
  expect((await office.get(`${path}?year=2025`)).body).toEqual(body);
  expect(await changes()).toEqual([
    'code_set Larkspur Middle School F/T (absent) 2025 Noor Rahimi',
    'code_set Larkspur Middle School F/T (excused) 2025 Noor Rahimi',
  ]);
  const { body: kept } = await office.get('/district/changes?limit=1');
  expect(kept.changes).toMatchObject([{ name: 'Larkspur Middle School', code: 'F/T', status: 2, year: 2025 }]);
});

test('whether a code is the office’s alone, and its color, are set with it, and stay where nothing is said of them', async () => {
  const { id: school } = await knex('schools').first();
  const set = (body: object) => office.put(`/schools/${school}/codes/SK?year=2025`).send(body);
  const said = { status: 2, office_only: true, color: '#aa2222' };
  expect((await set(said)).body).toMatchObject(said);
  expect((await set({ status: 4 })).body).toMatchObject({ ...said, status: 4 });
  expect((await set({ status: 4, color: 'red' })).body).toMatchObject({ code: 'BODY_INVALID', status: 400 });
  expect((await set({ status: 4, office_only: false, color: '' })).body).toMatchObject({
    office_only: false,
    color: '',
  });
});

import { type Api, openApi } from '../../api';

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
const bodyOf = (response: Response): Promise<any> => response.json();

const request = (method: string, path: string, headers: Record<string, string> = {}, body?: unknown) =>
  fetch(api.url + path, {
    method,
    headers: { ...(body ? { 'Content-Type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });

/** Noether's key and secret. */
const teacher = () =>
  api.clients.create({
    district: api.world.districts.larkspur,
    name: 'Noether',
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
    person: api.world.people.noether,
  });

async function signedIn(): Promise<string> {
  const { key, secret } = await teacher();
  const response = await request('POST', '/sign-in', {}, { key, secret });
  return response.headers.get('set-cookie')!.split(';')[0]!;
}

test('the key and secret of a client become a session in a cookie that no script can read', async () => {
  const { id, key, secret } = await teacher();
  const response = await request('POST', '/sign-in', {}, { key, secret });
  expect(response.status).toBe(201);
  expect(response.headers.get('set-cookie')).toMatch(
    /^rollbook_session=rollbook_[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict$/,
  );
  expect(await response.json()).toEqual({
    district: {
      id: api.world.districts.larkspur,
      name: 'Larkspur',
      time_zone: 'America/Chicago',
      language: 'en',
      sis_attendance_app: false,
    },
    today: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    person: { id: api.world.people.noether, name: 'Emmy Noether' },
    user: null,
    client: { id, name: 'Noether' },
    school: null,
    role: null,
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
});

test('the cookie reads and writes attendance where any client would', async () => {
  const cookie = await signedIn();
  const path = `/v1/sections/${api.world.sections.algebra}/attendance`;
  const item = { enrollment_id: api.world.enrollments.ada, date: '2025-10-07', status: 2 };
  const written = await request('PUT', path, { cookie }, { attendances: { attendance: [item] } });
  expect([written.status, (await bodyOf(written)).attendance[0].response_code]).toEqual([200, 200]);
  expect((await bodyOf(await request('GET', path, { cookie }))).totals.total).toEqual([{ status: 2, count: 1 }]);
  const other = await request('GET', `/v1/sections/${api.world.sections.biology}/attendance`, { cookie });
  expect(other.status).toBe(403);
});

test.each([
  ['Sec-Fetch-Site', 'cross-site'],
  ['Sec-Fetch-Site', 'same-site'],
  ['Origin', 'https://elsewhere.example'],
  ['Origin', 'null'],
])('with %s: %s the cookie writes nothing, nor does it sign in or out', async (name, value) => {
  const cookie = await signedIn();
  const path = `/v1/sections/${api.world.sections.algebra}/attendance`;
  const item = { enrollment_id: api.world.enrollments.ada, date: '2025-10-07', status: 2 };
  const written = await request('PUT', path, { cookie, [name]: value }, { attendances: { attendance: [item] } });
  expect([written.status, (await bodyOf(written)).code]).toEqual([403, 'ORIGIN_FORBIDDEN']);
  expect((await bodyOf(await request('GET', path, { cookie }))).date).toEqual([]);
  expect((await request('DELETE', '/session', { cookie, [name]: value })).status).toBe(403);
  expect((await request('GET', '/session', { cookie })).status).toBe(200);
  const { key, secret } = await teacher();
  expect((await request('POST', '/sign-in', { [name]: value }, { key, secret })).status).toBe(403);
});

test('signing out ends the session', async () => {
  const cookie = await signedIn();
  const gone = await request('DELETE', '/session', { cookie });
  expect([gone.status, gone.headers.get('set-cookie')]).toEqual([
    204,
    'rollbook_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
  ]);
  expect((await request('GET', '/session', { cookie })).status).toBe(401);
});

test('a stale cookie is in nobody’s way who signs in, and no browser is made to ask for a password', async () => {
  const { key, secret } = await teacher();
  const cookie = 'rollbook_session=rollbook_stale';
  const refused = await request('POST', '/sign-in', { cookie }, { key, secret: 'wrong' });
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, 'Session realm="rollbook"']);
  expect((await request('GET', '/session', { cookie })).headers.get('www-authenticate')).not.toMatch(/basic/i);
  expect((await request('POST', '/sign-in', { cookie }, { key, secret })).status).toBe(201);
});

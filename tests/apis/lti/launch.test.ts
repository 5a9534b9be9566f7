import { exportJWK, generateKeyPair, type JWTPayload, UnsecuredJWT } from 'jose';
import pino from 'pino';
import { openPlatforms } from '../../../src/apis/lti/platforms';
import { networksIn } from '../../../src/webhooks/addresses';
import { type Api, openApi } from '../../api';
import { BY, type Forged, INSTITUTION, LTI, MEMBERSHIP, type Platform, startPlatform } from '../../lti/platform';
import { visitor } from '../../openid/visitor';

/** A platform launches rollbook: who is let in, where it leads, and everything for which nobody is. */
let platform: Platform;
let api: Api;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  logged.length = 0;
  api = await openApi({ webhooks: { networks: networksIn('127.0.0.1')! }, log });
  await register(platform);
  await knex('enrollments').update({ end_date: '2099-12-31' });
});
afterEach(() => api.close());

/** What the operator finds in the log of launches that were refused. */
const logged: Record<string, string>[] = [];
const log = pino(
  { level: 'warn' },
  { write: (line: string) => void (JSON.parse(line).lti && logged.push(JSON.parse(line).lti)) },
);

const knex = (table: string) => api.world.database.knex(table);
const register = (of: Platform, district = api.world.districts.larkspur, request: object = of.request) =>
  openPlatforms(api.world.database).add(request as Platform['request'], district, of.deployment, BY);

const instructor = [`${MEMBERSHIP}Instructor`];
const learner = [`${MEMBERSHIP}Learner`];
const administrator = [`${INSTITUTION}Administrator`];

/** What is said of somebody in a course. */
const said = (roles: readonly string[], lis: object = {}, more: JWTPayload = {}): JWTPayload => ({
  [`${LTI}target_link_uri`]: `${api.url}/lti/launch`,
  [`${LTI}roles`]: roles,
  [`${LTI}context`]: { id: 'course-1', title: 'Algebra at the LMS' },
  [`${LTI}lis`]: lis,
  ...more,
});
const noether = { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' };

interface Way {
  readonly browser?: ReturnType<typeof visitor>;
  readonly initiation?: Record<string, string>;
  readonly forged?: Forged;
  readonly form?: (form: Record<string, string>) => Record<string, string> | Promise<Record<string, string>>;
  readonly by?: Platform;
  readonly later?: (browser: ReturnType<typeof visitor>) => void;
}

/** The whole way of a launch: where the browser ends, and who is signed in. */
async function launched(claims: JWTPayload, way: Way = {}) {
  const { browser = visitor(), by = platform, forged, form = (same) => same } = way;
  const asked = by.authorized(await browser.sent(`${api.url}/lti/login?${by.initiation(api.url, way.initiation)}`));
  const body = await form({ state: asked.state, id_token: await by.token(asked, claims, forged) });
  way.later?.(browser);
  const end = await browser.sent(asked.redirect_uri, { method: 'POST', body: new URLSearchParams(body) });
  const session = await browser.ask(`${api.url}/session`);
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  return { browser, asked, body, end, session: session.status, who: (await session.json()) as any };
}

const refusalIn = (end: string) => /#\/refused\/(\w+)/.exec(end)?.[1];
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(new Date());
const roll = (section: number) =>
  expect.stringMatching(new RegExp(`/\\?platform=\\d+#/sections/${section}/${today()}$`));
/** Whom a launch could have let in. */
const traces = async () => [(await knex('sign_ins')).length, (await knex('lti_contexts')).length];

test('an instructor is led to the roll of the section that the SIS calls so, today, signed in as who the roster knows', async () => {
  const { end, who } = await launched(said(instructor, noether));
  expect(end).toEqual(roll(api.world.sections.algebra));
  expect(who).toMatchObject({
    person: { id: api.world.people.noether },
    scopes: expect.not.arrayContaining(['access']),
  });
});

test('the section of a custom parameter goes before, where the roster lists it; a variable that the platform does not know is none', async () => {
  const custom = (section_sourcedid: string) => ({ [`${LTI}custom`]: { section_sourcedid } });
  const asked = { person_sourcedid: 'emmy', course_section_sourcedid: 'biology' };
  expect((await launched(said(instructor, asked, custom('algebra')))).end).toEqual(roll(api.world.sections.algebra));
  for (const other of ['$CourseSection.sourcedId', 'not in the roster']) {
    const { end } = await launched(said(instructor, noether, custom(other)));
    expect(end).toEqual(roll(api.world.sections.algebra));
  }
  // A link that is in no course may name a section, too.
  const { end } = await launched(said(instructor, noether, { [`${LTI}context`]: undefined }));
  expect(end).toEqual(roll(api.world.sections.algebra));
});

test('the browser is given a cookie that goes along in frames of others, and through TLS alone', async () => {
  const response = await visitor().ask(`${api.url}/lti/login?${platform.initiation(api.url)}`);
  expect(response.headers.getSetCookie()).toEqual([
    expect.stringMatching(
      /^rollbook_launch=[\w-]{43}; Path=\/lti; Max-Age=600; HttpOnly; SameSite=None; Secure; Partitioned$/,
    ),
  ]);
});

test('a login initiation by POST does the same', async () => {
  const browser = visitor();
  const init = { method: 'POST', body: platform.initiation(api.url) };
  const asked = platform.authorized(await browser.sent(`${api.url}/lti/login`, init));
  const body = new URLSearchParams({
    state: asked.state,
    id_token: await platform.token(asked, said(instructor, noether)),
  });
  expect(await browser.sent(asked.redirect_uri, { method: 'POST', body })).toEqual(roll(api.world.sections.algebra));
});

test('the session of a frame is in a partitioned cookie, is renewed in it, and a page of another origin cannot use it', async () => {
  const { browser } = await launched(said(instructor, noether));
  const token = browser.cookies(api.url).get('rollbook_framed')!;
  await knex('api_tokens').update({ used_at: '2020-01-01T00:00:00.000Z' });
  const cookie = `rollbook_framed=${token}`;
  const renewed = await fetch(`${api.url}/session`, { headers: { cookie } });
  expect(renewed.headers.get('set-cookie')).toMatch(/^rollbook_framed=.*; SameSite=None; Secure; Partitioned$/);
  const foreign = await fetch(`${api.url}/session`, { headers: { cookie, 'sec-fetch-site': 'cross-site' } });
  expect(foreign.status).toBe(403);
  await fetch(`${api.url}/session`, { method: 'DELETE', headers: { cookie } });
  expect((await fetch(`${api.url}/session`, { headers: { cookie } })).status).toBe(401);
});

test('who has no id of the SIS is known by an address that the platform has verified', async () => {
  const lis = { course_section_sourcedid: 'algebra' };
  const email = 'Emmy@example.org';
  const verified = await launched(said(instructor, lis, { email, email_verified: true }));
  expect(verified.who.person.id).toBe(api.world.people.noether);
  const unverified = await launched(said(instructor, lis, { email }));
  expect([refusalIn(unverified.end), unverified.session]).toEqual(['email', 401]);
  await knex('lti_platforms').update({ trusts_email: true });
  expect((await launched(said(instructor, lis, { email }))).who.person.id).toBe(api.world.people.noether);
  // Of this one the platform says that it is not verified.
  for (const email_verified of [false, 'false', null]) {
    const denied = await launched(said(instructor, lis, { email, email_verified }));
    expect([refusalIn(denied.end), denied.session]).toEqual(['email', 401]);
  }
});

test('where a course names no section, its teacher chooses one of their own once, and it is kept for them alone', async () => {
  const first = await launched(said(instructor, { person_sourcedid: 'emmy' }));
  const handle = /#\/choose\/([\w-]+)\?title=Algebra\+at\+the\+LMS$/.exec(first.end)![1]!;
  const { algebra, biology, elsewhere } = api.world.sections;
  const token = first.browser.cookies(api.url).get('rollbook_framed')!;
  const choose = async (section: number, cookie: string) => {
    const headers = { cookie: `rollbook_framed=${cookie}`, 'content-type': 'application/json' };
    const response = await fetch(`${api.url}/lti/section`, {
      method: 'PUT',
      headers,
      body: JSON.stringify({ handle, section }),
    });
    return { status: response.status, body: (await response.json()) as { url?: string } };
  };
  expect([(await choose(biology, token)).status, (await choose(elsewhere, token)).status]).toEqual([403, 404]);
  const other = await launched(said(instructor, { person_sourcedid: 'gregor' }));
  expect(other.end).toContain('#/choose/');
  const mendel = other.browser.cookies(api.url).get('rollbook_framed')!;
  expect([(await choose(biology, mendel)).status, await knex('lti_contexts')]).toEqual([404, []]);
  expect((await choose(algebra, token)).body.url).toMatch(
    new RegExp(`/\\?platform=\\d+#/sections/${algebra}/${today()}$`),
  );
  await choose(algebra, token);
  const noted = await knex('setting_changes').where({ what: 'lti_section_chosen' });
  expect(noted).toEqual([
    expect.objectContaining({
      ...{ district_id: api.world.districts.larkspur, by_person_id: api.world.people.noether, api: 'rollbook' },
      detail: `course-1, section ${algebra}`,
    }),
  ]);
  expect((await launched(said(instructor, { person_sourcedid: 'emmy' }))).end).toEqual(roll(algebra));
  expect((await launched(said(instructor, { person_sourcedid: 'gregor' }))).end).toContain('#/choose/');
  // What the SIS has taken from them since is not theirs.
  await knex('enrollments').where({ id: api.world.enrollments.noether }).update({ end_date: '2025-09-01' });
  expect((await launched(said(instructor, { person_sourcedid: 'emmy' }))).end).toContain('#/choose/');
});

test('who chooses a section is told which id the course has sent that the roster does not have', async () => {
  const claims = { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra-2' };
  const { end } = await launched(said(instructor, claims));
  expect(end).toMatch(/#\/choose\/[\w-]+\?title=Algebra\+at\+the\+LMS&section=algebra-2$/);
});

test('an administrator is led to the dashboard, if the roster lists them in the office', async () => {
  const lis = { person_sourcedid: 'gregor' };
  await knex('people').where({ id: api.world.people.mendel }).update({ role: 'administrator' });
  const { end, who } = await launched(said(administrator, lis));
  expect(end).toMatch(/\/\?platform=\d+#\/$/);
  expect([who.person, who.scopes.includes('access')]).toEqual([null, true]);
  expect(refusalIn((await launched(said(administrator, { person_sourcedid: 'ada' }))).end)).toBe('staff');
});

test('a learner sees their own attendance, without comments, and nothing else', async () => {
  const { ada, grace } = api.world.enrollments;
  await api.mark([ada, today(), 2, 'was seen at the lake'], [grace, today(), 3]);
  const { browser, end, session } = await launched(
    said(learner, { person_sourcedid: 'ada', course_section_sourcedid: 'algebra' }),
  );
  expect([end, session]).toEqual([expect.stringMatching(/\/launched\?platform=\d+#\/own$/), 401]);
  const own = await browser.ask(`${api.url}/lti/attendance`);
  const text = await own.text();
  expect([own.status, JSON.parse(text)]).toEqual([
    200,
    expect.objectContaining({ name: 'Ada Lovelace', days: [expect.objectContaining({ date: today(), status: 2 })] }),
  ]);
  expect(text).not.toMatch(/lake|Grace/);
  const { algebra } = api.world.sections;
  for (const path of [
    `/rolls/${algebra}/2025-10-01`,
    `/v1/sections/${algebra}/attendance`,
    '/reports/rolls',
    `/reports/students/${api.world.people.ada}`,
  ])
    expect((await browser.ask(api.url + path)).status).toBe(401);
  const put = await browser.ask(`${api.url}/lti/section`, { method: 'PUT', body: '{}' });
  expect([put.status, (await knex('sign_ins')).length]).toEqual([401, 0]);
  await knex('people').where({ id: api.world.people.ada }).update({ active: false });
  expect((await browser.ask(`${api.url}/lti/attendance`)).status).toBe(401);
});

test('a student who comes to the device of their teacher ends the session that was there', async () => {
  const { browser } = await launched(said(instructor, noether));
  const cookie = `rollbook_framed=${browser.cookies(api.url).get('rollbook_framed')}`;
  const { end, session } = await launched(said(learner, { person_sourcedid: 'ada' }), { browser });
  expect([end, session]).toEqual([expect.stringContaining('#/own'), 401]);
  expect((await fetch(`${api.url}/session`, { headers: { cookie } })).status).toBe(401);
});

test.each([
  [
    'a student whom the platform calls a teacher',
    () => said(instructor, { person_sourcedid: 'ada', course_section_sourcedid: 'algebra' }),
    'staff',
  ],
  ['a teacher whom the platform calls a student', () => said(learner, noether), 'learner'],
  [
    'a teacher of another section',
    () => said(instructor, { person_sourcedid: 'gregor', course_section_sourcedid: 'algebra' }),
    'section',
  ],
  ['somebody without a role', () => said([], noether), 'role'],
  ['an observer', () => said([`${MEMBERSHIP}Mentor`], noether), 'role'],
  [
    'a role of something else that is called Instructor',
    () => said(['https://evil.example/membership#Instructor'], noether),
    'role',
  ],
  ['somebody of another district', () => said(learner, { person_sourcedid: 'eve' }), 'person'],
  ['nobody at all', () => said(instructor), 'person'],
  ['a name with a NUL', () => said(instructor, { person_sourcedid: 'em\u0000my' }), 'person'],
] as const)('%s is not let in', async (_who, claims, reason) => {
  const { end, session } = await launched(claims());
  expect([refusalIn(end), session]).toEqual([reason, 401]);
});

test('whose access was taken away is not let in by a launch', async () => {
  const { who } = await launched(said(instructor, noether));
  await api.clients.revoke(who.client.id);
  const { end, session } = await launched(said(instructor, noether));
  expect([refusalIn(end), session]).toEqual(['revoked', 401]);
});

const now = () => Math.floor(Date.now() / 1_000);

test.each<[string, () => Forged, string, object]>([
  ['another audience', () => ({ claims: { aud: 'another' } }), 'token', { check: 'aud', got: 'another' }],
  [
    'a second audience',
    () => ({ claims: { aud: [platform.clientId, 'another'], azp: platform.clientId } }),
    'token',
    { check: 'aud', expected: 'rollbook-at-the-lms', got: '["rollbook-at-the-lms","another"]' },
  ],
  ['another authorized party', () => ({ claims: { azp: 'another' } }), 'token', { check: 'azp', got: 'another' }],
  [
    'another issuer',
    () => ({ claims: { iss: 'https://elsewhere.example' } }),
    'token',
    { check: 'iss', got: 'https://elsewhere.example' },
  ],
  ['another nonce', () => ({ claims: { nonce: 'x'.repeat(32) } }), 'token', { check: 'nonce', got: 'another' }],
  ['no nonce', () => ({ claims: { nonce: undefined as never } }), 'token', { check: 'nonce', got: 'none' }],
  [
    'an end that is past',
    () => ({ claims: { iat: now() - 500, exp: now() - 100 } }),
    'token',
    { check: 'exp', expected: expect.stringMatching(/^now is \d+$/), got: expect.stringMatching(/^\d+$/) },
  ],
  ['no end', () => ({ claims: { exp: undefined as never } }), 'token', { check: 'exp', got: 'none' }],
  ['a beginning long ago', () => ({ claims: { iat: now() - 1_000 } }), 'token', { check: 'iat' }],
  ['a beginning in the future', () => ({ claims: { iat: now() + 500, exp: now() + 900 } }), 'token', { check: 'iat' }],
  ['a key that is not published', () => ({ kid: 'made up' }), 'token', { check: 'kid', got: 'made up' }],
  [
    'another deployment',
    () => ({ claims: { [`${LTI}deployment_id`]: 'another' } }),
    'deployment',
    { deployment: 'another' },
  ],
  ['no deployment', () => ({ claims: { [`${LTI}deployment_id`]: undefined } }), 'deployment', { deployment: '' }],
  [
    'another version',
    () => ({ claims: { [`${LTI}version`]: '1.1' } }),
    'message',
    { check: 'version', expected: '1.3.0', version: '1.1' },
  ],
  [
    'another message',
    () => ({ claims: { [`${LTI}message_type`]: 'LtiStartProctoring' } }),
    'message',
    { check: 'message_type', message: 'LtiStartProctoring' },
  ],
  ['no message', () => ({ claims: { [`${LTI}message_type`]: undefined } }), 'message', { message: '' }],
  [
    'a target of another host',
    () => ({ claims: { [`${LTI}target_link_uri`]: 'https://evil.example/lti/launch' } }),
    'target',
    { target: 'https://evil.example/lti/launch' },
  ],
  ['no target', () => ({ claims: { [`${LTI}target_link_uri`]: undefined } }), 'target', { target: '' }],
])('a token with %s signs nobody in; the log says why, and not who', async (_what, forged, reason, line) => {
  const claims = said(instructor, noether, { email: 'emmy@example.org', name: 'Emmy Noether' });
  const { body, end, session } = await launched(claims, { forged: forged() });
  expect([refusalIn(end), session, await traces()]).toEqual([reason, 401, [0, 0]]);
  const of = { platform: expect.any(String), issuer: platform.url, client: platform.clientId };
  expect(logged).toEqual([expect.objectContaining({ reason, ...of, deployment: platform.deployment, ...line })]);
  expect(JSON.stringify(logged)).not.toMatch(/emmy|noether/i);
  expect(JSON.stringify(logged)).not.toContain(body.id_token!.split('.')[1]);
});

test('a token that is unsigned, signed with the public key as a secret, or by another, signs nobody in', async () => {
  const { publicKey } = platform;
  const spki = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)));
  const other = await generateKeyPair('RS256');
  const ways: Way[] = [
    { forged: { alg: 'HS256', key: spki } },
    { forged: { key: other.privateKey } },
    {
      form: ({ state, id_token }) => {
        const claims = JSON.parse(Buffer.from(id_token!.split('.')[1]!, 'base64url').toString());
        return { state: state!, id_token: new UnsecuredJWT(claims).encode() };
      },
    },
    { form: ({ state }) => ({ state: state!, id_token: 'no token' }) },
  ];
  for (const way of ways) {
    const { end, session } = await launched(said(instructor, noether), way);
    expect([refusalIn(end), session, await traces()]).toEqual(['token', 401, [0, 0]]);
  }
  expect(logged).toMatchObject([
    { check: 'alg', expected: 'RS256', got: 'HS256' },
    { check: 'signature', got: platform.kid },
    { check: 'alg', expected: 'RS256', got: 'none' },
    { check: 'id_token', expected: 'a signed JWT' },
  ]);
});

test('a deployment of another district lets in nobody of this one, and another platform cannot speak for it', async () => {
  const other = await startPlatform({ clientId: 'theirs', deployment: 'deployment-2' });
  try {
    await register(other, api.world.districts.elsewhere);
    const stranger = await launched(said(instructor, noether), { by: other });
    expect([refusalIn(stranger.end), stranger.session]).toEqual(['person', 401]);
    const claims = { [`${LTI}deployment_id`]: platform.deployment };
    const forged = await launched(said(instructor, noether), { by: other, forged: { claims } });
    expect([refusalIn(forged.end), forged.session]).toEqual(['deployment', 401]);
    // Nor by its own token in the state of another platform.
    const foreign = await launched(said(instructor, noether), {
      form: async ({ state, id_token }) => {
        const { nonce } = JSON.parse(Buffer.from(id_token!.split('.')[1]!, 'base64url').toString());
        const claims = { iss: platform.url, aud: platform.clientId };
        return { state: state!, id_token: await other.token({ nonce }, said(instructor, noether), { claims }) };
      },
    });
    expect([refusalIn(foreign.end), foreign.session]).toEqual(['token', 401]);
  } finally {
    await other.stop();
  }
});

test('a launch is good once, in the browser in which it was begun', async () => {
  const { browser, asked, body, session } = await launched(said(instructor, noether));
  expect(session).toBe(200);
  const init = () => ({ method: 'POST', body: new URLSearchParams(body) });
  expect(refusalIn(await browser.sent(asked.redirect_uri, init()))).toBe('replayed');
  const thief = visitor();
  expect(refusalIn(await thief.sent(asked.redirect_uri, init()))).toBe('cookies');
  thief.cookies(api.url).set('rollbook_launch', 'x'.repeat(43));
  expect(refusalIn(await thief.sent(asked.redirect_uri, init()))).toBe('cookies');
  expect((await thief.ask(`${api.url}/session`)).status).toBe(401);
});

test.each<[string, (form: Record<string, string>) => Record<string, string>, string]>([
  ['no state', ({ id_token }) => ({ id_token: id_token! }), 'expired'],
  ['a made-up state', ({ id_token }) => ({ id_token: id_token!, state: 'x'.repeat(200) }), 'expired'],
  ['no token', ({ state }) => ({ state: state! }), 'request'],
  ['a refusal of the platform', ({ state }) => ({ state: state!, error: 'login_required' }), 'denied'],
])('an answer with %s signs nobody in', async (_what, form, reason) => {
  const { end, session } = await launched(said(instructor, noether), { form });
  expect([refusalIn(end), session, await traces()]).toEqual([reason, 401, [0, 0]]);
});

/** Whose pages may show a page. */
const ancestorsOf = async (url: string) =>
  /frame-ancestors ([^;]*)/.exec((await fetch(url)).headers.get('content-security-policy')!)?.[1];

test('a state of another time is too old, which the LMS shows in its frame', async () => {
  const browser = visitor();
  const asked = platform.authorized(await browser.sent(`${api.url}/lti/login?${platform.initiation(api.url)}`));
  const id_token = await platform.token(asked, said(instructor, noether));
  const spy = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 601_000);
  try {
    const body = new URLSearchParams({ state: asked.state, id_token });
    const end = await browser.sent(asked.redirect_uri, { method: 'POST', body });
    expect([refusalIn(end), await ancestorsOf(end)]).toEqual(['expired', platform.url]);
    expect(logged).toMatchObject([{ reason: 'expired', check: 'state', issuer: platform.url }]);
  } finally {
    spy.mockRestore();
  }
});

test.each<[string, Record<string, string>, string]>([
  ['an issuer that is not registered', { iss: 'https://elsewhere.example' }, 'unregistered'],
  ['a client id that is not registered', { client_id: 'another' }, 'unregistered'],
  ['a target of another host', { target_link_uri: 'https://evil.example/lti/launch' }, 'target'],
  ['a target that only begins like ours', { target_link_uri: 'http://127.0.0.1.evil.example/lti/launch' }, 'target'],
  ['a target that is no address', { target_link_uri: 'javascript:alert(1)' }, 'target'],
  ['no target', { target_link_uri: '' }, 'request'],
])('a login initiation with %s leads to a page that says so', async (_what, more, reason) => {
  const browser = visitor();
  const end = await browser.sent(`${api.url}/lti/login?${platform.initiation(api.url, more)}`);
  expect(end.startsWith(`${api.url}/launched`)).toBe(true);
  const shownBy = reason === 'unregistered' ? "'none'" : platform.url;
  expect([refusalIn(end), browser.cookies(api.url).size, await ancestorsOf(end)]).toEqual([reason, 0, shownBy]);
  expect(logged).toEqual([expect.objectContaining({ reason })]);
});

test('keys are fetched once, and again where one is missing; what is made up is not asked for again and again', async () => {
  const other = await startPlatform({ clientId: 'exchanging', deployment: 'deployment-3' });
  try {
    await register(other);
    await launched(said(instructor, noether), { by: other });
    await launched(said(instructor, noether), { by: other });
    expect(other.asked.keys).toBe(1);
    for (let times = 0; times < 3; times++)
      await launched(said(instructor, noether), { by: other, forged: { kid: `made up ${times}` } });
    expect(other.asked.keys).toBe(1);
    await other.exchangeKey();
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 11_000);
    const { session } = await launched(said(instructor, noether), { by: other });
    clock.mockRestore();
    expect([session, other.asked.keys]).toEqual([200, 2]);
  } finally {
    await other.stop();
  }
});

test.each<[string, Parameters<Platform['answerKeys']>[0]]>([
  ['an error', () => ({ status: 500, body: '' })],
  ['no JSON', () => ({ status: 200, body: '<html>' })],
  ['no keys', () => ({ status: 200, body: '{}' })],
  ['more than keys take', (keys) => ({ status: 200, body: JSON.stringify({ ...keys, more: 'x'.repeat(200_000) }) })],
])('where keys are answered with %s nobody is let in, and the next launch asks again', async (_what, answer) => {
  const other = await startPlatform({ clientId: 'failing', deployment: 'deployment-4' });
  try {
    await register(other);
    other.answerKeys(answer);
    const { end, session } = await launched(said(instructor, noether), { by: other });
    expect([refusalIn(end), session]).toEqual(['keys', 401]);
    other.answerKeys((keys) => ({ status: 200, body: JSON.stringify(keys) }));
    expect((await launched(said(instructor, noether), { by: other })).session).toBe(200);
  } finally {
    await other.stop();
  }
});

test('keys at an address of a private network are not fetched, unless it is allowed', async () => {
  const guarded = await openApi();
  const [platforms, open] = [openPlatforms(guarded.world.database), api];
  try {
    await platforms.add(platform.request, guarded.world.districts.larkspur, platform.deployment, BY);
    const before = platform.asked.keys;
    api = guarded;
    const { end } = await launched(said(instructor, noether));
    expect([refusalIn(end), platform.asked.keys]).toEqual(['keys', before]);
  } finally {
    api = open;
    await guarded.close();
  }
});

/** A launch up to where the page asks the platform for what it has kept; no cookie went along. */
async function proving() {
  const storage = { lti_storage_target: 'post_message_forwarding' };
  const post = (path: string, body: object, headers = {}) =>
    fetch(api.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const read = async (path: string, body: object, headers = {}) => {
    const answer = await post(path, body, headers);
    // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
    return (await answer.json()) as any;
  };
  const begun = await visitor().sent(`${api.url}/lti/login?${platform.initiation(api.url, storage)}`);
  const kept = await read('/lti/storage', { handle: /#\/begin\/([\w-]+)$/.exec(begun)![1]! });
  expect(kept).toMatchObject({ target: 'post_message_forwarding', origin: platform.url, value: expect.any(String) });
  const asked = platform.authorized(kept.authorization_url);
  const body = new URLSearchParams({
    state: asked.state,
    id_token: await platform.token(asked, said(instructor, noether)),
  });
  const end = await visitor().sent(asked.redirect_uri, { method: 'POST', body });
  return { post, read, kept, handle: /#\/prove\/([\w-]+)$/.exec(end)![1]! };
}

test('a browser that has lost the cookie of a launch proves by what the platform has kept that the launch is its own', async () => {
  const { post, read, kept, handle } = await proving();
  const again = await post('/lti/storage', { handle });
  expect(await again.json()).toEqual({ ...kept, value: null, authorization_url: null });
  const cookie = /^rollbook_launch=[\w-]{43}/.exec(again.headers.get('set-cookie')!)![0];
  const wrong = await read('/lti/finish', { handle, value: 'x' }, { cookie });
  expect([refusalIn(wrong.url), await traces()]).toEqual(['browser', [0, 0]]);
  const right = { handle, value: kept.value };
  expect((await post('/lti/finish', right, { cookie, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const done = await post('/lti/finish', right, { cookie });
  expect([done.status, ((await done.json()) as { url: string }).url]).toEqual([200, roll(api.world.sections.algebra)]);
  expect(done.headers.get('set-cookie')).toMatch(/^rollbook_framed=/);
  expect(refusalIn((await read('/lti/finish', right, { cookie })).url)).toBe('replayed');
});

test('a browser that keeps no cookie at all is not signed in for nothing: it is led to a window of its own', async () => {
  const { post, kept, handle } = await proving();
  const answer = await post('/lti/finish', { handle, value: kept.value });
  const { url } = (await answer.json()) as { url: string };
  expect([refusalIn(url), answer.headers.get('set-cookie'), await traces()]).toEqual(['cookies', null, [0, 0]]);
  expect(await knex('lti_nonces')).toEqual([]);
  const state = new URLSearchParams(url.split('?').at(-1)).get('again')!;
  const browser = visitor();
  const asked = platform.authorized(await browser.sent(`${api.url}/lti/again?${new URLSearchParams({ state })}`));
  const id_token = await platform.token(asked, said(instructor, noether));
  const body = new URLSearchParams({ state: asked.state, id_token });
  expect(await browser.sent(asked.redirect_uri, { method: 'POST', body })).toEqual(roll(api.world.sections.algebra));
});

test('where neither will do, a window of its own begins the launch again', async () => {
  const { end } = await launched(said(instructor, noether), { later: (browser) => browser.cookies(api.url).clear() });
  expect(refusalIn(end)).toBe('cookies');
  const state = new URLSearchParams(end.split('?').at(-1)).get('again')!;
  const browser = visitor();
  const asked = platform.authorized(await browser.sent(`${api.url}/lti/again?${new URLSearchParams({ state })}`));
  const body = new URLSearchParams({
    state: asked.state,
    id_token: await platform.token(asked, said(instructor, noether)),
  });
  expect(await browser.sent(asked.redirect_uri, { method: 'POST', body })).toEqual(roll(api.world.sections.algebra));
  expect(refusalIn(await browser.sent(`${api.url}/lti/again?state=x`))).toBe('expired');
});

test('the pages may be shown by the platform that the address names, and by nobody else', async () => {
  const platforms = openPlatforms(api.world.database);
  const { id } = (await platforms.list())[0]!;
  const policyOf = async (path: string) => {
    const { headers } = await fetch(api.url + path);
    return [
      /frame-ancestors ([^;]*)/.exec(headers.get('content-security-policy')!)?.[1],
      headers.get('x-frame-options'),
    ];
  };
  for (const path of ['/', '/launched']) {
    expect(await policyOf(`${path}?platform=${id}`)).toEqual([platform.url, null]);
    for (const other of ['', '?platform=999999', '?platform=x', `?platform=${id}&platform=${id}`])
      expect(await policyOf(path + other)).toEqual(["'none'", 'DENY']);
  }
  await platforms.remove(id, undefined, BY);
  expect(await policyOf(`/?platform=${id}`)).toEqual(["'none'", 'DENY']);
  const { end } = await launched(said(instructor, noether)).catch(({ message }) => ({ end: String(message) }));
  expect(end).toContain('unregistered');
});

test('a launch over plain http from elsewhere signs nobody in', async () => {
  const guarded = await openApi({ allowPlaintext: false, trustProxy: 1, publicUrl: 'https://attendance.example.org' });
  try {
    const response = await fetch(`${guarded.url}/lti/login?${platform.initiation(guarded.url)}`, {
      redirect: 'manual',
    });
    expect(refusalIn(response.headers.get('location')!)).toBe('insecure');
  } finally {
    await guarded.close();
  }
});

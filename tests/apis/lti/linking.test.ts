import type { JSONWebKeySet, JWTPayload } from 'jose';
import { openPlatforms } from '../../../src/apis/lti/platforms';
import { openToolKeys } from '../../../src/apis/lti/tool-keys';
import { networksIn } from '../../../src/webhooks/addresses';
import { type Api, openApi } from '../../api';
import { BY, LTI, MEMBERSHIP, type Platform, startPlatform } from '../../lti/platform';
import { visitor } from '../../openid/visitor';

/** A teacher puts a link into a course of the LMS, and says here what it is of. */
let platform: Platform;
let api: Api;
beforeAll(async () => {
  platform = await startPlatform();
  api = await openApi({ webhooks: { networks: networksIn('127.0.0.1')! } });
  const { database, districts } = api.world;
  await openToolKeys(database).ensure(api.secrets);
  await openPlatforms(database).add(platform.request, districts.larkspur, platform.deployment, BY);
  await database.knex('enrollments').update({ end_date: '2099-12-31' });
});
afterAll(async () => {
  await api.close();
  await platform.stop();
});

async function launched(claims: JWTPayload, roles = [`${MEMBERSHIP}Instructor`], person_sourcedid = 'emmy') {
  const browser = visitor();
  const asked = platform.authorized(await browser.sent(`${api.url}/lti/login?${platform.initiation(api.url)}`));
  const id_token = await platform.token(asked, {
    [`${LTI}roles`]: roles,
    [`${LTI}context`]: { id: 'course-1', title: 'Algebra at the LMS' },
    [`${LTI}lis`]: { person_sourcedid, course_section_sourcedid: 'algebra' },
    ...claims,
  });
  const body = new URLSearchParams({ state: asked.state, id_token });
  const end = await browser.sent(asked.redirect_uri, { method: 'POST', body });
  return { end, cookie: `rollbook_framed=${browser.cookies(api.url).get('rollbook_framed')}` };
}

async function link(handle: string, page: string, cookie: string) {
  const response = await fetch(`${api.url}/lti/link`, {
    method: 'POST',
    headers: { cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ handle, page }),
  });
  return { status: response.status, body: (await response.json()) as { return_url: string; jwt: string } };
}
const handleIn = (end: string) => /#\/link\/([\w-]+)$/.exec(end)?.[1] ?? '';
const keys = async () => (await (await fetch(`${api.url}/lti/jwks`)).json()) as JSONWebKeySet;
const today = () => new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Chicago' }).format(new Date());

test.each([
  ['roll', 'Attendance', () => today()],
  ['own', 'My attendance', () => today()],
  ['month', 'Attendance this month', () => `month/${today().slice(0, 7)}`],
])('a link of the %s is answered to the platform, and leads there when it is launched', async (page, title, days) => {
  const { end, cookie } = await launched(platform.linkingClaims());
  const { status, body } = await link(handleIn(end), page, cookie);
  expect([status, body.return_url]).toEqual([200, `${platform.url}/links`]);
  const [item, ...more] = await platform.linked(body.jwt, await keys());
  expect([item, more]).toEqual([
    { type: 'ltiResourceLink', title, url: `${api.url}/lti/launch`, custom: { rollbook_page: page } },
    [],
  ]);
  const opened = await launched({ [`${LTI}target_link_uri`]: item!.url, [`${LTI}custom`]: item!.custom });
  expect(opened.end).toMatch(new RegExp(`#/sections/${api.world.sections.algebra}/${days()}$`));
  const learner = await launched(
    { [`${LTI}target_link_uri`]: item!.url, [`${LTI}custom`]: item!.custom },
    [`${MEMBERSHIP}Learner`],
    'ada',
  );
  expect(learner.end).toMatch(/#\/own$/);
});

test('a link is chosen by who was launched for it, in their own session', async () => {
  const { end, cookie } = await launched(platform.linkingClaims());
  const other = await launched(platform.linkingClaims(), [`${MEMBERSHIP}Instructor`], 'gregor');
  expect((await link(handleIn(end), 'roll', other.cookie)).status).toBe(404);
  expect((await link(handleIn(end), 'roll', '')).status).toBe(401);
  expect((await link('x', 'roll', cookie)).status).toBe(404);
  expect((await link(handleIn(end), 'gradebook', cookie)).status).toBe(400);
});

test.each<[string, () => JWTPayload, string[], string, string]>([
  ['a student', () => platform.linkingClaims(), [`${MEMBERSHIP}Learner`], 'ada', 'staff'],
  [
    'a teacher whose platform takes no such links',
    () => platform.linkingClaims({ accept_types: ['file'] }),
    [`${MEMBERSHIP}Instructor`],
    'emmy',
    'message',
  ],
  [
    'a teacher whose platform does not say where the link goes',
    () => platform.linkingClaims({ deep_link_return_url: 'x' }),
    [`${MEMBERSHIP}Instructor`],
    'emmy',
    'message',
  ],
  [
    'a teacher whose platform wants it at another site',
    () => platform.linkingClaims({ deep_link_return_url: 'https://evil.example/' }),
    [`${MEMBERSHIP}Instructor`],
    'emmy',
    'linking',
  ],
])('%s chooses no link', async (_who, claims, roles, person, reason) => {
  const { end, cookie } = await launched(claims(), roles, person);
  expect([/#\/refused\/(\w+)/.exec(end)?.[1], cookie]).toEqual([reason, 'rollbook_framed=undefined']);
});

test('the page may send its form to the platform, and to nobody else', async () => {
  const { end } = await launched(platform.linkingClaims());
  const policyOf = async (url: string) => (await fetch(url)).headers.get('content-security-policy');
  expect(await policyOf(end)).toContain(`form-action 'self' ${platform.url};`);
  expect(await policyOf(`${api.url}/launched`)).toContain("form-action 'self';");
});

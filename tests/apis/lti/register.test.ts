import { openPlatforms } from '../../../src/apis/lti/platforms';
import { invitationOf } from '../../../src/apis/lti/register';
import { networksIn } from '../../../src/webhooks/addresses';
import { type Api, openApi } from '../../api';
import { rightClock, setClock } from '../../clock';
import { type Platform, startPlatform } from '../../lti/platform';
import { visitor } from '../../openid/visitor';

/** The administrator of an LMS opens a link of the operator's, and the LMS and rollbook tell each other their addresses. */
let platform: Platform;
let api: Api;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());
beforeEach(async () => {
  api = await openApi({ webhooks: { networks: networksIn('127.0.0.1')! } });
  platform.registration.says({});
  platform.registration.registered.length = 0;
});
afterEach(async () => {
  rightClock();
  await api.close();
});

const frame_origins = ['https://lms.example.org'];
const link = (district = api.world.districts.larkspur) =>
  `${api.url}/lti/register/${invitationOf(api.signer, district, frame_origins)}`;
const opened = (of = link(), configuration?: string) => visitor().sent(platform.registration.opened(of, configuration));
const known = () => openPlatforms(api.world.database).list();
/** Whose pages may show a page. */
const ancestorsOf = async (url: string) =>
  /frame-ancestors ([^;]*)/.exec((await fetch(url)).headers.get('content-security-policy')!)?.[1];
const refusalIn = (end: string) => new URLSearchParams(end.split('#/refused/registration?')[1]).get('description');

test('an LMS registers itself for the district of the link, and can launch', async () => {
  const end = await opened();
  const [{ id, ...found }] = (await known()) as [Awaited<ReturnType<typeof known>>[number]];
  expect(found).toMatchObject({
    ...{ ...platform.request, frame_origins, trusts_email: false },
    deployments: [{ deployment: platform.deployment, district_id: api.world.districts.larkspur }],
  });
  expect(end).toMatch(
    new RegExp(`/launched\\?platform=${id}#/registered\\?issuer=.*&client=.*&deployment=deployment-1$`),
  );
  expect(platform.registration.registered).toMatchObject([
    { initiate_login_uri: `${api.url}/lti/login`, redirect_uris: [`${api.url}/lti/launch`] },
  ]);
  const noted = await api.world.database.knex('setting_changes').orderBy('id');
  expect(noted.map(({ api, what }) => [api, what])).toEqual([
    ['lti register', 'lti_platform_added'],
    ['lti register', 'lti_deployment_added'],
  ]);
  const begun = await visitor().sent(`${api.url}/lti/login?${platform.initiation(api.url)}`);
  expect(platform.authorized(begun).redirect_uri).toBe(`${api.url}/lti/launch`);
});

test('a platform that says no deployment yet is registered without one', async () => {
  platform.registration.says({ answer: { 'https://purl.imsglobal.org/spec/lti-tool-configuration': {} } });
  expect(await opened()).toMatch(/#\/registered\?issuer=[^&]*&client=[^&]*$/);
  expect(await known()).toMatchObject([{ deployments: [] }]);
});

test('a link is good once, for a week, and not where it was changed', async () => {
  const once = link();
  await opened(once);
  expect(refusalIn(await opened(once))).toBe('The link was used already.');
  const forged = await opened(`${link()}x`);
  expect([refusalIn(forged), await ancestorsOf(forged)]).toEqual([
    expect.stringMatching(/not one of rollbook/),
    "'none'",
  ]);
  const old = link();
  setClock(7 * 86_400 + 1);
  const late = await opened(old);
  expect([refusalIn(late), await ancestorsOf(late)]).toEqual([
    expect.stringMatching(/older than a week/),
    frame_origins[0],
  ]);
  const framed = new URL(late);
  framed.searchParams.set('framing', `${framed.searchParams.get('framing')}x`);
  expect(await ancestorsOf(framed.href)).toBe("'none'");
  expect(platform.registration.registered.length).toBe(1);
});

test.each<[string, Parameters<Platform['registration']['says']>[0], RegExp]>([
  ['an issuer of another host', { configuration: { issuer: 'https://elsewhere.example' } }, /not at that host/],
  ['no address of its keys', { configuration: { jwks_uri: undefined } }, /leaves out an address/],
  ['another address for nothing', { configuration: { token_endpoint: 'x' } }, /leaves out an address/],
  [
    'a place to register at another host',
    { configuration: { registration_endpoint: 'https://elsewhere.example/r' } },
    /neither its host/,
  ],
  [
    'no address of the web',
    { configuration: { registration_endpoint: 'file:///etc/passwd' } },
    /leaves out an address/,
  ],
  ['no client id', { answer: { client_id: undefined } }, /did not say a client id/],
])('a platform that says %s is not registered, and its link stays good', async (_what, says, sentence) => {
  platform.registration.says(says);
  const once = link();
  expect([refusalIn(await opened(once)), await known()]).toEqual([expect.stringMatching(sentence), []]);
  platform.registration.says({});
  await opened(once);
  expect((await known()).length).toBe(1);
});

test('a deployment of another district stays that of the other', async () => {
  await opened();
  const before = await known();
  expect(refusalIn(await opened(link(api.world.districts.elsewhere)))).toMatch(/another district's already/);
  expect(await known()).toEqual(before);
});

test('a configuration in a private network is not asked for, unless it is allowed', async () => {
  const [open, guarded] = [api, await openApi()];
  try {
    api = guarded;
    expect([refusalIn(await opened()), await known()]).toEqual([expect.stringMatching(/^Its configuration: /), []]);
  } finally {
    api = open;
    await guarded.close();
  }
});

import { openPlatforms } from '../../../src/apis/lti/platforms';
import { networksIn } from '../../../src/webhooks/addresses';
import { type Api, openApi } from '../../api';
import { BY, LTI, MEMBERSHIP } from '../../lti/platform';
import { startProvider, type TestProvider } from '../../openid/provider';
import { visitor } from '../../openid/visitor';

/** A second opinion of the authorization: a certified provider of OpenID Connect is asked, in the place of the stand-in for an LMS. */
const URL_OF_ROLLBOOK = 'https://attendance.example.org';
let provider: TestProvider;
let api: Api;
beforeAll(async () => {
  provider = await startProvider();
  api = await openApi({ publicUrl: URL_OF_ROLLBOOK, webhooks: { networks: networksIn('127.0.0.1')! } });
});
afterAll(async () => {
  await api.close();
  await provider.stop();
});

test('oidc-provider takes what is asked of a platform, and what it answers by form_post signs a teacher in', async () => {
  const issuer = provider.openid.issuer.href.replace(/\/$/, '');
  const addresses = { authorization_url: `${issuer}/auth`, token_url: `${issuer}/token`, keys_url: `${issuer}/jwks` };
  const named = { issuer, oauth_client_id: provider.openid.clientId, frame_origins: [issuer], trusts_email: false };
  const { database, districts, sections } = api.world;
  await openPlatforms(database).add({ ...addresses, ...named }, districts.larkspur, 'deployment-1', BY);
  await provider.launch(`${URL_OF_ROLLBOOK}/lti/launch`, {
    [`${LTI}message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}version`]: '1.3.0',
    [`${LTI}deployment_id`]: 'deployment-1',
    [`${LTI}target_link_uri`]: `${URL_OF_ROLLBOOK}/lti/launch`,
    [`${LTI}roles`]: [`${MEMBERSHIP}Instructor`],
    [`${LTI}context`]: { id: 'course-1' },
    [`${LTI}lis`]: { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' },
  });
  const browser = visitor();
  const initiation = new URLSearchParams({
    ...{ iss: issuer, client_id: named.oauth_client_id, login_hint: 'emmy' },
    target_link_uri: `${URL_OF_ROLLBOOK}/lti/launch`,
  });
  const asked = await browser.sent(`${api.url}/lti/login?${initiation}`);
  // Nobody has signed in there yet: `prompt=none` says so to rollbook, by a form too.
  const formIn = async (response: Response) => {
    const inputs = (await response.text()).matchAll(/name="(\w+)" value="([^"]*)"/g);
    return new URLSearchParams([...inputs].map(([, name, value]): [string, string] => [name!, value!]));
  };
  const launch = async (body: URLSearchParams) => browser.sent(`${api.url}/lti/launch`, { method: 'POST', body });
  expect(await launch(await formIn(await browser.ask(asked)))).toMatch(/#\/refused\/denied\?error=login_required/);
  const interactive = new URL(asked);
  interactive.searchParams.delete('prompt');
  const interaction = await browser.sent(interactive.href);
  const typed = new URLSearchParams({ prompt: 'login', login: 'emmy', password: 'any' });
  await browser.ask(await browser.sent(interaction, { method: 'POST', body: typed }));
  const end = await launch(await formIn(await browser.ask(asked)));
  expect(end).toMatch(new RegExp(`/\\?platform=\\d+#/sections/${sections.algebra}/\\d{4}-\\d\\d-\\d\\d$`));
});

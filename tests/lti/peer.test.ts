import { generateKeyPair, type JSONWebKeySet, type JWTPayload } from 'jose';
import { type Forged, LTI, MEMBERSHIP, type Platform, startPlatform } from './platform';

// By its path: its `exports` know `import` alone, and tests are CommonJS.
const { LTITool }: typeof import('@lti-tool/core') = require('../../node_modules/@lti-tool/core/dist/index.js');

/** The stand-in for an LMS launches a tool of another maker, which takes what is right and refuses what is not: so it is one. */
const TOOL = 'https://tool.example.org';

let platform: Platform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

/** What the tool stores, in memory; of what it does not need here there is nothing. */
function storage() {
  const used = new Set<string>();
  const { issuer, oauth_client_id, authorization_url, token_url, keys_url } = platform.request;
  const config = { authUrl: authorization_url, tokenUrl: token_url, jwksUrl: keys_url };
  const launch = { iss: issuer, clientId: oauth_client_id, deploymentId: platform.deployment, ...config };
  return {
    getLaunchConfig: async (iss: string, client: string, deployment: string) =>
      iss === issuer && client === oauth_client_id && deployment === platform.deployment ? launch : undefined,
    storeNonce: async () => undefined,
    validateNonce: async (nonce: string) => !used.has(nonce) && Boolean(used.add(nonce)),
    addSession: async () => undefined,
  };
}

async function launched(forged: Forged = {}) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const tool = new LTITool({
    stateSecret: new TextEncoder().encode('a secret that is used in tests alone'),
    keyPair: { privateKey, publicKey },
    storage: storage() as never,
  });
  const asked = platform.authorized(
    await tool.handleLogin({
      ...{ client_id: platform.clientId, iss: platform.url, launchUrl: `${TOOL}/lti/launch`, login_hint: 'somebody' },
      ...{ target_link_uri: `${TOOL}/lti/launch`, lti_deployment_id: platform.deployment },
    }),
  );
  const said: JWTPayload = {
    ...{ name: 'Emmy Noether', given_name: 'Emmy', family_name: 'Noether', email: 'emmy@example.org' },
    [`${LTI}target_link_uri`]: `${TOOL}/lti/launch`,
    [`${LTI}roles`]: [`${MEMBERSHIP}Instructor`],
    [`${LTI}context`]: { id: 'course-1', label: 'ALG', title: 'Algebra', type: [] },
    [`${LTI}resource_link`]: { id: 'link-1', title: 'rollbook' },
    [`${LTI}tool_platform`]: { guid: 'lms', name: 'LMS', product_family_code: 'stand-in', version: '1' },
    [`${LTI}launch_presentation`]: { document_target: 'iframe', return_url: platform.url, locale: 'en' },
    [`${LTI}lis`]: { person_sourcedid: 'emmy', course_section_sourcedid: 'algebra' },
    [`${LTI}custom`]: {},
    ...platform.services.claims(),
  };
  const token = await platform.token(asked, said, forged);
  return { tool, token, asked, claims: await tool.verifyLaunch(token, asked.state) };
}

test('a tool of another maker is launched, once', async () => {
  const { tool, token, asked, claims } = await launched();
  expect(claims).toMatchObject({ sub: 'user-1', email: 'emmy@example.org' });
  await expect(tool.verifyLaunch(token, asked.state)).rejects.toThrow();
});

test.each<[string, () => Promise<Forged>]>([
  ['another audience', async () => ({ claims: { aud: 'another' } })],
  ['another nonce', async () => ({ claims: { nonce: 'another' } })],
  ['another key', async () => ({ key: (await generateKeyPair('RS256')).privateKey })],
  ['another deployment', async () => ({ claims: { [`${LTI}deployment_id`]: 'another' } })],
])('it refuses %s', async (_what, forged) => {
  await expect(launched(await forged())).rejects.toThrow();
});

test('it makes a column, sends scores in the order of time alone, and reads who is there', async () => {
  platform.services.enroll([
    { user_id: 'ada', name: 'Ada Lovelace', status: 'Active', roles: [`${MEMBERSHIP}Learner`] },
    { user_id: 'emmy', name: 'Emmy Noether', status: 'Active', roles: [`${MEMBERSHIP}Instructor`] },
  ]);
  const { tool, claims } = await launched();
  platform.services.trust(() => tool.getJWKS() as Promise<JSONWebKeySet>);
  const session = await tool.createSession(claims);
  const column = await tool.createLineItem(session, { label: 'Quiz', scoreMaximum: 10, tag: 'quiz', resourceId: '1' });
  expect(await tool.listLineItems(session)).toEqual([column]);
  const { origin, pathname } = new URL(column.id);
  const { services = {} } = session;
  const graded = { ...session, services: { ...services, ags: { ...services.ags!, lineitem: origin + pathname } } };
  const send = (userId: string, timestamp: string) =>
    tool.submitScore(graded, {
      ...{ userId, timestamp, scoreGiven: 8, scoreMaximum: 10 },
      ...{ activityProgress: 'Completed', gradingProgress: 'FullyGraded' },
    });
  await send('ada', '2026-01-01T00:00:00.002Z');
  await expect(send('ada', '2026-01-01T00:00:00.002Z')).rejects.toThrow();
  await expect(send('emmy', '2026-01-01T00:00:00.003Z')).rejects.toThrow();
  await send('ada', '2026-01-01T00:00:00.003Z');
  expect((await tool.getMembers(session)).map(({ userId }) => userId)).toEqual(['ada', 'emmy']);
});

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { openSignIn } from '../../../src/clients/sign-in';
import { signerWith } from '../../../src/clients/signer';
import { type Api, openApi } from '../../api';
import { startProvider, type TestProvider } from '../../openid/provider';
import { visitor } from '../../openid/visitor';

let provider: TestProvider;
let api: Api;
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());
beforeEach(async () => {
  api = await openApi({ openid: provider.openid });
  await provider.serve(api.url);
});
afterEach(() => api.close());

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
const bodyOf = (response: Response): Promise<any> => response.json();

const person = (name: 'noether' | 'mendel' | 'ada' | 'eve') => ({ id: api.world.people[name] });
const change = (name: Parameters<typeof person>[0], values: object) =>
  api.world.database.knex('people').where(person(name)).update(values);
const begin = () => `${api.url}/sign-in/openid`;
const refused = (reason: string) => `${api.url}/#/refused/${reason}`;
const signIns = async () => (await api.world.database.knex('sign_ins')).length;

/** The whole way of somebody with this address, with what happens to it on the way; where the browser ends. */
async function comes(
  email: string,
  { authorization = (url: string) => url, callback = (url: string) => url } = {},
  browser = visitor(),
) {
  const url = callback(await browser.identify(authorization(await browser.sent(begin())), email));
  const end = await browser.sent(url);
  const session = await browser.ask(`${api.url}/session`);
  return { browser, url, end, session: session.status, who: await bodyOf(session) };
}

const swap = (name: string, value: string) => (url: string) => {
  const changed = new URL(url);
  changed.searchParams.set(name, value);
  return changed.href;
};

test('the page is told whether people can sign in by OpenID Connect, and what the button says', async () => {
  expect((await api.get('/sign-in/ways')).body).toEqual({
    email: false,
    openid: { name: 'Larkspur ID', url: '/sign-in/openid' },
    passkeys: false,
  });
  const other = await openApi();
  try {
    expect((await other.get('/sign-in/ways')).body).toEqual({ email: false, openid: null, passkeys: false });
    expect((await other.get('/sign-in/openid')).status).toBe(404);
  } finally {
    await other.close();
  }
});

test('a teacher signs in at the provider and is signed in here, as the same client the next time', async () => {
  const { end, who } = await comes('emmy@example.org');
  expect(end).toBe(`${api.url}/`);
  expect(who).toMatchObject({
    person: { id: api.world.people.noether },
    scopes: expect.not.arrayContaining(['roster:write']),
  });
  expect((await comes('Emmy@Example.ORG')).who.client).toEqual(who.client);
});

test('the browser is sent with PKCE, state and nonce, and carries them in a cookie that no script and no other path gets', async () => {
  const response = await visitor().ask(begin());
  const { origin, searchParams } = new URL(response.headers.get('location')!);
  expect(origin).toBe(provider.openid.issuer.origin);
  expect(Object.fromEntries(searchParams)).toEqual({
    client_id: 'rollbook',
    response_type: 'code',
    redirect_uri: `${api.url}/sign-in/openid/callback`,
    scope: 'openid email',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(response.headers.get('set-cookie')).toMatch(
    /^rollbook_openid=[\w-]+; Path=\/sign-in\/openid; Max-Age=600; HttpOnly; SameSite=Lax$/,
  );
});

test('an administrator signs in as the office', async () => {
  await change('mendel', { role: 'administrator' });
  const { who } = await comes('gregor@example.org');
  expect(who).toMatchObject({ person: null, client: { name: 'Gregor Mendel' } });
  expect(who.scopes).toContain('roster:write');
});

test('a teacher signs in who shares their address with a parent', async () => {
  await change('ada', { role: 'parent', email: 'emmy@example.org' });
  expect((await comes('emmy@example.org')).who.person.id).toBe(api.world.people.noether);
});

test.each([
  ['unverified.emmy@example.org', 'unverified', () => change('noether', { email: 'unverified.emmy@example.org' })],
  ['nobody@example.org', 'unknown', undefined],
  ['ada@example.org', 'role', undefined],
  ['eve@example.org', 'unknown', () => change('eve', { role: 'teacher' })], // of another district
  ['emmy@example.org', 'ambiguous', () => change('mendel', { email: 'Emmy@example.org' })],
  ['emmy@example.org', 'unknown', () => change('noether', { active: false })],
  ['%@example.org', 'unknown', undefined],
] as const)('%s is refused as %s, and nothing is begun', async (email, reason, before) => {
  await before?.();
  const { end, session } = await comes(email);
  expect([end, session, await signIns()]).toEqual([refused(reason), 401, 0]);
});

test('somebody whose client was revoked is refused', async () => {
  const { who } = await comes('emmy@example.org');
  await api.clients.revoke(who.client.id);
  const { end, session } = await comes('emmy@example.org');
  expect([end, session]).toEqual([refused('revoked'), 401]);
});

test.each([
  ['another state', { callback: swap('state', 'x'.repeat(43)) }, 'failed'],
  ['another nonce', { authorization: swap('nonce', 'x'.repeat(43)) }, 'failed'],
  ['another challenge', { authorization: swap('code_challenge', 'x'.repeat(43)) }, 'failed'],
  ['another issuer', { callback: swap('iss', 'https://elsewhere.example') }, 'failed'],
  ['an invented code', { callback: swap('code', 'x'.repeat(43)) }, 'failed'],
  ['a refusal', { callback: (url: string) => swap('error', 'access_denied')(url) }, 'denied'],
])('%s signs nobody in', async (_what, way, reason) => {
  const { end, session } = await comes('emmy@example.org', way);
  expect([end, session, await signIns()]).toEqual([refused(reason), 401, 0]);
});

test('a code that was used signs nobody in, in the same browser or another, even with its cookie', async () => {
  const browser = visitor();
  const callback = await browser.identify(await browser.sent(begin()), 'emmy@example.org');
  const flow = new Map(browser.cookies(api.url));
  expect(await browser.sent(callback)).toBe(`${api.url}/`);
  expect(await browser.sent(callback)).toBe(refused('expired'));
  const thief = visitor();
  expect(await thief.sent(callback)).toBe(refused('expired'));
  for (const [name, value] of flow) thief.cookies(api.url).set(name, value);
  expect(await thief.sent(callback)).toBe(refused('failed'));
  expect((await thief.ask(`${api.url}/session`)).status).toBe(401);
});

test('the code of somebody else, brought with the flow of one’s own, signs nobody in', async () => {
  const attacker = visitor();
  const { searchParams } = new URL(await attacker.identify(await attacker.sent(begin()), 'gregor@example.org'));
  const { end, session } = await comes('emmy@example.org', { callback: swap('code', searchParams.get('code')!) });
  expect([end, session]).toEqual([refused('failed'), 401]);
});

test('a flow is good for ten minutes, and only as it was signed', async () => {
  const browser = visitor();
  const callback = await browser.identify(await browser.sent(begin()), 'emmy@example.org');
  const sealed = browser.cookies(api.url).get('rollbook_openid')!;
  const signer = signerWith(['a key that is used in tests alone']);
  const flow = JSON.parse(signer.verify('openid', sealed)!.toString());
  expect(flow.until - Date.now()).toBeGreaterThan(590_000);
  expect(flow.until - Date.now()).toBeLessThanOrEqual(600_000);
  for (const forged of [
    signer.sign('openid', Buffer.from(JSON.stringify({ ...flow, until: Date.now() - 1 }))),
    signer.sign('cursor', Buffer.from(JSON.stringify(flow))),
    `${sealed.slice(0, -4)}AAAA`,
  ]) {
    browser.cookies(api.url).set('rollbook_openid', forged);
    expect(await browser.sent(callback)).toBe(refused('expired'));
  }
  browser.cookies(api.url).set('rollbook_openid', sealed);
  expect(await browser.sent(callback)).toBe(`${api.url}/`);
});

test('the browser ends here, whatever else it was asked to bring', async () => {
  const { end } = await comes('emmy@example.org', {
    callback: (url) => `${url}&return_to=https://elsewhere.example&redirect_uri=//elsewhere.example`,
  });
  expect(end).toBe(`${api.url}/`);
  const { headers } = await visitor().ask(`${begin()}?return_to=//elsewhere.example&redirect_uri=//elsewhere.example`);
  expect(new URL(headers.get('location')!).searchParams.get('redirect_uri')).toBe(`${api.url}/sign-in/openid/callback`);
});

test('the callback answers a parameter that is sent twice with 400', async () => {
  const { status } = await visitor().ask(`${begin()}/callback?code=1&code=2`);
  expect(status).toBe(400);
});

/** The service with another provider than the real one; where it sends a browser that wants to sign in. */
async function sentBy(openid: Partial<TestProvider['openid']>): Promise<string> {
  const other = await openApi({ openid: { ...provider.openid, ...openid } });
  try {
    return (await visitor().sent(`${other.url}/sign-in/openid`)).slice(other.url.length);
  } finally {
    await other.close();
  }
}

const answering = async <T>(listener: Parameters<typeof createServer>[1], work: (issuer: URL) => Promise<T>) => {
  const server = createServer({}, listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    return await work(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  } finally {
    server.close();
    server.closeAllConnections();
  }
};

test.each<[string, Parameters<typeof createServer>[1]]>([
  ['never answers', () => undefined],
  ['answers 500', (_request, response) => response.writeHead(500).end()],
  ['is something else', (_request, response) => response.end('<p>Welcome</p>')],
  [
    'names another issuer',
    (_request, response) =>
      response.setHeader('Content-Type', 'application/json').end('{"issuer":"https://elsewhere.example"}'),
  ],
])('a provider that %s is said to be out of reach', async (_what, listener) => {
  const sent = await answering(listener, (issuer) => sentBy({ issuer, timeout: 0.2 }));
  expect(sent).toBe('/#/refused/unavailable');
});

test('a provider that was down is asked again the next time', async () => {
  let isUp = false;
  const metadata = await bodyOf(await fetch(new URL('/.well-known/openid-configuration', provider.openid.issuer)));
  const answer: Parameters<typeof createServer>[1] = ({ headers }, response) => {
    const document = JSON.stringify({ ...metadata, issuer: `http://${headers.host}` });
    response.writeHead(isUp ? 200 : 503, { 'Content-Type': 'application/json' }).end(document);
  };
  await answering(answer, async (issuer) => {
    const other = await openApi({ openid: { ...provider.openid, issuer } });
    try {
      const url = `${other.url}/sign-in/openid`;
      expect(await visitor().sent(url)).toBe(`${other.url}/#/refused/unavailable`);
      isUp = true;
      expect(await visitor().sent(url)).toContain(metadata.authorization_endpoint);
    } finally {
      await other.close();
    }
  });
});

test('without a district that is there, nobody is sent to the provider', async () => {
  expect(await sentBy({ district: 'Atlantis' })).toBe('/#/refused/setup');
  expect(await sentBy({ district: undefined })).toBe('/#/refused/setup'); // there are two
});

test('whoever is invited after a revocation can sign in by OpenID Connect again', async () => {
  const { who } = await comes('emmy@example.org');
  await api.clients.revoke(who.client.id);
  await openSignIn(api.world.database, api.clients).invite(api.world.districts.larkspur, api.world.people.noether, 60);
  expect((await comes('emmy@example.org')).end).toBe(`${api.url}/`);
});

import { relyingPartyOf } from '../../../src/clients/passkeys';
import { openSignIn } from '../../../src/clients/sign-in';
import { type Api, openApi } from '../../api';
import { authenticator, type Lies, PRESENT } from '../../authenticator';
import { later, rightClock } from '../../clock';

/** Signing in by what unlocks a device. */
let api: Api;
let office: Api;
beforeEach(async () => {
  api = await openApi({ publicUrl: 'https://attendance.example.org' });
  office = await api.as({ scopes: ['access'] });
});
afterEach(async () => {
  rightClock();
  await api.close();
});

type Device = ReturnType<typeof authenticator>;
const noether = () => api.world.people.noether;
const mendel = () => api.world.people.mendel;
const kept = () => api.world.database.knex('passkeys').orderBy('id');

async function ask(method: string, path: string, { cookie, body }: { cookie?: string; body?: object } = {}) {
  const response = await fetch(api.url + path, {
    method,
    headers: { 'Content-Type': 'application/json', ...(cookie && { cookie }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  const set = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  const answer: any = response.status === 204 ? undefined : await response.json();
  return { status: response.status, body: answer, cookie: set };
}

/** The cookie of a person who signs in by an invitation. */
async function signedIn(person: number): Promise<string> {
  const signIn = openSignIn(api.world.database, api.clients);
  const invitation = await signIn.invite(api.world.districts.larkspur, person, 600);
  return (await ask('POST', '/sign-in', { body: { invitation } })).cookie;
}
const toMake = async (cookie: string) => (await ask('POST', '/session/passkeys/options', { cookie })).body.options;
const keep = async (cookie: string, response: object, name = 'My phone') =>
  ask('POST', '/session/passkeys', { cookie, body: { response, name } });
/** A device with a passkey of a person. */
async function deviceOf(person: number): Promise<Device> {
  const [cookie, device] = [await signedIn(person), authenticator()];
  expect((await keep(cookie, device.make(await toMake(cookie)))).status).toBe(201);
  return device;
}
const toSignIn = async () => (await ask('POST', '/sign-in/passkey/options')).body.options;
const enter = (response: object) => ask('POST', '/sign-in/passkey', { body: { response } });
const signInBy = async (device: Device, lies: Lies = {}) => enter(device.answer(await toSignIn(), lies));

test('a person makes a passkey, signs in by it, sees it in their list, and removes it', async () => {
  const [cookie, device] = [await signedIn(noether()), authenticator()];
  const options = await toMake(cookie);
  expect(options).toMatchObject({
    rp: { id: 'attendance.example.org' },
    user: { name: 'Emmy Noether' },
    attestation: 'none',
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    excludeCredentials: [],
  });
  const made = await keep(cookie, device.make(options));
  expect([made.status, made.body]).toEqual([
    201,
    { id: expect.any(Number), name: 'My phone', created_at: expect.any(String), used_at: null },
  ]);
  expect(await toSignIn()).toMatchObject({ rpId: 'attendance.example.org', userVerification: 'required' });
  const signed = await signInBy(device);
  expect([signed.status, signed.body.person]).toEqual([201, { id: noether(), name: 'Emmy Noether' }]);
  const { body } = await ask('GET', '/session/passkeys', { cookie: signed.cookie });
  expect(body.passkeys).toEqual([{ ...made.body, used_at: expect.any(String) }]);
  expect((await toMake(cookie)).excludeCredentials).toEqual([{ id: device.id, type: 'public-key' }]);
  const path = `/session/passkeys/${made.body.id}`;
  const mendels = await signedIn(mendel());
  expect((await ask('DELETE', path, { cookie: mendels })).status).toBe(404);
  expect([await ask('DELETE', path, { cookie }), await ask('DELETE', path, { cookie })]).toMatchObject([
    { status: 204 },
    { status: 404 },
  ]);
  expect((await signInBy(device)).status).toBe(401);
});

test('a challenge is good once, for five minutes, and for what it was made', async () => {
  const device = await deviceOf(noether());
  const [first, second] = [await toSignIn(), await toSignIn()];
  const answer = device.answer(second);
  expect([(await enter(answer)).status, (await enter(answer)).status]).toEqual([201, 401]);
  // The same challenge, signed anew; and one that is older than the last.
  expect([(await enter(device.answer(second))).status, (await enter(device.answer(first))).status]).toEqual([401, 401]);
  const cookie = await signedIn(noether());
  const [before, old] = [await kept(), await toSignIn()];
  expect((await signInBy(device, { challenge: (await toMake(cookie)).challenge })).status).toBe(401);
  expect((await signInBy(device, { challenge: `A${old.challenge.slice(1)}` })).status).toBe(401);
  later(301);
  expect((await enter(device.answer(old))).status).toBe(401);
  expect(await kept()).toEqual(before);
  expect((await signInBy(device)).status).toBe(201);
});

test.each([
  ['of another origin', { origin: 'https://attendance.example.com' }],
  ['for another domain', { rpId: 'example.org' }],
  ['of a device that nobody has unlocked', { flags: PRESENT }],
  ['without a user handle', { userHandle: 'AAAA' }],
] as const)('an answer %s signs nobody in', async (_, lies) => {
  const device = await deviceOf(noether());
  const before = await kept();
  expect((await signInBy(device, lies)).body).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID' });
  expect(await kept()).toEqual(before);
});

test('a passkey is found in its district alone, and under its own name alone', async () => {
  const device = await deviceOf(noether());
  const handle = Buffer.alloc(16);
  handle.writeBigUInt64BE(BigInt(api.world.districts.elsewhere), 0);
  handle.writeBigUInt64BE(BigInt(noether()), 8);
  expect((await signInBy(device, { userHandle: handle.toString('base64url') })).status).toBe(401);
  const { userHandle } = device.answer(await toSignIn()).response;
  const forged = authenticator().answer(await toSignIn(), { userHandle });
  expect((await enter({ ...forged, id: device.id, rawId: device.id })).status).toBe(401);
  expect((await signInBy(device)).status).toBe(201);
});

test('a passkey is kept for who was to make it, once, and up to twenty of them', async () => {
  const [cookie, mendels, device] = [await signedIn(noether()), await signedIn(mendel()), authenticator()];
  const made = device.make(await toMake(cookie));
  const refused = async (answer: Promise<{ body: object }>, says: string) =>
    expect((await answer).body).toMatchObject({ status: 400, code: 'BODY_INVALID', detail: `The passkey ${says}.` });
  const late = 'is not right, or came too late: make another';
  await refused(keep(mendels, made), late);
  await refused(keep(cookie, device.make(await toMake(cookie), { flags: PRESENT })), late);
  await refused(keep(cookie, device.make(await toMake(cookie), { origin: 'https://example.com' })), late);
  expect(await kept()).toEqual([]);
  expect((await keep(cookie, made)).status).toBe(201);
  await refused(keep(cookie, made), 'is kept already');
  const [{ id: _, ...row }] = await kept();
  const more = Array.from({ length: 19 }, (_, index) => ({ ...row, credential_id: `more-${index}` }));
  await api.world.database.knex('passkeys').insert(more);
  await refused(
    keep(cookie, authenticator().make(await toMake(cookie))),
    'would be one more than the 20 that a person has at most',
  );
  expect(await kept()).toHaveLength(20);
});

test('the office sees how many there are; they go with the sessions that it ends, and with the access that it takes away', async () => {
  const end = `/access/people/${noether()}/sessions`;
  for (const work of [
    () => office.delete(end),
    () => office.post('/access/invitations').send({ people: [noether()], end_sessions: true }),
    () => office.delete(`/access/people/${noether()}`),
  ]) {
    const device = await deviceOf(noether());
    const listed = async () => (await office.get('/access/people?search=noether')).body.people[0].passkeys;
    expect(await listed()).toBe(1);
    await work();
    expect([await listed(), (await signInBy(device)).status]).toEqual([0, 401]);
  }
});

test('whoever has left, or is a program, has no passkeys to sign in by', async () => {
  const device = await deviceOf(noether());
  await api.world.database.knex('people').where({ id: noether() }).update({ active: false });
  expect((await signInBy(device)).body).toMatchObject({ status: 401, code: 'CREDENTIALS_INVALID' });
  for (const program of [api, await api.as({ person: mendel() })])
    for (const answer of [await program.get('/session/passkeys'), await program.post('/session/passkeys/options')])
      expect([answer.status, answer.body.code]).toEqual([403, 'PERSON_FORBIDDEN']);
});

test('a page of another origin neither asks for a challenge nor signs anybody in', async () => {
  const device = await deviceOf(noether());
  const response = device.answer(await toSignIn());
  for (const [path, body] of [
    ['/sign-in/passkey/options', undefined],
    ['/sign-in/passkey', { response }],
  ] as const) {
    const answer = await fetch(api.url + path, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Sec-Fetch-Site': 'cross-site' },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([403, { code: 'ORIGIN_FORBIDDEN' }]);
  }
  expect((await enter(response)).status).toBe(201);
});

test('passkeys are for a host that is reached by https, or for this machine', async () => {
  expect(
    [
      undefined,
      'http://attendance.example.org',
      'https://192.0.2.7',
      'https://[2001:db8::7]',
      'http://127.0.0.1:3000',
      'http://localhost:3000',
      'https://sis.example.org:8443/rollbook',
    ].map(relyingPartyOf),
  ).toEqual([
    ...Array(5).fill(undefined),
    { id: 'localhost', origin: 'http://localhost:3000' },
    { id: 'sis.example.org', origin: 'https://sis.example.org:8443' },
  ]);
  const elsewhere = await openApi();
  try {
    expect((await elsewhere.get('/sign-in/ways')).body.passkeys).toBe(false);
    expect((await elsewhere.post('/sign-in/passkey/options')).status).toBe(404);
  } finally {
    await elsewhere.close();
  }
  expect((await ask('GET', '/sign-in/ways')).body.passkeys).toBe(true);
});

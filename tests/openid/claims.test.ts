import { type Api, openApi } from '../api';
import { type SigningProvider, startSigningProvider, type Told } from './signing-provider';
import { visitor } from './visitor';

/** What a provider says of somebody, and by whom it is signed. */
let provider: SigningProvider;
let api: Api;
beforeAll(async () => {
  provider = await startSigningProvider();
});
afterAll(() => provider.stop());
beforeEach(async () => {
  api = await openApi({ openid: provider.openid });
});
afterEach(() => api.close());

/** Where somebody ends of whom this is said: at home, or refused; and whether they are signed in. */
async function comes(told: Told) {
  provider.says(told);
  const browser = visitor();
  const end = await browser.sent(await browser.sent(await browser.sent(`${api.url}/sign-in/openid`)));
  const { status } = await browser.ask(`${api.url}/session`);
  return [end.slice(api.url.length), status];
}
const home = ['/', 200];
const refused = (reason: string) => [`/#/refused/${reason}`, 401];
const EMMY = 'emmy@example.org';
const verified = { email: EMMY, email_verified: true };

test('an ID token that the provider has signed is taken', async () => {
  expect(await comes({ idToken: verified })).toEqual(home);
});

test.each(['forged', 'altered', 'none'] as const)('one whose signature is %s signs nobody in', async (signature) => {
  expect(await comes({ idToken: verified, signature })).toEqual(refused('failed'));
  expect(await comes({ idToken: {}, userInfo: verified, signature })).toEqual(refused('failed'));
});

const unverified = [false, 'false', 'False', 0, null, ''];
test.each(unverified)('email_verified: %j anywhere refuses, whatever the other place says', async (email_verified) => {
  const said = { email: EMMY, email_verified };
  for (const told of [
    { idToken: said },
    { idToken: said, userInfo: verified },
    { idToken: verified, userInfo: said },
    { idToken: verified, userInfo: { email_verified } },
    { userInfo: said },
  ])
    expect(await comes(told)).toEqual(refused('unverified'));
});

test('the address may be in either place, or the same in both', async () => {
  for (const told of [{ idToken: verified }, { userInfo: verified }, { idToken: verified, userInfo: verified }])
    expect(await comes(told)).toEqual(home);
});

test.each<[string, Told]>([
  ['nothing says that it was verified', { idToken: { email: EMMY } }],
  [
    'one place has it, and the other says that it was verified',
    { idToken: { email: EMMY }, userInfo: { email_verified: true } },
  ],
  ['two are verified', { idToken: verified, userInfo: { email: 'gregor@example.org', email_verified: true } }],
  ['it is no text', { idToken: { email: [EMMY], email_verified: true } }],
])('where %s, nobody is signed in', async (_what, told) => {
  expect(await comes(told)).toEqual(refused('unverified'));
});

test.each(['', ' '])('an empty address (%j) is nobody’s, though somebody has none', async (email) => {
  await api.world.database.knex('people').where({ id: api.world.people.noether }).update({ email });
  expect(await comes({ idToken: { email, email_verified: true } })).toEqual(refused('unverified'));
});

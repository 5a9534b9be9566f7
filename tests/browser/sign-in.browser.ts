import type { Page } from 'playwright-core';
import { startProvider, type TestProvider } from '../openid/provider';
import { algebra, saved, state, tap } from './algebra';
import { openStage, PHONE, type Stage, screenshot } from './browser';
import { violations } from './reading';

let provider: TestProvider;
let stage: Stage;
let challenges: string[];
beforeAll(async () => {
  provider = await startProvider();
});
afterAll(() => provider.stop());
beforeEach(async () => {
  stage = await openStage({ openid: provider.openid });
  await provider.serve(stage.api.url);
  challenges = [];
});
afterEach(() => stage.close());

const teacher = () => stage.api.world.people.noether;
const client = () =>
  stage.api.clients.create({
    district: stage.api.world.districts.larkspur,
    name: 'Noether',
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
    person: teacher(),
  });

/** A page that nobody has signed in on; what it is challenged with is kept. */
async function arriving(path = '/', on = {}): Promise<Page> {
  const page = await (await stage.device(on)).newPage();
  page.on('response', async (response) => {
    if (response.status() === 401) challenges.push(response.headers()['www-authenticate'] ?? 'none');
  });
  await page.goto(path.startsWith('http') ? path : stage.wire.url + path);
  return page;
}

/** The operator's corner. */
const openCorner = (page: Page) => page.getByText('With the key of a client, for operators').click();

async function submit(page: Page, key: string, secret: string): Promise<void> {
  await openCorner(page);
  await page.getByLabel('Key').fill(key);
  await page.getByLabel('Secret').fill(secret);
  await page.getByLabel('Secret').press('Enter');
}

const signedIn = (page: Page) => page.getByText('Emmy Noether, Larkspur').waitFor();
const accept = (page: Page) => page.getByRole('button', { name: 'Accept the invitation' }).click();

test('a wrong secret is said so and can be typed over; the right one signs in, and no browser asks for a password', async () => {
  const { key, secret } = await client();
  const page = await arriving();
  await submit(page, key, 'wrong');
  await page.getByRole('alert').getByText('The key or the secret is not right.').waitFor();
  await screenshot(page, 'sign-in-refused');
  expect(await page.evaluate('document.activeElement.name')).toBe('secret');
  await page.keyboard.type(secret);
  await page.keyboard.press('Enter');
  await signedIn(page);
  expect(new Set(challenges)).toContain('Session realm="rollbook"');
  expect(challenges.filter((challenge) => /basic|digest/i.test(challenge))).toEqual([]);
});

test('an invitation signs in once; whoever opens it afterwards is told, and can sign in otherwise', async () => {
  const link = await stage.invitation(teacher());
  const first = await arriving(link);
  await screenshot(first, 'sign-in-invitation');
  await accept(first);
  await signedIn(first);
  expect(first.url()).not.toContain('invitation');
  await first.goBack();
  expect(first.url()).not.toContain('invitation');
  const second = await arriving(link);
  await accept(second);
  await second.getByRole('alert').getByText('This link was used already, or is too old.').waitFor();
  const { key, secret } = await client();
  await submit(second, key, secret);
  await signedIn(second);
});

test('an invitation is not used up where the server cannot be reached', async () => {
  const page = await arriving(await stage.invitation(teacher()));
  await page.getByRole('button', { name: 'Accept the invitation' }).waitFor();
  await page.context().setOffline(true);
  await accept(page);
  await page.getByRole('alert').getByText('The server cannot be reached.').waitFor();
  await page.context().setOffline(false);
  await accept(page);
  await signedIn(page);
});

test('whoever is signed in and opens the invitation of somebody else becomes them, or stays who they are', async () => {
  const page = await stage.signIn(teacher());
  const link = await stage.invitation(stage.api.world.people.mendel);
  await page.goto(link);
  await accept(page);
  await page.getByText('Gregor Mendel, Larkspur').waitFor();
  await page.goto(link);
  await accept(page);
  await page.getByRole('alert').getByText('This link was used already').waitFor();
  expect(await page.getByText('Your session has ended').count()).toBe(0);
  await page.getByRole('link', { name: 'rollbook' }).click();
  await page.getByRole('link', { name: /Biology/ }).waitFor();
});

const signInAtProvider = async (page: Page, email: string) => {
  await page.getByRole('link', { name: 'Sign in with Larkspur ID' }).click();
  await page.locator('input[name=login]').fill(email);
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
};

test('a teacher signs in with the account that they have elsewhere, and takes a roll', async () => {
  const page = await arriving();
  await signInAtProvider(page, 'emmy@example.org');
  await signedIn(page);
  expect(page.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/(#\/)?$/);
  await page.getByRole('link', { name: /Algebra/ }).click();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  expect(await algebra(stage).marks()).toEqual({ ada: '2' });
});

test('whoever is not let in with their account reads why, and can try again', async () => {
  const page = await arriving();
  await signInAtProvider(page, 'ada@example.org');
  await page.getByRole('alert').getByText('Only teachers and the office sign in here.').waitFor();
  await page.getByRole('link', { name: 'Sign in with Larkspur ID' }).waitFor();
  await page.goto(`${stage.wire.url}/#/refused/nonsense`);
  await page.getByRole('alert').getByText('You could not be signed in.').waitFor();
});

test('after signing out nothing of the roster is on the device, nor by going back', async () => {
  const page = await stage.signIn(teacher());
  await page.getByRole('link', { name: /Algebra/ }).click();
  await state(page).getByText('Not taken yet').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  expect(await page.evaluate('Object.keys(localStorage)')).toEqual([]);
  expect(await page.context().cookies()).toEqual([]);
  await page.goBack();
  await page.reload();
  await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  expect(await page.getByText('Lovelace').count()).toBe(0);
});

test('a roll that is taken after the session has ended waits on the device, and goes out after signing in again', async () => {
  const page = await stage.signIn(teacher());
  await algebra(stage).open(page);
  await state(page).getByText('Not taken yet').waitFor();
  await page.context().clearCookies();
  await tap(page, 'Ada Lovelace', 'late');
  await state(page).getByText('kept on this device until you sign in again').waitFor();
  expect(await algebra(stage).marks()).toBeUndefined();
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await signInAtProvider(page, 'emmy@example.org');
  await signedIn(page);
  await algebra(stage).open(page);
  await saved(page);
  expect(await algebra(stage).marks()).toEqual({ ada: '3' });
});

test.each([
  ['light', {}],
  ['dark', { colorScheme: 'dark' as const }],
  ['phone', PHONE],
])('axe finds nothing wrong with signing in: %s', async (name, options) => {
  const page = await arriving('/', options);
  await openCorner(page);
  await page.getByLabel('Secret').waitFor();
  await screenshot(page, `sign-in-${name}`);
  expect(await violations(page)).toEqual([]);
  await page.goto(`${stage.wire.url}/#/refused/unknown`);
  await page.getByRole('alert').getByText('Nobody in this district').waitFor();
  await screenshot(page, `sign-in-refused-${name}`);
  expect(await violations(page)).toEqual([]);
  await page.goto(await stage.invitation(teacher()));
  await page.getByRole('button', { name: 'Accept the invitation' }).waitFor();
  expect(await violations(page)).toEqual([]);
});

import { openStage, type Stage, screenshot } from './browser';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('the page of the APIs shows each document, asks no other host, and breaks no rule of its policy', async () => {
  const page = await (await stage.device()).newPage();
  const asked: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(`${stage.wire.url}/docs`);
  await page.getByRole('heading', { name: 'rollbook’s own API' }).waitFor();
  await page.getByText('Takes a roll, or says what is known of its students').first().click();
  await page.getByText('Needs the scope attendance:write.').waitFor();
  await screenshot(page, 'docs');
  for (const name of ['Schoology’s API', 'PowerSchool’s API', 'OSDI', 'Wix Bookings Attendance']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }
  expect(asked.filter(isElsewhere)).toEqual([]);
  expect(errors).toEqual([]);
});

const isElsewhere = (url: string) => !url.startsWith(`${stage.wire.url}/`) && !url.startsWith('data:');

test('a request can be tried with a token that is pasted in, and with a key and secret', async () => {
  const { api, wire } = stage;
  const district = api.world.districts.larkspur;
  const client = await api.clients.create({ district, name: 'developer', scopes: ['attendance:read'] });
  const page = await (await stage.device()).newPage();
  page.setDefaultTimeout(40_000); // a document has thousands of elements
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(`${wire.url}/docs/`);
  const dialog = page.locator('.modal-ux');
  const form = (scheme: string) => dialog.locator('.auth-container', { hasText: scheme });
  const inDialog = async (what: () => Promise<void>) => {
    await page.getByRole('button', { name: 'Authorize', exact: true }).click();
    await what();
    await dialog.locator('.close-modal').click();
  };
  const authorize = async (scheme: string, typed: Readonly<Record<string, string>>) => {
    for (const [field, value] of Object.entries(typed)) await form(scheme).locator(field).fill(value);
    await form(scheme).locator('button.authorize').click();
    await form(scheme).locator('button', { hasText: 'Logout' }).waitFor();
  };
  const operation = page.locator('.opblock', { hasText: 'Lists the rolls of a day' });
  const tried = async (status: number) => {
    await operation.getByRole('button', { name: 'Execute' }).click();
    await operation.locator('.live-responses-table .response-col_status', { hasText: String(status) }).waitFor();
  };
  await operation.getByText('Lists the rolls of a day', { exact: true }).click();
  await operation.getByRole('button', { name: 'Try it out' }).click();
  await tried(401);

  await inDialog(async () => {
    // Neither a signature nor a cookie can be typed in.
    expect(await dialog.locator('h4').allTextContents()).toEqual([
      expect.stringContaining('bearer'),
      expect.stringContaining('oauth2'),
    ]);
    await authorize('bearer', { input: client.token });
  });
  await tried(200);
  await inDialog(() => form('bearer').locator('button', { hasText: 'Logout' }).click());
  await tried(401);
  await inDialog(() =>
    authorize('oauth2', { '[data-name=clientId]': client.key, '[data-name=clientSecret]': client.secret }),
  );
  expect(wire.passed).toContain('POST /oauth/access_token');
  await tried(200);
  await screenshot(page, 'docs-tried');
  expect(asked.filter(isElsewhere)).toEqual([]);
}, 120_000);

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
  expect(await page.getByRole('button', { name: 'Try it out' }).count()).toBe(0);
  for (const name of ['Schoology’s API', 'PowerSchool’s API', 'OSDI', 'Wix Bookings Attendance']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
  }
  expect(asked.filter((url) => !url.startsWith(stage.wire.url) && !url.startsWith('data:'))).toEqual([]);
  expect(errors).toEqual([]);
});

import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { follow, openStage, type Stage, screenshot, TODAY } from './browser';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** A page in which the office has signed in by its key, looking at the marks. */
async function marksPage(options: Parameters<Stage['device']>[0] = {}): Promise<Page> {
  const { api, device, wire } = stage;
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'Office',
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
  const page = await (await device(options)).newPage();
  await page.goto(wire.url);
  await page.getByText('With the key of a client, for operators').click();
  await page.getByLabel('Key').fill(key);
  await page.getByLabel('Secret').fill(secret);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await follow(page, 'Marks');
  await page.getByRole('heading', { name: 'Bring marks in' }).waitFor();
  return page;
}

const choose = (page: Page, text: string | Buffer) =>
  page.getByLabel('CSV file').setInputFiles({ name: 'week.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

const csv = [
  'Student,Section,Date,Status,Comment',
  `ada,algebra,${TODAY},absent,Zürich`,
  'grace,algebra,2025-10-11,late,"bus, again"',
  `grace,algebra,10/8/2025,late,`,
  `nobody,algebra,${TODAY},late,`,
].join('\r\n');

const stands = async () => (await stage.api.get('/marks')).body.marks.length;

test('a file is previewed, and imported once it is confirmed', async () => {
  const page = await marksPage();
  await choose(page, csv);
  await page
    .getByText('2 rows would change, 0 rows stood already, 2 rows would be refused. Nothing is written yet.')
    .waitFor();
  await page.getByText('must be a day of the calendar, YYYY-MM-DD, not "10/8/2025"').waitFor();
  await page.getByRole('button', { name: 'With a warning 1' }).click();
  await page.getByText('2025-10-11 is no school day (weekend)').waitFor();
  await page.getByRole('button', { name: 'Changed 2', exact: true }).click();
  await page.getByRole('cell', { name: 'Ada Lovelace' }).waitFor();
  await screenshot(page, 'marks-preview');
  expect(await stands()).toBe(0);

  await page.getByRole('button', { name: 'Change 2 rows' }).click();
  await page.getByText('Imported week.csv: 2 rows changed, 0 rows stood already, 2 rows refused.').waitFor();
  expect((await stage.api.get('/marks')).body.marks).toMatchObject([
    { date: TODAY, status: 'absent', comment: 'Zürich' },
    { date: '2025-10-11', status: 'late', comment: 'bus, again' },
  ]);
  const [last] = await stage.api.world.ledger.history({ district: stage.api.world.districts.larkspur });
  expect(last).toMatchObject({ api: 'rollbook', person_id: null });

  await page.getByRole('button', { name: 'Done' }).click();
  await choose(page, csv);
  await page.getByText('0 rows would change, 2 rows stood already, 2 rows would be refused.').waitFor();
  expect(await page.getByRole('button', { name: 'Nothing to change' }).isDisabled()).toBe(true);
});

test('days in the order of a country are read only after somebody has said that they are meant so', async () => {
  const page = await marksPage();
  const rows = ['ada,algebra,10/8/2025,absent', 'grace,algebra,10/14/2025,late'];
  await choose(page, ['Student,Section,Date,Status', ...rows].join('\r\n'));
  await page.getByText('Line 3 has the month first: 10/14/2025. Are all days of the file written so?').waitFor();
  await page.getByText('2 rows would be refused').waitFor();
  expect(await page.getByRole('button', { name: 'Nothing to change' }).isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Yes, the month first' }).click();
  await page.getByText('2 rows would change, 0 rows stood already, 0 rows would be refused.').waitFor();
  expect(await stands()).toBe(0);
  await page.getByRole('button', { name: 'Change 2 rows' }).click();
  await page.getByText('2 rows changed, 0 rows stood already, 0 rows refused.').waitFor();
  const { body } = await stage.api.get('/marks');
  expect(body.marks.map(({ date }: { date: string }) => date)).toEqual([TODAY, '2025-10-14']);
});

test('a preview that is cancelled, and a file that is no such file, leave nothing', async () => {
  const page = await marksPage();
  await choose(page, csv);
  await page.getByRole('button', { name: 'Cancel' }).click();
  expect(await page.getByRole('table').count()).toBe(0);
  await choose(page, 'Monday;Tuesday\r\n');
  await page.getByText('The first line must name a column enrollment or section').waitFor();
  expect(await stands()).toBe(0);
});

test('what a spreadsheet saved in Windows-1252 keeps its letters', async () => {
  const page = await marksPage();
  await choose(page, Buffer.from(csv, 'latin1'));
  await page.getByRole('button', { name: 'Changed 2', exact: true }).click();
  await page.getByRole('cell', { name: 'Zürich' }).waitFor();
});

test('marks are downloaded as a file that can be brought in again', async () => {
  const { ada, grace } = stage.api.world.enrollments;
  await stage.api.mark([ada, TODAY, 2, '=1+1'], [grace, '2025-10-06', 3]);
  const page = await marksPage();
  await page.getByLabel('From').fill('2025-10-07');
  await page.getByLabel('School').selectOption('Larkspur Middle School');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download CSV' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('marks-2025-10-07.csv');
  const text = readFileSync((await download.path())!, 'utf8');
  expect(text.split('\r\n').slice(1, -1)).toEqual([expect.stringContaining(`${ada},${TODAY},absent,,'=1+1`)]);
  await choose(page, text);
  await page.getByText('0 rows would change, 1 row stood already, 0 rows would be refused.').waitFor();
});

test.each([
  ['in the dark, on a phone', { colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const],
  ['in the light', { colorScheme: 'light', viewport: { width: 1280, height: 900 } } as const],
])('nothing is in the way of those who see or move otherwise: %s', async (name, options) => {
  const page = await marksPage(options);
  await choose(page, csv);
  await page.getByRole('button', { name: 'Refused 2' }).waitFor();
  await screenshot(page, `marks-${name.replaceAll(/\W+/g, '-')}`);
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
  // By the debugger, which the content security policy of the page does not hold for.
  await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] })`,
  );
  expect(found.violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
});

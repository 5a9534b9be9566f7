import type { Page } from 'playwright-core';
import { eventually } from './algebra';
import { openStage, type Stage, screenshot } from './browser';
import { openSchoolYear, ratesBy, type SchoolYear } from './district';
import { cellsOf, downloadedBy } from './reading';

let stage: Stage;
let year: SchoolYear;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
});
afterAll(() => stage.close());
beforeEach(async () => {
  page = await stage.signIn(year.office, { viewport: { width: 1280, height: 900 } });
  await page.getByRole('heading', { name: 'Dashboard' }).waitFor();
});
afterEach(() => page.context().close());

const picture = (title: string) => page.getByRole('region', { name: title, exact: true });

async function numbers(title: string) {
  await picture(title).getByText('Numbers', { exact: true }).click();
  return cellsOf(picture(title).getByRole('table'));
}

const weekdayNames = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const dayOf = (date: string) => new Date(`${date}T00:00:00Z`);
const shown = (date: string) => dayOf(date).toLocaleDateString('en-US', { timeZone: 'UTC', dateStyle: 'medium' });
const mondayOf = (date: string) => {
  const day = dayOf(date);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
};

test('absence over time, by weekday and by school is what was written', async () => {
  const { studentDays } = year;
  expect(await numbers('Absence over time')).toEqual(ratesBy(studentDays, ({ date }) => shown(mondayOf(date))));
  expect(await numbers('Absence by weekday')).toEqual(
    ratesBy(studentDays, ({ date }) => weekdayNames[dayOf(date).getUTCDay()]!),
  );
  expect(await numbers('Absence by school')).toEqual(ratesBy(studentDays, ({ school }) => school));
  for (const title of [
    'Absence over time',
    'Absence by weekday',
    'Absence by school',
    'Rolls today',
    'Chronic absence',
  ])
    expect([title, await isDrawnIn(INK.light, title)]).toEqual([title, true]);
  await screenshot(page, 'office-dashboard');
});

/** The colour of lines and bars, by day and by night. */
const INK = { light: '31,95,139', dark: '124,192,238' };

/** Whether a chart has anything of that colour on it. */
const isDrawnIn = (colour: string, title: string): Promise<boolean> =>
  picture(title)
    .locator('canvas')
    .evaluate((canvas, colour) => {
      const { width, height } = canvas as unknown as Canvas;
      const { data } = (canvas as unknown as Canvas).getContext('2d').getImageData(0, 0, width, height);
      return data.some((_value, index) => index % 4 === 0 && data.slice(index, index + 3).join() === colour);
    }, colour);

/** Until what follows from the light is drawn. */
const nextFrame = () =>
  page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');

/** As far as a test looks at it: the types of the browser are not those of the tests. */
interface Canvas {
  readonly width: number;
  readonly height: number;
  getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
}

test('what is picked stays in the address, and is what the numbers are of', async () => {
  await page.getByRole('combobox', { name: 'School' }).selectOption('Birch');
  await page.getByRole('combobox', { name: 'By' }).selectOption('day');
  await page.getByLabel('From').fill('2025-09-08');
  await page.getByLabel('To', { exact: true }).fill('2025-09-19');
  await page.reload();
  const own = year.studentDays.filter(
    ({ school, date }) => school === 'Birch' && date >= '2025-09-08' && date <= '2025-09-19',
  );
  await picture('Absence over time').getByText('Sep 8, 2025 to Sep 19, 2025').waitFor();
  expect(await numbers('Absence over time')).toEqual(ratesBy(own, ({ date }) => shown(date)));
  expect(await picture('Absence by school').count()).toBe(0);
  expect((await cellsOf(picture('Rolls today').getByRole('table'))).map(([school]) => school)).toEqual(['Birch']);

  await page.getByRole('button', { name: 'School year so far' }).click();
  await page.getByRole('combobox', { name: 'By' }).selectOption('month');
  expect((await numbers('Absence over time')).map(([month]) => month)).toEqual([
    'August 2025',
    'September 2025',
    'October 2025',
  ]);
});

test('the numbers of a chart are handed out as CSV', async () => {
  const { name, text } = await downloadedBy(page, () =>
    picture('Absence by weekday').getByRole('button', { name: 'CSV' }).click(),
  );
  const [head, ...lines] = text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(name).toBe('absence-by-weekday.csv');
  expect(head).toEqual([
    ...['key', 'label', 'rolls_taken', 'assumed', 'student_days', 'absent_days', 'excused_days', 'late_days'],
    ...['partial_days', 'absence_rate'],
  ]);
  const plain = (number: string) => number.replace(',', '');
  const said = ratesBy(year.studentDays, ({ date }) => weekdayNames[dayOf(date).getUTCDay()]!);
  const counted = lines.map(([, label, rolls, _assumed, days, absent, excused, late, partial]) => [
    label,
    rolls,
    days,
    absent,
    excused,
    partial,
    late,
  ]);
  expect(counted).toEqual(said.map(([label, _rate, ...counts]) => [label, ...counts.map((count) => plain(count))]));
});

test('a picture is printed alone, with its numbers, in the colours of paper', async () => {
  expect(await isDrawnIn(INK.light, 'Absence by school')).toBe(true);
  await page.emulateMedia({ colorScheme: 'dark' });
  await nextFrame();
  expect(await isDrawnIn(INK.dark, 'Absence by school')).toBe(true);
  await page.evaluate('window.print = () => undefined'); // nobody closes the browser's own dialog
  await picture('Absence by school').getByRole('button', { name: 'Print' }).click();
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await nextFrame();
  expect(await page.getByRole('region', { name: 'Absence by weekday' }).isVisible()).toBe(false);
  expect(await picture('Absence by school').getByRole('table').isVisible()).toBe(true);
  expect(await page.getByRole('button').filter({ visible: true }).count()).toBe(0);
  expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  expect(await isDrawnIn(INK.light, 'Absence by school')).toBe(true);
  await screenshot(page, 'office-print');
  await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
  await page.emulateMedia({ media: 'screen' });
  expect(await page.getByRole('region', { name: 'Absence by weekday' }).isVisible()).toBe(true);
  expect(await picture('Absence by school').getByRole('table').isVisible()).toBe(false);
});

test('where there is nothing to show, or the server says no, the page says so', async () => {
  await page.getByLabel('From').fill('2025-10-04');
  await page.getByLabel('To', { exact: true }).fill('2025-10-05');
  await picture('Absence by weekday').getByText('Nothing is known of any school day in this time.').waitFor();
  await page.getByLabel('To', { exact: true }).fill('2025-10-01');
  await picture('Absence by weekday').getByRole('alert').getByText('from must be 2025-10-01 or earlier').waitFor();
  await page.route('**/reports/**', (route) => route.abort());
  await page.getByRole('button', { name: 'School year so far' }).click();
  await picture('Absence by weekday').getByText('There is no network.').waitFor();
  await page.unroute('**/reports/**');
  await picture('Absence by weekday').getByRole('button', { name: 'Try again' }).click();
  await picture('Absence by weekday').getByText('Numbers', { exact: true }).waitFor();
});

test('that the session has ended is said once, above: what was shown stays, and what could not be shown says nothing', async () => {
  const today = page.getByRole('region', { name: 'Rolls today by school' }).getByRole('row', { name: /Aspen/ });
  await today.waitFor();
  const before = await today.textContent();
  await page.context().clearCookies();
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 401) refused.push(new URL(response.url()).pathname);
  });
  await page.evaluate('window.dispatchEvent(new Event("online"))');
  await page.getByLabel('From').fill('2025-10-02');
  await page.getByRole('banner').getByText('Your session has ended.').waitFor();
  await page.waitForLoadState('networkidle');
  await eventually(async () => refused.includes('/reports/today') && refused.includes('/reports/absence'), true);
  // What is drawn after an answer would be drawn by now.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  const main = page.getByRole('main');
  expect(await main.getByRole('alert').allInnerTexts()).toEqual([]);
  expect(await main.getByRole('button', { name: 'Try again' }).count()).toBe(0);
  expect(await page.getByText('Your session has ended.').count()).toBe(1);
  expect(await today.textContent()).toBe(before);
});

test('a webhook that was disabled is named, and why; where none is, nothing is said', async () => {
  const { api } = stage;
  expect(await page.getByText('not told of attendance').count()).toBe(0);
  const { districts, database } = api.world;
  const { id: client_id } = await database.knex('api_clients').where({ district_id: districts.larkspur }).first('id');
  await database.knex('webhook_targets').insert({
    district_id: districts.larkspur,
    client_id,
    api: 'rollbook',
    url: 'https://sis.example.org/a-secret-path',
    description: 'the SIS',
    secret: 'never opened',
    created_at: '2025-10-01T00:00:00.000Z',
    after_transaction: '-1',
    after_id: 0,
    epoch: '',
    disabled_at: '2025-10-06T12:00:00.000Z',
    disabled_reason: 'failing',
    last_error: 'It answered 500.',
  });
  await page.reload();
  const notice = page.getByRole('alert').filter({ hasText: 'not told of attendance' });
  await notice.waitFor();
  const said = await notice.textContent();
  expect(said).toContain('the SIS (sis.example.org)');
  expect(said).toContain('It did not answer for five days. It answered 500.');
  expect(said).not.toContain('a-secret-path');
  await database.knex('webhook_targets').delete();
});

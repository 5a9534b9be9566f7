import type { Page } from 'playwright-core';
import { openStage, type Stage, screenshot } from './browser';
import { chronicOf, openSchoolYear, type SchoolYear } from './district';
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
  page = await stage.signIn(year.office);
});

const list = () => page.getByRole('region', { name: 'Students who are chronically absent' }).getByRole('table');

test('the list has who missed a tenth of their days or more, page by page or whole, those who missed most first', async () => {
  const expected = chronicOf(year.studentDays);
  expect(expected.length).toBeGreaterThan(50);
  await page.getByRole('link', { name: 'Who they are' }).click();
  await page.getByText(`1 to 50 of ${expected.length}`).waitFor();
  await page.getByText(new RegExp(`^${expected.length} of \\d+ students`)).waitFor();
  expect(await cellsOf(list())).toEqual(expected.slice(0, 50));
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText(`51 to ${Math.min(expected.length, 100)} of`).waitFor();
  await page.reload();
  await page.getByText(`51 to ${Math.min(expected.length, 100)} of`).waitFor();
  expect(await cellsOf(list())).toEqual(expected.slice(50, 100));
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText(`1 to ${expected.length} of`).waitFor();
  expect(await cellsOf(list())).toEqual(expected);
  await screenshot(page, 'office-chronic');
});

test('it says of whom the share is: students who were counted on ten days or more', async () => {
  await page.goto(`${stage.api.url}/#/chronic`);
  const students = new Set(year.studentDays.map(({ student }) => student)).size;
  const sentence = 'who were counted on 10 days or more missed 10% of them or more.';
  const shown = page.getByText(sentence);
  await shown.waitFor();
  const expected = chronicOf(year.studentDays).length;
  expect(await shown.textContent()).toContain(`${expected} of ${students} students`);
  await page.goto(`${stage.api.url}/#/chronic?from=2025-08-25&to=2025-08-29`);
  await page.getByText('Of no student 10 days or more are known in this time.').waitFor();
  expect(await list().count()).toBe(0);
});

test('of one school it has the students of that school, and the file has all pages', async () => {
  await page.goto(`${stage.api.url}/#/chronic?school=${year.schools.birch}&to=2025-09-19`);
  const expected = chronicOf(year.studentDays.filter(({ school, date }) => school === 'Birch' && date <= '2025-09-19'));
  await page.getByText(`${expected.length} of 150 students`).waitFor();
  const { name, text } = await downloadedBy(page, () => page.getByRole('button', { name: 'CSV' }).click());
  expect(name).toBe('chronic-absence.csv');
  const [head, ...lines] = text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  expect(head).toEqual([
    ...['person_id', 'student_number', 'name', 'school', 'grades'],
    ...['enrolled_days', 'absent_days', 'partial_days', 'rate'],
  ]);
  expect(
    lines.map(([, , student, school, grades, days, absent]) => [student, grades, school, `${absent} of ${days}`]),
  ).toEqual(expected.map((row) => row.slice(0, 4)));
});

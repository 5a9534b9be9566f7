import type { Page } from 'playwright-core';
import { openStage, type Stage, screenshot } from './browser';
import { openSchoolYear, type SchoolYear } from './district';
import { cellsOf } from './reading';

let stage: Stage;
let year: SchoolYear;
let page: Page;
beforeEach(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
  page = await stage.signIn(year.office);
  await page.goto(`${stage.api.url}/#/calendars/${year.schools.aspen}`);
  await page.getByText('Nothing is set in this year').waitFor();
});
afterEach(() => stage.close());

const kept = async () => (await stage.api.get(`/calendars/${year.schools.aspen}`)).body.days;
const daysInRates = async () =>
  (await stage.api.get(`/reports/absence?by=day&school=${year.schools.aspen}`)).body.rows.length;
const day = (name: string) => page.getByRole('button', { name });
const dialog = () => page.getByRole('dialog');

test('a day is taken out with a warning where rolls were taken, leaves every rate, and is put in again', async () => {
  const before = await daysInRates();
  await day('Monday, September 1: school day').click();
  await dialog().getByText('Rolls were already taken on Sep 1.').waitFor();
  await dialog().getByLabel('Reason').fill('Labor Day');
  await screenshot(page, 'office-calendar-day');
  expect(await kept()).toEqual([]);
  await dialog().getByRole('button', { name: 'No school' }).click();
  await page.getByText('Monday, September 1: taken out.').waitFor();
  expect(await kept()).toEqual([{ date: '2025-09-01', school_day: false, reason: 'Labor Day' }]);
  expect(await daysInRates()).toBe(before - 1);
  expect(await cellsOf(page.getByRole('region', { name: 'Days that are set' }).getByRole('table'))).toEqual([
    ['Monday, September 1', 'no', 'Labor Day', 'Change'],
  ]);

  await day('Monday, September 1: taken out, Labor Day').click();
  await dialog().getByRole('button', { name: 'School day' }).click();
  await page.getByText('Monday, September 1: put in.').waitFor();
  expect(await daysInRates()).toBe(before);
  await page.getByText('Nothing is set in this year').waitFor();
});

test('with the keyboard alone a week is taken out, of which weekends are no part', async () => {
  const refused: string[] = [];
  page.on('response', (response) => response.status() >= 400 && refused.push(response.url()));
  const start = day('Wednesday, October 8: school day');
  await start.focus();
  for (let week = 0; week < 7; week++) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  expect(await page.evaluate('document.activeElement.dataset.date')).toBe('2025-11-24');
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  expect(await page.evaluate('document.activeElement.dataset.date')).toBe('2025-11-24');
  await page.keyboard.press('Enter');
  await dialog().waitFor();
  await page.keyboard.type('Thanksgiving');
  await page.keyboard.press('Tab');
  await page.keyboard.type('12012025');
  expect(await dialog().getByRole('alert').count()).toBe(0);
  await page.keyboard.press('Enter');
  await page.getByText('Monday, November 24 to Monday, December 1: taken out.').waitFor();
  expect((await kept()).map(({ date }: { date: string }) => date)).toEqual([
    ...['2025-11-24', '2025-11-25', '2025-11-26', '2025-11-27', '2025-11-28', '2025-12-01'],
  ]);
  expect(refused).toEqual([]); // no report tells of days to come, and none was asked for
  await screenshot(page, 'office-calendar');
});

test('who takes a day out in all schools is warned of rolls that were taken in another', async () => {
  const rolls = year.rooms.map(({ id }) =>
    stage.api.patch(`/rolls/${id}/2025-08-25`).send({ taken: false }).expect(200),
  );
  await Promise.all(rolls);
  const asked = page.waitForResponse(/reports\/absence\?by=day.*from=2025-08-25/);
  await day('Monday, August 25: school day').click();
  await (await asked).finished();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  expect(await dialog().getByRole('alert').count()).toBe(0);
  await dialog().getByLabel('In all schools').check();
  await dialog().getByText('Rolls were already taken on Aug 25.').waitFor();
  await dialog().getByRole('button', { name: 'No school' }).click();
  await page.getByText('Monday, August 25: taken out.').waitFor();
  expect((await stage.api.get(`/calendars/${year.schools.birch}`)).body.days).toHaveLength(1);
});

const csv = (text: string) => ({ name: 'days.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

test('a list in CSV is imported whole with a warning, or refused whole with what is wrong', async () => {
  await page.getByLabel('File').setInputFiles(csv('date,school_day,reason\n2025-12-25,no,Christmas\nnever,no,\n'));
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByText('Nothing was imported: days.1.date must be a day, YYYY-MM-DD, not "never"').waitFor();
  expect(await kept()).toEqual([]);

  const good = 'date,school_day,reason\n2025-12-25,no,Christmas\n2025-09-02,no,Storm\n2025-12-06,yes,Open day\n';
  await page.getByLabel('File').setInputFiles(csv(good));
  await page.getByRole('button', { name: 'Import' }).click();
  await page.getByText('days.csv is imported: 3 days are set differently.').waitFor();
  await page.getByText('Rolls were already taken on Sep 2.').waitFor();
  expect(await kept()).toHaveLength(3);
  await day('Saturday, December 6: school day, put in, Open day').waitFor();
});

test('the office says that who is not marked counts as present, and rates follow; what cannot be set is said', async () => {
  const untaken = page.getByRole('combobox', { name: 'Who is not marked' });
  expect(await untaken.inputValue()).toBe('unknown');
  const absentToday = { enrollment: year.rooms[0]!.enrollments[0]!, date: '2025-08-25', status: 'absent' };
  const rolls = year.rooms.map(({ id }) =>
    stage.api.patch(`/rolls/${id}/2025-08-25`).send({ taken: false }).expect(200),
  );
  await Promise.all(rolls);
  await stage.api
    .post('/marks')
    .send({ marks: [absentToday] })
    .expect(200);
  const studentDays = async () => {
    const path = `/reports/absence?by=day&school=${year.schools.aspen}&from=2025-08-25&to=2025-08-25`;
    return (await stage.api.get(path)).body.rows[0].student_days;
  };
  expect(await studentDays()).toBeLessThan(150);
  await untaken.selectOption('counts as present');
  await page.getByText('Set: who is not marked counts as present.').waitFor();
  expect(await studentDays()).toBe(150);
  await screenshot(page, 'office-untaken');
  await page.reload();
  await untaken.waitFor();
  expect(await untaken.inputValue()).toBe('present');
  // What counts as present was not taken: there is nothing to warn of.
  const asked = page.waitForResponse(/reports\/absence\?by=day.*from=2025-08-25/);
  await day('Monday, August 25: school day').click();
  await (await asked).finished();
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  expect(await dialog().getByRole('alert').count()).toBe(0);
  await page.keyboard.press('Escape');

  await page.context().setOffline(true);
  await untaken.selectOption('is unknown');
  await page.getByText('Nothing was set: The server cannot be reached.').waitFor();
  expect((await stage.api.get(`/schools/${year.schools.aspen}`)).body.untaken).toBe('present');
});

test('where the address names no school of the district, one of them can be picked', async () => {
  await page.goto(`${stage.api.url}/#/calendars/999999`);
  await page.getByRole('combobox', { name: 'School' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'School' }).inputValue()).toBe('');
  expect(await page.getByRole('table').count()).toBe(0);
  await page.getByRole('combobox', { name: 'School' }).selectOption('Birch');
  await page.getByText('Nothing is set in this year').waitFor();
});

test('the week of the school is ticked, and said for all schools at once', async () => {
  const weekOf = async (school: number) => (await stage.api.get(`/calendars/${school}`)).body.weekdays;
  const form = page.getByRole('region', { name: 'School week' });
  await form.getByLabel('Sunday').check();
  await form.getByLabel('Friday').uncheck();
  await form.getByRole('button', { name: 'Set the week' }).click();
  await page.getByText('The school week is set.').waitFor();
  await day('Friday, September 5: no school').waitFor();
  await day('Sunday, September 7: school day').waitFor();
  expect(await weekOf(year.schools.aspen)).toEqual(['monday', 'tuesday', 'wednesday', 'thursday', 'sunday']);
  expect(await weekOf(year.schools.birch)).toHaveLength(5);
  await screenshot(page, 'office-calendar-week');
  await form.getByLabel('Saturday').check();
  await form.getByLabel('In all schools').check();
  await form.getByRole('button', { name: 'Set the week' }).click();
  await page.getByText('The school week is set in all schools.').waitFor();
  expect(await weekOf(year.schools.birch)).toContain('saturday');
});

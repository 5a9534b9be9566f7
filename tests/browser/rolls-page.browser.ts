import { faultsOf } from './axe';
import { openStage, type Stage, screenshot, TODAY } from './browser';
import { openSchoolYear, type SchoolYear } from './district';

let stage: Stage;
let year: SchoolYear;
beforeEach(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
});
afterEach(() => stage.close());

test('the office sees which rolls of a school are not taken, whose they are, period by period, and all of them', async () => {
  const [first] = year.rooms;
  await stage.api.patch(`/rolls/${first!.id}/${TODAY}`).send({ taken: true }).expect(200);
  const page = await stage.signIn(year.office);
  await page.getByRole('link', { name: 'Rolls', exact: true }).click();
  await page.getByLabel('School').selectOption('Aspen');
  await page.getByText('5 of 6 rolls are not taken.').waitFor();
  const cards = page.locator('.section');
  expect(await cards.first().textContent()).toBe('Room 2Tove TeacherA2 · 25 studentsNot taken');
  expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual(
    [2, 3, 4, 5, 6].map((period) => `Period ${period}`),
  );
  expect(await faultsOf(page)).toEqual([]);
  await screenshot(page, 'office-rolls');

  await page.getByRole('button', { name: 'Remind their teachers by email' }).click();
  await page.getByText('Nobody was sent a reminder.').waitFor();
  await page.getByText('Room 2, Tove Teacher: email is not set up here').waitFor();

  await page.getByLabel('Only those not taken').uncheck();
  await page.getByRole('combobox', { name: /^Period/ }).selectOption('1');
  await page.getByText('0 of 1 roll is not taken.').waitFor();
  expect(await cards.allInnerTexts()).toEqual([expect.stringContaining('Room 1')]);
});

test('on a day without school no roll is due: there is nobody to chase, and what was taken all the same is shown', async () => {
  const [first] = year.rooms;
  const { aspen } = year.schools;
  const days = [{ date: TODAY, school_day: false, reason: 'Snow' }];
  await stage.api.put(`/calendars/${aspen}`).send({ days }).expect(200);
  const page = await stage.signIn(year.office);
  await page.goto(`${stage.wire.url}/#/days/${TODAY}?school=${aspen}`);
  await page.getByText('No roll is due, and none is taken.').waitFor();
  expect(await page.locator('.section').count()).toBe(0);
  expect(await page.getByRole('button', { name: /Remind/ }).count()).toBe(0);

  await stage.api.patch(`/rolls/${first!.id}/${TODAY}`).send({ taken: true }).expect(200);
  await page.reload();
  await page.getByText('No roll is due. 1 is taken all the same.').waitFor();
  expect(await page.locator('.section').allInnerTexts()).toEqual([expect.stringContaining('Room 1')]);
  await page.getByLabel('Only those not taken').uncheck();
  await page.locator('.section', { hasText: 'Not due' }).first().waitFor();
  expect(await page.locator('.section.untaken').count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);

  // Of several schools those alone are due that are open.
  await page.goto(`${stage.wire.url}/#/days/${TODAY}`);
  await page.getByText('1 school has no school on this day.').waitFor();
  const { rolls } = (await stage.api.get(`/reports/rolls?date=${TODAY}`)).body;
  const due = rolls.filter(({ school_day }: { school_day: boolean }) => school_day).length;
  await page.getByText(`${due} of ${due + 1} rolls are not taken.`).waitFor();
});

import { openStage, type Stage, screenshot, TODAY } from './browser';
import { openSchoolYear, type SchoolYear } from './district';
import { cellsOf, downloadedBy } from './reading';

let stage: Stage;
let year: SchoolYear;
beforeEach(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
});
afterEach(() => stage.close());

test('rolls that are not taken are counted school by school, opened to their teachers, and followed while looked at', async () => {
  const page = await stage.signIn(year.office);
  const today = page.getByRole('region', { name: 'Rolls today', exact: true });
  await page.clock.install();
  await page.reload();
  await today.getByText('14 of 14 rolls').waitFor();
  await page.getByRole('button', { name: 'Aspen', exact: true }).click();
  const list = today.getByRole('listitem');
  await list.first().waitFor();
  expect(await list.count()).toBe(6);
  expect(await list.first().textContent()).toBe('Room 1 A1 · period 1 · Tove Teacher · 25 students');
  const untaken = await downloadedBy(page, () => today.getByRole('button', { name: 'CSV' }).click());
  expect(untaken.text.trim().split('\r\n')).toHaveLength(15);

  // The office excuses one student: the roll stays on the list until it is taken.
  const excused = { enrollment: year.rooms[0]!.enrollments[0]!, date: TODAY, status: 'excused' };
  await stage.api
    .post('/marks')
    .send({ marks: [excused] })
    .expect(200);
  await page.clock.runFor(31_000);
  await today.getByText('14 of 14 rolls').getByText('1 student is already marked on them').waitFor();
  await list.first().getByText('25 students · 1 marked').waitFor();
  expect((await cellsOf(today.getByRole('table')))[0]).toEqual([
    'Aspen',
    '6 (1 marked)',
    '0 of 6',
    '1 (1 excused)',
    '0',
    '0',
  ]);
  await screenshot(page, 'office-marked');

  await stage.api.mark([year.rooms[0]!.enrollments[0]!, TODAY, 2]);
  await page.clock.runFor(31_000);
  await today.getByText('13 of 14 rolls').waitFor();
  await page.locator('.untaken-rolls li').nth(5).waitFor({ state: 'detached' });
  expect(await page.locator('.untaken-rolls li').count()).toBe(5);
  const [aspen] = await cellsOf(today.getByRole('table'));
  expect(aspen).toEqual(['Aspen', '5', '1 of 6', '1', '0', '0']);
  await screenshot(page, 'office-today');
  await list.getByRole('link', { name: 'Room 2' }).click();
  await page.getByText('Not taken yet').waitFor();
});

test('the office corrects a mark, and what the teacher submitted stays beside it', async () => {
  const { id, enrollments } = year.rooms[0]!;
  const teacher = await stage.api.as({ person: year.teacher });
  const attendance = [2, 1, 3].map((status, index) => ({
    ...{ enrollment_id: enrollments[index], date: TODAY, status },
    comment: status === 2 ? 'flu' : '',
  }));
  await teacher.put(`/v1/sections/${id}/attendance`).send({ attendances: { attendance } });

  const page = await stage.signIn(year.office);
  await page.goto(`${stage.api.url}/#/sections/${id}/${TODAY}`);
  const students = page.getByRole('group');
  await students.first().waitFor();
  expect(await page.getByText('Tove Teacher submitted').count()).toBe(0);
  for (const [index, status] of ['excused', 'absent'].entries()) {
    await students.nth(index).getByRole('radio', { name: status }).check();
    await page.getByText(/^Saved/).waitFor();
  }
  const notes = () => page.locator('.submitted').allTextContents();
  const expected = [
    expect.stringMatching(/^Tove Teacher submitted absent, “flu”, .*\d:\d\d/),
    expect.stringMatching(/^Tove Teacher submitted present, .*\d:\d\d/),
  ];
  expect(await notes()).toEqual(expected);
  await page.reload();
  await page.locator('.submitted').first().waitFor();
  expect(await notes()).toEqual(expected);
  await screenshot(page, 'office-correction');

  await students.nth(1).getByRole('radio', { name: 'present' }).check();
  await page.getByText(/^Saved/).waitFor();
  expect(await notes()).toEqual(expected.slice(0, 1));

  const own = await stage.signIn(year.teacher);
  await own.goto(`${stage.api.url}/#/sections/${id}/${TODAY}`);
  await own.getByRole('group').nth(4).getByRole('radio', { name: 'late' }).check();
  await own.getByText(/^Saved/).waitFor();
  expect(await own.locator('.submitted').count()).toBe(0);
});

test('who marks one student has submitted nothing of the others', async () => {
  const { id, enrollments } = year.rooms[0]!;
  const teacher = await stage.api.as({ person: year.teacher });
  const statuses = [{ enrollment_id: enrollments[0], status: 2 }];
  await teacher.patch(`/rolls/${id}/${TODAY}`).send({ statuses });
  const page = await stage.signIn(year.office);
  await page.goto(`${stage.api.url}/#/sections/${id}/${TODAY}`);
  const students = page.getByRole('group');
  for (const index of [0, 1]) {
    await students.nth(index).getByRole('radio', { name: 'excused' }).check();
    await page.getByText(/^Saved/).waitFor();
  }
  await page.reload();
  await page.locator('.submitted').first().waitFor();
  expect(await page.locator('.submitted').allTextContents()).toEqual([
    expect.stringMatching(/^Tove Teacher submitted absent, /),
  ]);
  // Once the teacher has taken the roll, they have let the rest stand.
  await teacher.patch(`/rolls/${id}/${TODAY}`).send({ taken: true });
  await page.reload();
  await students.nth(2).getByRole('radio', { name: 'late' }).check();
  await students
    .nth(2)
    .getByText(/^Tove Teacher submitted present/)
    .waitFor();
});

test('a school without school today is not waited for, and what cannot be refreshed is said to be old', async () => {
  await stage.api.put(`/calendars/${year.schools.aspen}`).send({
    days: [{ date: TODAY, school_day: false, reason: 'Storm' }],
  });
  const page = await stage.signIn(year.office);
  const today = page.getByRole('region', { name: 'Rolls today', exact: true });
  await page.clock.install();
  await page.reload();
  await today.getByText('8 of 8 rolls').waitFor();
  expect((await cellsOf(today.getByRole('table')))[0]).toEqual(['Aspen', 'not a school day: Storm']);

  await page.route('**/reports/today', (route) => route.abort());
  await page.clock.runFor(31_000);
  await today.getByText('This is not up to date').waitFor();
  await today.getByText('8 of 8 rolls').waitFor();
  await page.unroute('**/reports/today');
  await page.clock.runFor(31_000);
  await today.getByText('This is not up to date').waitFor({ state: 'detached' });
});

import type { Page } from 'playwright-core';
import { openStage, PHONE, type Stage } from './browser';
import { violations } from './reading';

/** The district's office lets programs in, and changes settings. */
let stage: Stage;
let page: Page;
beforeAll(async () => {
  stage = await openStage();
  const { knex } = stage.api.world.database;
  const { id: _id, ...person } = await knex('people').where({ id: stage.api.world.people.noether }).first();
  const office = { sourced_id: 'noor', given_name: 'Noor', family_name: 'Rahimi', role: 'districtAdministrator' };
  const [{ id: chief }] = await knex('people')
    .insert({ ...person, ...office, email: 'noor@example.org' })
    .returning('id');
  page = await stage.signIn(chief);
  page.on('dialog', (dialog) => void dialog.accept());
});
afterAll(() => stage.close());

const users = async (token: string) =>
  (await fetch(`${stage.api.url}/v1/users`, { headers: { Authorization: `Bearer ${token}` } })).status;
const token = () => page.locator('.secrets dd').nth(2).textContent();

test('a program is let in; its secret is shown once, rotated, and it is revoked', async () => {
  await page.getByRole('link', { name: 'Access' }).click();
  await page.getByText('Let another program in').click();
  await page.getByLabel('What to call it').fill('Library');
  await page.getByLabel('roster:read').check();
  expect(await page.getByLabel(/^admin/).count()).toBe(0);
  await page.getByRole('button', { name: 'Make the client' }).click();
  await page.getByRole('heading', { name: 'The secret of Library' }).waitFor();
  const first = (await token())!;
  await page.getByRole('row', { name: /Library.*None noted/ }).waitFor();
  await page.getByRole('row', { name: /Noor Rahimi.*, or up to an hour later/ }).waitFor();
  expect([await users(first), await violations(page)]).toEqual([200, []]);
  await page.getByRole('button', { name: 'Rotate the secret of Library' }).click();
  await page.getByText('The old secret and token work until').waitFor();
  const second = (await token())!;
  expect([await users(first), await users(second)]).toEqual([200, 200]);
  await page.getByRole('button', { name: 'Revoke Library' }).click();
  await page.getByText('Library is revoked.').waitFor();
  expect([await users(first), await users(second)]).toEqual([401, 401]);
  expect(await page.getByText(second).count()).toBe(0);
});

test('on the page of settings the SIS takes attendance over, and a code is added; both are listed with who did it', async () => {
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Let the SIS take attendance' }).click();
  await page.getByRole('button', { name: 'Take rolls here again' }).click();
  await page.getByText('Rolls are taken here.', { exact: true }).waitFor();
  await page.getByLabel('Code', { exact: true }).fill('FT');
  await page.getByLabel('Says').fill('Field trip');
  await page.getByLabel('Means').selectOption('excused');
  await page.getByRole('button', { name: 'Add or change' }).click();
  await page.getByText('FT is set.').waitFor();
  await page.getByRole('row', { name: 'FT Field trip excused' }).waitFor();
  await page
    .getByRole('row', { name: /Attendance code set Larkspur Middle School: FT \(excused\), 2025-26 Noor Rahimi/ })
    .waitFor();
  await listsChanges();
  await page.setViewportSize(PHONE.viewport!);
  const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
  expect([await violations(page), isTooWide]).toEqual([[], false]);
});

/** What a school sets elsewhere is listed, too, in words. */
async function listsChanges(): Promise<void> {
  const { api } = stage;
  const { id } = await api.world.database.knex('schools').first();
  await api.patch(`/schools/${id}`).send({ edit_days: 14, grade_late: 80, untaken: 'present' }).expect(200);
  await api.put(`/schools/${id}/chronic-letter`).send({ text: '', language: 'es' }).expect(200);
  const days = [{ date: '2025-11-27', school_day: false, reason: 'Thanksgiving' }];
  await api
    .put(`/calendars/${id}`)
    .send({ weekdays: ['monday', 'sunday'], days })
    .expect(200);
  await page.reload();
  for (const row of [
    /Days after which teachers no longer change a roll Larkspur Middle School: 14 days/,
    /What late counts in the attendance grade Larkspur Middle School: 80%/,
    /Students count as present on rolls not taken Larkspur Middle School/,
    /The usual letters to families Larkspur Middle School: Español/,
    /School week Larkspur Middle School: Monday, Sunday/,
    /Days without school Larkspur Middle School: Nov 27, 2025/,
  ])
    await page.getByRole('row', { name: row }).waitFor();
}

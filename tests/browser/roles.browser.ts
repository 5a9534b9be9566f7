import { faultsOf } from './axe';
import { openStage, type Stage, screenshot, TODAY } from './browser';

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
});
afterAll(() => stage.close());

test('the office makes somebody a counselor, who then reads the rolls of the school and changes none', async () => {
  const { database, people, sections, districts } = stage.api.world;
  const { id: _, ...noether } = await database.knex('people').where({ id: people.noether }).first();
  const names = { given_name: 'Olga', family_name: 'Office', sourced_id: 'olga', role: 'administrator', email: '' };
  const [{ id: olga }] = await database
    .knex('people')
    .insert({ ...noether, ...names, school_id: null })
    .returning('id');
  const office = await stage.signIn(olga);
  await office.goto(`${stage.wire.url}/#/access`);
  const row = office.getByRole('row', { name: /Gregor Mendel/ });
  await row.getByText('Role', { exact: true }).click();
  await row.getByRole('combobox', { name: 'Role' }).selectOption({ label: 'Counselor: reads attendance of a school' });
  expect(await row.getByRole('combobox', { name: 'School' }).locator('option:checked').textContent()).toBe(
    'Larkspur Middle School',
  );
  expect(await faultsOf(office)).toEqual([]);
  await screenshot(office, 'access-role');
  await row.getByRole('button', { name: 'Set the role of Gregor Mendel' }).click();
  await office.getByText('Gregor Mendel is a counselor from now on.').waitFor();
  await row.getByRole('cell', { name: /^Counselor/ }).waitFor();
  await office.getByText('Role given: counselor, Larkspur Middle School').waitFor();

  await stage.api.mark([stage.api.world.enrollments.ada, TODAY, 2]);
  const page = await stage.signIn(people.mendel);
  await page.getByRole('link', { name: 'Who is absent' }).click();
  await page.getByRole('row', { name: /Ada Lovelace/ }).waitFor();
  expect(await page.getByRole('button', { name: /Change/ }).count()).toBe(0);
  await page.goto(`${stage.wire.url}/#/sections/${sections.algebra}/${TODAY}`);
  await page.getByText('You may read this roll. Teachers and secretaries change it.').waitFor();
  const main = page.getByRole('main');
  await main.getByRole('group', { name: 'Ada Lovelace' }).getByText('absent', { exact: true }).waitFor();
  expect(await main.locator('.student :is(input, select, button)').count()).toBe(0);
  expect(await main.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: /Substitute|Absence of the class/ }).count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
  await page.goto(`${stage.wire.url}/#/marks`);
  await main.getByText('Larkspur Middle School').waitFor();
  expect(await main.getByRole('combobox', { name: 'School' }).count()).toBe(0);
  await page.goto(`${stage.wire.url}/#/calendars`);
  await page.getByText('This page is not for the role in which you are signed in.').waitFor();
  expect(await database.knex('office_roles').where({ district_id: districts.larkspur })).toHaveLength(1);
});

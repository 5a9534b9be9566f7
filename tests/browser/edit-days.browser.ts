import { algebra, state } from './algebra';
import { faultsOf } from './axe';
import { openStage, type Stage, screenshot } from './browser';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('the office closes rolls after a day; the page of a teacher says so in place of its buttons, and the next day is open', async () => {
  const { database, districts, people, sections } = stage.api.world;
  const { id: school } = await database.knex('schools').first();
  const olga = { given_name: 'Olga', family_name: 'Office', role: 'administrator', sourced_id: 'olga' };
  const rest = { username: '', email: '', middle_name: '', preferred_name: '', identifier: '', grades: '' };
  const [{ id }] = await database
    .knex('people')
    .insert({ district_id: districts.larkspur, ...olga, ...rest })
    .returning('id');
  await algebra(stage).office('ada', 2, '2025-10-06');

  const office = await stage.signIn(id);
  await office.goto(`${stage.wire.url}/#/calendars/${school}`);
  await office.getByLabel('Teachers take and change a roll').selectOption('until the day after');
  await office.getByText('Set: teachers take and change a roll until the day after.').waitFor();
  expect((await stage.api.get(`/schools/${school}`)).body.edit_days).toBe(1);

  const page = await stage.signIn(people.noether);
  await page.goto(`${stage.wire.url}/#/sections/${sections.algebra}/2025-10-06`);
  await page
    .getByText('This roll is closed: teachers of this school may change rolls of Tuesday, October 7 and later.')
    .waitFor();
  expect(await page.getByRole('button', { name: /All present|Done/ }).count()).toBe(0);
  const main = page.getByRole('main');
  expect(await main.locator('.student :is(input, select, button)').count()).toBe(0);
  expect(await main.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  const ada = main.getByRole('group', { name: 'Ada Lovelace' });
  await ada.getByText('absent', { exact: true }).waitFor();
  // Not on the day of the roll.
  await ada.getByText(/^Entered by test, Oct 8, 2025, /).waitFor();
  await main.getByRole('group', { name: 'Alan Turing' }).getByText('not marked', { exact: true }).waitFor();
  await page.keyboard.press('?');
  const keys = page.getByRole('dialog', { name: 'Keys' });
  await keys.waitFor();
  expect(await keys.getByRole('term').allInnerTexts()).toEqual(['?']);
  await keys.getByRole('button', { name: 'Close' }).click();
  expect(await faultsOf(page)).toEqual([]);
  await screenshot(page, 'roll-closed');
  await page.getByLabel('Language').selectOption('Español');
  await page.getByText('pueden cambiar listas a partir del martes, 7 de octubre.').waitFor();
  await page.getByLabel('Idioma').selectOption('English');
  await page.goto(`${stage.wire.url}/#/sections/${sections.algebra}/2025-10-07`);
  await state(page).getByText('Not taken yet').waitFor();
  expect(await page.getByRole('button', { name: 'All present' }).count()).toBe(1);

  await office.goto(`${stage.wire.url}/#/sections/${sections.algebra}/2025-10-06`);
  await office.getByRole('button', { name: 'All present' }).waitFor();
});

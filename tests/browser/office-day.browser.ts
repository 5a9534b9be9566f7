import type { Page } from 'playwright-core';
import { personNames } from '../../src/roster/person-names';
import { algebra, eventually } from './algebra';
import { openStage, type Stage, screenshot, sizes, TODAY } from './browser';
import { cellsOf, papersOf, violations } from './reading';

/** A morning of the office: who is absent, a student who is looked for, an absence that is entered, rolls that are missing. */
let stage: Stage;
let office: number;
let page: Page;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
  const { database, people, districts } = stage.api.world;
  const { id: _, ...noether } = await database.knex('people').where({ id: people.noether }).first();
  const names = { given_name: 'Olga', family_name: 'Office', email: '', sourced_id: 'office', role: 'administrator' };
  const [added] = await database
    .knex('people')
    .insert({ ...noether, ...names })
    .returning('id');
  office = added.id;
  const noteNames = personNames(database);
  await database.transaction((tx) => noteNames(tx, districts.larkspur, { ids: Object.values(people) }));
  page = await stage.signIn(office);
});
afterEach(() => stage.close());

/** What axe finds wrong with the page as it is, on each size, and whether it is wider than that. The desktop is the last. */
async function faults(name: string): Promise<string[]> {
  const found: string[] = [];
  for (const [size, { viewport }] of sizes.toReversed()) {
    await page.setViewportSize(viewport!);
    found.push(...(await violations(page)).map((violation) => `${size}: ${violation}`));
    const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
    if (isTooWide) found.push(`${size}: is too wide`);
    await screenshot(page, `${name}-${size}`);
  }
  return found;
}

test('who is absent is listed by name, narrowed, and corrected where it stands', async () => {
  const { ada, grace } = stage.api.world.enrollments;
  await stage.api.mark([ada, TODAY, 2], [grace, TODAY, 3, 'bus']);
  await page.getByRole('link', { name: 'Who is absent' }).click();
  await page.getByText('2 students: 1 absent, 1 late; 1 not explained yet.').waitFor();
  expect(await faults('absent')).toEqual([]);
  await page.getByLabel('Not explained yet').check();
  await page.getByText('1 student: 1 absent; 1 not explained yet.').waitFor();
  const rows = () => cellsOf(page.getByRole('region', { name: 'Who is absent, late or excused' }).getByRole('table'));
  expect((await rows()).map(([name, , section, status]) => [name, section, status])).toEqual([
    ['Ada Lovelace', 'Algebra period 1', 'absent  not explained'],
  ]);
  await page.getByRole('button', { name: 'Change Ada Lovelace in Algebra' }).click();
  await page.getByLabel('Ada Lovelace in Algebra was').selectOption('E Excused absence');
  await page.getByLabel('Comment on Ada Lovelace').fill('dentist');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Nobody is on this list.').waitFor();
  expect(await roll.marks()).toEqual({ ada: '4 dentist', grace: '3 bus' });
  await page.getByLabel('Not explained yet').uncheck();
  await page.getByLabel('Status or code').selectOption('E Excused absence');
  await page.getByText('1 student: 1 excused.').waitFor();
});

test('a student is found from any page by the keyboard, and an absence entered for them, looked at first, and taken back', async () => {
  await roll.open(page);
  await page.getByRole('group', { name: 'Grace Hopper' }).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('LOVE ad');
  await page.getByRole('option', { name: /Ada Lovelace/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Ada Lovelace' }).waitFor();
  await page.getByRole('row').nth(2).waitFor();
  const day = await cellsOf(page.getByRole('table'));
  expect(day.map(([, section, status]) => [section, status])).toEqual([
    ['Algebra Emmy Noether', 'not taken'],
    ['Biology Gregor Mendel', 'not taken'],
  ]);
  expect(await faults('student')).toEqual([]);

  await page.getByRole('link', { name: 'Enter an absence' }).last().click();
  await page.getByRole('button', { name: 'Leave out Ada Lovelace' }).waitFor();
  await page.getByLabel('Last day').fill('2025-10-09');
  await page.getByLabel('Comment').fill('trip');
  await page.getByRole('button', { name: 'Show what would change' }).click();
  await page.getByText('1 student: 4 classes would change. No roll is taken by it.').waitFor();
  expect(await faults('absence')).toEqual([]);
  expect(await roll.marks()).toBeUndefined();
  await page.getByRole('button', { name: 'Enter the absence' }).click();
  await page.getByText('Entered in 4 classes.').waitFor();
  expect([await roll.marks(), await roll.marks('2025-10-09'), await roll.isTaken()]).toEqual([
    { ada: '4 trip' },
    { ada: '4 trip' },
    false,
  ]);

  // The teacher sees it on the sheet, and takes the roll with it.
  const teacher = await stage.signIn(stage.api.world.people.noether);
  await roll.open(teacher);
  await teacher.getByRole('group', { name: 'Ada Lovelace' }).getByText('Entered by Olga Office').waitFor();
  await teacher.getByRole('button', { name: 'Done' }).click();
  await eventually(roll.isTaken, true);
  expect(await roll.marks()).toEqual({ ada: '4 trip' });

  await page.getByRole('button', { name: /Take back the absence/ }).click();
  await page.getByText('Taken back in 4 classes.').waitFor();
  expect([await roll.marks(), await roll.marks('2025-10-09')]).toEqual([{}, undefined]);
});

test('who comes late is entered with the time, gets a pass on paper, and is on the list of the day', async () => {
  const { database, districts } = stage.api.world;
  const { id: school_id } = await database.knex('schools').first();
  const period = { district_id: districts.larkspur, school_id, year: 2025, period: '1' };
  await database.knex('bell_periods').insert({ ...period, start_time: 34_800, end_time: 38_400 }); // 9:40 to 10:40
  await page.getByRole('link', { name: 'Late and leaving' }).click();
  await page.getByLabel('Add a student').fill('grace');
  await page.getByRole('option', { name: /Grace Hopper/ }).click();
  await page.getByLabel('Reason').fill('bus');
  await page.getByLabel('Time').fill('10:00'); // it is 10:00
  await page.getByRole('button', { name: 'Enter', exact: true }).click();
  await page.getByText('Entered in 1 class.').waitFor();
  expect(await roll.marks()).toEqual({ grace: '3 bus' });
  await page.getByRole('row', { name: /Grace Hopper.*came at 10:00.*bus/ }).waitFor();
  expect(await faults('passes')).toEqual([]);
  await page.evaluate('window.print = () => { window.printed = true; }');
  await page.getByRole('button', { name: 'Print the pass of Grace Hopper, A6' }).click();
  await page.waitForFunction(() => 'printed' in globalThis);
  await page.emulateMedia({ media: 'print' });
  const slip = page.getByRole('region', { name: 'Pass of Grace Hopper' });
  expect(await slip.textContent()).toContain('Late arrival');
  expect(await page.getByRole('heading', { name: 'Comings and goings' }).isVisible()).toBe(false);
  await page.emulateMedia({ media: null }); // a PDF is of paper by itself
  expect(await papersOf(page)).toEqual([[298, 420]]); // 105 mm by 148
  await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
  await page.getByRole('button', { name: 'Print the pass of Grace Hopper, 80 mm' }).click();
  await page.locator('.slip-80').waitFor({ state: 'attached' });
  expect(await papersOf(page)).toEqual([[227, 312]]); // 80 mm by 110
  await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
  await page.getByRole('button', { name: 'Take back what was entered of Grace Hopper' }).click();
  await page.getByText('Nobody has come late or left early.').waitFor();
  expect(await roll.marks()).toBeUndefined();
});

test('rolls of other days that nobody took are a link away, for the office and for the teacher', async () => {
  await roll.officeTakes('2025-10-07');
  await page.getByRole('link', { name: 'Rolls not taken' }).click();
  const on = (shown: Page, day: string) => shown.getByRole('region', { name: day });
  await on(page, 'Wednesday, October 8')
    .getByRole('link', { name: /Algebra.*Emmy Noether/ })
    .waitFor();
  expect(await on(page, 'Tuesday, October 7').getByRole('link').count()).toBe(1);
  expect(await faults('untaken')).toEqual([]);
  const teacher = await stage.signIn(stage.api.world.people.noether);
  await teacher.getByRole('link', { name: 'Rolls of other days that are not taken' }).click();
  await on(teacher, 'Monday, October 6')
    .getByRole('link', { name: /Algebra/ })
    .click();
  await teacher.getByRole('button', { name: 'All present' }).click();
  await eventually(() => roll.isTaken('2025-10-06'), true);
});

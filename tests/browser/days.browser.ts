import type { Locator, Page } from 'playwright-core';
import { personNames } from '../../src/roster/person-names';
import { algebra, radio, taken } from './algebra';
import { openStage, PHONE, type Stage, screenshot, TODAY } from './browser';

/** Whole days of people, by what they do: each with how many taps it takes. */
let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

/** What somebody does with a page, counted: a tap, a key, a text that is typed or pasted. The time is of a machine that does not think. */
function hand(page: Page) {
  let taps = 0;
  const begun = performance.now();
  return {
    tap(target: Locator) {
      taps++;
      return target.click();
    },
    key(key: string) {
      taps++;
      return page.keyboard.press(key);
    },
    type(text: string) {
      taps++;
      return page.keyboard.type(text);
    },
    fill(target: Locator, text: string) {
      taps++;
      return target.fill(text);
    },
    /** How many it was. */
    done(what: string): number {
      process.stdout.write(`${what}: ${taps} taps, ${((performance.now() - begun) / 1_000).toFixed(1)} s\n`);
      return taps;
    },
  };
}

/** A secretary of the school, Algebra with 28 students more, and the times of its period. */
async function openMorning(): Promise<Page> {
  const { database, people, districts } = stage.api.world;
  const { knex } = database;
  const district_id = districts.larkspur;
  await algebra(stage).enrollMore(28);
  const { id: _, ...noether } = await knex('people').where({ id: people.noether }).first();
  const names = { given_name: 'Sara', family_name: 'Secretary', sourced_id: 'sara', role: 'aide', email: '' };
  const [{ id: person_id }] = await knex('people')
    .insert({ ...noether, ...names })
    .returning('id');
  const { id: school_id } = await knex('schools').first();
  const given_at = '2025-08-01T00:00:00.000Z';
  await knex('office_roles').insert({ district_id, person_id, school_id, role: 'secretary', given_at });
  const period = { district_id, school_id, year: 2025, period: '1' };
  await knex('bell_periods').insert({ ...period, start_time: 34_800, end_time: 38_400 }); // 9:40 to 10:40
  const noteNames = personNames(database);
  const ids = (await knex('people').where({ district_id }).select('id')).map(({ id }: { id: number }) => id);
  await database.transaction((tx) => noteNames(tx, district_id, { ids }));
  return stage.signIn(person_id);
}

test('a secretary’s morning: three calls, a field trip of 25, two who come late, one who leaves early, and the rolls that are missing', async () => {
  const page = await openMorning();
  const roll = algebra(stage);
  const menu = page.getByRole('navigation', { name: 'Pages' });
  await menu.getByRole('link', { name: 'Rolls', exact: true }).waitFor();
  for (const name of ['Settings', 'Access', 'Calendars'])
    expect(await menu.getByRole('link', { name }).count()).toBe(0);
  await page.getByRole('combobox', { name: 'Find a student' }).waitFor(); // it comes after the menu
  const { tap, key, type, fill, done } = hand(page);
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const enter = async () => {
    await tap(button('Show what would change'));
    await tap(button('Enter the absence'));
    await page.getByText(/Entered in \d+ class/).waitFor();
  };

  for (const name of ['Ada Lovelace', 'Grace Hopper', 'Alan Turing']) {
    await key('/');
    await type(name.toLowerCase());
    await page.getByRole('option', { name: new RegExp(name) }).waitFor();
    await key('Enter');
    await page.getByRole('heading', { name }).waitFor();
    await tap(page.getByRole('main').getByRole('link', { name: 'Enter an absence' }));
    await button(`Leave out ${name}`).waitFor();
    await fill(page.getByLabel('Comment'), 'ill');
    await enter();
  }

  await tap(menu.getByRole('link', { name: 'Enter an absence' }));
  const numbers = Array.from({ length: 25 }, (_, index) => `more-${index}`);
  await fill(page.getByLabel('Numbers of students'), numbers.join('\n'));
  await fill(page.getByLabel('Comment'), 'museum');
  await tap(button('Show what would change'));
  await page.getByText('25 students: 25 classes would change. No roll is taken by it.').waitFor();
  await tap(button('Enter the absence'));
  await page.getByText('Entered in 25 classes.').waitFor();

  await tap(menu.getByRole('link', { name: 'Late and leaving' }));
  const pass = async (name: string, reason: string) => {
    await fill(page.getByLabel('Add a student'), name);
    await tap(page.getByRole('option', { name: new RegExp(name) }));
    await fill(page.getByLabel('Reason'), reason);
  };
  for (const name of ['Student 25', 'Student 26']) {
    await pass(name, 'bus');
    await tap(button('Enter')); // it is 10:00, and so says the form
    await page.getByRole('row', { name: new RegExp(`${name}.*came at 10:00`) }).waitFor();
  }
  await pass('Student 27', 'dentist');
  await tap(page.getByRole('radio', { name: 'Left early' }));
  await fill(page.getByLabel('Time'), '10:05');
  await tap(button('Enter'));
  await page.getByRole('row', { name: /Student 27.*left at 10:05/ }).waitFor();
  await screenshot(page, 'secretary-passes');

  await tap(menu.getByRole('link', { name: 'Rolls', exact: true }));
  await page.getByText('2 of 2 rolls are not taken.').waitFor();
  await tap(button('Remind their teachers by email'));
  await page.getByText('Algebra, Emmy Noether: email is not set up here').waitFor();
  await screenshot(page, 'secretary-rolls');

  expect(done('A secretary’s morning')).toBe(43);
  const said = Object.values((await roll.marks()) ?? {});
  const count = (what: string) => said.filter((each) => each === what).length;
  expect([count('4 ill'), count('4 museum'), count('3 bus'), count('4 dentist'), said.length]).toEqual([
    3, 25, 2, 1, 31,
  ]);
  expect(await roll.isTaken()).toBe(false);
});

test('a substitute’s day: two classes, the one of somebody else with two exceptions, the other with none', async () => {
  const { people, sections } = stage.api.world;
  const given = { section: sections.algebra, person: people.mendel, from: TODAY };
  await stage.api.post('/substitutions').send(given).expect(201);
  const page = await stage.signIn(people.mendel, PHONE);
  const { tap, done } = hand(page);
  await tap(page.getByRole('link', { name: /Algebra.*for Emmy Noether/ }));
  await tap(radio(page, 'Ada Lovelace', 'absent'));
  await tap(radio(page, 'Grace Hopper', 'late'));
  await tap(page.getByRole('button', { name: 'Done' }));
  await taken(page);
  await tap(page.getByRole('link', { name: 'Next class: period 1, Biology' }));
  await tap(page.getByRole('button', { name: 'All present' }));
  await taken(page);
  expect(done('A substitute’s day')).toBe(6);
  const rolls = await Promise.all(
    [sections.algebra, sections.biology].map(async (id) => (await stage.api.get(`/rolls/${id}/${TODAY}`)).body),
  );
  expect(rolls.map(({ taken_by, statuses }) => [taken_by, statuses.length])).toEqual([
    ['Gregor Mendel', 2],
    ['Gregor Mendel', 0],
  ]);
});

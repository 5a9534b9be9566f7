import { openCodes } from '../../src/ledger/codes';
import { algebra, saved, state, tap } from './algebra';
import { faultsOf } from './axe';
import { openStage, type Stage, screenshot } from './browser';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

test('a mark that several codes mean has a list of them, without those of the office alone; it is saved, undone, and kept', async () => {
  const { database, actor, people, sections, enrollments } = stage.api.world;
  const { id: school_id } = await database.knex('schools').first();
  const codes = openCodes(database);
  const code = (code: string, description: string, rest: object) =>
    codes.set(actor, { school_id, year: 2025, code, description, status: 2, ...rest });
  await code('SK', 'Skipped', { color: '#aa2222' });
  await code('TR', 'Truant: away from class without a word to anybody', {});
  await code('ISS', 'In-school suspension', { office_only: true });

  const page = await stage.signIn(people.noether);
  await page.goto(`${stage.wire.url}/#/sections/${sections.algebra}`);
  await state(page).getByText('Not taken yet').waitFor();
  await tap(page, 'Ada Lovelace', 'absent');
  const picker = page.getByLabel('Code for Ada Lovelace');
  expect(await picker.locator('option').allInnerTexts()).toEqual([
    'no code',
    'A Absent',
    'SK Skipped',
    'TR Truant: away from class without a word to anybody',
  ]);
  await picker.selectOption('SK Skipped');
  await saved(page);
  const said = async () =>
    (await stage.api.get(`/rolls/${sections.algebra}/2025-10-08`)).body.statuses.map(
      ({ enrollment_id, status, code }: Record<string, unknown>) => [enrollment_id, status, code],
    );
  expect(await said()).toEqual([[enrollments.ada, 2, 'SK']]);
  expect(await faultsOf(page)).toEqual([]);
  await screenshot(page, 'roll-codes');
  const { width, height } = page.viewportSize()!;
  await page.setViewportSize({ width: 320, height: 568 });
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320); // WCAG 2.2, 1.4.10
  await page.setViewportSize({ width, height });
  await page.getByRole('button', { name: /Undo/ }).click();
  await saved(page);
  expect(await said()).toEqual([[enrollments.ada, 2, '']]);

  await algebra(stage).office('grace', 2);
  await page.reload();
  await page.getByLabel('Code for Grace Hopper').waitFor();
});

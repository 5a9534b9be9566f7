import type { Page } from 'playwright-core';
import { algebra, eventually, radio, saved, state, taken, tap } from './algebra';
import { faultsOf } from './axe';
import { inBothSchemes, openStage, type Stage, screenshot, sizes } from './browser';

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
});
afterEach(() => stage.close());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
/** Takes the roll, by the first of the buttons that do. */
async function done(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /^(Done|All present)$/ })
    .first()
    .click();
  await state(page)
    .getByText(/(^|Saved.*)Taken$/) // found to be taken, or saved
    .waitFor();
}
/** What is done next is done at another time. */
const later = () => stage.setClock('2025-10-08T15:01:00Z');
const undo = (page: Page) => button(page, 'Undo').click();
/** The page takes up what others have saved. */
async function look(page: Page, shown: string): Promise<void> {
  await page.evaluate('dispatchEvent(new Event("focus"))');
  await state(page)
    .getByText(new RegExp(`${shown}$`))
    .waitFor();
}
const asked = (page: Page, why: string) => page.getByRole('heading', { name: why, exact: true }).waitFor();
const answer = (page: Page, name: string) => button(page, name).click();
const stands = async () => [await roll.marks(), await roll.isTaken()];

async function opened(person = stage.api.world.people.noether, device = {}): Promise<Page> {
  const page = await stage.signIn(person, device);
  await roll.open(page);
  await page.getByRole('group', { name: 'Ada Lovelace' }).waitFor();
  return page;
}

/** The page of a second teacher of the section, Gregor Mendel. */
async function openedByAnother(): Promise<Page> {
  const { enrollments, people, database } = stage.api.world;
  const { id: _id, ...own } = await database.knex('enrollments').where({ id: enrollments.noether }).first();
  await database.knex('enrollments').insert({ ...own, person_id: people.mendel, sourced_id: 'both' });
  return opened(people.mendel);
}

/** How much has been written to the section's rolls. */
async function revision(): Promise<number> {
  const { database, sections } = stage.api.world;
  return (await database.knex('sections').where({ id: sections.algebra }).first()).revision;
}

const TAKEN_SINCE = 'Gregor Mendel has taken this roll since.';

test.each([
  ['knows of it', true],
  ['does not know of it', false],
])(
  'undo of a mark on a roll that another teacher has taken since asks, and says nobody present by itself: the sheet %s',
  async (_what, isKnown) => {
    const page = await opened();
    await tap(page, 'Ada Lovelace', 'absent');
    await saved(page);
    const other = await openedByAnother();
    await done(other);
    if (isKnown) await look(page, 'Taken');
    const before = await revision();
    await undo(page);
    await asked(page, TAKEN_SINCE);
    await page.getByText('Without your mark Ada Lovelace would be present.', { exact: true }).waitFor();
    await state(page).getByText('Nothing is undone yet: choose what stands').waitFor();
    expect(await button(page, 'Keep absent').evaluate('document.activeElement.textContent')).toBe('Keep absent');
    await page.reload(); // it is still to be chosen
    await asked(page, TAKEN_SINCE);
    expect([await stands(), await revision()]).toEqual([[{ ada: '2' }, true], before]);
    await page.keyboard.press('Enter');
    await state(page)
      .getByText(/Taken$/)
      .waitFor();
    expect(await radio(page, 'Ada Lovelace', 'absent').isChecked()).toBe(true);
    expect([await stands(), await revision()]).toEqual([[{ ada: '2' }, true], before]);
    expect(await page.getByText('On this device').count()).toBe(0);
  },
);

test('only who chooses so says that the student is present, by name', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await done(await openedByAnother());
  await undo(page);
  await asked(page, TAKEN_SINCE);
  const sent = page.waitForRequest((request) => request.method() === 'PATCH');
  await answer(page, 'Say present');
  const { ada } = stage.api.world.enrollments;
  expect((await sent).postDataJSON()).toEqual({ statuses: [{ enrollment_id: ada, status: 1, comment: '' }] });
  await eventually(stands, [{}, true]);
});

test('while somebody chooses to say present, a roll that was taken anew is asked of anew', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  const other = await openedByAnother();
  await done(other);
  await undo(page);
  await asked(page, TAKEN_SINCE);
  await later();
  await undo(other);
  await eventually(roll.isTaken, false);
  await roll.officeTakes();
  await answer(page, 'Say present');
  await asked(page, 'test has taken this roll since.');
  expect(await stands()).toEqual([{ ada: '2' }, true]);
});

test('undo of a mark in place of a presence asks, too, where another teacher has taken the roll since', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'present');
  await tap(page, 'Ada Lovelace', 'late');
  await saved(page);
  await done(await openedByAnother());
  await undo(page);
  await asked(page, TAKEN_SINCE);
  expect(await stands()).toEqual([{ ada: '3' }, true]);
  await answer(page, 'Keep late');
  await state(page)
    .getByText(/Taken$/)
    .waitFor();
  expect(await stands()).toEqual([{ ada: '3' }, true]);
});

test('undo without a network of several marks asks of all of them, once there is a network and somebody has taken the roll', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await tap(page, 'Grace Hopper', 'late');
  await saved(page);
  await page.context().setOffline(true);
  await undo(page);
  await undo(page);
  await state(page)
    .getByText(/Offline.*Not taken yet$/)
    .waitFor();
  await roll.officeTakes();
  await page.context().setOffline(false);
  await asked(page, 'test has taken this roll since.');
  await page.getByText('Without your marks Ada Lovelace and Grace Hopper would be present.').waitFor();
  expect(await stands()).toEqual([{ ada: '2', grace: '3' }, true]);
  await answer(page, 'Keep my marks');
  await state(page)
    .getByText(/Taken$/)
    .waitFor();
  expect(await stands()).toEqual([{ ada: '2', grace: '3' }, true]);
});

test('undo of a mark whose answer was lost asks, where the mark has arrived and somebody has taken the roll with it', async () => {
  const page = await opened();
  stage.wire.fail('PATCH', 'unanswered');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Offline').waitFor();
  await roll.officeTakes();
  stage.wire.fail('PATCH', 'cut');
  await undo(page);
  stage.wire.fail('PATCH');
  await asked(page, 'test has taken this roll since.');
  expect(await stands()).toEqual([{ ada: '2' }, true]);
});

test('undo of a mark that has completed the roll with marks of others unseen asks', async () => {
  const page = await opened();
  for (const name of ['grace', 'alan', 'katherine'] as const) await roll.office(name, 3);
  await tap(page, 'Ada Lovelace', 'absent');
  await taken(page);
  await undo(page);
  await asked(page, 'You have taken this roll since.');
  expect(await stands()).toEqual([{ ada: '2', grace: '3', alan: '3', katherine: '3' }, true]);
});

test('undo of a mark on a taken roll says present again as before, unless the roll was taken anew since', async () => {
  const page = await opened();
  await roll.officeTakes();
  await look(page, 'Taken');
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await undo(page);
  await eventually(stands, [{}, true]);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await eventually(stands, [{ ada: '2' }, true]);
  await later();
  const other = await openedByAnother();
  await roll.officeUntakes();
  await look(other, 'Not taken yet, 1 marked');
  await done(other);
  await undo(page);
  await asked(page, TAKEN_SINCE);
  expect(await stands()).toEqual([{ ada: '2' }, true]);
});

test('undo of a mark that somebody else has made, too, asks, on a roll that is taken and on one that is not', async () => {
  const page = await opened();
  await page.context().setOffline(true);
  await tap(page, 'Ada Lovelace', 'absent');
  await roll.office('ada', 2);
  await page.context().setOffline(false);
  await page.getByText('Entered by test').waitFor();
  await undo(page);
  await asked(page, 'test has marked Ada Lovelace absent, too.');
  await page.getByText('Without the mark nothing is known of Ada Lovelace.').waitFor();
  await answer(page, 'Keep absent');
  await state(page).getByText('Not taken yet, 1 marked').waitFor();
  expect(await stands()).toEqual([{ ada: '2' }, false]);
  await page.context().setOffline(true);
  await button(page, 'Done').click();
  await tap(page, 'Grace Hopper', 'late');
  await roll.office('grace', 3);
  await page.context().setOffline(false);
  await state(page)
    .getByText(/^Saved.*Taken$/)
    .waitFor();
  await undo(page);
  await asked(page, 'test has marked Grace Hopper late, too.');
  await page.getByText('Without the mark Grace Hopper would be present.').waitFor();
  expect(await stands()).toEqual([{ ada: '2', grace: '3' }, true]);
  await answer(page, 'Say present');
  await eventually(stands, [{ ada: '2' }, true]);
});

const CHANGED_SINCE = 'Gregor Mendel has changed this roll since you took it.';

test.each([
  ['knows of it', true],
  ['does not know of it', false],
])('undo of done asks where another teacher has changed marks since: the sheet %s', async (_what, isKnown) => {
  const page = await opened();
  await done(page);
  await later();
  const other = await openedByAnother();
  await tap(other, 'Grace Hopper', 'late');
  await saved(other);
  if (isKnown) {
    await page.evaluate('dispatchEvent(new Event("focus"))');
    await page.getByText('Entered by Gregor Mendel').waitFor();
  }
  await undo(page);
  await asked(page, CHANGED_SINCE);
  await page.getByText('If you undo this, the roll is not taken any more').waitFor();
  expect(await stands()).toEqual([{ grace: '3' }, true]);
  expect(await button(page, 'Keep it taken').evaluate('document.activeElement.textContent')).toBe('Keep it taken');
  if (isKnown) {
    await answer(page, 'Keep it taken');
    await state(page)
      .getByText(/Taken$/)
      .waitFor();
    expect(await stands()).toEqual([{ grace: '3' }, true]);
  } else {
    await answer(page, 'Say that it was not taken');
    await eventually(stands, [{ grace: '3' }, false]);
    await saved(page);
  }
});

test('undo of done asks where somebody else has taken a mark back since, which leaves no mark that names them', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await done(page);
  await roll.office('ada', 1);
  await undo(page);
  await asked(page, 'Somebody else has changed this roll since you took it.');
  expect(await stands()).toEqual([{}, true]);
});

test('undo of done asks where another teacher has taken the roll, before it or anew', async () => {
  const page = await opened();
  const other = await openedByAnother();
  await done(other);
  await done(page); // which finds it taken
  await undo(page);
  await asked(page, 'Gregor Mendel has taken this roll.');
  expect(await stands()).toEqual([{}, true]);
  await answer(page, 'Keep it taken');
  await state(page)
    .getByText(/Taken$/)
    .waitFor();
  await roll.officeUntakes();
  await look(page, 'Not taken yet');
  await done(page);
  await roll.officeUntakes();
  await roll.officeTakes();
  await undo(page);
  await asked(page, 'test has taken this roll.');
  expect(await stands()).toEqual([{}, true]);
});

test('undo of the mark that completed the roll is kept or done as a whole, where somebody else has changed the roll since', async () => {
  const page = await opened();
  for (const name of ['Ada Lovelace', 'Grace Hopper', 'Alan Turing']) await tap(page, name, 'present');
  await tap(page, 'Katherine Johnson', 'late');
  await taken(page);
  await later();
  await roll.office('ada', 4);
  await undo(page);
  await asked(page, 'test has changed this roll since you took it.');
  await answer(page, 'Keep it taken');
  await state(page)
    .getByText(/Taken$/)
    .waitFor();
  expect(await stands()).toEqual([{ ada: '4', katherine: '3' }, true]);
  // Of the others nothing can be taken back any more: one is the office's, and two are present by the roll.
  for (let step = 0; step < 3; step++) await undo(page);
  await page.getByRole('button', { name: 'Undo', disabled: true }).waitFor();
  expect(await stands()).toEqual([{ ada: '4', katherine: '3' }, true]);
});

test('where somebody else has only written before the roll was taken here, or to another day, undo of done asks nothing', async () => {
  const page = await opened();
  await roll.office('grace', 4); // the sheet does not know of it
  await later();
  await done(page);
  await roll.office('ada', 3, '2025-10-07');
  await undo(page);
  await eventually(stands, [{ grace: '4' }, false]);
  await saved(page);
});

test('done after an undo that is still on its way says whoever has no mark is present, and asks nothing', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await page.context().setOffline(true);
  await undo(page);
  await button(page, 'All present').click();
  await page.context().setOffline(false);
  await taken(page);
  expect(await stands()).toEqual([{}, true]);
});

test.each(sizes)('the question has no fault that axe finds, and fits the screen: %s', async (size, device) => {
  const page = await opened(undefined, device);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await done(await openedByAnother());
  await undo(page);
  await asked(page, TAKEN_SINCE);
  await inBothSchemes(page, async (scheme) => {
    await screenshot(page, `undo-asks-${size}-${scheme}`);
    expect(await faultsOf(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()!.width);
  });
});

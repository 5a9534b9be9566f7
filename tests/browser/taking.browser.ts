import type { Page } from 'playwright-core';
import { algebra, done, eventually, radio, saved, state, taken, tap } from './algebra';
import { faultsOf } from './axe';
import { inBothSchemes, openStage, PHONE, type Stage, screenshot, sizes, TODAY } from './browser';

const [YESTERDAY, TOMORROW, SATURDAY, LAST_YEAR] = ['2025-10-07', '2025-10-09', '2025-10-11', '2024-10-08'];

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
});
afterEach(() => stage.close());

const teacher = () => stage.api.world.people.noether;
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const row = (page: Page, student: string) => page.getByRole('group', { name: student });
const checked = (page: Page) => page.getByRole('radio', { checked: true }).count();

/** A page on which the roll is open. */
async function opened(date?: string): Promise<Page> {
  const page = await stage.signIn(teacher());
  await roll.open(page, date);
  await row(page, 'Ada Lovelace').waitFor();
  return page;
}

/** A mark that the office's own system has made. */
async function entered(name: 'ada' | 'grace', status: number, comment = '', api = 'powerschool', date = TODAY) {
  const { districts, enrollments, ledger } = stage.api.world;
  const scopes = ['attendance:write'];
  const { id } = await stage.api.clients.create({ district: districts.larkspur, name: 'Front office', scopes });
  const actor = { district: districts.larkspur, api, client: id, person: null };
  await ledger.record([{ enrollment: enrollments[name], date, status, comment }], actor);
}

/** What the page has sent, in order. */
function bodies(page: Page): object[] {
  const sent: object[] = [];
  page.on('request', (request) => {
    if (request.method() === 'PATCH') sent.push(request.postDataJSON());
  });
  return sent;
}

test.each(['present', 'absent', 'late', 'excused'])(
  'a tap on %s saves that one mark, and a page that is closed after it has taken nothing',
  async (status) => {
    const page = await opened();
    const sent = bodies(page);
    expect(await checked(page)).toBe(0);
    await tap(page, 'Ada Lovelace', status);
    await saved(page);
    expect(await state(page).textContent()).toBe('Saved. Not taken yet, 1 marked');
    expect(await checked(page)).toBe(1);
    await page.close();
    const code = ['present', 'absent', 'late', 'excused'].indexOf(status) + 1;
    expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: `${code}` }, false]);
    const { ada } = stage.api.world.enrollments;
    expect(sent).toEqual([{ statuses: [{ enrollment_id: ada, status: code, comment: '' }] }]);
    const again = await stage.signIn(teacher());
    await again.getByRole('link', { name: /Algebra.*Not taken/ }).click();
    await state(again).getByText('Not taken yet, 1 marked', { exact: true }).waitFor();
  },
);

test('done takes the roll and says nothing by name of those whom nobody touched', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  const sent = bodies(page);
  await done(page);
  expect(sent).toEqual([{ taken: true, statuses: [] }]);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '2' }, true]);
  expect(await radio(page, 'Grace Hopper', 'present').isChecked()).toBe(true);
  expect(await checked(page)).toBe(4);
});

test('done and all present that are touched twice do no more than when they are touched once', async () => {
  const page = await stage.signIn(teacher(), PHONE);
  await roll.open(page);
  const touchTwice = async (name: string) => {
    const { x, y, width, height } = (await button(page, name).boundingBox())!;
    await page.touchscreen.tap(x + width / 2, y + height / 2);
    await page.waitForTimeout(150); // as long as a finger needs
    await page.touchscreen.tap(x + width / 2, y + height / 2);
  };
  await touchTwice('All present');
  await taken(page);
  await page.keyboard.press('Control+z');
  await eventually(roll.isTaken, false);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await touchTwice('Done');
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '2' }, true]);
  await touchTwice('All present');
  await eventually(roll.marks, {});
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{}, true]);
});

test('undo of done is one request, after which nobody has taken the roll and what was told of one student is known still', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'present');
  await tap(page, 'Grace Hopper', 'late');
  await saved(page);
  await done(page);
  const sent = bodies(page);
  await button(page, 'Undo').click();
  await eventually(roll.isTaken, false);
  await saved(page);
  expect(sent).toEqual([{ taken: false, statuses: [] }]);
  expect(await roll.marks()).toEqual({ ada: '1', grace: '3' });
  await state(page).getByText('Not taken yet, 2 marked').waitFor();
  expect([await radio(page, 'Ada Lovelace', 'present').isChecked(), await checked(page)]).toEqual([true, 2]);
});

test('the last student who is marked completes the roll, and undo takes that back with the mark', async () => {
  const page = await opened();
  for (const name of ['Ada Lovelace', 'Grace Hopper', 'Alan Turing']) await tap(page, name, 'present');
  await saved(page);
  expect(await roll.isTaken()).toBe(false);
  await tap(page, 'Katherine Johnson', 'late');
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ katherine: '3' }, true]);
  await button(page, 'Undo').click();
  await eventually(roll.marks, { ada: '1', grace: '1', alan: '1' });
  expect(await roll.isTaken()).toBe(false);
});

test('what the office has entered ahead is shown with its author, and all present, done and undo leave it', async () => {
  await entered('ada', 4, 'funeral');
  const page = await opened();
  const note = row(page, 'Ada Lovelace').getByText(/^Entered by Front office through PowerSchool, .*\d:\d\d/);
  await note.waitFor();
  expect(await page.getByLabel('Comment on Ada Lovelace').inputValue()).toBe('funeral');
  await screenshot(page, 'roll-entered-ahead');
  await button(page, 'All present').click();
  await taken(page);
  expect(await roll.marks()).toEqual({ ada: '4 funeral' });
  await note.waitFor();
  await button(page, 'Undo').click();
  await eventually(roll.isTaken, false);
  expect(await roll.marks()).toEqual({ ada: '4 funeral' });
  // Also where the teacher has marked others, and takes those marks back.
  await tap(page, 'Grace Hopper', 'late');
  await button(page, 'All present').click();
  await taken(page);
  expect(await roll.marks()).toEqual({ ada: '4 funeral' });
  await button(page, 'Undo').click();
  await eventually(roll.marks, { ada: '4 funeral', grace: '3' });
  await done(page);
  expect(await roll.marks()).toEqual({ ada: '4 funeral', grace: '3' });
});

test('what the teacher has entered before the day came is shown with its author, and all present leaves it', async () => {
  const before = await opened();
  await tap(before, 'Ada Lovelace', 'excused');
  await saved(before);
  await before.close();
  const { knex } = stage.api.world.database;
  await knex('journal').update({ at: `${YESTERDAY}T20:00:00.000Z` });
  await knex('sections').increment('revision', 1); // or what was answered before would be answered again
  const page = await opened();
  await row(page, 'Ada Lovelace').getByText('Entered by Emmy Noether').waitFor();
  await button(page, 'All present').click();
  await taken(page);
  expect(await roll.marks()).toEqual({ ada: '4' });
});

test('the changes of a roll name the API that somebody else wrote by', async () => {
  await entered('ada', 4, 'funeral');
  const page = await opened();
  await page.getByRole('link', { name: 'Changes' }).click();
  await page.getByRole('cell', { name: 'Front office through PowerSchool' }).waitFor();
});

test('a teacher changes what the office has entered by touching that student, and sees who is overruled', async () => {
  await entered('ada', 4, 'funeral', 'schoology');
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'present');
  const note = row(page, 'Ada Lovelace').getByText(
    /^You overrule excused, “funeral”, entered by Front office through Schoology/,
  );
  await note.waitFor();
  await saved(page);
  await note.waitFor();
  await screenshot(page, 'roll-overruled');
  await tap(page, 'Ada Lovelace', 'late');
  await saved(page);
  await note.waitFor();
  await button(page, 'Undo').click();
  await button(page, 'Undo').click();
  await note.waitFor({ state: 'detached' });
  await eventually(roll.marks, { ada: '4 funeral' });
  // What was taken back is the office's still.
  await button(page, 'All present').click();
  await taken(page);
  expect(await roll.marks()).toEqual({ ada: '4 funeral' });
});

test('two teachers of one open roll: changes to different students merge without asking, to the same one stand side by side', async () => {
  const { enrollments, people, database } = stage.api.world;
  const { id: _id, ...own } = await database.knex('enrollments').where({ id: enrollments.noether }).first();
  await database.knex('enrollments').insert({ ...own, person_id: people.mendel, sourced_id: 'both' });
  const one = await opened();
  const other = await stage.signIn(people.mendel);
  await roll.open(other);
  await tap(one, 'Ada Lovelace', 'absent');
  await saved(one);
  await tap(other, 'Grace Hopper', 'late');
  await saved(other);
  await row(other, 'Ada Lovelace').getByText('Entered by Emmy Noether').waitFor();
  await tap(one, 'Katherine Johnson', 'excused');
  await done(one);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '2', grace: '3', katherine: '4' }, true]);
  await row(one, 'Grace Hopper').getByText('Entered by Gregor Mendel').waitFor();
  await tap(other, 'Katherine Johnson', 'late');
  await other.getByRole('radio', { name: 'Katherine Johnson: theirs, excused' }).waitFor();
  await other.getByText('Emmy Noether').waitFor();
  expect(await other.getByRole('radio').count()).toBe(2);
  expect(await roll.marks()).toEqual({ ada: '2', grace: '3', katherine: '4' });
});

test('an open sheet takes up what others saved every 30 seconds and with the focus, cheaply, and nothing that is typed is disturbed', async () => {
  const page = await opened();
  await page.clock.install();
  await page.reload();
  await tap(page, 'Ada Lovelace', 'absent');
  const comment = page.getByLabel('Comment on Ada Lovelace');
  await comment.pressSequentially('dentist');
  await page.clock.runFor(1_000);
  await eventually(roll.marks, { ada: '2 dentist' });
  await page.keyboard.press('ArrowLeft');
  await roll.office('grace', 3);
  const answers: number[] = [];
  page.on('response', (response) => void (response.url().includes('/rolls/') && answers.push(response.status())));
  await page.clock.runFor(31_000);
  await row(page, 'Grace Hopper').getByText('Entered by test').waitFor();
  expect(await radio(page, 'Grace Hopper', 'late').isChecked()).toBe(true);
  expect(answers).toEqual([200]);
  await page.keyboard.type('!');
  expect(await comment.inputValue()).toBe('dentis!t');
  await page.clock.runFor(1_000);
  await eventually(roll.marks, { ada: '2 dentis!t', grace: '3' });
  // While somebody is in the middle of a word.
  await roll.office('katherine', 4);
  await page.keyboard.type('?');
  await page.evaluate('dispatchEvent(new Event("focus"))');
  await page.keyboard.type('?');
  await page.clock.runFor(1_000);
  await eventually(roll.marks, { ada: '2 dentis!??t', grace: '3', katherine: '4' });
  await radio(page, 'Katherine Johnson', 'excused').isChecked();
  expect(await comment.inputValue()).toBe('dentis!??t');
  // Nothing is new: nothing is sent again.
  await saved(page);
  answers.length = 0;
  await page.clock.runFor(31_000);
  await eventually(async () => answers, [304]);
  await roll.office('grace', 4);
  await page.evaluate('dispatchEvent(new Event("focus"))');
  await eventually(() => radio(page, 'Grace Hopper', 'excused').isChecked(), true);
});

test('a roll of a future day says so and cannot be taken; marks can be entered ahead', async () => {
  const page = await opened(TOMORROW);
  await page.getByText('Thursday, October 9 is in the future: its roll cannot be taken yet.').waitFor();
  expect([await button(page, 'Done').count(), await button(page, 'All present').count()]).toEqual([0, 0]);
  await tap(page, 'Ada Lovelace', 'excused');
  for (const name of ['Grace Hopper', 'Alan Turing', 'Katherine Johnson']) await tap(page, name, 'late');
  await page.keyboard.press('d');
  await state(page).getByText('Not taken yet, 4 marked').waitFor();
  await saved(page);
  await screenshot(page, 'roll-ahead');
  expect([await button(page, 'Done').count(), await button(page, 'All present').count()]).toEqual([0, 0]);
  const { ada = '' } = (await roll.marks(TOMORROW))!;
  expect([ada, await roll.isTaken(TOMORROW)]).toEqual(['4', false]);
  await page.goto(`${stage.wire.url}/#/days/${TOMORROW}`);
  await page.getByRole('link', { name: /Algebra.*Not taken, 4 marked/ }).waitFor();
  // When the day comes, the marks stand and the roll is to be taken.
  await stage.setClock('2025-10-09T15:00:00Z');
  const then = await stage.signIn(teacher());
  await roll.open(then, TOMORROW);
  await state(then).getByText('Not taken yet, 4 marked').waitFor();
  await done(then);
  expect(await roll.isTaken(TOMORROW)).toBe(true);
});

test('a roll of a day without school warns before the first tap, also of a weekend of which nothing is known', async () => {
  const page = await opened(SATURDAY);
  await page.getByText('Saturday, October 11 is not a school day. A roll of it counts in no rate.').waitFor();
  await roll.open(page, YESTERDAY);
  await page.locator(`time[datetime="${YESTERDAY}"]`).waitFor();
  expect(await page.getByText('is not a school day').count()).toBe(0);
});

test('the sheet of a day on which nobody is enrolled says so, and offers nothing to take it by', async () => {
  const page = await stage.signIn(teacher());
  for (const [date, day] of [
    ['2025-08-20', 'Wednesday, August 20'],
    ['2026-06-15', 'Monday, June 15, 2026'],
  ] as const) {
    await roll.open(page, date);
    await page
      .getByText(`Nobody is enrolled in Algebra on ${day}: there is no roll to take.`, { exact: true })
      .waitFor();
    expect(
      await page
        .locator('main')
        .getByText(/not taken|not marked|in the future|All present|Done/i)
        .count(),
    ).toBe(0);
    expect(await page.locator('main').getByRole('button').allTextContents()).toEqual(['Go there']);
    await page.keyboard.press('d');
    expect(await roll.marks(date)).toBeUndefined();
  }
  expect(roll.writes()).toBe(0);
});

test('headings name the year where it is not this one', async () => {
  const page = await opened();
  await page.getByText('Wednesday, October 8', { exact: true }).waitFor();
  for (const path of [`days/${LAST_YEAR}`, `sections/1/${LAST_YEAR}`, `sections/1/changes/${LAST_YEAR}`]) {
    await page.goto(`${stage.wire.url}/#/${path}`);
    await page.getByText('Tuesday, October 8, 2024').first().waitFor();
    await eventually(async () => (await page.title()).includes('Tuesday, October 8, 2024'), true);
  }
});

test('an untaken roll without a network: what is kept says no more than was touched, and done takes it later', async () => {
  const page = await opened();
  await page.context().setOffline(true);
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page)
    .getByText(/Offline.*Not taken yet, 1 marked/)
    .waitFor();
  await page.context().setOffline(false);
  await eventually(roll.marks, { ada: '2' });
  expect(await roll.isTaken()).toBe(false);
  await saved(page);
  await page.context().setOffline(true);
  await button(page, 'Done').click();
  await state(page)
    .getByText(/Offline.*Taken$/)
    .waitFor();
  await roll.office('grace', 4); // entered meanwhile: it stands
  await page.context().setOffline(false);
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '2', grace: '4' }, true]);
});

test('a roll that the page of before the upgrade left on the device goes out as that page showed it', async () => {
  const page = await opened();
  const { sections, enrollments } = stage.api.world;
  const { headers } = await stage.api.get(
    `/v1/sections/${sections.algebra}/attendance?start=${TODAY}&end=${TODAY}&taken=1`,
  );
  const entry = {
    ...{ section: sections.algebra, date: TODAY, title: 'Algebra', since: 1, unheard: [] },
    students: [enrollments.ada, enrollments.grace, enrollments.alan, enrollments.katherine],
    base: { etag: headers.etag, taken: false, marks: {} },
    marks: { [enrollments.grace]: { status: 3, comment: 'bus' } },
  };
  const kept = [await keyOf(page), JSON.stringify(entry)].map((text) => JSON.stringify(text));
  await page.evaluate(`localStorage.setItem(${kept.join(', ')})`);
  await page.reload();
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ grace: '3 bus' }, true]);
  expect(await page.getByText('On this device').count()).toBe(0);
});

/** Where the device keeps today's roll of who is signed in. */
async function keyOf(page: Page): Promise<string> {
  const client = await page.evaluate<number>(`JSON.parse(localStorage.getItem('rollbook.kept./session')).client.id`);
  return `rollbook.roll.${client}.${stage.api.world.sections.algebra}.${TODAY}`;
}

test.each(sizes)(
  'the sheet has no fault that axe finds while it is partly marked, and fits the screen: %s',
  async (size, device) => {
    await entered('ada', 4, 'funeral');
    await entered('grace', 2);
    const page = await stage.signIn(teacher(), device);
    await roll.open(page);
    await tap(page, 'Grace Hopper', 'present');
    await saved(page);
    await inBothSchemes(page, async (scheme) => {
      await screenshot(page, `roll-partly-${size}-${scheme}`);
      expect(await faultsOf(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()!.width);
    });
  },
);

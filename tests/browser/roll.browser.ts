import type { Page } from 'playwright-core';
import { algebra, done, eventually, radio, saved, state, taken, tap } from './algebra';
import { openStage, PHONE, type Stage, screenshot, TODAY } from './browser';

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
});
afterEach(() => stage.close());

const teacher = () => stage.api.world.people.noether;

test.each([
  [
    'with a mouse on a desktop',
    {},
    (page: Page, student: string, status: string) => radio(page, student, status).click(),
  ],
  [
    'with a finger on a phone',
    PHONE,
    (page: Page, student: string, status: string) => radio(page, student, status).tap(),
  ],
])('a teacher takes the roll with a touch for each exception, %s', async (how, device, touch) => {
  const page = await stage.signIn(teacher(), device);
  await page.getByRole('link', { name: /Algebra/ }).click();
  await state(page).getByText('Not taken yet').waitFor();
  const name = how.split(' ').at(-1);
  await screenshot(page, `roll-untaken-${name}`);
  await touch(page, 'Ada Lovelace', 'absent');
  await touch(page, 'Grace Hopper', 'late');
  await touch(page, 'Katherine Johnson', 'excused');
  await done(page);
  await screenshot(page, `roll-taken-${name}`);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '2', grace: '3', katherine: '4' }, true]);
  // Nothing has to be moved sideways.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()!.width);
});

test('the sections whose roll is not taken come first, and say how the others stand', async () => {
  const { sections, people, enrollments } = stage.api.world;
  await stage.api.world.database.knex('enrollments').insert(await taughtBy(enrollments.mendel, people.noether));
  const page = await stage.signIn(teacher());
  const titles = () => page.locator('.section strong').allTextContents();
  await page.getByRole('link', { name: /Biology/ }).waitFor();
  expect(await titles()).toEqual(['Algebra', 'Biology']);
  await roll.office('ada', 2);
  await page.reload();
  await page.getByRole('link', { name: /Algebra.*Not taken, 1 marked/ }).waitFor();
  expect(await titles()).toEqual(['Algebra', 'Biology']);
  await roll.officeTakes();
  await page.reload();
  await page.getByRole('link', { name: /Algebra.*1 absent/ }).waitFor();
  expect(await titles()).toEqual(['Biology', 'Algebra']);
  expect(sections.biology).toBeGreaterThan(sections.algebra);
});

/** The enrollment of one teacher, as another's. */
async function taughtBy(enrollment: number, person: number): Promise<object> {
  const { id, ...row } = await stage.api.world.database.knex('enrollments').where({ id: enrollment }).first();
  return { ...row, person_id: person, sourced_id: `again-${id}` };
}

test('a roll is taken by the keyboard alone, from the sign-in to the last mark', async () => {
  const { districts } = stage.api.world;
  const scopes = ['attendance:read', 'attendance:write', 'roster:read'];
  const client = await stage.api.clients.create({
    district: districts.larkspur,
    name: 'Noether',
    scopes,
    person: teacher(),
  });
  const page = await (await stage.device()).newPage();
  await page.goto(stage.wire.url);
  await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  const { keyboard } = page;
  await page.getByText('With the key of a client, for operators').waitFor();
  for (let tabs = 0; tabs < 5; tabs++) {
    await keyboard.press('Tab');
    if ((await page.evaluate('document.activeElement.tagName')) === 'SUMMARY') break;
  }
  for (const key of ['Enter', 'Tab']) await keyboard.press(key);
  await keyboard.type(client.key);
  await keyboard.press('Tab');
  await keyboard.type(client.secret);
  await keyboard.press('Enter');
  await page.getByRole('link', { name: /Algebra/ }).waitFor();
  // From the page's beginning: the day before, the day after, the section.
  for (const key of ['Tab', 'Tab', 'Tab', 'Enter']) await keyboard.press(key);
  await state(page).getByText('Not taken yet').waitFor();
  // Ada, by the letter; Alan, by arrows; Katherine, with a comment; Ada again.
  for (const key of ['ArrowDown', 'ArrowDown', 'e', 'Home', 'ArrowRight', 'End', 'l', 'c']) await keyboard.press(key);
  await keyboard.type('bus');
  await keyboard.press('Enter');
  await saved(page);
  expect(await roll.isTaken()).toBe(false);
  await keyboard.press('d');
  await taken(page);
  const names = await page
    .getByRole('group')
    .evaluateAll((rows) => rows.map((row) => row.querySelector('legend')?.textContent?.trim()));
  const marks = Object.values((await roll.marks())!);
  expect(names).toHaveLength(4);
  expect(marks.sort()).toEqual(['2', '3 bus', '4']);
  // The keyboard is where it was.
  expect(await page.evaluate('document.activeElement.type')).toBe('radio');
});

test('all present is one touch, and tells a taken roll from one that nobody took', async () => {
  const page = await stage.signIn(teacher());
  await roll.open(page);
  expect(await roll.marks()).toBeUndefined();
  await page.getByRole('button', { name: 'All present' }).click();
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{}, true]);
  expect(roll.writes()).toBe(1);
});

test('a change is taken back by the button and by the keyboard, step by step, to a roll that nobody took', async () => {
  const page = await stage.signIn(teacher());
  await roll.open(page);
  await tap(page, 'Ada Lovelace', 'absent');
  await tap(page, 'Grace Hopper', 'late');
  await page.getByRole('button', { name: 'All present' }).click();
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{}, true]);
  const before = roll.writes();
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(roll.marks, { ada: '2', grace: '3' });
  expect([await roll.isTaken(), roll.writes()]).toEqual([false, before + 1]);
  await page.keyboard.press('Control+z');
  await eventually(roll.marks, { ada: '2' });
  await page.keyboard.press('Control+z');
  await eventually(roll.marks, undefined);
  await page.getByRole('button', { name: 'Undo', disabled: true }).waitFor();
  await state(page)
    .getByText(/Not taken yet$/)
    .waitFor();
});

test('taking back leaves alone what somebody else has said of the student since', async () => {
  const page = await stage.signIn(teacher());
  await roll.open(page);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await roll.office('ada', 4);
  await tap(page, 'Grace Hopper', 'late');
  await eventually(roll.marks, { ada: '4', grace: '3' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(roll.marks, { ada: '4' });
  await saved(page);
  expect(await roll.marks()).toEqual({ ada: '4' });
});

test('a comment is kept letter by letter and sent once its writer rests', async () => {
  const page = await stage.signIn(teacher());
  await roll.open(page);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await page.getByLabel('Comment on Ada Lovelace').pressSequentially('at the dentist until noon');
  await eventually(roll.marks, { ada: '2 at the dentist until noon' });
  expect(roll.writes()).toBeLessThanOrEqual(4);
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(roll.marks, { ada: '2' });
});

test('however hastily it is touched, each state is sent once and one request goes at a time', async () => {
  const page = await stage.signIn(teacher());
  await roll.open(page);
  const all = page.getByRole('button', { name: 'All present' });
  await all.evaluate((button: { click(): void }) => [1, 2, 3, 4, 5].map(() => button.click()));
  await saved(page);
  expect(roll.writes()).toBeLessThanOrEqual(2); // one on its way, and one for all that came meanwhile
  const { knex } = stage.api.world.database;
  expect(await knex('journal').where({ section_id: stage.api.world.sections.algebra })).toHaveLength(1);
});

test('a roll on a day that is none of school is warned of first, and taken all the same', async () => {
  const { database, districts } = stage.api.world;
  const { id: school } = await database.knex('schools').where({ district_id: districts.larkspur }).first();
  const days = [{ date: TODAY, school_day: false, reason: 'Founders day' }];
  expect((await stage.api.put(`/calendars/${school}`).send({ days })).status).toBe(200);
  const page = await stage.signIn(teacher());
  await page.getByText('Wednesday, October 8 is not a school day: Founders day.').waitFor();
  await roll.open(page);
  await page.getByText('A roll of it counts in no rate.').waitFor();
  await screenshot(page, 'roll-no-school');
  await tap(page, 'Ada Lovelace', 'absent');
  await done(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '2' }, true]);
});

test('thirty students with three exceptions: twelve keys, or four taps', async () => {
  await roll.enrollMore(26);
  const page = await stage.signIn(teacher());
  await roll.open(page);
  await page.getByRole('group').nth(29).waitFor();
  const keys = ['ArrowDown', ...down(4), 'a', 'PageDown', 'l', 'End', 'ArrowUp', 'e', 'd'];
  for (const key of keys) await page.keyboard.press(key);
  await taken(page);
  expect(await rows(page)).toEqual({ 4: 'absent', 14: 'late', 28: 'excused' });
  await page.locator('.student').nth(20).getByRole('radio', { name: 'absent' }).click();
  await eventually(() => rows(page), { 4: 'absent', 14: 'late', 20: 'absent', 28: 'excused' });
  await saved(page);
  expect(Object.keys((await roll.marks())!)).toHaveLength(4);
  await screenshot(page, 'roll-thirty');
  expect(keys.length).toBe(12);
});

const down = (times: number): string[] => Array.from({ length: times }, () => 'ArrowDown');

/** Who is not present, by their place in the list. */
const rows = (page: Page): Promise<Record<number, string>> =>
  page.locator('.student').evaluateAll((found) => {
    const wordOf = (row: (typeof found)[number]) => row.querySelector('label:has(:checked) .unseen')!.textContent!;
    return Object.fromEntries(
      found
        .map(wordOf)
        .map((word, index) => [index, word] as const)
        .filter(([, word]) => word !== 'present'),
    );
  });

test('a forgotten roll is a date away, the next class a link, and the keys are under a question mark', async () => {
  const { people, enrollments } = stage.api.world;
  await stage.api.world.database.knex('enrollments').insert(await taughtBy(enrollments.mendel, people.noether));
  const page = await stage.signIn(teacher());
  await page.getByLabel('Another day').fill('2025-10-06');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /Algebra/ }).click();
  await page.locator('time[datetime="2025-10-06"]').waitFor();
  const classes = page.getByRole('navigation', { name: 'Classes of the day' });
  await classes.getByRole('link', { name: /Next class: .*Biology/ }).click();
  await page.getByRole('heading', { name: 'Biology' }).waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keys' }).getByText('Done').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('a blank roll is printed with the names and nothing that is known; who are called the same have their numbers', async () => {
  const { database, people } = stage.api.world;
  await roll.office('ada', 2);
  const alike = { given_name: 'Ada', family_name: 'Lovelace', identifier: 'S-77' };
  await database.knex('people').where({ id: people.grace }).update(alike);
  const page = await stage.signIn(teacher());
  await page.evaluate('window.print = () => { window.printed = true; }');
  await roll.open(page);
  await page.getByRole('group', { name: /Ada Lovelace S-77/ }).waitFor();
  await page.getByRole('button', { name: 'Print a blank roll' }).click();
  await page.waitForFunction(() => 'printed' in globalThis);
  await page.emulateMedia({ media: 'print' });
  const blank = page.getByRole('region', { name: 'Blank roll' });
  expect(await blank.getByRole('rowheader').count()).toBe(4);
  expect(await page.locator('.student').first().isVisible()).toBe(false);
  await page.evaluate("window.dispatchEvent(new Event('afterprint'))");
  await blank.waitFor({ state: 'detached' });
});

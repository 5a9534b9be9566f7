import { algebra, eventually, radio, saved, state, taken, tap } from './algebra';
import { openStage, type Stage, screenshot, TODAY } from './browser';
import type { Fault } from './wire';

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
});
afterEach(() => stage.close());

const teacher = () => stage.api.world.people.noether;

/** A page on which the roll is open, and the device has all that it needs without a network. */
async function opened() {
  const page = await stage.signIn(teacher());
  await roll.open(page);
  await state(page).getByText('Not taken yet').waitFor();
  await page.evaluate('navigator.serviceWorker.ready');
  return page;
}

test('a roll that is taken without a network outlives a reload and a closed tab, and goes out when the network is back', async () => {
  const page = await opened();
  const context = page.context();
  await context.setOffline(true);
  await stage.wire.kill(); // a new tab is not offline from its first moment
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Offline: kept on this device').waitFor();
  await screenshot(page, 'roll-offline');
  await page.reload();
  await state(page).getByText('Offline').waitFor();
  expect(await radio(page, 'Ada Lovelace', 'absent').isChecked()).toBe(true);
  await tap(page, 'Grace Hopper', 'late');
  await page.close();
  const again = await context.newPage();
  await again.goto(stage.wire.url);
  await again.getByText('On this device, not yet on the server').waitFor();
  await again.getByRole('link', { name: /Algebra.*On this device/ }).click();
  expect(await radio(again, 'Grace Hopper', 'late').isChecked()).toBe(true);
  expect(await roll.marks()).toBeUndefined();
  await stage.wire.revive();
  await context.setOffline(false);
  await saved(again);
  expect(await roll.marks()).toEqual({ ada: '2', grace: '3' });
});

test('after a roll was saved, a reload without a network shows what was saved', async () => {
  const page = await opened();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await page.context().setOffline(true);
  await page.reload();
  await state(page).getByText('Not taken yet, 1 marked', { exact: true }).waitFor();
  expect(await radio(page, 'Ada Lovelace', 'absent').isChecked()).toBe(true);
  await tap(page, 'Ada Lovelace', 'late');
  await page.context().setOffline(false);
  await eventually(roll.marks, { ada: '3' });
  await saved(page);
});

test('a roll that was never opened can be taken without a network, once its sections were listed', async () => {
  const page = await stage.signIn(teacher());
  await page.getByRole('link', { name: /Algebra/ }).waitFor();
  await eventually(async () => stage.wire.passed.some((line) => line.startsWith('GET /rolls/')), true);
  await page.evaluate('navigator.serviceWorker.ready');
  await page.context().setOffline(true);
  await page.getByRole('link', { name: /Algebra/ }).click();
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Offline').waitFor();
  await page.context().setOffline(false);
  await eventually(roll.marks, { ada: '2' });
});

test('without a network it becomes another day by the clock of the device, in the zone of the district', async () => {
  await stage.setClock('2025-10-09T04:30:00Z'); // 23:30 in Larkspur
  const page = await opened();
  await page.context().setOffline(true);
  await stage.setClock('2025-10-09T05:30:00Z');
  await page.goto(`${stage.wire.url}/#/`);
  await page.reload();
  await page.locator('time[datetime="2025-10-09"]').waitFor();
  await page.getByRole('link', { name: /Algebra/ }).click();
  await tap(page, 'Ada Lovelace', 'absent');
  await page.context().setOffline(false);
  await eventually(() => roll.marks('2025-10-09'), { ada: '2' });
  expect(await roll.marks()).toBeUndefined();
});

test.each<[string, Fault, RegExp]>([
  ['answers 500', { status: 500 }, /busy/],
  ['answers 503', { status: 503, headers: { 'Retry-After': '1' } }, /busy/],
  ['answers 429', { status: 429, headers: { 'Retry-After': '1' } }, /busy/],
  ['cuts the connection', 'cut', /Offline/],
  ['writes, and cuts the connection before it answers', 'unanswered', /Offline/],
])('a roll waits while the server %s, and is saved once, in its newest state', async (_what, fault, waiting) => {
  const page = await opened();
  stage.wire.fail('PATCH', fault);
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText(waiting).waitFor();
  await tap(page, 'Grace Hopper', 'late');
  stage.wire.fail('PATCH');
  await saved(page);
  expect(await roll.marks()).toEqual({ ada: '2', grace: '3' });
  const { knex } = stage.api.world.database;
  const journal = await knex('journal')
    .where({ section_id: stage.api.world.sections.algebra })
    .whereNotNull('enrollment_id');
  expect(journal).toHaveLength(2); // each mark was written once
});

test('a server that hangs is given up in time, and asked again', async () => {
  const page = await opened();
  stage.wire.fail('PATCH', 'hang');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Saving…').waitFor();
  await state(page).getByText('Offline').waitFor({ timeout: 20_000 });
  stage.wire.fail('PATCH');
  await saved(page);
  expect(await roll.marks()).toEqual({ ada: '2' });
});

test('a server that answers nothing but 503 after a reload still shows the roll, not a sign-in', async () => {
  const page = await opened();
  stage.wire.fail('GET', { status: 503 });
  await page.reload();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page); // the answer of a PATCH says all that has to be known
  stage.wire.fail('GET');
  expect(await roll.marks()).toEqual({ ada: '2' });
});

test('a server that is killed in the middle and comes back gets the roll', async () => {
  const page = await opened();
  stage.wire.fail('PATCH', 'hang');
  await tap(page, 'Ada Lovelace', 'absent');
  await stage.wire.kill();
  await state(page).getByText('Offline').waitFor();
  await tap(page, 'Grace Hopper', 'late');
  stage.wire.fail('PATCH');
  await stage.wire.revive();
  await saved(page);
  expect(await roll.marks()).toEqual({ ada: '2', grace: '3' });
});

test('rolls go out in the order in which they were taken', async () => {
  const page = await opened();
  await page.context().setOffline(true);
  const days = ['2025-10-07', '2025-10-06', TODAY];
  for (const day of days.slice(0, 2)) {
    await page.context().setOffline(false);
    await roll.open(page, day);
    await state(page).getByText('Not taken yet').waitFor();
    await page.context().setOffline(true);
    await tap(page, 'Ada Lovelace', 'absent');
    await state(page).getByText('Offline').waitFor();
    stage.wire.fail('PATCH', 'cut'); // so that none goes out while the next is opened
  }
  await roll.open(page, TODAY);
  await tap(page, 'Ada Lovelace', 'absent');
  // That of today, which is looked at, says itself how it stands.
  await state(page).getByText('Offline').waitFor();
  expect(await page.locator('.pending a').allTextContents()).toEqual(days.slice(0, 2).map((day) => `Algebra ${day}`));
  stage.wire.fail('PATCH');
  await page.context().setOffline(false);
  await page.locator('.pending a').first().waitFor({ state: 'detached' });
  await saved(page);
  const { knex } = stage.api.world.database;
  const written = await knex('journal').whereNotNull('enrollment_id').orderBy('id');
  expect(written.map(({ date }) => date)).toEqual(days);
});

test('two tabs of a device show the same roll, and send it once', async () => {
  const page = await opened();
  const other = await page.context().newPage();
  await roll.open(other);
  await state(other).getByText('Not taken yet').waitFor();
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await eventually(() => radio(other, 'Ada Lovelace', 'absent').isChecked(), true);
  await tap(other, 'Grace Hopper', 'late');
  await saved(other);
  await eventually(() => radio(page, 'Grace Hopper', 'late').isChecked(), true);
  await tap(page, 'Katherine Johnson', 'excused');
  await saved(page);
  expect(await roll.marks()).toEqual({ ada: '2', grace: '3', katherine: '4' });
  expect(roll.writes()).toBe(3);
});

test('a session that ends meanwhile keeps the roll on the device until its teacher has signed in again', async () => {
  const page = await opened();
  await stage.setClock('2025-10-09T04:00:00Z'); // 23:00 of the same day in Larkspur
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Signed out: kept on this device').waitFor();
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  expect(await roll.marks()).toBeUndefined();
  await page.goto(await stage.invitation(teacher()));
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await eventually(roll.marks, { ada: '2' });
});

test('what waits for a teacher goes out when they sign in again by another link, on the page that they have open', async () => {
  const page = await opened();
  await stage.setClock('2025-10-09T04:00:00Z');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Signed out: kept on this device').waitFor();
  const link = await stage.invitation(teacher());
  await page.evaluate(`location.hash = ${JSON.stringify(new URL(link).hash)}`);
  await page.getByRole('button', { name: 'Accept the invitation' }).click();
  await eventually(roll.marks, { ada: '2' });
});

test('whoever is given another role meanwhile finds what is on the device when they sign in again, and what they may not send is refused', async () => {
  const page = await opened();
  const { people, database } = stage.api.world;
  const { id: school } = await database.knex('schools').first('id');
  const access = `/access/people/${teacher()}/role`;
  const give = async (role: string) => expect((await stage.api.put(access).send({ role, school })).status).toBe(204);
  const signInAgain = async () => {
    await page.goto(await stage.invitation(teacher()));
    await page.getByRole('button', { name: 'Accept the invitation' }).click();
  };
  await give('secretary');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Signed out: kept on this device').waitFor();
  await stage.signIn(people.mendel, page.context()); // somebody else's session sends nothing of it
  expect(await roll.marks()).toBeUndefined();
  await signInAgain();
  await eventually(roll.marks, { ada: '2' });
  await roll.open(page);
  stage.wire.fail('PATCH', 'cut');
  await tap(page, 'Grace Hopper', 'late');
  await state(page).getByText('Offline').waitFor();
  await give('counselor');
  stage.wire.fail('PATCH');
  await signInAgain();
  await roll.open(page);
  await state(page).getByText('Not saved').waitFor();
  expect(await roll.marks()).toEqual({ ada: '2' });
});

test('what an earlier version has kept by the client is found by the same client, and sent', async () => {
  const page = await opened();
  stage.wire.fail('PATCH', 'cut');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Offline').waitFor();
  const old = await page.evaluate<string[]>(`(async () => {
    const { client } = JSON.parse(localStorage.getItem('rollbook.kept./session'));
    const key = Object.keys(localStorage).find((each) => each.startsWith('rollbook.roll.'));
    const name = ['rollbook', 'roll', client.id, ...key.split('.').slice(3)].join('.');
    localStorage.setItem(name, localStorage.getItem(key));
    localStorage.removeItem(key);
    return [key, name];
  })()`);
  expect(old[0]).not.toBe(old[1]);
  stage.wire.fail('PATCH');
  await page.reload();
  await eventually(roll.marks, { ada: '2' });
  // The mark stands in the ledger before the page has the answer, and only the answer empties what is kept.
  await eventually(
    () => page.evaluate(`Object.keys(localStorage).filter((each) => each.startsWith('rollbook.roll.'))`),
    [],
  );
});

test("another teacher who signs in on the same device neither sees nor sends the first one's rolls", async () => {
  const page = await opened();
  const { enrollments, people, sections, database } = stage.api.world;
  const { id: _id, ...row } = await database.knex('enrollments').where({ id: enrollments.noether }).first();
  await database.knex('enrollments').insert({ ...row, person_id: people.mendel, sourced_id: 'both' }); // teaches it too
  stage.wire.fail('PATCH', 'cut');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Offline').waitFor();
  const mendel = await stage.signIn(people.mendel, page.context());
  stage.wire.fail('PATCH');
  await mendel.getByRole('link', { name: /Algebra.*Not taken/ }).waitFor();
  expect(await mendel.getByText('On this device').count()).toBe(0);
  // The first one's page is now the second one's too.
  await page.getByText('Gregor Mendel').waitFor();
  await page.evaluate('dispatchEvent(new Event("online"))');
  await roll.open(mendel);
  await tap(mendel, 'Grace Hopper', 'late');
  await saved(mendel);
  expect(await roll.marks()).toEqual({ grace: '3' });
  // The first one's is still there for them, and goes out when they are back: it is of another student.
  expect(await roll.marks()).toEqual({ grace: '3' });
  await stage.signIn(teacher(), page.context());
  await eventually(roll.marks, { ada: '2', grace: '3' });
  const { knex } = database;
  const by = await knex('journal').where({ section_id: sections.algebra }).whereNotNull('enrollment_id').orderBy('id');
  expect(by.map(({ person_id }) => person_id)).toEqual([people.mendel, people.noether]);
});

test('where the device has no room left, the page says so, holds on to the roll and sends it', async () => {
  const page = await opened();
  await page.context().setOffline(true);
  await page.evaluate(`for (let size = 1 << 22; size > 0; size >>= 1)
    try { for (let n = 0; n < 50; n++) localStorage.setItem('junk' + size + '.' + n, 'x'.repeat(size)) } catch {}`);
  await tap(page, 'Ada Lovelace', 'absent');
  // What can be asked for again makes room for it.
  await state(page).getByText('Offline: kept on this device').waitFor();
  await page.getByLabel('Comment on Ada Lovelace').fill('x'.repeat(2_000));
  await page.context().setOffline(false);
  await eventually(roll.marks, { ada: `2 ${'x'.repeat(2_000)}` });
});

test('a student who has left meanwhile, and of whom something was said, is refused by name; the others are saved', async () => {
  const page = await opened();
  const { database, enrollments } = stage.api.world;
  await database.knex('enrollments').where({ id: enrollments.grace }).update({ end_date: '2025-10-01' });
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page); // nothing was said of Grace
  await tap(page, 'Grace Hopper', 'late');
  await state(page).getByText('Not saved: Some students could not be marked.').waitFor();
  await page
    .getByRole('group', { name: 'Grace Hopper' })
    .getByText(/^Not saved: .*2025-10/)
    .waitFor();
  await screenshot(page, 'roll-refused');
  expect(await roll.marks()).toEqual({ ada: '2' });
  await page.getByRole('button', { name: 'Give up this change' }).click();
  await page.getByText('On this device').waitFor({ state: 'detached' });
  expect(await roll.marks()).toEqual({ ada: '2' });
});

test('another day of the section that was changed meanwhile is no conflict', async () => {
  const page = await opened();
  await roll.office('ada', 4, '2025-10-07');
  await tap(page, 'Grace Hopper', 'late');
  await saved(page);
  expect(await roll.marks()).toEqual({ grace: '3' });
});

test('what the office has said meanwhile of the same student stands beside what the teacher wants, and nothing is written before a choice', async () => {
  const page = await opened();
  await page.context().setOffline(true);
  await tap(page, 'Ada Lovelace', 'absent');
  await tap(page, 'Grace Hopper', 'late');
  await page.getByRole('button', { name: 'Done' }).click();
  await state(page).getByText('Offline').waitFor();
  await roll.office('ada', 4);
  await roll.office('katherine', 4);
  await page.context().setOffline(false);
  await state(page).getByText('Somebody else marked the same student: choose').waitFor();
  const heading = page.getByRole('heading', { name: 'Somebody else marked the same student since' });
  // The sheet has gone with the button that had the focus.
  await eventually(() => heading.evaluate((each) => each.matches(':focus')), true);
  await screenshot(page, 'roll-conflict');
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '4', katherine: '4' }, false]);
  await page.reload(); // it is still to be chosen
  const choice = (name: string) => page.getByRole('radio', { name });
  await choice('Ada Lovelace: theirs, excused').waitFor();
  expect(await page.getByRole('radio').count()).toBe(2); // of the others there is nothing to choose
  const save = page.getByRole('button', { name: 'Save what is chosen' });
  expect(await save.isDisabled()).toBe(true); // Ada is for somebody to decide
  await choice('Ada Lovelace: theirs, excused').check();
  await save.click();
  await taken(page);
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '4', grace: '3', katherine: '4' }, true]);
});

test('while two choose, a third change is a conflict of its own', async () => {
  const page = await opened();
  await page.context().setOffline(true);
  await tap(page, 'Ada Lovelace', 'absent');
  await roll.office('ada', 4);
  await page.context().setOffline(false);
  const save = page.getByRole('button', { name: 'Save what is chosen' });
  await page.getByRole('button', { name: 'All of mine' }).click();
  await roll.office('ada', 3);
  await save.click();
  await page.getByRole('radio', { name: 'Ada Lovelace: theirs, late' }).waitFor();
  expect(await roll.marks()).toEqual({ ada: '3' });
  await page.getByRole('button', { name: 'All of theirs' }).click();
  await save.click();
  await state(page).getByText('Not taken yet, 1 marked').waitFor();
  expect(await radio(page, 'Ada Lovelace', 'late').isChecked()).toBe(true);
  expect(await roll.marks()).toEqual({ ada: '3' });
});

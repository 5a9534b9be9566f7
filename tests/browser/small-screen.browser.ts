import type { Page } from 'playwright-core';
import { algebra } from './algebra';
import { openStage, type Stage, screenshot, TODAY } from './browser';
import { openSchoolYear, type SchoolYear } from './district';
import { papersOf, violations } from './reading';
import { smallTargets } from './targets';

/** What a phone, paper and a wrong address make of the pages. */
let stage: Stage;
let year: SchoolYear;
beforeAll(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
});
afterAll(() => stage.close());

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const at = (page: Page, hash: string) => page.goto(`${stage.wire.url}/#${hash}`);
const monthOf = (month: string) => `/sections/${stage.api.world.sections.algebra}/month/${month}`;
const isTooWide = (page: Page) => page.evaluate('document.documentElement.scrollWidth > window.innerWidth');

test('on a phone the header of the office is one line, with the pages behind a button', async () => {
  const page = await stage.signIn(year.office, PHONE);
  await page.getByRole('combobox', { name: 'Find a student' }).waitFor();
  expect((await page.getByRole('banner').boundingBox())!.height).toBeLessThan(64);
  const calendars = page.getByRole('link', { name: 'Calendars' });
  expect(await calendars.isVisible()).toBe(false);
  await page.getByRole('button', { name: 'Menu' }).click();
  await screenshot(page, 'menu-phone');
  await page.keyboard.press('Escape');
  expect([
    await calendars.isVisible(),
    await page.getByRole('button', { name: 'Menu' }).evaluate((menu) => menu.matches(':focus')),
  ]).toEqual([false, true]);
  await page.getByRole('button', { name: 'Menu' }).click();
  expect(await violations(page)).toEqual([]);
  await calendars.click();
  await page.getByRole('heading', { name: 'Calendars' }).waitFor();
  expect(await calendars.isVisible()).toBe(false);
  for (const hash of ['/', '/absent', '/chronic', '/days/2025-10-07', `/sections/${year.rooms[0]!.id}/2025-10-07`]) {
    await at(page, hash);
    await page.reload();
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect([hash, await isTooWide(page)]).toEqual([hash, false]);
  }
  await page.context().close();
});

test('in Spanish, too, the header of a teacher is one line of a narrow phone, and that of the office two of a small screen', async () => {
  const page = await stage.signIn(stage.api.world.people.noether, { viewport: { width: 320, height: 568 } });
  const header = page.getByRole('banner');
  await page.getByLabel('Language').selectOption('Español');
  await header.getByRole('button', { name: 'Cerrar sesión' }).waitFor();
  await screenshot(page, 'header-spanish-320');
  expect((await header.boundingBox())!.height).toBeLessThan(64);
  await page.context().close();
  const office = await stage.signIn(year.office, { viewport: { width: 1280, height: 800 } });
  await office.getByLabel('Language').selectOption('Español');
  const finder = office.getByRole('combobox', { name: 'Buscar estudiante' });
  await finder.waitFor();
  await screenshot(office, 'header-spanish-1280');
  expect((await office.getByRole('banner').boundingBox())!.height).toBeLessThan(108);
  await office.context().close();
});

test('on a phone a row of a table is a card on which each number says what it is', async () => {
  const page = await stage.signIn(year.office, PHONE);
  const row = page.getByRole('region', { name: 'Rolls today by school' }).getByRole('row', { name: /Aspen/ });
  const cells = row.getByRole('cell');
  await cells.first().waitFor();
  const shown = await cells.evaluateAll((found) =>
    found.map((cell) => {
      const { top, left } = cell.getBoundingClientRect();
      return { head: (cell as unknown as Labelled).dataset.head, top, left };
    }),
  );
  expect(shown.map(({ head }) => head)).toEqual(['Not taken', 'Taken', 'Absent', 'Partly absent', 'Late']);
  expect(shown.map(({ top }) => top)).toEqual(shown.map(({ top }) => top).sort((one, other) => one - other));
  expect(new Set(shown.map(({ left }) => left)).size).toBe(1);
  await screenshot(page, 'dashboard-phone');
  await page.context().close();
});

test('on a phone what is touched on a page of the office is 24 pixels high and wide, also a link that stands alone', async () => {
  const page = await stage.signIn(year.office, PHONE);
  const [room] = year.rooms;
  const { people, sections } = stage.api.world;
  await algebra(stage).office('ada', 2);
  const hashes = [
    ...['/', '/absent', '/absences', '/passes', '/days/2025-10-07', '/untaken', '/chronic', '/chronic/letters'],
    ...['/calendars', '/marks', '/settings', '/access', '/passkeys', '/nowhere'],
    ...[`/students/${people.ada}`, `/sections/${sections.algebra}/${TODAY}`],
    ...['', '/2025-10-07', '/month/2025-10', '/changes/2025-10-07', '/substitute/2025-10-08'].map(
      (part) => `/sections/${room!.id}${part}`,
    ),
  ];
  const small: unknown[] = [];
  let links = 0;
  for (const hash of hashes) {
    await at(page, hash);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.waitForLoadState('networkidle');
    links += await page.locator('main a').count();
    for (const target of await smallTargets(page)) small.push([hash, target]);
  }
  expect(small).toEqual([]);
  expect(links).toBeGreaterThan(hashes.length);
  await page.context().close();
});

interface Labelled {
  readonly dataset: Readonly<Record<string, string>>;
}

test('a month opens where its newest days are, beside a column of names that is narrow', async () => {
  const page = await stage.signIn(stage.api.world.people.noether, PHONE);
  await at(page, monthOf('2025-10'));
  const today = page.getByRole('columnheader', { name: /October 8: not taken/ });
  await today.waitFor();
  expect(await today.getAttribute('aria-current')).toBe('date');
  const { x, width } = (await today.boundingBox())!;
  const names = (await page.getByRole('columnheader', { name: 'Student' }).boundingBox())!;
  expect(x).toBeGreaterThanOrEqual(names.x + names.width - 1);
  expect(x + width).toBeLessThanOrEqual(360);
  expect(names.width).toBeLessThan(120);
  await page.getByText('not enrolled in this class').waitFor();
  await screenshot(page, 'month-phone-today');
  await page.context().close();
});

test('a month is printed across the paper, on one page, with its newest days', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  await at(page, monthOf('2025-10'));
  await page.getByRole('columnheader', { name: /October 8/ }).waitFor();
  const papers = await papersOf(page);
  expect(papers).toHaveLength(1);
  expect(papers[0]![0]).toBeGreaterThan(papers[0]![1]);
  // As wide as the paper within its margins, at 96 dots an inch.
  await page.setViewportSize({ width: Math.floor(((papers[0]![0] / 72) * 25.4 - 20) * (96 / 25.4)), height: 700 });
  await page.emulateMedia({ media: 'print' });
  const last = (await page.getByRole('columnheader', { name: /October 31/ }).boundingBox())!;
  expect(last.x + last.width).toBeLessThanOrEqual(page.viewportSize()!.width);
  await page.context().close();
});

const nowhere: readonly (readonly [hash: string, why: string])[] = [
  ['/sections/1/2026-13-45', 'There is no day “2026-13-45”.'],
  ['/days/2026-02-30', 'There is no day “2026-02-30”.'],
  ['/days/', 'There is no day “”.'],
  ['/sections/1/month/2026-13', 'There is no month “2026-13”.'],
  ['/sections/1/changes/tomorrow', 'There is no day “tomorrow”.'],
  ['/students/1?date=2026-13-45', 'There is no day “2026-13-45”.'],
  ['/students/ada', '“ada” is no number of a student.'],
  ['/nonsense', 'There is no such page.'],
  ['/passes/2026-13-45', 'There is no such page.'],
  ['/days/2025-10-08/xyz', 'There is no such page.'],
  ['/students/1/xyz', 'There is no such page.'],
  ['/sections/1/2025-10-08/xyz', 'There is no such page.'],
  ['/sections/1/month/2025-10/xyz', 'There is no such page.'],
  ['/chronic/letters/xyz', 'There is no such page.'],
  ...['absent', 'absences', 'untaken', 'chronic', 'marks', 'settings', 'access', 'passkeys'].map(
    (name) => [`/${name}/xyz`, 'There is no such page.'] as const,
  ),
];

test('an address that leads nowhere says so, to the office and to a teacher', async () => {
  for (const person of [stage.api.world.people.noether, year.office]) {
    const page = await stage.signIn(person);
    for (const [hash, why] of nowhere) {
      await at(page, hash);
      await page.getByRole('alert').getByText(why).waitFor();
    }
    await page.getByRole('link', { name: 'Go to the first page' }).click();
    await page.getByRole('heading', { name: /Today|Dashboard/ }).waitFor();
    await page.context().close();
  }
});

test('a week of which a single roll is taken is not drawn, and said to rest on one', async () => {
  const { api, wire } = stage;
  await api.patch(`/rolls/${year.rooms[0]!.id}/2025-10-08`).send({ taken: true });
  const page = await stage.signIn(year.office);
  await page.goto(`${wire.url}/#/?by=day`);
  await page.getByText('Not drawn, as few rolls are taken yet: Oct 8, 2025 (1 roll taken).').waitFor();
  await page.context().close();
});

test('where the SIS takes attendance, the page says so in place of rolls', async () => {
  const { database, districts, people } = stage.api.world;
  const set = (on: boolean) =>
    database.knex('districts').where({ id: districts.larkspur }).update({ sis_attendance_app: on });
  await set(true);
  const page = await stage.signIn(people.noether);
  await page.getByText('takes attendance in its student information system').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(await page.getByRole('link', { name: /Algebra/ }).count()).toBe(0);
  await set(false);
  await page.reload();
  await page.getByRole('link', { name: /Algebra/ }).waitFor();
  await page.context().close();
});

test('? shows the keys that work on a page, to a teacher and to the office', async () => {
  for (const [person, keys] of [
    [stage.api.world.people.noether, ['?']],
    [year.office, ['/', '?']],
  ] as const) {
    const page = await stage.signIn(person);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.keyboard.press('?');
    const dialog = page.getByRole('dialog', { name: 'Keys' });
    await dialog.waitFor();
    expect(await dialog.getByRole('term').allInnerTexts()).toEqual(keys);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.context().close();
  }
});

test('a class of somebody else says so to a teacher in a school’s words', async () => {
  const page = await stage.signIn(stage.api.world.people.mendel);
  const { algebra } = stage.api.world.sections;
  for (const hash of [`/sections/${algebra}/2025-10-08`, monthOf('2025-10')]) {
    await at(page, hash);
    await page.getByRole('alert').getByText('This class is not yours, or is not on these days.').waitFor();
  }
  await page.context().close();
});

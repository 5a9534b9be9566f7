import type { Page } from 'playwright-core';
import { openCodes } from '../../src/ledger/codes';
import { algebra } from './algebra';
import { faultsOf, misnamed } from './axe';
import { openStage, PHONE, type Stage, screenshot, TODAY } from './browser';
import { openSchoolYear, type SchoolYear } from './district';

/** In which language the pages are, which way they are read, and that nothing on them stands past the catalogues. */
let stage: Stage;
let year: SchoolYear;
let roll: ReturnType<typeof algebra>;
beforeAll(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
  roll = algebra(stage);
  const { database, actor } = stage.api.world;
  const code = { school_id: year.schools.aspen, year: 2025, code: 'ISS', description: 'ISS', status: 4 as const };
  await openCodes(database).set(actor, code);
});
afterAll(() => stage.close());

const picker = (page: Page, name: string) => page.getByRole('contentinfo').getByRole('combobox', { name });
const said = (page: Page) => page.evaluate('[document.documentElement.lang, document.documentElement.dir]');
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name }).waitFor();
const isTooWide = (page: Page) => page.evaluate('document.documentElement.scrollWidth > window.innerWidth');

test('a page speaks the language of the browser, or the one that is chosen on it, which the device remembers', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  await heading(page, 'Today');
  expect(await said(page)).toEqual(['en', 'ltr']);
  await picker(page, 'Language').selectOption('Español');
  await heading(page, 'Hoy');
  expect(await said(page)).toEqual(['es', 'ltr']);
  await page.getByRole('time').getByText('miércoles, 8 de octubre').waitFor();
  await page.reload();
  await heading(page, 'Hoy');
  await page.getByRole('button', { name: 'Cerrar sesión' }).click();
  await heading(page, 'Iniciar sesión en rollbook');
  expect(await faultsOf(page)).toEqual([]);
  await page.context().close();
  const mexican = await (await stage.device({ locale: 'es-MX' })).newPage();
  await mexican.goto(stage.wire.url);
  await heading(mexican, 'Iniciar sesión en rollbook');
  await picker(mexican, 'Idioma').selectOption('English');
  await heading(mexican, 'Sign in to rollbook');
  await mexican.context().close();
});

test('a roll is taken in Spanish by its letters, also without a network; what the server refuses is said to be English', async () => {
  const page = await stage.signIn(stage.api.world.people.noether, PHONE);
  await picker(page, 'Language').selectOption('Español');
  await heading(page, 'Hoy');
  await roll.open(page);
  await page.getByText('Aún sin tomar').waitFor();
  await page.getByRole('group', { name: 'Ada Lovelace' }).getByRole('radio', { name: 'presente' }).focus();
  await page.keyboard.press('t');
  await page.getByText('Guardado. Aún sin tomar, 1 marcado').waitFor();
  await page.keyboard.press('l');
  await page.getByText(/Guardado .* Asistencia tomada/).waitFor();
  expect([await roll.marks(), await roll.isTaken()]).toEqual([{ ada: '3' }, true]);
  await screenshot(page, 'roll-spanish-phone');
  expect([await faultsOf(page), await isTooWide(page)]).toEqual([[], false]);

  await page.context().setOffline(true);
  await page.reload();
  await page.getByRole('group', { name: 'Alan Turing' }).getByRole('radio', { name: 'ausente' }).tap();
  await page.getByText('Sin conexión: está en este dispositivo. Asistencia tomada').waitFor();
  await page.context().setOffline(false);
  await page.getByText(/Guardado .* Asistencia tomada/).waitFor();
  await page.goto(`${stage.wire.url}/#/sections/999999/${TODAY}`);
  await page.getByRole('alert').locator('[lang=en]').waitFor();
  await page.context().close();
});

/** Pages of a teacher and of the office, and what is there once there is something to see. */
const pages: readonly (readonly [name: string, who: 'teacher' | 'office', path: () => string, shown: string])[] = [
  ['sections', 'teacher', () => '#/', '.section'],
  ['roll', 'teacher', () => `#/sections/${stage.api.world.sections.algebra}/${TODAY}`, '.student input'],
  ['saturday', 'teacher', () => '#/days/2025-10-04', '[role=note]'],
  ['month', 'teacher', () => `#/sections/${stage.api.world.sections.algebra}/month/2025-10`, '.cell'],
  ['student', 'teacher', () => `#/students/${stage.api.world.people.ada}`, '.figures dd'],
  ['substitute', 'teacher', () => `#/sections/${stage.api.world.sections.algebra}/substitute/${TODAY}`, '.substitutes'],
  ['passkeys', 'teacher', () => '#/passkeys', 'main p'],
  ['launch', 'teacher', () => 'launched#/refused/insecure', '[role=alert]'],
  ['dashboard', 'office', () => '#/', '.pictures .numbers'],
  ['absent', 'office', () => `#/absent?school=${year.schools.aspen}`, '.picture'],
  ['absences', 'office', () => '#/absences', '.absence-form'],
  ['passes', 'office', () => '#/passes', '.picture form, form.picture'],
  ['rolls', 'office', () => `#/days/${TODAY}?school=${year.schools.aspen}`, '.section'],
  ['chronic', 'office', () => '#/chronic', '.pager'],
  ['calendar', 'office', () => `#/calendars/${year.schools.aspen}`, '.year .day'],
  ['marks', 'office', () => '#/marks', '.part'],
  ['settings', 'office', () => '#/settings', '#setting-changes-title'],
  ['access', 'office', () => '#/access', '.people td'],
];

/** Words with a vowel without an accent: none that comes from a catalogue has one. */
const plainWords = (page: Page) =>
  page.evaluate<string[]>(`(() => {
    const texts = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest('script, noscript, [lang=en], code')) texts.push(walker.currentNode.data);
    for (const each of document.querySelectorAll('[aria-label], [placeholder], [title]'))
      for (const name of ['aria-label', 'placeholder', 'title']) texts.push(each.getAttribute(name) ?? '');
    return [...new Set(texts.join(' ').match(/[\\p{L}]*[aeiouAEIOU][\\p{L}]*/gu))].sort();
  })()`);

/** What is of the roster, the school or the service; what is the same in every language; days and months as Intl writes them. */
const data = new Set([
  ...['Ada', 'Lovelace', 'Alan', 'Turing', 'Emmy', 'Noether', 'Grace', 'Hopper', 'Gregor', 'Mendel'],
  ...['Katherine', 'Johnson', 'Olga', 'Office', 'Tove', 'Teacher', 'Student', 'Room', 'Algebra', 'ALG', 'AL'],
  ...['emmy', 'gregor', 'test', 'example', 'org', 'Larkspur', 'Middle', 'School', 'Aspen', 'Birch', 'access'],
  ...['ISS', 'admin', 'attendance', 'read', 'roster', 'write', 'A', 'E', 'AT', 'UT'],
  ...['rollbook', 'English', 'Español', 'CSV', 'SIS', 'PDF', 'API', 'AM', 'PM'],
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'],
  ...['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Su', 'Mo', 'Tu', 'We', 'Fr', 'Sa'],
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November'],
  ...['December', 'Jan', 'Feb', 'Mar', 'Apr', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
]);

test.each([
  ['en-XA', 'ltr'],
  ['ar-XB', 'rtl'],
])('all that a page says is of the catalogues, and fits, from wherever it is read: %s', async (language, direction) => {
  const found: string[] = [];
  for (const who of ['teacher', 'office'] as const) {
    const person = who === 'teacher' ? stage.api.world.people.noether : year.office;
    const page = await stage.signIn(person, direction === 'rtl' ? PHONE : {});
    await page.evaluate(`localStorage.setItem('rollbook.language', '${language}')`);
    await page.reload();
    for (const [name, , path, shown] of pages.filter(([, of]) => of === who)) {
      await page.goto(`${stage.wire.url}/${path()}`);
      await page.locator(shown).first().waitFor();
      await page.waitForLoadState('networkidle');
      expect([name, await said(page)]).toEqual([name, [language, direction]]);
      for (const word of await plainWords(page)) if (!data.has(word)) found.push(`${name}: ${word}`);
      if (await isTooWide(page)) found.push(`${name}: is too wide`);
      found.push(...(await misnamed(page)));
      await screenshot(page, `${name}-${language}`);
    }
    await page.context().close();
  }
  expect(found).toEqual([]);
});

test('in Spanish, too, nothing is called otherwise than it reads, and no word of the service is English', async () => {
  const found: string[] = [];
  for (const who of ['teacher', 'office'] as const) {
    const page = await stage.signIn(who === 'teacher' ? stage.api.world.people.noether : year.office);
    await picker(page, 'Language').selectOption('Español');
    for (const [name, , path, shown] of pages.filter(([, of]) => of === who)) {
      await page.goto(`${stage.wire.url}/${path()}`);
      await page.locator(shown).first().waitFor();
      await page.waitForLoadState('networkidle');
      for (const word of await plainWords(page))
        if (/^(weekend|present|absent|late|excused|tardy|unexcused|unknown|taken)$/i.test(word))
          found.push(`${name}: ${word}`);
      found.push(...(await misnamed(page)));
      await screenshot(page, `${name}-es`);
    }
    await page.context().close();
  }
  expect(found).toEqual([]);
});

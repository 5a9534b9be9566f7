import { faultsOf } from './axe';
import { openStage, type Stage, screenshot } from './browser';
import { openSchoolYear, type SchoolYear } from './district';

let stage: Stage;
let year: SchoolYear;
beforeEach(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
});
afterEach(() => stage.close());

test('letters are written by the text of the school, which is refused with a field that does not exist, one a page', async () => {
  const { aspen } = year.schools;
  const { students } = (await stage.api.get(`/reports/chronic?school=${aspen}`)).body;
  const page = await stage.signIn(year.office);
  await page.goto(`${stage.wire.url}/#/chronic?school=${aspen}`);
  await page.getByRole('link', { name: 'Letters to families' }).click();
  const letters = page.getByRole('article');
  await letters.first().waitFor();
  expect(await letters.count()).toBe(students.length);
  // None of them has a number: the line that would say it is left out.
  const lines = ((await letters.first().textContent()) ?? '').split('\n');
  expect(lines).toEqual(expect.arrayContaining([`To the family of ${students[0].name}`, 'Grade 05']));
  expect(lines.filter((line) => /number/i.test(line))).toEqual([]);

  await page.getByText('The text of the letters: the usual one').click();
  await page.getByRole('textbox', { name: /^Text/ }).fill('Dear family of {nmae}');
  await page.getByRole('button', { name: 'Save the text' }).click();
  await page.getByText('Not saved: text has the field "nmae"').waitFor();
  expect(await faultsOf(page)).toEqual([]);
  await screenshot(page, 'office-letters');
  await page
    .getByRole('textbox', { name: /^Text/ })
    .fill('<b>Dear</b> family of {name}: {days_missed} of {days} days.');
  await page.getByRole('button', { name: 'Save the text' }).click();
  const [{ name, absent_days, enrolled_days }] = students;
  await page.getByText(`<b>Dear</b> family of ${name}: ${absent_days} of ${enrolled_days} days.`).waitFor();

  const pdf = (await page.pdf()).toString('latin1');
  expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(students.length);
});

test('days and percentages stand in a letter as its language has them, with the year, whichever language the page is in', async () => {
  const { aspen } = year.schools;
  const { students, from } = (await stage.api.get(`/reports/chronic?school=${aspen}`)).body;
  const page = await stage.signIn(year.office);
  const letter = page.getByRole('article').first();
  const open = async (language: string) => {
    await page.evaluate(`localStorage.setItem('rollbook.language', '${language}')`);
    await page.goto(`${stage.wire.url}/#/chronic/letters?school=${aspen}`);
    await page.reload();
    await letter.waitFor();
  };
  const written = (locale: string) => new Date(from).toLocaleDateString(locale, { timeZone: 'UTC', dateStyle: 'long' });
  await open('es');
  expect(await letter.textContent()).toContain(`from ${written('en-US')} to `);

  await page.getByText('El texto de las cartas: el de costumbre').click();
  await page.getByRole('combobox', { name: 'Idioma de las cartas' }).selectOption('Español');
  expect(await page.getByRole('textbox', { name: /^Texto/ }).inputValue()).toContain('A la familia de {name}');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Guardar el texto' }).click();
  await page.getByText(`A la familia de ${students[0].name}`).waitFor();
  await open('en');
  const percent = students[0].rate.toLocaleString('es-US', { style: 'percent', minimumFractionDigits: 1 });
  expect(await letter.textContent()).toEqual(expect.stringContaining(`, el ${percent}, del ${written('es-US')} al `));
  expect(await letter.locator('[lang=es]').count()).toBe(1);
  expect((await stage.api.get(`/schools/${aspen}/chronic-letter`)).body).toMatchObject({ language: 'es', usual: true });
});

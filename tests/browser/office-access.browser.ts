import type { Page } from 'playwright-core';
import { inBothSchemes, openStage, type Stage, screenshot, TODAY } from './browser';
import { openSchoolYear, type SchoolYear } from './district';
import { violations } from './reading';

let stage: Stage;
let year: SchoolYear;
beforeAll(async () => {
  stage = await openStage();
  year = await openSchoolYear(stage.api);
  await stage.api.put(`/calendars/${year.schools.aspen}`).send({
    days: [
      { date: '2025-11-27', school_day: false, reason: 'Thanksgiving' },
      { date: '2025-12-06', school_day: true, reason: 'Open day' },
    ],
  });
  await stage.api.mark([year.rooms[0]!.enrollments[0]!, TODAY, 2]);
});
afterAll(() => stage.close());

/** Each page of the office as it is looked at. */
const pages: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  async dashboard(page) {
    await page.goto(`${stage.api.url}/#/?open=${year.schools.aspen}`);
    await page.getByText('Room 2').waitFor();
    for (const numbers of await page.getByText('Numbers', { exact: true }).all()) await numbers.click();
  },
  async chronic(page) {
    await page.goto(`${stage.api.url}/#/chronic`);
    await page.getByText('1 to 50').waitFor();
  },
  async calendar(page) {
    await page.goto(`${stage.api.url}/#/calendars/${year.schools.aspen}`);
    await page.getByRole('button', { name: 'Change Thursday, November 27' }).waitFor();
  },
  async day(page) {
    await page.getByRole('button', { name: 'Monday, September 1: school day' }).click();
    await page.getByText('Rolls were already taken').waitFor();
  },
  async roll(page) {
    await page.goto(`${stage.api.url}/#/sections/${year.rooms[0]!.id}/${TODAY}`);
    await page.getByRole('group').first().waitFor();
  },
};

test.each([
  ['desktop', { width: 1280, height: 900 }],
  ['phone', { width: 390, height: 844 }],
] as const)(
  '%s, light or dark: axe finds nothing, nothing is wider than the screen, and nothing is refused by the content policy',
  async (size, viewport) => {
    const page = await stage.signIn(year.office, { viewport });
    const refused: string[] = [];
    page.on('console', (message) => message.type() === 'error' && refused.push(message.text()));
    page.on('pageerror', (error) => refused.push(error.message));
    const found: string[] = [];
    for (const [name, show] of Object.entries(pages)) {
      await show(page);
      await inBothSchemes(page, async (scheme) => {
        for (const violation of await violations(page)) found.push(`${name}, ${scheme}: ${violation}`);
        const isTooWide = await page.evaluate('document.documentElement.scrollWidth > window.innerWidth');
        if (isTooWide) found.push(`${name}, ${scheme}: is too wide`);
        await screenshot(page, `office-${size}-${scheme}-${name}`);
      });
    }
    expect(found).toEqual([]);
    expect(refused).toEqual([]);
  },
);

test('with the keyboard alone the rolls of a school are opened and a roll is reached', async () => {
  const page = await stage.signIn(year.office);
  await page.getByRole('button', { name: 'Aspen', exact: true }).waitFor();
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 40; presses++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.textContent')) === name) return;
    }
    throw new Error(`The keyboard does not reach ${name}.`);
  };
  await tabTo('Aspen');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Room 2' }).waitFor();
  await tabTo('Room 2');
  await page.keyboard.press('Enter');
  await page.getByText('Not taken yet').waitFor();
});

import type { Locator, Page } from 'playwright-core';
import { algebra, done, saved, state, tap } from './algebra';
import { openStage, type Stage, screenshot } from './browser';

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
  await roll.enrollMore(26);
});
afterEach(() => stage.close());

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const DESKTOP = { viewport: { width: 1280, height: 800 } };

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where the buttons of all students are on the page, to the pixel. */
const boxes = (page: Page): Promise<Box[]> =>
  page.locator('.choice').evaluateAll((choices) =>
    choices.map((choice) => {
      const { x, y, width, height } = choice.getBoundingClientRect();
      return { x: Math.round(x), y: Math.round(y + (globalThis as unknown as Scrolled).scrollY), width, height };
    }),
  );

interface Scrolled {
  readonly scrollY: number;
}

/** Whether something is on the screen as a whole, with nothing over it. */
const isInSight = (thing: Locator): Promise<boolean> =>
  thing.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const corners = [
      [left + 2, top + 2],
      [right - 2, bottom - 2],
    ] as const;
    return corners.every(([x, y]) => {
      const found = element.ownerDocument.elementFromPoint(x, y);
      return found !== null && (element.contains(found) || found.contains(element));
    });
  });

test.each([
  ['on a phone', PHONE],
  ['on a desktop', DESKTOP],
])(
  'no button moves while a roll is taken, commented, overruled and kept without a network, %s',
  async (_how, device) => {
    await roll.office('grace', 4);
    const page = await stage.signIn(stage.api.world.people.noether, device);
    await roll.open(page);
    await page.getByRole('group', { name: 'Grace Hopper' }).getByText('Entered by').waitFor();
    const before = await boxes(page);
    expect(before).toHaveLength(30 * 4);
    for (const column of [0, 1, 2, 3])
      expect(new Set(before.filter((_box, index) => index % 4 === column).map(({ x }) => x)).size).toBe(1);
    const isUnmoved = async () => expect(await boxes(page)).toEqual(before);

    await tap(page, 'Ada Lovelace', 'absent');
    await isUnmoved();
    await saved(page);
    await isUnmoved();
    await page.getByLabel('Comment on Ada Lovelace').fill('at the dentist until noon, and then at home');
    await isUnmoved();
    await tap(page, 'Grace Hopper', 'late');
    await page.getByText('You overrule').waitFor();
    await isUnmoved();
    await screenshot(page, `roll-commented ${_how}`);
    await done(page);
    await isUnmoved();
    await stage.wire.kill();
    await tap(page, 'Katherine Johnson', 'late');
    await state(page).getByText('Offline: kept on this device').waitFor();
    await page.getByText('No network').waitFor();
    await isUnmoved();
  },
);

test('how a roll stands, and Done, are in sight wherever one is on it', async () => {
  const page = await stage.signIn(stage.api.world.people.noether, PHONE);
  await roll.open(page);
  await page.getByRole('group').nth(29).waitFor();
  await page.getByRole('group').nth(29).getByRole('radio', { name: 'absent' }).tap();
  await saved(page);
  expect(await page.evaluate('scrollY > 500')).toBe(true);
  expect(await isInSight(state(page))).toBe(true);
  expect(await isInSight(page.getByRole('button', { name: 'Done' }))).toBe(true);
  await screenshot(page, 'roll-scrolled');
});

test.each([
  ['on a phone', PHONE],
  ['on a desktop', DESKTOP],
])('what the keyboard is on is not hidden, up or down, %s', async (_how, device) => {
  const page = await stage.signIn(stage.api.world.people.noether, device);
  await roll.open(page);
  await page.getByRole('group').nth(29).waitFor();
  const ways = [
    'ArrowDown',
    'a',
    ...keys('ArrowDown', 29),
    ...keys('ArrowUp', 29),
    'End',
    'Home',
    'PageDown',
    'PageUp',
  ];
  for (const key of ways) {
    await page.keyboard.press(key);
    expect([key, await isInSight(page.locator('.choice:has(:focus)'))]).toEqual([key, true]);
  }
});

const keys = (key: string, times: number): string[] => Array.from({ length: times }, () => key);

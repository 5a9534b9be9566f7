import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { root } from '../../src/lib/root';
import { algebra, eventually, saved, state, tap } from './algebra';
import { faultsOf } from './axe';
import { inBothSchemes, openStage, PHONE, type Stage, screenshot, sizes, TODAY } from './browser';
import { smallTargets } from './targets';

let stage: Stage;
let roll: ReturnType<typeof algebra>;
beforeEach(async () => {
  stage = await openStage();
  roll = algebra(stage);
});
afterEach(() => stage.close());

/** Every page of a teacher, once there is something to see on it; what it is called in the tab. */
const pages: [name: string, title: string, open: (page: Page) => Promise<unknown>][] = [
  ['sections', 'Today', (page) => page.goto(`${stage.wire.url}/#/`)],
  ['roll', 'Algebra · Wednesday, October 8', (page) => roll.open(page)],
  ['month', 'Algebra · October 2025', (page) => page.goto(`${stage.wire.url}/#/sections/1/month/2025-10`)],
  ['changes', 'Changes · Wednesday, October 8', (page) => page.goto(`${stage.wire.url}/#/sections/1/changes/${TODAY}`)],
  ['student', 'Ada Lovelace', (page) => page.goto(`${stage.wire.url}/#/students/${stage.api.world.people.ada}`)],
];

test.each(sizes)(
  'no page has a fault that axe finds, and none is wider than the screen, light or dark: %s',
  async (size, device) => {
    const page = await stage.signIn(stage.api.world.people.noether, device);
    await roll.open(page);
    await tap(page, 'Ada Lovelace', 'absent');
    await tap(page, 'Grace Hopper', 'late');
    await tap(page, 'Katherine Johnson', 'excused');
    await page.getByLabel('Comment on Ada Lovelace').fill('dentist');
    await saved(page);
    for (const [name, title, open] of pages) {
      await open(page);
      await eventually(() => page.title(), `${title} · rollbook`);
      await page.waitForLoadState('networkidle');
      await inBothSchemes(page, async (scheme) => {
        await screenshot(page, `${name}-${size}-${scheme}`);
        expect([name, scheme, await faultsOf(page)]).toEqual([name, scheme, []]);
        expect([name, scheme, await isTooWide(page)]).toEqual([name, scheme, false]);
        expect([name, scheme, await smallTargets(page)]).toEqual([name, scheme, []]);
        // Absent, late and excused: said by a letter, and by a colour of their own.
        if (name === 'roll') expect([scheme, (await groundsOf(page)).size]).toEqual([scheme, 3]);
      });
      if (size === 'phone') expect([name, await faultsOfRoom(page)]).toEqual([name, []]);
    }
  },
);

test.each(sizes)('neither has the sign-in, nor a roll in trouble, light or dark: %s', async (size, device) => {
  const context = await stage.device(device);
  const stranger = await context.newPage();
  await stranger.goto(stage.wire.url);
  await stranger.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  await inBothSchemes(stranger, async (scheme) => {
    await screenshot(stranger, `sign-in-${size}-${scheme}`);
    expect(await faultsOf(stranger)).toEqual([]);
  });
  const page = await stage.signIn(stage.api.world.people.noether, context);
  await roll.open(page);
  await state(page).getByText('Not taken yet').waitFor();
  stage.wire.fail('PATCH', 'cut');
  await tap(page, 'Ada Lovelace', 'absent');
  await state(page).getByText('Offline').waitFor();
  await inBothSchemes(page, async () => expect(await faultsOf(page)).toEqual([]));
  await roll.office('ada', 4);
  stage.wire.fail('PATCH');
  await page.getByRole('heading', { name: 'Somebody else marked the same student since' }).waitFor();
  await inBothSchemes(page, async (scheme) => {
    await screenshot(page, `conflict-${size}-${scheme}`);
    expect(await faultsOf(page)).toEqual([]);
    expect(await smallTargets(page)).toEqual([]);
  });
});

const groundsOf = async (page: Page): Promise<Set<string>> =>
  new Set(
    await page
      .locator('.choice:has(:checked)')
      .evaluateAll((chosen) =>
        chosen.map((each) => each.ownerDocument.defaultView!.getComputedStyle(each).backgroundColor),
      ),
  );

const isTooWide = async (page: Page): Promise<boolean> =>
  (await page.evaluate<number>('document.documentElement.scrollWidth')) > page.viewportSize()!.width;

/** What a window of 320 pixels does not show (1.4.10), which is also one of 1280 at 400 %; nor text that is set wider (1.4.12). */
async function faultsOfRoom(page: Page): Promise<string[]> {
  const { viewport } = PHONE;
  await page.setViewportSize({ width: 320, height: 568 });
  const isNarrow = await isTooWide(page);
  await page.evaluate(`{
    const spacing = new CSSStyleSheet();
    spacing.replaceSync(
      '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block: 2em !important }',
    );
    document.adoptedStyleSheets = [spacing];
  }`);
  const isSpaced = await isTooWide(page);
  const cut = await page
    .locator('main button, main h1, main label, .state, .save-state, .count')
    .evaluateAll((found) =>
      found
        .filter((each) => each.checkVisibility() && each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1)
        .map((each) => `cut: ${each.textContent}`),
    );
  await page.evaluate('document.adoptedStyleSheets = []');
  await page.setViewportSize(viewport!);
  return [...(isNarrow ? ['320 pixels'] : []), ...(isSpaced ? ['spaced text'] : []), ...cut];
}

/** The roll of Algebra once Grace is absent, as a screen reader goes through it from its beginning: names, roles and states. */
const tree = `
heading "Algebra" [level=1]
paragraph
time: Wednesday, October 8
text: ·
link "Month"
text: ·
link "Changes"
text: ·
link "Substitute"
paragraph: 0 present 1 absent 0 late 0 excused 3 not marked
status: Saved. Not taken yet, 1 marked
button "Done"
button "All present"
button "Undo"
list
listitem
group "Grace Hopper"
link "Grace Hopper"
radio "present"
text: present
radio "absent" [checked]
text: absent
radio "late"
text: late
radio "excused"
text: excused
textbox "Comment on Grace Hopper"
listitem
group "Katherine Johnson"
link "Katherine Johnson"
radio "present"
text: present
radio "absent"
text: absent
radio "late"
text: late
radio "excused"
text: excused
`;

test('what a screen reader is told: groups by name, a state that is said aloud, where a page begins', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  await page.getByRole('link', { name: /Algebra/ }).click();
  await state(page).getByText('Not taken yet').waitFor();
  expect(await page.evaluate('document.activeElement.localName')).toBe('main');
  // Nobody has said anything: nothing is chosen until the roll is taken.
  expect(await page.getByRole('radio', { checked: true }).count()).toBe(0);
  expect(await state(page).getAttribute('role')).toBe('status');
  await tap(page, 'Grace Hopper', 'absent');
  await saved(page);
  const [main, ...told] = linesOf(await page.getByRole('main').ariaSnapshot());
  expect([main, ...told.slice(0, linesOf(tree).length)]).toEqual(['main', ...linesOf(tree)]);
  await page.getByRole('button', { name: 'Skip to the page' }).press('Enter');
  expect(await page.evaluate('document.activeElement.localName')).toBe('main');
});

/** Without the addresses of links, and without how deep a line is. */
const linesOf = (tree: string): string[] =>
  tree
    .split('\n')
    .map((line) => line.replace(/^ *-? ?/, '').replace(/:$/, ''))
    .filter((line) => line && !line.startsWith('/url'));

test('with colours of the reader’s own what is chosen differs, nothing moves, and keys alone can be switched off', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  await roll.open(page);
  await tap(page, 'Ada Lovelace', 'absent');
  await saved(page);
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  const groundOf = (status: string) =>
    page
      .getByRole('group', { name: 'Ada Lovelace' })
      .locator('.choice', { hasText: status })
      .evaluate((each) => each.ownerDocument.defaultView!.getComputedStyle(each).backgroundColor);
  expect(await groundOf('absent')).not.toBe(await groundOf('late'));
  await screenshot(page, 'roll-forced-colours');
  expect(await page.evaluate('document.getAnimations().length')).toBe(0);
  const moving = `[...document.querySelectorAll('*')].filter((each) => {
    const { animationName, transitionDuration } = getComputedStyle(each);
    return animationName !== 'none' || transitionDuration !== '0s';
  }).length`;
  expect(await page.evaluate(moving)).toBe(0);

  const keys = page.getByRole('dialog', { name: 'Keys' });
  const alone = page.getByRole('contentinfo').getByRole('checkbox', { name: /Keys without Ctrl/ });
  await page.keyboard.press('?');
  await keys.getByRole('button', { name: 'Close' }).click();
  await alone.uncheck();
  await page.reload();
  await page.getByRole('group', { name: 'Ada Lovelace' }).waitFor();
  expect(await alone.isChecked()).toBe(false);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  // What is drawn after a key would be drawn by now.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
  expect(await keys.count()).toBe(0);
  await page.getByRole('button', { name: 'Keys' }).click();
  await keys.waitFor();
});

test('the pages ask no other host, break no rule of their policy, and leave nothing that a script can read of the session', async () => {
  const context = await stage.device();
  const asked = new Set<string>();
  const said: string[] = [];
  context.on('request', (request) => asked.add(new URL(request.url()).origin));
  context.on('console', (message) => said.push(message.text()));
  context.on('weberror', (error) => said.push(String(error.error())));
  await context.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => console.error('policy: ' + event.violatedDirective))`,
  );
  const page = await stage.signIn(stage.api.world.people.noether, context);
  for (const [, title, open] of pages) {
    await open(page);
    await eventually(() => page.title(), `${title} · rollbook`);
  }
  expect([...asked]).toEqual([stage.wire.url]);
  // Who is not signed in is answered 401.
  expect(said.filter((text) => !/status of 40[14]/.test(text))).toEqual([]);
  const [cookie, ...others] = await context.cookies();
  expect([others, cookie]).toEqual([[], expect.objectContaining({ httpOnly: true, sameSite: 'Strict', path: '/' })]);
  expect(await page.evaluate('document.cookie')).toBe('');
  const kept = await page.evaluate<string>('JSON.stringify(localStorage)');
  expect(kept).not.toContain(cookie!.value);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor();
  expect(await page.evaluate('localStorage.length')).toBe(0);
});

test('what a roll is opened with is asked for once, on the way to the script', async () => {
  const page = await stage.signIn(stage.api.world.people.noether);
  const again = await page.context().newPage();
  const asked: string[] = [];
  again.on('request', (request) => {
    // Whether there is anything new is asked from time to time.
    if (request.headers()['if-none-match']) return;
    const line = `${request.method()} ${new URL(request.url()).pathname}`;
    if (/session|month| \/rolls\//.test(line)) asked.push(line);
  });
  await roll.open(again);
  await state(again).getByText('Not taken yet').waitFor();
  expect(asked.sort()).toEqual(['GET /reports/sections/1/month', 'GET /rolls/1/2025-10-08', 'GET /session']);
});

test("the teacher's page is less than 40 kB, compressed, with its styles", () => {
  const folder = join(root, 'dist/web');
  const page = readFileSync(join(folder, 'index.html'), 'utf8');
  const named = [...page.matchAll(/assets\/[\w.-]+/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThanOrEqual(2);
  expect(readdirSync(join(folder, 'assets')).length).toBeGreaterThanOrEqual(named.length);
  const sizes = [page, ...named.map((path) => readFileSync(join(folder, path)))].map((part) => gzipSync(part).length);
  expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(40_000);
});

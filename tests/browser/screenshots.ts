import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root } from '../../src/lib/root';
import { findChromium, flags } from './chromium';
import { startDemo } from './demo';

/** The pictures in README.md, of the demo as it is: a roll on a phone, and what the office sees. */
async function main(): Promise<void> {
  const folder = join(root, 'docs');
  mkdirSync(folder, { recursive: true });
  const demo = await startDemo();
  const browser = await chromium.launch({ executablePath: await findChromium(), args: flags });

  const phone = { viewport: { width: 390, height: 780 }, hasTouch: true, isMobile: true };
  const teacher = await (await demo.signIn(browser, 'teacher', phone)).newPage();
  await teacher.goto(`/#/sections/${demo.section}/${demo.date}`);
  await teacher.getByRole('group').first().waitFor();
  await teacher.screenshot({ path: join(folder, 'roll.png') });

  const office = await (await demo.signIn(browser, 'office', { viewport: { width: 1280, height: 880 } })).newPage();
  await office.goto('/#/');
  await office.getByRole('heading', { level: 1 }).waitFor();
  await office.waitForLoadState('networkidle');
  await office.screenshot({ path: join(folder, 'office.png') });

  await browser.close();
  await demo.close();
}

void main();

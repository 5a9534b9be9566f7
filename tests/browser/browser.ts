import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { openSignIn } from '../../src/clients/sign-in';
import { root } from '../../src/root';
import { type Api, openApi } from '../api';
import { clockless } from '../clock';

/** What the service's clock says: Wednesday 2025-10-08, 10:00 in Larkspur. */
export const NOW = new Date('2025-10-08T15:00:00Z');
export const TODAY = '2025-10-08';

/** Chromium beside the service over the small school, whose today is 2025-10-08. */
export interface Stage {
  readonly api: Api;
  readonly browser: Browser;
  /** A page in which the person has signed in by an invitation. */
  signIn(person: number, options?: Parameters<Browser['newContext']>[0]): Promise<Page>;
  close(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  jest.useFakeTimers({ now: NOW, doNotFake: [...clockless] });
  const api = await openApi();
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM!,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
  });
  const contexts: BrowserContext[] = [];
  return {
    api,
    browser,
    async signIn(person, options = {}) {
      const context = await browser.newContext({ locale: 'en-US', ...options });
      contexts.push(context);
      const page = await context.newPage();
      const token = await openSignIn(api.world.database, api.clients).invite(api.world.districts.larkspur, person, 600);
      await page.goto(`${api.url}/#/invitation/${token}`);
      await page.getByRole('button', { name: 'Accept the invitation' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      return page;
    },
    async close() {
      await Promise.all(contexts.map((context) => context.close()));
      await browser.close();
      await api.close();
      jest.useRealTimers();
    },
  };
}

/** Kept as artefacts of the run. */
export const screenshot = (page: Page, name: string): Promise<Buffer> =>
  page.screenshot({ path: join(root, 'data/screenshots', `${name}.png`), fullPage: true });

import { join } from 'node:path';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { openSignIn } from '../../src/clients/sign-in';
import { root } from '../../src/lib/root';
import type { Mailer } from '../../src/mail/mailer';
import type { OpenId } from '../../src/service/config';
import type { TargetOptions } from '../../src/webhooks/targets';
import { type Api, openApi } from '../api';
import { clockless } from '../clock';
import { freePort } from '../engines/port';
import { flags } from './chromium';
import { openWire, type Wire } from './wire';

/** What the service's clock and the browser's say: Wednesday 2025-10-08, 10:00 in Larkspur. */
export const NOW = '2025-10-08T15:00:00Z';
export const TODAY = '2025-10-08';

/** How long what a page does may take on a busy machine, in milliseconds. */
const LONGEST = 30_000;

/** A phone held upright, touched with a finger. */
export const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };

/** A tablet held upright, touched with a finger. */
const TABLET: BrowserContextOptions = { viewport: { width: 820, height: 1180 }, hasTouch: true, isMobile: true };

/** What pages are looked at on. */
export const sizes = [
  ['desktop', { viewport: { width: 1280, height: 900 } }],
  ['tablet', TABLET],
  ['phone', PHONE],
] as const satisfies readonly (readonly [string, BrowserContextOptions])[];

/** Chromium beside the service over the small school, whose today is 2025-10-08. */
export interface Stage {
  readonly api: Api;
  /** The network between the two. */
  readonly wire: Wire;
  /** A browser that nobody has used yet. */
  device(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page in which the person has signed in by an invitation; on a device of its own, unless one is given. */
  signIn(person: number, on?: BrowserContextOptions | BrowserContext): Promise<Page>;
  invitation(person: number): Promise<string>;
  /** It becomes another time, for the service and on every device. */
  setClock(instant: string): Promise<void>;
  close(): Promise<void>;
}

/** One for all tests of a file: each device is a context of its own, which shares nothing with another. */
let launched: Promise<Browser> | undefined;
afterAll(async () => (await launched)?.close());

export async function openStage({
  now = NOW,
  openid,
  mailer,
  webhooks,
  browserFlags = [],
  named = false,
  published = named,
}: {
  now?: string;
  /** Whether it is published as `localhost`, for which a browser makes passkeys: an address has none. */
  named?: boolean;
  /** Whether the network's address is the one of the service, in what it writes too. */
  published?: boolean;
  openid?: OpenId;
  mailer?: Mailer;
  webhooks?: TargetOptions;
  /** Beside those that every browser has; the same for all tests of a file. */
  browserFlags?: readonly string[];
} = {}): Promise<Stage> {
  jest.useFakeTimers({ now: new Date(now), doNotFake: [...clockless] });
  const port = await freePort(); // nobody else has it while the wire is down
  const host = named ? 'localhost' : '127.0.0.1';
  const publicUrl = `http://${host}:${port}`;
  const given = { ...(openid && { openid }), ...(mailer && { mailer }), ...(webhooks && { webhooks }) };
  const api = await openApi({ ...given, ...(published && { publicUrl }) });
  const wire = await openWire(api.url, port, host);
  launched ??= chromium.launch({ executablePath: process.env.CHROMIUM!, args: [...flags, ...browserFlags] });
  const browser = await launched;
  const devices: BrowserContext[] = [];
  let time = now;

  const device: Stage['device'] = async (options = {}) => {
    const context = await browser.newContext({ locale: 'en-US', ...options });
    devices.push(context);
    context.setDefaultTimeout(LONGEST);
    await context.addInitScript(clockAt(time));
    return context;
  };
  const invitation = async (person: number) => {
    const { database, districts } = api.world;
    const token = await openSignIn(database, api.clients).invite(districts.larkspur, person, 600);
    return `${wire.url}/#/invitation/${token}`;
  };
  return {
    api,
    wire,
    device,
    invitation,
    async signIn(person, on = {}) {
      const page = await ('newPage' in on ? on : await device(on)).newPage();
      await page.goto(await invitation(person));
      await page.getByRole('button', { name: 'Accept the invitation' }).click();
      await page.getByRole('heading', { name: 'Sign in to rollbook' }).waitFor({ state: 'detached' });
      return page;
    },
    async setClock(instant) {
      time = instant;
      jest.setSystemTime(new Date(instant));
      for (const context of devices) {
        await context.addInitScript(clockAt(instant));
        await Promise.all(context.pages().map((page) => page.evaluate(clockAt(instant))));
      }
    },
    async close() {
      await Promise.all(devices.map((context) => context.close()));
      await wire.kill().catch(() => undefined); // a test may have killed it
      await api.close();
      jest.useRealTimers();
    },
  };
}

/** A script that sets the clock of a page, which then goes on. That of this process stands still: `performance` tells the time. */
const clockAt = (instant: string): string => `{
  const Clock = (globalThis.Clock ??= Date);
  const ahead = ${Math.round(Date.parse(instant) - performance.timeOrigin - performance.now())};
  globalThis.Date = class extends Clock {
    constructor(...parts) { super(...(parts.length > 0 ? parts : [Clock.now() + ahead])); }
    static now() { return Clock.now() + ahead; }
  };
}`;

/** Kept as artefacts of the run; where `EVERY_SIZE` is set, of a desktop's page also as it is on a tablet and on a phone. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const take = (called: string) =>
    page.screenshot({ path: join(root, 'data/screenshots', `${called}.png`), fullPage: true });
  await take(name);
  const before = page.viewportSize();
  const isOfSize = sizes.some(([size]) => name.includes(`-${size}`));
  if (!process.env.EVERY_SIZE || isOfSize || !before || before.width < 1_000) return;
  for (const [size, { viewport }] of sizes.slice(1)) {
    await page.setViewportSize(viewport!);
    await take(`${name}-${size}`);
  }
  await page.setViewportSize(before);
}

/** Goes to a page by the header, where it is behind a button on a phone. */
export async function follow(page: Page, name: string): Promise<void> {
  const [menu, link] = [page.getByRole('button', { name: 'Menu' }), page.getByRole('link', { name })];
  await menu.or(link).filter({ visible: true }).first().waitFor();
  if (await menu.isVisible()) await menu.click();
  await link.click();
}

/** Looks at the page as it is, light and then dark. */
export async function inBothSchemes(page: Page, look: (scheme: 'light' | 'dark') => Promise<unknown>): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await look(colorScheme);
  }
}

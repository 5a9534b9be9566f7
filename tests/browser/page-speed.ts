import { loadavg } from 'node:os';
import { type Browser, chromium } from 'playwright-core';
import { findChromium, flags } from './chromium';
import { type Demo, startDemo } from './demo';

const RUNS = 5;
const GOAL = 1_000;
/** 1.6 Mbit/s each way, and what Lighthouse takes for the delay of such a network; 4 times slower than this machine. */
const network = { offline: false, downloadThroughput: 200_000, uploadThroughput: 200_000, latency: 150 };
const SLOWDOWN = 4;

/** Says when what makes a page usable is there and drawn; in milliseconds since the page was asked for. */
const watch = (selector: string) => `new MutationObserver((_, observer) => {
  if (!document.querySelector(${JSON.stringify(selector)})) return;
  observer.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => usable(String(performance.now()))));
}).observe(document, { childList: true, subtree: true })`;

interface Timing {
  readonly usable: number;
  readonly loaded: readonly { name: string; from: number; to: number; bytes: number }[];
}

/** Opens a page on a device that has nothing of it yet. */
async function time(browser: Browser, demo: Demo, hash: string, selector: string): Promise<Timing> {
  const context = await demo.signIn(browser, 'teacher', { viewport: { width: 390, height: 844 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', network);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
  await page.addInitScript(watch(selector));
  // The page says it by itself. To wait in the page, Playwright would first have it read a script of 330 kB.
  const usable = new Promise<number>((resolve) => {
    session.on('Runtime.bindingCalled', ({ payload }) => resolve(Number(payload)));
  });
  await session.send('Runtime.enable');
  await session.send('Runtime.addBinding', { name: 'usable' });
  await page.goto(demo.url + hash, { waitUntil: 'commit' });
  const at = await usable;
  const loaded = await page.evaluate<Timing['loaded']>(`performance.getEntries()
    .filter(({ entryType, responseEnd }) => ['navigation', 'resource'].includes(entryType) && responseEnd <= ${at})
    .map(({ name, startTime, responseEnd, transferSize }) =>
      ({ name: name.replace(location.origin, ''), from: startTime, to: responseEnd, bytes: transferSize }))`);
  await context.close();
  return { usable: at, loaded };
}

async function main(): Promise<void> {
  const demo = await startDemo();
  const browser = await chromium.launch({ executablePath: await findChromium(), args: flags });
  process.stdout.write(
    `Cold cache, ${SLOWDOWN} times slower, 1.6 Mbit/s with ${network.latency} ms a request, median of ${RUNS}; load ${loadavg()[0]!.toFixed(1)}\n`,
  );
  const pages: [name: string, hash: string, selector: string][] = [
    ['sections', '/', '.section'],
    ['roll', `/#/sections/${demo.section}/${demo.date}`, '.student input'],
  ];
  for (const [name, hash, selector] of pages) {
    const runs: Timing[] = [];
    for (let run = 0; run < RUNS; run++) runs.push(await time(browser, demo, hash, selector));
    const sorted = runs.sort((one, other) => one.usable - other.usable);
    const { usable, loaded } = sorted[Math.floor(RUNS / 2)]!;
    const all = sorted.map((run) => Math.round(run.usable)).join(', ');
    process.stdout.write(`\n${name}: ${Math.round(usable)} ms (goal: at most ${GOAL}); all: ${all}\n`);
    for (const { name, from, to, bytes } of loaded)
      process.stdout.write(`  ${Math.round(from)} to ${Math.round(to)} ms  ${bytes} bytes  ${name}\n`);
  }
  await browser.close();
  await demo.close();
}

void main();

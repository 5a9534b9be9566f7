import { existsSync } from 'node:fs';
import packaged from '@sparticuz/chromium';

/** Where a browser may be: the one that CHROMIUM names, one that the system has, or the one that came with npm. */
export async function findChromium(): Promise<string> {
  const installed = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/google-chrome'];
  const found = installed.find((path) => path && existsSync(path)) ?? (await packaged.executablePath());
  if (!existsSync(found))
    throw new Error('No browser: install Chromium (Debian: apt install chromium), or name one in CHROMIUM.');
  return found;
}

/** Of a browser that is only driven: it asks nobody but the page's own server. */
export const flags = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'];

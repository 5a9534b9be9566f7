import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { root } from '../../src/lib/root';

const main = join(root, 'dist/src/cli/main.js');

/** The demo, in a process of its own, and those who can sign in to it. */
export interface Demo {
  readonly url: string;
  /** A section with three weeks of attendance, and the last day on which its roll was taken. */
  readonly section: number;
  readonly date: string;
  /** A device on which the section's teacher, or the office, has signed in. */
  signIn(browser: Browser, who: 'teacher' | 'office', options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const env = { ...process.env, PORT: '0' };
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-demo-'));
  const args = [main, 'demo', '--folder', folder];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const text = await said(child.stdout, /token {3}(\S+)\n/);
  const url = /invented school at (\S+)/.exec(text)![1]!;
  const section = Number(/sections\/(\d+)\/attendance/.exec(text)![1]);
  const headers = { Authorization: `Bearer ${/token {3}(\S+)/.exec(text)![1]}` };
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  const get = async (path: string): Promise<any> => (await fetch(url + path, { headers })).json();
  const { date: dates } = await get(`/v1/sections/${section}/attendance?taken=1`);
  const [teacher, office] = [...text.matchAll(/#\/invitation\/(\S+)/g)].map(([, invitation]) => invitation!);
  const sessions = { teacher: await sessionBy(url, teacher!), office: await sessionBy(url, office!) };

  return {
    url,
    section,
    date: dates.at(-1).date,
    async signIn(browser, who, options) {
      const context = await browser.newContext({ locale: 'en-US', baseURL: url, ...options });
      await context.addCookies([{ name: 'rollbook_session', value: sessions[who], url }]);
      return context;
    },
    async close() {
      child.kill('SIGTERM');
      await once(child, 'close');
      rmSync(folder, { recursive: true });
    },
  };
}

/** The session that an invitation begins; it is good once, and several devices are wanted. */
async function sessionBy(url: string, invitation: string): Promise<string> {
  const headers = { 'Content-Type': 'application/json' };
  const response = await fetch(`${url}/sign-in`, { method: 'POST', headers, body: JSON.stringify({ invitation }) });
  return /rollbook_session=([^;]+)/.exec(response.headers.get('set-cookie')!)![1]!;
}

async function said(stream: NodeJS.ReadableStream, end: RegExp): Promise<string> {
  let text = '';
  for await (const part of stream) {
    text += part;
    if (end.test(text)) break;
  }
  return text;
}

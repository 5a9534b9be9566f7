import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, BrowserContextOptions } from 'playwright-core';
import { root } from '../../src/root';

const main = join(root, 'dist/src/cli/main.js');
const DISTRICT = 'Larkspur Valley Unified School District';
const scopes = 'attendance:read,attendance:write,roster:read';

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
  const child = spawn(process.execPath, [main, 'demo'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const text = await said(child.stdout, /token {3}(\S+)\n/);
  const url = /invented school at (\S+)/.exec(text)![1]!;
  const section = Number(/sections\/(\d+)\/attendance/.exec(text)![1]);
  const headers = { Authorization: `Bearer ${/token {3}(\S+)/.exec(text)![1]}` };
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  const get = async (path: string): Promise<any> => (await fetch(url + path, { headers })).json();
  const { date: dates } = await get(`/v1/sections/${section}/attendance?taken=1`);
  const { enrollment: enrollments } = await get(`/v1/sections/${section}/enrollments`);
  const teacher = enrollments.find(({ admin }: { admin: number }) => Number(admin) === 1).uid;
  const clients: number[] = [];

  return {
    url,
    section,
    date: dates.at(-1).date,
    async signIn(browser, who, options) {
      const bound = who === 'teacher' ? ['--person', String(teacher)] : [];
      const made = await rollbook(
        'client',
        'create',
        '--district',
        DISTRICT,
        '--name',
        'The office',
        '--scopes',
        scopes,
        ...bound,
      );
      clients.push(made.id);
      const context = await browser.newContext({ locale: 'en-US', baseURL: url, ...options });
      const data = { key: made.key, secret: made.secret };
      await context.request.post('/sign-in', { data });
      return context;
    },
    async close() {
      for (const id of clients) await rollbook('client', 'revoke', String(id));
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

/** Runs a command on the demo's database. */
async function rollbook(...args: string[]): Promise<{ id: number; key: string; secret: string }> {
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(root, 'data/demo.db')}` };
  const { stdout } = await promisify(execFile)(process.execPath, [main, ...args, '--json'], { env });
  return JSON.parse(stdout);
}

async function said(stream: NodeJS.ReadableStream, end: RegExp): Promise<string> {
  let text = '';
  for await (const part of stream) {
    text += part;
    if (end.test(text)) break;
  }
  return text;
}

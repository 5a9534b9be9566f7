import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fridayBefore, movedTo } from '../../src/cli/demo';
import { root } from '../../src/lib/root';

jest.setTimeout(60_000);

test.each([
  ['2026-11-21', '2026-11-20'], // a Saturday
  ['2026-11-20', '2026-11-13'], // a Friday is not over yet
  ['2026-11-23', '2026-11-20'],
  ['2026-11-19', '2026-11-13'],
  ['2028-03-01', '2028-02-25'], // a leap year
])('on %s the attendance of the demo ends on %s', (today, friday) => {
  expect(fridayBefore(today)).toBe(friday);
});

test.each([
  ['2026-11-20', '2026-08-24,2027-06-12'],
  ['2026-11-27', '2026-08-31,2027-06-19'],
  ['2025-11-21', '2025-08-25,2026-06-13'],
])('where it ends on %s, the school year is %s', (friday, year) => {
  expect(movedTo(friday)('2026-08-24,2027-06-12')).toBe(year);
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rollbook-demo-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Starts the demo in the folder, and stops it after the work is done with what it printed. */
async function demo(work: (text: string) => Promise<void>): Promise<void> {
  const args = [join(root, 'dist/src/cli/main.js'), 'demo'];
  const env = { PATH: process.env.PATH, NODE_ENV: 'test', PORT: '0' };
  const child = spawn(process.execPath, args, { cwd: folder, env });
  const ended = once(child, 'close');
  let text = '';
  try {
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk) => {
        text += chunk;
        if (/^token .*\n/m.test(text)) resolve();
      });
      child.on('close', () => reject(new Error('the demo ended')));
    });
    await work(text);
  } finally {
    child.kill('SIGTERM');
    await ended;
  }
}

// biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
const bodyOf = (response: Response): Promise<any> => response.json();
const linksIn = (text: string) => [...text.matchAll(/^ {2}(http:\S+)\/#\/invitation\/(\S+)$/gm)];
const curlsIn = (text: string) => [...text.matchAll(/^ {2}curl .*$/gm)].map(([line]) => line);

/** The line as it is pasted into a shell. */
async function pasted(line: string): Promise<string> {
  const curl = `curl() { '${process.execPath}' '${join(root, 'tests/cli/curl.mjs')}' "$@"; }`;
  return (await promisify(execFile)('sh', ['-c', `${curl}\n${line}`])).stdout;
}

async function signIn([, origin, invitation]: RegExpMatchArray) {
  const body = JSON.stringify({ invitation });
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${origin}/sign-in`, { method: 'POST', headers, body });
  const cookie = response.headers.get('set-cookie')?.split(';')[0] ?? '';
  const ask = async (path: string) => bodyOf(await fetch(origin + path, { headers: { cookie } }));
  return { status: response.status, session: await bodyOf(response), ask };
}

test('each link of the demo signs somebody in once, and each of its lines works as it is pasted', async () => {
  let first = '';
  const webhooks = async (text: string, made?: object) => {
    const [token, origin] = [/^token +(\S+)$/m.exec(text)![1], linksIn(text)[0]![1]];
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = made && { method: 'POST', body: JSON.stringify(made) };
    return bodyOf(await fetch(`${origin}/webhooks`, { headers, ...sent }));
  };
  await demo(async (text) => {
    first = text;
    await webhooks(text, { url: 'https://sis.example.org/', description: 'mine' });
    const [teacher, office] = await Promise.all(linksIn(text).map(signIn));
    expect(teacher!.session).toMatchObject({ person: { name: 'Farid Haddadi' }, client: { name: 'Farid Haddadi' } });
    expect(office!.session).toMatchObject({ person: null, client: { name: 'Noor Rahimi' } });
    const { rolls } = await teacher!.ask(`/reports/rolls?date=${fridayBefore(teacher!.session.today)}`);
    expect(rolls.map(({ title }: { title: string }) => title).sort()).toEqual(['Science 6', 'Science 7', 'Science 8']);
    expect((await signIn(linksIn(text)[0]!)).status).toBe(401);

    const answers = [];
    for (const line of curlsIn(text)) answers.push(await pasted(line));
    expect(answers).toEqual([
      '200 {"date":[],"totals":{"total":[]}}', // nobody has taken today's roll yet
      expect.stringMatching(/^200 \{"date":\[\{"date":/),
      expect.stringMatching(/^200 <\?xml.*\n<result><date><date>/),
      expect.stringContaining('"response_code":200'),
      expect.stringContaining('<response_code>200</response_code>'),
    ]);
    expect(await pasted(curlsIn(text)[1]!)).toContain('Dentist');
  });

  // Started again, it has what was changed, and new links and keys.
  await demo(async (text) => {
    expect(await pasted(curlsIn(text)[1]!)).toContain('Dentist');
    const old = curlsIn(first)[1]!.replace(/http:\/\/[^/]+/, linksIn(text)[0]![1]!);
    expect(await pasted(old)).toMatch(/^401 /);
    expect((await webhooks(text)).webhooks).toMatchObject([{ description: 'mine', disabled_reason: null }]);
    expect((await signIn(linksIn(text)[0]!)).session.client).toMatchObject({ name: 'Farid Haddadi' });
  });
  // Its data is below the folder in which it is started, not where it is installed: an update would take it away there.
  expect(first).toContain(`What you change is kept in ${join(folder, 'data')}\n`);
  expect(readdirSync(join(folder, 'data')).filter((file) => file.endsWith('.db'))).toHaveLength(1);
});

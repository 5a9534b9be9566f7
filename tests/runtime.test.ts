import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pino from 'pino';
import { root } from '../src/lib/root';
import { OLD_NODE, oldestSupported, warnOfOldNode } from '../src/service/runtime';
import { startServer } from './cli/process';

/** What is logged by a start on a version of Node, on a day. */
function warningsOf(version: string, day: string): object[] {
  const lines: string[] = [];
  warnOfOldNode(pino({ base: null, timestamp: false }, { write: (line) => lines.push(line) }), version, new Date(day));
  return lines.map((line) => JSON.parse(line));
}

test.each([
  ['2026-11-29', 22],
  ['2027-04-30', 22], // its last day
  ['2027-05-01', 24],
  ['2028-05-01', 26],
  ['2040-01-01', 26], // newer lines than these are not known here
])('on %s the oldest line of Node that is supported is %d', (day, line) => {
  expect(oldestSupported(day)).toBe(line);
});

test.each([
  ['v20.19.0', '2026-11-29', 22],
  ['v21.7.3', '2026-11-29', 22],
  ['v22.23.5', '2027-05-01', 24],
])('a start on Node %s on %s is warned of', (node, day, oldest) => {
  expect(warningsOf(node, day)).toEqual([{ level: 40, node, oldest, msg: OLD_NODE }]);
});

test.each([
  ['v22.12.0', '2026-11-29'],
  ['v24.22.3', '2027-05-01'],
  ['v26.0.0', '2040-01-01'],
  ['v100.0.0', '2040-01-01'],
])('of a start on Node %s on %s nothing is said', (node, day) => {
  expect(warningsOf(node, day)).toEqual([]);
});

const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('the manual has the sentence that the log has', () => {
  expect(read('docs/install.md')).toContain(OLD_NODE);
});

test('.nvmrc names a line that the manual recommends', () => {
  const line = read('.nvmrc').trim();
  for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/install.md'])
    expect(read(page)).toContain(`Node ${line} or 26`);
  expect(Number(line)).toBeGreaterThanOrEqual(oldestSupported('2026-11-29'));
});

describe('a real start', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rollbook-runtime-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** The log of a service, from its start to its end, whose processes take themselves for another version of Node. */
  async function logOn(version: string, ...options: string[]): Promise<string> {
    const disguise = join(folder, 'version.cjs');
    writeFileSync(disguise, `Object.defineProperty(process, 'version', { value: '${version}' });`);
    const env = { NODE_OPTIONS: `--require ${disguise}`, DATABASE_URL: `sqlite:${join(folder, `${version}.db`)}` };
    const server = await startServer(env, ...options);
    const processes = options.length > 0 ? 2 : 1;
    while (server.log().split('"msg":"listening"').length <= processes) await wait(20);
    await server.stop('SIGTERM');
    return server.log();
  }
  const timesIn = (log: string) => log.split(OLD_NODE).length - 1;

  test.each([[[]], [['--workers', '2']]])('on an old line says so once, with the options %p', async (options) => {
    const log = await logOn('v20.19.0', ...options);
    expect(timesIn(log)).toBe(1);
    expect(log).toMatch(/"level":40,[^\n]*"node":"v20\.19\.0","oldest":\d+/);
  });

  test('on a supported line says nothing', async () => {
    expect(timesIn(await logOn('v26.0.0'))).toBe(0);
  });
});

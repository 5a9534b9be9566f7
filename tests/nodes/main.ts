/*
 * `npm run test:nodes`: the tests that `jest.config.js` names, on the other lines of Node that rollbook runs on. npm has each
 * Node as a package, with the headers that better-sqlite3 is compiled against.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, relative } from 'node:path';
import { root } from '../../src/lib/root';

const LINES = [22, 24, 26];
/** Those for which npm has `node-<platform>` of all these lines. */
const PLATFORMS = ['linux-x64', 'linux-arm64', 'darwin-x64'];

/** By which npm was started. */
const npm = process.env.npm_execpath ?? '';
/** Built for one line of Node. */
const SQLITE = join('node_modules', 'better-sqlite3');
/** What is in the folder of the project without being part of it. */
const besides = ['.git', 'coverage', 'data', SQLITE];

async function main(): Promise<void> {
  const own = Number.parseInt(process.versions.node, 10);
  const asked = process.argv.slice(2).map(Number);
  const lines = asked.length > 0 ? asked : LINES;
  const others = lines.filter((line) => line !== own);
  const platform = `${process.platform}-${process.arch}${isMusl() ? '-musl' : ''}`;
  if (!PLATFORMS.includes(platform))
    return console.log(`Left out: Node ${others.join(', ')}. npm has no package of them for ${platform}.`);
  if (others.length < lines.length) console.log(`Left out: Node ${own}. It is the one that \`npm test\` runs on here.`);
  const runs = await Promise.allSettled(others.map((line) => testOn(line, platform)));
  for (const run of runs) {
    if (run.status === 'fulfilled') continue;
    console.error(run.reason);
    process.exitCode = 1;
  }
}

/** The C library of Alpine; what npm has is for the other one. */
function isMusl(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return process.platform === 'linux' && header.glibcVersionRuntime === undefined;
}

/** Says what came of the tests. Throws where one fails, with all that was printed. */
async function testOn(line: number, platform: string): Promise<void> {
  const started = Date.now();
  const folder = mkdtempSync(join(tmpdir(), `rollbook-node-${line}-`));
  try {
    const name = `node-${platform}`;
    await run(process.execPath, [npm, 'install', '--prefix', folder, `${name}@${line}`], folder);
    const home = join(folder, 'node_modules', name);
    const node = join(home, 'bin', 'node');
    const project = join(folder, 'rollbook');
    linkTree(root, project);
    cpSync(join(root, SQLITE), join(project, SQLITE), { recursive: true });
    const path = `${dirname(node)}${delimiter}${process.env.PATH}`;
    // Not optimized, SQLite is compiled in a fifth of the time; these tests ask little of it.
    const env = { ...process.env, PATH: path, npm_config_nodedir: home, CFLAGS: '-O0', CXXFLAGS: '-O0' };
    await run(node, [npm, 'run', 'install'], join(project, SQLITE), env);
    const jest = join('node_modules', 'jest', 'bin', 'jest.js');
    const said = await run(node, [jest, '--ci', '--config', 'tests/nodes/jest.config.js'], project, env);
    const version = await run(node, ['--version'], project);
    const seconds = Math.round((Date.now() - started) / 1_000);
    console.log(`Node ${version.trim()}: ${/^Tests: +(.*)$/m.exec(said)?.[1]}, in ${seconds} s`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Makes a copy of the project that takes no room: each of its files is the same one. */
function linkTree(from: string, to: string): void {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (besides.includes(relative(root, source))) continue;
    if (entry.isDirectory()) linkTree(source, copy);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), copy);
    else linkOrCopy(source, copy);
  }
}

function linkOrCopy(source: string, copy: string): void {
  try {
    linkSync(source, copy);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error; // it is on another disk
    copyFileSync(source, copy);
  }
}

/** What a command prints. Throws where it fails, with that. */
async function run(command: string, args: readonly string[], cwd: string, env = process.env): Promise<string> {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const [code] = await once(child, 'close');
  if (code === 0) return said;
  throw new Error(`${[command, ...args].join(' ')} in ${cwd} ended with ${code}:\n${said}`);
}

main();

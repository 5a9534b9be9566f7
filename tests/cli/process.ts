import { type ChildProcess, fork, spawn } from 'node:child_process';
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

export interface Start {
  /** What is typed. */
  readonly input?: string;
  /** In blocks that a file may take, as `ulimit -f` counts them. */
  readonly room?: number;
}

/** These serve until they are told to stop, or load what serves. */
const SERVING = ['serve', 'demo', 'doctor'];
/** Are read while Node starts, or while modules are loaded. */
const OF_THE_START = /^(NODE_|TZ$)/;

/** Runs the built command to its end, in the environment given and no other; it checks itself. */
export async function rollbook(args: string[], env: NodeJS.ProcessEnv = {}, start: Start = {}): Promise<Finished> {
  const needsOwn =
    SERVING.includes(args[0] ?? '') ||
    Object.keys(env).some((name) => OF_THE_START.test(name)) ||
    start.room !== undefined;
  return (needsOwn ? undefined : runWarm(args, env, start)) ?? runFresh(args, env, start);
}

/** The same in a process of its own, which `rollbook` makes only where it has to. */
export async function runFresh(
  args: string[],
  env: NodeJS.ProcessEnv = {},
  { input = '', room }: Start = {},
): Promise<Finished> {
  const limited = ['-c', `ulimit -S -f ${room ?? 'unlimited'}; exec "$0" "$@"`, process.execPath, main, ...args];
  const child = spawn('/bin/sh', limited, { env: { ...checked, ...env } });
  child.stdin.end(input);
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  const [code] = await once(child, 'close');
  return { code, stdout: stdout(), stderr: stderr() };
}

/** The one of this file of tests, which runs one command at a time. */
let warm: ChildProcess | undefined;
let isBusy = false;
// Scripts that use this have no such thing, and no types of it.
(globalThis as { afterAll?: (end: () => void) => void }).afterAll?.(() => warm?.disconnect());

/** Undefined where it runs another command: what is called at once is to run at once. */
function runWarm(args: string[], env: NodeJS.ProcessEnv, { input = '' }: Start): Promise<Finished> | undefined {
  if (isBusy) return undefined;
  isBusy = true;
  warm ??= fork(join(root, 'tests/cli/warm.js'), { env: checked, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const ran = warm;
  ran.send({ args, env: { ...checked, ...env }, input });
  return new Promise<Finished>((resolve, reject) => {
    const ended = () => {
      warm = undefined;
      reject(new Error(`The process of the commands has ended with ${ran.exitCode}.`));
    };
    ran.once('exit', ended).once('message', (finished: Finished) => {
      ran.off('exit', ended);
      resolve(finished);
    });
  }).finally(() => {
    isBusy = false;
  });
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

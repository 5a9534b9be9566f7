import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import start from '../engines/start';
import stop from '../engines/stop';
import { add, sumOf, type Tally, tableOf } from './tally';
import type { Done, Job } from './worker';

/** Requests to one school before the next is opened: its journal is to stay short. */
const A_JOB = 10_000;
const PROCESSES = 2;

interface Options {
  readonly count: number;
  readonly seed: number;
  readonly postgres: number;
}

new Command('npm run test:fuzz --')
  .description(
    'Sends made-up requests to every endpoint on both engines, and holds every answer against what must hold.',
  )
  .option('--count <n>', 'how many requests', whole, 1_000_000)
  .option('--seed <n>', 'what they are made from', whole, Date.now() % 2 ** 31)
  .option('--postgres <percent>', 'how many of a hundred go to PostgreSQL', whole, 10)
  .action(fuzz)
  .parseAsync();

function whole(text: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number.');
}

async function fuzz(options: Options): Promise<void> {
  const started = performance.now();
  console.log(`seed ${options.seed}`);
  await start();
  const jobs = jobsOf(options).values();
  const tally: Tally = {};
  const failures: string[] = [];
  const workers = Array.from({ length: PROCESSES }, () => fork(join(__dirname, 'worker.js')));
  try {
    await Promise.all(workers.map((worker) => work(worker, jobs, tally, failures)));
  } finally {
    for (const worker of workers) worker.kill();
    await stop();
  }
  const seconds = Math.round((performance.now() - started) / 1_000);
  console.log(`${tableOf(tally)}\n${sumOf(tally).toLocaleString('en')} requests in ${seconds} s, seed ${options.seed}`);
  for (const failure of failures) console.log(`\n${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

/** PostgreSQL's are spread among the others, so that neither process ends long after the other. */
function jobsOf({ count, seed, postgres }: Options): Job[] {
  return Array.from({ length: Math.ceil(count / A_JOB) }, (_, index) => ({
    engine: Math.floor(((index + 1) * postgres) / 100) > Math.floor((index * postgres) / 100) ? 'postgres' : 'sqlite',
    seed: (seed + index) % 2 ** 31,
    count: Math.min(A_JOB, count - index * A_JOB),
  }));
}

async function work(worker: ChildProcess, jobs: Iterator<Job>, tally: Tally, failures: string[]): Promise<void> {
  const crash = crashOf(worker);
  crash.catch(() => undefined); // at the end it is ended
  for (let job = jobs.next(); !job.done; job = jobs.next()) {
    worker.send(job.value);
    const [done] = (await Promise.race([once(worker, 'message'), crash])) as [Done];
    if ('tally' in done) add(tally, done.tally);
    else failures.push(done.failure);
    process.stderr.write(`${sumOf(tally).toLocaleString('en')} requests\r`);
  }
}

/** The service runs in the worker: where the worker ends, it has crashed. */
async function crashOf(worker: ChildProcess): Promise<never> {
  const [code, signal] = await once(worker, 'exit');
  throw new Error(`the service ended with ${code ?? signal}`);
}

import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of its own that does one job after the other. */
export interface Worker<Job, Result> {
  /** The result of a job; throws what the job threw. */
  ask(job: Job): Promise<Result>;
  stop(): Promise<void>;
}

type Answer<Result> = { readonly result: Result } | { readonly error: string };

/** Starts a file that calls `answerJobs`. */
export function startWorker<Job, Result>(file: string, node = process.execPath): Worker<Job, Result> {
  const child = fork(file, {
    execPath: node,
    serialization: 'advanced',
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit').then(() => [{ error: `${file} ended` }]);
  return {
    async ask(job) {
      child.send(job as object);
      const [answer] = (await Promise.race([once(child, 'message'), ended])) as [Answer<Result>];
      if ('error' in answer) throw new Error(answer.error);
      return answer.result;
    },
    async stop() {
      if (child.connected) child.disconnect();
      child.kill();
      await ended;
    },
  };
}

/** The other side: does the jobs that the parent sends. */
export function answerJobs<Job, Result>(work: (job: Job) => Promise<Result>): void {
  process.on('message', async (job: Job) => {
    try {
      process.send!({ result: await work(job) });
    } catch (error) {
      process.send!({ error: String((error as Error)?.stack ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
}

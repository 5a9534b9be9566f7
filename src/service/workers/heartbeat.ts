import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { Problem } from '../../lib/problem';

/**
 * How often the supervisor asks each worker whether it lives, in milliseconds, and how many times in a row one may not
 * answer, or may not be asked. Each counts by its own clock's ticks: who was stopped itself has not missed the other.
 */
const EVERY = 1_000;
const MISSED = 10;
/** What a worker may take beyond that to start. */
const STARTING = 60;

/** In the process that supervises: kills a worker that does not answer, so that another takes its place. */
export function watchWorkers(log: Logger): void {
  const missed = new Map<number, number>();
  cluster.on('message', ({ id }, { alive }: { alive?: true }) => {
    if (alive && missed.has(id)) missed.set(id, 0);
  });
  cluster.on('listening', ({ id }) => missed.set(id, 0)); // it has started
  cluster.on('exit', ({ id }) => missed.delete(id));
  setInterval(() => {
    for (const worker of Object.values(cluster.workers ?? {})) {
      if (!worker?.isConnected()) continue; // it stops, and has a time for that
      const count = (missed.get(worker.id) ?? -STARTING) + 1;
      missed.set(worker.id, count);
      if (count <= MISSED) worker.send({ ask: true });
      else {
        log.error({ silent: worker.id }, 'a worker does not answer; it is killed');
        worker.process.kill('SIGKILL'); // a process that is stopped takes no other signal
      }
    }
  }, EVERY).unref();
}

/**
 * In a worker: when the process that supervises has ended, or has said nothing for too long, finishes what is in flight
 * and ends. One that is silent it ends too, so that whoever started it finds it gone and starts it again.
 * @param stop finishes what is in flight, and resolves when that is done
 */
export function watchSupervisor(stop: (why: string) => Promise<void>): void {
  const worker = cluster.worker!;
  const supervisor = process.ppid;
  let missed = 0;
  process.on('message', ({ ask }: { ask?: true }) => {
    if (!ask) return;
    missed = 0;
    process.send?.({ alive: true });
  });
  // What cannot be sent, be it Node's own message: the channel is broken, and `disconnect` follows.
  worker.on('error', () => undefined);
  worker.on('disconnect', async () => {
    if (worker.exitedAfterDisconnect) return; // it was this one that left
    // Where this is not set, Node ends a worker with its supervisor, and cuts what is in flight.
    worker.exitedAfterDisconnect = true;
    clearInterval(watch);
    await stop('the supervisor has ended');
    process.exit(1);
  });
  const watch = setInterval(async () => {
    if (++missed <= MISSED) return;
    clearInterval(watch);
    await stop('the supervisor does not answer');
    // Where it has ended, another process is the parent.
    if (process.ppid === supervisor) process.kill(supervisor, 'SIGKILL');
    process.exit(1);
  }, EVERY);
  watch.unref();
}

/** How long an answer of the supervisor is waited for, in milliseconds. */
const ANSWER = 5_000;

/** What the supervisor is asked; throws UNAVAILABLE where it does not answer. */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Problem('UNAVAILABLE', undefined, { retryAfter: 5 }));
    }, ANSWER);
  });
  return Promise.race([asked, tooLate]).finally(() => clearTimeout(timer));
}

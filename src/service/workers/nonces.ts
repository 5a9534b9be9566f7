import cluster from 'node:cluster';
import { type Nonces, nonceMemory, type Verdict } from '../../http/credentials/nonces';
import { overloaded, Problem } from '../../lib/problem';

/** How many questions of a worker may be open, and for how long one is, in milliseconds. */
const MOST = 10_000;
const PATIENCE = 2_000;

type Used = Parameters<Nonces['use']>;

/** In the process that supervises: remembers the nonces of all workers, also of those that have ended. */
export function answerNonces(): void {
  const nonces = nonceMemory();
  cluster.on('message', (worker, { id, used }: { id: number; used?: Used }) => {
    if (!used) return;
    const verdict = nonces.use(...used);
    if (worker.isConnected()) worker.send({ id, verdict });
  });
}

/** In a worker: asks the process that supervises; a question that it does not answer fails, as nobody else knows. */
export function sharedNonces(patience = PATIENCE): Nonces {
  const asked = new Map<number, (verdict: Verdict | undefined) => void>();
  let last = 0;
  const answer = (id: number, verdict?: Verdict) => {
    asked.get(id)?.(verdict);
    asked.delete(id);
  };
  process.on('message', ({ id, verdict }: { id: number; verdict?: Verdict }) => {
    if (verdict) answer(id, verdict);
  });
  return {
    use: (...used: Used) =>
      new Promise<Verdict>((resolve, reject) => {
        if (asked.size >= MOST) return reject(overloaded());
        const id = ++last;
        const late = setTimeout(answer, patience, id);
        asked.set(id, (verdict) => {
          clearTimeout(late);
          if (verdict) resolve(verdict);
          else reject(new Problem('UNAVAILABLE', undefined, { retryAfter: 1 }));
        });
        process.send?.({ id, used }, undefined, undefined, (error) => error && answer(id));
      }),
  };
}

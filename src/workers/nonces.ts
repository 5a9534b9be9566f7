import cluster from 'node:cluster';
import { type Nonces, nonceMemory } from '../http/credentials/nonces';

type Used = Parameters<Nonces['use']>;

/** In the process that supervises: remembers the nonces of all workers, also of those that have ended. */
export function answerNonces(): void {
  const nonces = nonceMemory();
  cluster.on('message', (worker, { id, used }: { id: number; used?: Used }) => {
    if (!used) return;
    const fresh = nonces.use(...used);
    if (worker.isConnected()) worker.send({ id, fresh });
  });
}

/** In a worker: asks the process that supervises. */
export function sharedNonces(): Nonces {
  const asked = new Map<number, (fresh: boolean) => void>();
  let last = 0;
  process.on('message', ({ id, fresh }: { id: number; fresh: boolean }) => {
    asked.get(id)?.(fresh);
    asked.delete(id);
  });
  return {
    use: (...used: Used) =>
      new Promise<boolean>((resolve) => {
        asked.set(++last, resolve);
        process.send?.({ id: last, used });
      }),
  };
}

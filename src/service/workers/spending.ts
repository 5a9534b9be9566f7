import cluster from 'node:cluster';
import type { Spending } from '../../http/admission/rates';

/** How often a worker tells the others, in milliseconds: so long a client may spend more than it has. */
const OFTEN = 100;
/** How many are told of in one message; one more is told of at once. */
const MOST = 1_000;

/** What was spent lately, as it travels: policy, whose, points. */
type Spent = readonly [policy: string, whose: string, points: number][];

/** In the process that supervises: passes on to each worker what the others tell. */
export function passSpendingOn(): void {
  cluster.on('message', (from, { spent }: { spent?: Spent }) => {
    if (!spent) return;
    for (const worker of Object.values(cluster.workers ?? {}))
      if (worker?.isConnected() && worker.id !== from.id) worker.send({ spent });
  });
}

/** In a worker: tells the others in one message what was spent here since the last. */
export function sharedSpending(): Spending {
  const sums = new Map<string, [policy: string, whose: string, points: number]>();
  const send = () => {
    if (sums.size > 0) process.send?.({ spent: [...sums.values()] });
    sums.clear();
  };
  return {
    tell(policy, whose, points) {
      if (sums.size === 0) setTimeout(send, OFTEN).unref();
      const key = `${policy} ${whose}`;
      const sum = sums.get(key);
      if (sum) sum[2] += points;
      else sums.set(key, [policy, whose, points]);
      if (sums.size >= MOST) send();
    },
    onTold: (heard) =>
      void process.on('message', ({ spent }: { spent?: Spent }) => {
        for (const each of spent ?? []) heard(...each);
      }),
  };
}

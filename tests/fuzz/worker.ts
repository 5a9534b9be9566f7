import { openLab } from './http/lab';
import type { Tally } from './tally';

/** A part of the long run: so many requests from a seed to a school of their own. */
export interface Job {
  readonly engine: 'sqlite' | 'postgres';
  readonly seed: number;
  readonly count: number;
}

export type Done = { readonly tally: Tally } | { readonly failure: string };

/** Does one job after the other, as the process that started this one sends them. */
process.on('message', (job: Job) => {
  work(job).then(
    (tally) => process.send!({ tally } satisfies Done),
    (error) =>
      process.send!({ failure: `${job.engine}: ${error instanceof Error ? error.message : error}` } satisfies Done),
  );
});

async function work({ engine, seed, count }: Job): Promise<Tally> {
  process.env.ENGINE = engine;
  const tally: Tally = {};
  const lab = await openLab((dialect, status) => {
    const key = `${engine} ${dialect} ${Math.floor(status / 100)}xx`;
    tally[key] = (tally[key] ?? 0) + 1;
  });
  try {
    await lab.run(count, seed);
  } finally {
    await lab.close();
  }
  return tally;
}

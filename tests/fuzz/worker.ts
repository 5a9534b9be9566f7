import { openLab } from './http/lab';
import { runConnections } from './http/sockets';
import { runSequences } from './model/sequences';
import { add, type Tally } from './tally';

/** Extension so many requests, one sequence of writes against the model, and one connection of what is almost HTTP. */
const A_SEQUENCE = 200;
const A_CONNECTION = 100;

/** A part of the long run: so many requests from a seed to a school of their own, and what goes with them. */
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
  const counted = (api: string, status: number) =>
    add(tally, { [`${engine} ${api} ${Math.floor(status / 100)}xx`]: 1 });
  const lab = await openLab(counted);
  try {
    await lab.run(count, seed);
    await runConnections(lab.school, Math.ceil(count / A_CONNECTION), seed);
  } finally {
    await lab.close();
  }
  await runSequences(Math.ceil(count / A_SEQUENCE), seed, counted);
  return tally;
}

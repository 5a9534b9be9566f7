import { tmpdir } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';
import { openLab } from '../bench/lab';
import { expectAll, perSecond } from '../bench/load/measure';
import type { Address } from '../bench/processes/rollbook';
import { startWorker } from '../bench/processes/worker';
import type { Arrivals, Fate } from './arrivals';
import {
  isAccepted,
  isRefused,
  isWellAnswered,
  late,
  p99,
  percent,
  recoveredAfter,
  refusedByKind,
  share,
} from './figures';
import { morning } from './morning';

/** How many times the load that it can carry. */
const TIMES = 4;
/** Of the load that it can carry: when it counts as unloaded, and what comes after the overload. */
const [UNLOADED, USUAL] = [0.2, 0.5];
/** The goals: how many times the unloaded p99 the accepted may take, and in how many seconds it recovers. */
const [SLOWER, SOON] = [3, 5];

/** Shows what rollbook does under more load than it can carry, in about a minute; exit code 1 where it is not as promised. */
async function main(): Promise<void> {
  const lab = await openLab({ quick: true, scratch: tmpdir() });
  const generator = startWorker<Arrivals, Fate[]>(require.resolve('./generator'));
  try {
    const school = await lab.school();
    const requests = morning(school);
    const capacity = await capacityOf(lab, school.url, requests);
    await lab.clear();

    const { address } = await lab.serveWith({ OVERLOAD_DELAY: '' }, (await lab.school()).url);
    const come = (times: number, seconds: number) =>
      generator.ask({ address, requests, perSecond: times * capacity, seconds });
    await come(USUAL, 5);
    const before = await come(UNLOADED, 8);
    const probes = probing(address);
    const overload = await come(TIMES, 15);
    const failedProbes = await probes();
    const after = await come(USUAL, 8);
    // On both sides, since machines drift.
    const unloaded = [...before, ...(await come(UNLOADED, 8))];
    const ok = print({ capacity, unloaded, overload, after, failedProbes });
    process.exitCode = ok ? 0 : 1;
  } finally {
    await generator.stop();
    await lab.close();
  }
}

/** Requests a second that it answers when 64 clients wait for one answer after the other and nobody is turned away. */
async function capacityOf(lab: Awaited<ReturnType<typeof openLab>>, url: string, requests: Arrivals['requests']) {
  const { address } = await lab.serve(url);
  const load = { address, connections: 64, requests: requests.map(({ bytes }) => bytes) };
  await expectAll(lab, 200, { ...load, seconds: 4 });
  return perSecond(await expectAll(lab, 200, { ...load, seconds: 6 }));
}

/** Asks for its health ten times a second; then tells how many times it was not said to be well. */
function probing({ host, port }: Address): () => Promise<number> {
  let running = true;
  let failed = 0;
  const asking = (async () => {
    while (running) {
      for (const path of ['/healthz', '/readyz'])
        if (
          !(await fetch(`http://${host}:${port}${path}`).then(
            ({ ok }) => ok,
            () => false,
          ))
        )
          failed++;
      await wait(100);
    }
  })();
  return async () => {
    running = false;
    await asking;
    return failed;
  };
}

interface Findings {
  readonly capacity: number;
  readonly unloaded: readonly Fate[];
  readonly overload: readonly Fate[];
  readonly after: readonly Fate[];
  readonly failedProbes: number;
}

/** Whether all is as promised. */
function print({ capacity, unloaded, overload, after, failedProbes }: Findings): boolean {
  const accepted = overload.filter(isAccepted);
  const refused = overload.filter(isRefused);
  const [base, loaded] = [p99(unloaded), p99(accepted)];
  const recovered = recoveredAfter(after, SLOWER * base);
  const others = overload.length - accepted.length - refused.length;
  const rows: [string, string, boolean?][] = [
    ['capacity', `${capacity.toFixed(0)} requests/s`],
    [`unloaded (${percent(UNLOADED)}), refused`, `${unloaded.filter(isRefused).length} of ${unloaded.length}`],
    [`unloaded (${percent(UNLOADED)}), p99`, `${base.toFixed(1)} ms`],
    [`${TIMES} times the capacity: came`, `${(overload.length / 15).toFixed(0)} requests/s`],
    ['  accepted', `${(accepted.length / 15).toFixed(0)} requests/s`],
    ['  accepted, p99', `${loaded.toFixed(1)} ms, ${(loaded / base).toFixed(1)} times`, loaded <= SLOWER * base],
    ['  refused', `${percent(share(overload, isRefused))}: ${refusedByKind(overload)}`],
    ['  of which the generator was late, p99', `${p99(overload, late).toFixed(1)} ms`],
    ['  refused, p99', `${p99(refused).toFixed(1)} ms`],
    ['  neither', String(others), others === 0],
    ['  failed probes', String(failedProbes), failedProbes === 0],
    [`recovered, at ${percent(USUAL)}, after`, `${recovered.toFixed(1)} s`, recovered <= SOON],
    [
      '  in all 8 s, accepted as fast as that',
      percent(
        share(after, (fate) => isWellAnswered(fate, SLOWER * base)),
        1,
      ),
    ],
  ];
  for (const [name, figure, met] of rows)
    console.log(`${name.padEnd(40)}${figure}${met === undefined ? '' : met ? '  (met)' : '  (NOT MET)'}`);
  return rows.every(([, , met]) => met !== false);
}

main();

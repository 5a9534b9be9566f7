import { setTimeout as pause } from 'node:timers/promises';
import { residentSet } from '../processes/memory';
import type { Server } from '../processes/rollbook';

/** What a service was like while something was asked of it. */
export interface Watched {
  /** The longest that it answered nobody, in milliseconds, as `/healthz` tells it. */
  readonly longest: number;
  /** How many of a hundred such requests were answered sooner, in milliseconds. */
  readonly p99: number;
  /** The largest resident set in MB. */
  readonly memory: number;
}

/** Asks the service a hundred times a second whether it is there, while the work is done. */
export async function watching<Result>(server: Server, work: () => Promise<Result>): Promise<[Result, Watched]> {
  const { host, port } = server.address;
  const waits: number[] = [];
  let memory = 0;
  let done = false;
  const watch = (async () => {
    while (!done) {
      const start = performance.now();
      await (await fetch(`http://${host}:${port}/healthz`)).text();
      waits.push(performance.now() - start);
      memory = Math.max(memory, residentSet(server.pid) ?? 0);
      await pause(10);
    }
  })();
  const result = await work().finally(() => {
    done = true;
  });
  await watch;
  waits.sort((one, other) => one - other);
  return [result, { longest: waits.at(-1)!, p99: waits[Math.floor(waits.length * 0.99)]!, memory }];
}

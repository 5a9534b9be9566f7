import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type Fate, isAccepted, isRefused, type Kind, late, p99, type Sent, took } from '../bench/load/arrivals';
import type { Address } from '../bench/processes/rollbook';
import { type Bench, type Capacity, capacityOf, MORNING, ROLL_CALL, refusedIn } from './bench';
import { type Finding, percent } from './finding';
import { kinds } from './mixes';

/** How many times the load that it can carry comes; of what it can carry, what comes afterwards. */
const [TIMES, USUAL] = [4, 0.5];
/** How long what is accepted may take, in milliseconds, and in how many seconds all is as before. */
const [LONGEST, SOON] = [1_500, 2];

/** More comes than can be done: what can be done is done, in time, rolls first; then all is as before. */
export async function open(bench: Bench): Promise<Finding[]> {
  return [...(await overload(bench, 'a morning', MORNING)), ...(await overload(bench, 'roll call', ROLL_CALL))];
}

async function overload(bench: Bench, what: string, parts: Record<Kind, number>): Promise<Finding[]> {
  const seconds = bench.seconds ?? 30;
  const school = await bench.school();
  const address = await bench.serve(school);
  const { mix, ...capacity } = await capacityOf(bench, address, school, parts);
  const come = (times: number, seconds: number) =>
    bench.come({ address, requests: mix, perSecond: times * capacity.perSecond, seconds });
  const unloaded = await come(USUAL, 5);
  const probes = probing(address);
  const fates = await come(TIMES, seconds);
  const failedProbes = await probes();
  const after = await come(USUAL, 6);
  // On both sides, since machines drift.
  const again = await capacityOf(bench, address, school, parts);
  const accepted = fates.filter(isAccepted);
  const goodput = accepted.length / seconds / mean([capacity.perSecond, again.perSecond]);
  const work = mean([workOf(accepted, capacity), workOf(accepted, again)]) / seconds;
  const others = fates.filter((fate) => !isAccepted(fate) && !isRefused(fate));
  const refusal = await costOfRefusal(bench, mix);
  const left = 1 - (fates.filter(isRefused).length / seconds) * refusal;
  const overtaken = rollsOvertaken(fates);
  const recovered = recoveredAfter(after);
  return [
    {
      name: `${TIMES} times what it can carry, ${what}, ${seconds} s`,
      figure: `${(fates.length / seconds).toFixed(0)}/s came, capacity ${capacity.perSecond.toFixed(0)}/s, then ${again.perSecond.toFixed(0)}/s`,
    },
    {
      name: '  goodput, of the capacity',
      figure: `${percent(goodput)} (${(accepted.length / seconds).toFixed(0)}/s)`,
      isMet: goodput >= 0.9,
    },
    {
      // Which kinds are refused first makes what is accepted dearer or cheaper than the mix.
      name: '  weighed by the work of each kind',
      figure: `${percent(work)}, of what a bare server of Node leaves that refuses the rest ${percent(work / left)} (it takes ${(refusal * 1e6).toFixed(0)} µs to refuse: ${percent(left)} is left)`,
      isMet: work / left >= 0.75,
    },
    {
      name: '  p99 of what was accepted',
      figure: `${p99(accepted).toFixed(0)} ms (at half of the capacity ${p99(unloaded.filter(isAccepted)).toFixed(0)} ms)`,
      isMet: p99(accepted) <= LONGEST,
    },
    {
      name: '  by kind',
      figure: byKind((kind) => `${p99(accepted.filter((fate) => fate[0] === kind)).toFixed(0)} ms`),
    },
    { name: '  refused', figure: refusedByKind(fates) },
    { name: '  rolls refused while a read was begun', figure: String(overtaken), isMet: overtaken === 0 },
    { name: '  neither answered nor refused', figure: String(others.length), isMet: others.length === 0 },
    { name: '  failed probes', figure: String(failedProbes), isMet: failedProbes === 0 },
    { name: '  of which the generator was late, p99', figure: `${p99(fates, late).toFixed(0)} ms` },
    {
      name: `  afterwards, at ${percent(USUAL)}, all is as before after`,
      figure: `${recovered} s`,
      isMet: recovered <= SOON,
    },
  ];
}

/** Seconds of work that were done. */
const workOf = (accepted: readonly Fate[], { work }: Capacity): number =>
  accepted.reduce((sum, [kind]) => sum + (kind === 'none' ? 0 : work[kind]), 0);

/**
 * Seconds that a server of Node takes which does nothing but refuse: nobody can refuse for less in a process of Node, and
 * what that takes of its one thread is not left for work.
 */
async function costOfRefusal(bench: Bench, requests: readonly Sent[]): Promise<number> {
  const body = JSON.stringify({ title: 'The service has more to do than it can just now. Try again shortly.' });
  const headers = ['Retry-After', '1', 'Content-Type', 'application/json', 'Content-Length', String(body.length)];
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(503, headers).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  const result = await bench.closed({ host: address, port }, 500, requests, 3);
  server.closeAllConnections();
  await once(server.close(), 'close');
  return result.seconds / refusedIn(result);
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const byKind = (figure: (kind: Kind) => string): string => kinds.map((kind) => `${kind} ${figure(kind)}`).join(', ');

/** What of each kind was refused, e.g. `roll 0 %, read 71 %`. */
const refusedByKind = (fates: readonly Fate[]): string =>
  byKind((kind) => {
    const those = fates.filter((fate) => fate[0] === kind);
    return percent(those.filter(isRefused).length / those.length);
  });

/** How long before its refusal a roll must have come, and after it a read, that the network plays no part. */
const CLEAR = 50;

/** Rolls that were refused although a read was served that came after them, and whose answer came before the refusal. */
function rollsOvertaken(fates: readonly Fate[]): number {
  const reads = fates.filter((fate) => fate[0] === 'read' && isAccepted(fate)).sort((one, other) => one[2] - other[2]);
  return fates.filter((fate) => {
    if (fate[0] !== 'roll' || !isRefused(fate)) return false;
    const [, , due, time] = fate;
    return reads.some((read) => read[2] > due + CLEAR && read[2] + took(read) < due + time - CLEAR);
  }).length;
}

/** After how many seconds came the first in which all were answered in a fifth of a second. */
function recoveredAfter(fates: readonly Fate[]): number {
  const well = (second: number) => {
    const those = fates.filter(([, , due]) => Math.floor(due / 1_000) === second);
    return those.filter((fate) => isAccepted(fate) && took(fate) <= 200).length >= those.length * 0.99;
  };
  const seconds = Array.from({ length: 6 }, (_, second) => second);
  return seconds.find(well) ?? Number.POSITIVE_INFINITY;
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

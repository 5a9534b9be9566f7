import type { Lab } from '../bench/lab';
import type { Arrivals, Fate, Kind, Sent } from '../bench/load/arrivals';
import type { LoadResult } from '../bench/load/load';
import type { Address } from '../bench/processes/rollbook';
import { buildSchool, type School } from '../bench/school/build';
import { postgresOf } from '../bench/school/postgres';
import { kinds, mixOf, requestsOf } from './mixes';

export type Engine = 'sqlite' | 'postgres';

/** What a section of the test needs: schools on an engine, services on them, and load. */
export interface Bench {
  readonly lab: Lab;
  /** Requests that come when they come, over 2,500 kept connections and a few more. */
  come(arrivals: Omit<Arrivals, 'connections' | 'mostConnections'>): Promise<Fate[]>;
  /** A copy of its own of the school. */
  school(): Promise<School>;
  /** The service as shipped but for the client's own rate; or with the protection off, to compare. */
  serve(school: School, isProtected?: boolean): Promise<Address>;
  /** So many clients, each of which waits for one answer after the other. */
  closed(address: Address, connections: number, requests: readonly Sent[], seconds: number): Promise<LoadResult>;
  readonly seconds: number | undefined;
}

export async function openBench(lab: Lab, engine: Engine, seconds?: number) {
  const school = engine === 'sqlite' ? () => lab.school() : await onPostgres(lab);
  const bench: Bench = {
    lab,
    come: (arrivals) => lab.come({ ...arrivals, connections: 2_500, mostConnections: 4_000 }),
    school,
    seconds,
    serve: async ({ url }, isProtected = true) =>
      (await lab.serveWith(isProtected ? {} : { OVERLOAD_WAIT: 'off' }, url)).address,
    closed: (address, connections, requests, seconds) =>
      lab.load({ address, connections, requests: requests.map(({ bytes }) => bytes), seconds }),
  };
  return bench;
}

async function onPostgres(lab: Lab): Promise<() => Promise<School>> {
  const databaseOf = await postgresOf(lab);
  const built = await buildSchool(await databaseOf('school'), { marks: 100_000 });
  let copies = 0;
  return async () => ({ ...built, url: await databaseOf(`copy_${++copies}`, 'school') });
}

export const refusedIn = ({ statuses }: LoadResult): number => statuses['503'] ?? 0;
/** Answers that were neither what was asked for nor a refusal. */
export const othersIn = ({ statuses, answers }: LoadResult): number =>
  answers - (statuses['200'] ?? 0) - (statuses['503'] ?? 0);
export const ratePerSecond = ({ statuses, seconds }: LoadResult): number => (statuses['200'] ?? 0) / seconds;

/** What a school's morning brings: front ends that show sections and days, and now and then a roll or a list of all. */
export const MORNING: Record<Kind, number> = { roll: 3, read: 16, bulk: 1 };
/** The minutes in which everybody takes the roll. */
export const ROLL_CALL: Record<Kind, number> = { roll: 15, read: 4, bulk: 1 };

export interface Capacity {
  /** Requests of the mix in a second. */
  readonly perSecond: number;
  /** Seconds of work of one request of each kind. */
  readonly work: Readonly<Record<Kind, number>>;
}

/** What the service can do in a second: 64 clients in a closed loop, with the mix, and with each kind by itself. */
export async function capacityOf(bench: Bench, address: Address, school: School, parts: Record<Kind, number>) {
  const requests = requestsOf(school);
  const measured = async (list: readonly Sent[], seconds: number) => {
    const result = await bench.closed(address, 64, list, seconds);
    if (refusedIn(result) + othersIn(result) > 0)
      throw new Error(`A closed loop of 64 was answered ${JSON.stringify(result.statuses)}.`);
    return ratePerSecond(result);
  };
  const mix = mixOf(requests, parts);
  await measured(mix, 3);
  const work: Record<string, number> = {};
  for (const kind of kinds) work[kind] = 1 / (await measured(requests[kind], 2));
  const capacity: Capacity = { perSecond: await measured(mix, 5), work: work as Capacity['work'] };
  return { mix, ...capacity };
}

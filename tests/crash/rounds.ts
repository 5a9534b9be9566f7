import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '../../src/database/database';
import { openDatabase } from '../../src/database/open';
import type { PostgresServer } from '../engines/postgres-server';
import { answersAgree, read } from './answers';
import { type Blow, blows, type Left } from './blows';
import { type Client, clientOf, PATIENCE } from './client';
import { faultsOf } from './compare';
import type { Entry } from './entry';
import { brokenIn } from './invariants';
import { type Random, randomFrom } from './random';
import { posts } from './requests/posts';
import { rolls } from './requests/rolls';
import { rsvps } from './requests/rsvps';
import { sets } from './requests/sets';
import { buildSchool, type School } from './school';
import { type Service, startService } from './service';
import { readStanding } from './standing';
import { within } from './within';

export const apis = [rolls, posts, rsvps, sets, rolls, posts, rsvps, sets];
/** A blow is struck after so many acknowledged requests at most, on a machine of any speed, and so many milliseconds. */
const REQUESTS = 100;
const DELAY = 30;

export interface RoundsOptions {
  readonly url: string;
  readonly rounds: number;
  readonly seed: number;
  readonly postgres?: PostgresServer;
  onRound?(round: number, what: string): void;
}

export interface Outcome {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly faults: readonly string[];
}

/** Round after round of writing, a blow, a new start and a check, on one empty database; ends with the first fault. */
export async function crashRounds({ url, rounds, seed, postgres, onRound }: RoundsOptions): Promise<Outcome> {
  const random = randomFrom(seed);
  const school = await buildSchool(url);
  const clients = clientsOf(school, random);
  const acknowledged = () => clients.reduce((sum, client) => sum + client.acknowledged(), 0);
  const kinds = blows[postgres ? 'postgres' : 'sqlite'];
  const chosen = Array.from({ length: rounds }, () => random.of(kinds));
  const faults: string[] = [];
  let last = 0;
  let round = 0;
  let service = await startService(url, chosen[0]!.workers);
  try {
    for (const blow of chosen) {
      const [requests, delay, between] = [
        random.between(0, REQUESTS),
        random.between(0, DELAY),
        random.between(0, DELAY),
      ];
      round++;
      onRound?.(round, `${blow.name} after ${requests} requests and ${delay} ms`);
      const writing = writeAndRead(clients, school, service, faults);
      const enough = acknowledged() + requests;
      for (const end = Date.now() + PATIENCE; acknowledged() < enough && Date.now() < end; ) await pause(2);
      await pause(delay);
      const target = { service, postgres, between, database: () => openDatabase(url) };
      const left = await within(`The blow at ${blow.name}`, blow.strike(target));
      await within('What the clients had sent', writing());
      if (left === 'recovers') await answers(service);
      service = await within('The next start', forRound(service, left, chosen[round] ?? blow, url));
      last = await within('The check', check({ url, school, service, clients, last }, faults));
      if (faults.length > 0) break;
    }
  } catch (error) {
    faults.push(String((error as Error).stack));
  } finally {
    await within('The end of the service', service.kill()).catch((error) => faults.push(error.message));
  }
  return { rounds: round, acknowledged: acknowledged(), faults };
}

/** The service as the round needs it: started again where it is gone, or where another number of workers is wanted. */
async function forRound(service: Service, left: Left, { workers }: Blow, url: string): Promise<Service> {
  if (left === 'recovers' && workers === service.processes) return service;
  if (left === 'recovers') await service.kill();
  return startService(url, workers);
}

/** A client of each API, two of each where nothing is said, which share the students. */
export function clientsOf(school: School, random: Random, over = apis): Client[] {
  let stamp = 0;
  const share = Math.floor(school.students.length / over.length);
  return over.map((api, index) => {
    const students = Array.from({ length: share }, (_, student) => index * share + student);
    return clientOf(api, school, students, random.apart(), () => ++stamp);
  });
}

/** Starts all clients and a reader; gives how to have them stop. */
export function writeAndRead(
  clients: readonly Client[],
  school: School,
  { url }: Pick<Service, 'url'>,
  faults: string[],
) {
  const stop = new AbortController();
  const all = [...clients.map((client) => client.write(url, stop.signal)), read(url, school, stop.signal)];
  const ended = Promise.all(all.map((each) => each.catch((error) => faults.push(error.message))));
  return async () => {
    stop.abort();
    await ended;
  };
}

/** Waits until a service that lives, or lives again, is ready; for a minute at most. */
async function answers({ url }: Service): Promise<void> {
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(20)) {
    const response = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => undefined);
    if (response?.status === 200) return;
  }
  throw new Error('The service does not recover.');
}

export interface Checked {
  readonly url: string;
  readonly school: School;
  readonly service: Pick<Service, 'url'>;
  readonly clients: readonly Client[];
  readonly last: number;
}

/** Holds everything that stands against what clients were told; gives the last row of the journal. */
export async function check({ url, school, service, clients, last }: Checked, faults: string[]): Promise<number> {
  const database = openDatabase(url);
  try {
    if (!database.file) await quiet(database);
    const { stands, disagreements } = await standing(database, service, school, last);
    const left = new Map(stands.entries);
    for (const client of clients) {
      const own = take(left, client);
      faults.push(...faultsOf(client.expected(), own));
      client.settle(own);
    }
    if (left.size > 0) faults.push(`Nobody wrote ${[...left.keys()].slice(0, 5).join(', ')}.`);
    faults.push(...(await brokenIn(database)), ...disagreements);
    return stands.last;
  } finally {
    await database.close();
  }
}

/**
 * What stands, and in what the answers of the service differ from it. A request that its client has given up may still be
 * done, by a worker that lives, between the one reading and the other: then both are read again.
 */
async function standing(database: Database, { url }: Pick<Service, 'url'>, school: School, last: number) {
  for (;;) {
    const stands = await readStanding(database, last);
    const disagreements = await answersAgree(url, school, stands.entries);
    if ((await readStanding(database, last)).last === stands.last) return { stands, disagreements };
  }
}

/** Takes out the entries that are the client's. */
function take(entries: Map<string, Entry>, client: Client) {
  const own = [...entries].filter(([key]) => client.owns(key));
  for (const [key] of own) entries.delete(key);
  return new Map(own);
}

/** Waits until PostgreSQL has noticed that who was killed is gone: until then a commit that was sent may be done. */
async function quiet({ knex }: Database): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw(
      `select 1 from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and state <> 'idle' and backend_type = 'client backend'`,
    );
    if (rows.length === 0) return;
    await pause(10);
  }
}

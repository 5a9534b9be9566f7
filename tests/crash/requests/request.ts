import type { Entries, Entry, Place } from '../entry';
import type { Random } from '../random';
import type { School } from '../school';

/** A request that changes several rows, and how the entries it names stand once it is done. */
export interface CrashRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly changes: Entries;
  /** Whether the answer says of every item that it is in. */
  isAcknowledged(answer: unknown): boolean;
}

/** What a client has to make a request of. */
export interface Means {
  readonly school: School;
  readonly random: Random;
  /** Unlike in every other request of any client. */
  readonly stamp: number;
  /** The entries that this client alone writes: its students, in a section, on consecutive days. */
  places(section: number, days: number): readonly Place[];
  /** How an entry stands if all requests so far are done. */
  now(place: Place): Entry;
}

export interface Api {
  readonly name: string;
  headers(token: string): Readonly<Record<string, string>>;
  next(means: Means): CrashRequest;
}

import type { Address } from '../processes/rollbook';

/** What a request is to the service: the priorities of admission control. */
export type Kind = 'roll' | 'read' | 'bulk';

export interface Sent {
  readonly kind: Kind;
  readonly bytes: Uint8Array;
}

/** Requests that come when they come, whether or not those before them were answered. */
export interface Arrivals {
  readonly address: Address;
  /** How many are kept. */
  readonly connections: number;
  /** How many there are at most: who finds none free opens one more, or waits for one. */
  readonly mostConnections: number;
  /** Sent in turn, from the first again after the last, as long as `seconds`; once each, where there are none. */
  readonly requests: readonly Sent[];
  /** On average; the gaps are those of a Poisson process. */
  readonly perSecond: number;
  readonly seconds?: number;
}

/**
 * What became of one: when it was due, how long its answer took from then, and how late it was sent, in milliseconds.
 * Status 0 is no answer.
 */
export type Fate = readonly [kind: Kind | 'none', status: number, due: number, took: number, late: number];

export const isAccepted = ([, status]: Fate): boolean => status === 200;
export const isRefused = ([, status]: Fate): boolean => status === 503;
export const took = ([, , , milliseconds]: Fate): number => milliseconds;
/** What of it is the generator's own delay. */
export const late = ([, , , , milliseconds]: Fate): number => milliseconds;

/** The time in milliseconds within which 99 of 100 were answered. */
export function p99(fates: readonly Fate[], time = took): number {
  const sorted = fates.map(time).sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN;
}

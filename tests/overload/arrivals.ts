import type { Address } from '../bench/processes/rollbook';

/** Requests that come when they come, whether or not those before them were answered. */
export interface Arrivals {
  readonly address: Address;
  /** Sent in turn, from the first again after the last. */
  readonly requests: readonly { readonly kind: string; readonly bytes: Uint8Array }[];
  /** On average; the gaps are those of a Poisson process. */
  readonly perSecond: number;
  readonly seconds: number;
}

/**
 * What became of one: when it was due, how long its answer took from then, and how late it was sent, in milliseconds.
 * Status 0 is no answer.
 */
export type Fate = readonly [kind: string, status: number, due: number, took: number, late: number];

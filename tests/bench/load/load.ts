import type { Address } from '../processes/rollbook';

/** What the load generator is to send: over so many kept connections, each waiting for its answer before it goes on. */
export interface Load {
  readonly address: Address;
  readonly connections: number;
  /** Sent in turn, from the first again after the last, as long as `seconds`; once each, where there are none. */
  readonly requests: readonly Uint8Array[];
  readonly seconds?: number | undefined;
  /** Twelve digits that stand somewhere in each request and are to be others each time. */
  readonly nonce?: string | undefined;
  /** Who is answered 503 sends it again later, as Retry-After says; only what comes of it in the end is an answer. */
  readonly triesAgain?: boolean | undefined;
}

export interface LoadResult {
  readonly answers: number;
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** How many answers had which status. */
  readonly statuses: Readonly<Record<string, number>>;
  /** Milliseconds from request to answer. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds from a request to the first byte of its answer, the longest. */
  readonly firstByte: number;
  readonly bytes: number;
  /** Seconds of processor time that the generator took. */
  readonly cpu: number;
}

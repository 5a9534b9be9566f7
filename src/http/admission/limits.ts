import type { AdmissionLimits } from './queue';

/** What one request, one client or one address may take of the service. Sizes are in bytes, times in milliseconds. */
export interface Limits extends AdmissionLimits {
  /** Of the request line's target. RFC 9110, 4.1, recommends at least 8,000. */
  readonly url: number;
  /** Header fields; Node bounds what they hold together. */
  readonly headers: number;
  /** Parameters of a query. */
  readonly parameters: number;
  /** Larger bodies that are being read at the same time. */
  readonly bodiesComing: number;
  /** Those that did not come in time, and go on coming beside the others. */
  readonly bodiesLate: number;
  /** How long a larger body that comes slowly keeps its turn. */
  readonly patience: number;
  /** Larger bodies that are worked on at the same time; decoded, they take several times as much. */
  readonly bodiesAtOnce: number;
  /** Reads through a district that are worked on at the same time, and answers that are written while they are read. */
  readonly heavyReads: number;
  readonly streams: number;
  /** Requests that wait for a turn, in each of the queues above. */
  readonly waiting: number;
  /** How long a client may take nothing of its answer; of a streamed one while others wait that could have its turn. */
  readonly stalled: number;
  readonly stalledBeforeOthers: number;
  /** How long a streamed answer may take as a whole. */
  readonly longest: number;
  /** A request, and each 4 KiB of its body, are a point. No limit where undefined. */
  readonly rate?: Rate | undefined;
}

export interface Rate {
  /** Points of a client in the window; or of an address, for requests without a client. */
  readonly points: number;
  /** Requests of an address that fail before a client is known. */
  readonly failures: number;
  /** In seconds. */
  readonly window: number;
}

const MiB = 1024 * 1024;

/** Those that nobody needs to change; the configuration has the others. */
export const defaultLimits: Limits = {
  url: 8_000,
  headers: 100,
  parameters: 100,
  bodiesComing: 16 * MiB,
  bodiesLate: 64 * MiB,
  patience: 1_000,
  bodiesAtOnce: 2 * MiB,
  heavyReads: 4,
  streams: 32,
  waiting: 200,
  stalled: 30_000,
  stalledBeforeOthers: 3_000,
  longest: 600_000,
  wait: 1_200,
  atOnce: 32,
  queued: 2_000,
  queuedBytes: 64 * MiB,
};

import type { Logger } from 'pino';

/**
 * The lines of Node that its makers support, with the last day of each: https://github.com/nodejs/Release as of 2026-11-29.
 * Node 20 ended on 2026-04-30.
 */
const SUPPORTED = [
  { line: 22, until: '2027-04-30' },
  { line: 24, until: '2028-04-30' },
  { line: 26, until: '2029-04-30' },
];

/** The oldest line of Node that is supported on a day. When all of these are over, it is the newest of them. */
export const oldestSupported = (day: string): number =>
  (SUPPORTED.find(({ until }) => until >= day) ?? SUPPORTED.at(-1)!).line;

/** Says in the log that this Node is older than any that is supported; the start goes on. Once a start, however many processes. */
export function warnOfOldNode(log: Logger, version = process.version, now = new Date()): void {
  const oldest = oldestSupported(now.toISOString().slice(0, 10));
  if (lineOf(version) < oldest) log.warn({ node: version, oldest }, OLD_NODE);
}

export const OLD_NODE = 'this line of Node gets no more security fixes; run rollbook on a newer one';

/** 20 of `v20.19.0`. */
export const lineOf = (version: string): number => Number.parseInt(version.slice(1), 10);

import { isAsOpened } from './session';

/** Milliseconds for which a first answer is good. */
const EARLY = 5_000;

/**
 * Asks as soon as the script runs, before it is known who is signed in; index.html and early.js have asked already.
 * @returns what gives the answer at first and to whoever was signed in then, and undefined from then on
 */
export function early<Value>(load: () => Promise<Value>): () => Promise<Value | undefined> {
  const answer = load().catch(() => undefined);
  return async () => (performance.now() < EARLY && isAsOpened() ? answer : undefined);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { overloaded } from '../errors';
import { lengthOf, SMALL } from './body';
import type { Door } from './door';
import type { Dialect } from './endpoint';
import { greeting, refuser } from './refusal';

/** What of the room reads may use before rolls still find some. */
const READS = 0.7;
/** How often it is said that requests are turned away, in milliseconds. */
const OFTEN = 1_000;

/**
 * Turns requests away while there is more to do than there is time for: before anything is read, looked up or logged
 * of them, since a refusal has to cost a fraction of an answer. Only the paths of dialects, never those of probes.
 * @param onRefused told how many in a second
 */
export function turningAway(dialects: readonly Dialect[], door: Door, onRefused: (count: number) => void) {
  const refusals = dialects.map((dialect) => ({
    base: dialect.base,
    greet: greeting(dialect),
    refuse: refuser(dialect),
  }));
  const problem = overloaded();
  let count = 0;
  const counted = () => {
    if (count++ > 0) return;
    setTimeout(() => {
      onRefused(count);
      count = 0;
    }, OFTEN).unref();
  };

  /** Whether it was answered so. */
  return (request: IncomingMessage, response: ServerResponse): boolean => {
    if (!door.isFull(isRoll(request) ? 1 : READS)) return false;
    const path = request.url!.replace(/\?.*/, '').replace(/^\/{2,}/, '/');
    const refusal = refusals.find(({ base }) => path.startsWith(`${base}/`));
    if (!refusal) return false;
    counted();
    refusal.greet(request, response);
    if (lengthOf(request) > SMALL) response.setHeader('Connection', 'close'); // rather than read it to its end
    refusal.refuse(request, response, problem, path.slice(refusal.base.length));
    return true;
  };
}

/** A small write, as a teacher waits for. */
const isRoll = (request: IncomingMessage): boolean =>
  request.method !== 'GET' && request.method !== 'HEAD' && lengthOf(request) <= SMALL;

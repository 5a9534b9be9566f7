import type { Feed } from './feed';
import { isBefore, type Position } from './position';

interface Waiter {
  readonly district: number;
  readonly after: Position;
  readonly go: () => void;
}

/** How often it is looked whether anything has changed, in milliseconds: all that wait are asked for at once. */
const OFTEN = 250;

/**
 * Where those wait who have read all there is, until there may be more. Nobody holds a connection of the database meanwhile.
 * @param stopping ends every wait, as the process ends
 */
export function waitingRoom(feed: Pick<Feed, 'withMore'>, stopping?: AbortSignal) {
  const waiting = new Set<Waiter>();
  let isLooking = false;

  async function look(): Promise<void> {
    isLooking = true;
    const places = new Map<number, Position>();
    for (const { district, after } of waiting) {
      const first = places.get(district);
      if (!first || isBefore(after, first)) places.set(district, after);
    }
    // A database that is away has nothing new; whoever reads when the time is up is told.
    const changed = new Set(await feed.withMore(places).catch(() => []));
    for (const { district, go } of waiting) if (changed.has(district)) go();
    isLooking = false;
    lookLater();
  }

  function lookLater(): void {
    if (waiting.size > 0 && !isLooking) {
      isLooking = true;
      setTimeout(look, OFTEN).unref();
    }
  }

  stopping?.addEventListener('abort', () => {
    for (const { go } of waiting) go();
  });

  /** Resolves when the district may have changes after the place, the time is up, in milliseconds, or nobody waits any more. */
  return (district: number, after: Position, milliseconds: number, gone: AbortSignal): Promise<void> => {
    if (gone.aborted || stopping?.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const waiter: Waiter = { district, after, go };
      const late = setTimeout(go, milliseconds);
      function go() {
        waiting.delete(waiter);
        clearTimeout(late);
        gone.removeEventListener('abort', go);
        resolve();
      }
      waiting.add(waiter);
      gone.addEventListener('abort', go, { once: true });
      lookLater();
    });
  };
}

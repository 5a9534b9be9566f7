import { LRUCache } from 'lru-cache';

/** How many are remembered; a client has one token or key in use, or a few. */
const MOST = 10_000;

/**
 * What was found lately by a name that is hard to guess. Only what is there is remembered, for so many milliseconds of
 * a clock that nobody can set back, and never beyond its own `expires_at`.
 */
export function remembered<Found extends { readonly expires_at?: string | null }>(milliseconds: number) {
  const known = new LRUCache<string, Found>({ max: MOST, ttl: milliseconds, ttlResolution: 0, perf: performance });
  return {
    async get(name: string, find: () => Promise<Found | undefined>): Promise<Found | undefined> {
      const met = known.get(name);
      if (met && !isOver(met)) return met;
      const start = performance.now();
      const found = await find();
      if (found) known.set(name, found, { start });
      else known.delete(name);
      return found;
    },

    clear: () => known.clear(),
  };
}

const isOver = ({ expires_at }: { readonly expires_at?: string | null }): boolean =>
  Boolean(expires_at) && Date.parse(expires_at!) <= Date.now();

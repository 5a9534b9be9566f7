/** How many are remembered; a client has one token or key in use, or a few. */
const MOST = 10_000;

/**
 * What was found lately by a name that is hard to guess. Only what is there is remembered, for so many milliseconds,
 * and never beyond its own `expires_at`.
 */
export function remembered<Found extends { readonly expires_at?: string | null }>(milliseconds: number) {
  const known = new Map<string, { readonly found: Found; readonly until: number }>();
  return {
    async get(name: string, find: () => Promise<Found | undefined>): Promise<Found | undefined> {
      const now = Date.now();
      const met = known.get(name);
      if (met && now < met.until) return met.found;
      const found = await find();
      known.delete(name);
      if (!found) return undefined;
      if (known.size >= MOST) known.clear();
      const end = found.expires_at ? Date.parse(found.expires_at) : Number.POSITIVE_INFINITY;
      known.set(name, { found, until: Math.min(now + milliseconds, end) });
      return found;
    },

    clear: () => known.clear(),
  };
}

interface Waiting {
  readonly district: number;
  readonly enter: () => void;
}

/** No connection was free in time. */
class NoConnection extends Error {
  /** SQLSTATE too_many_connections. */
  readonly code = '53300';
}

/** Stands for what is asked of no district, or of all. */
const NONE = 0;

/**
 * The connections of a pool, in shares. Where the part of a database hangs in which a district lies, whatever is asked of that
 * district hangs with it, and others are to have connections all the same. So one that has some takes another only while it has fewer
 * than twice as many as are free, and never the last. Who came first is first, among those whose district may have one.
 * @param most how many connections there are
 */
export function connectionShares(most: number) {
  const held = new Map<number, number>();
  const waiting = new Set<Waiting>();
  let free = most;

  const mayTake = (district: number): boolean => {
    const own = held.get(district) ?? 0;
    return own === 0 ? free > 0 : free > 1 && own < 2 * free;
  };

  const take = (district: number): void => {
    free--;
    held.set(district, (held.get(district) ?? 0) + 1);
  };

  const leave = (district: number): void => {
    free++;
    const own = held.get(district)! - 1;
    if (own > 0) held.set(district, own);
    else held.delete(district);
    for (const one of waiting) if (mayTake(one.district)) one.enter();
  };

  const turn = (district: number, patience: number) =>
    new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => {
        waiting.delete(one);
        reject(new NoConnection('No connection to the database was free in time.'));
      }, patience);
      const one: Waiting = {
        district,
        enter: () => {
          clearTimeout(late);
          waiting.delete(one);
          take(district);
          resolve();
        },
      };
      waiting.add(one);
    });

  return {
    /**
     * Resolves when the district may have one more, with how to give it back; throws NoConnection where that takes too long.
     * @param patience how long it may take, in milliseconds
     */
    async enter(of: number | undefined, patience: number): Promise<() => void> {
      const district = of ?? NONE;
      if (mayTake(district)) take(district);
      else await turn(district, patience);
      return () => leave(district);
    },

    /** How many wait. */
    waiting: (): number => waiting.size,
  };
}

import { overloaded } from '../../lib/problem';

/** For whom something is taken. */
export interface Taker {
  readonly client: number;
  readonly district: number;
}

export type Semaphore = ReturnType<typeof semaphore>;

/** What of it one client, and one district, may have while others may come; a thing that is larger, when it has none. */
const CLIENT = 1 / 2;
const DISTRICT = 3 / 4;

/**
 * A semaphore with shares: so many of something at once, of which neither a client nor a district can have all. Who
 * finds too little waits; the next is the one whose district, then client, has least, then who came first.
 * @param queue how many may wait, by the same shares; who comes after them is refused
 * @param bound is told how to refuse one that waits, and tells how to say that it does not wait any more
 */
export function semaphore(
  most: number,
  queue = Number.POSITIVE_INFINITY,
  bound: (refuse: () => void) => () => void = () => () => undefined,
) {
  const held = shares(most);
  const queued = shares(queue);
  const waiting: (Taker & { readonly size: number; readonly enter: () => void })[] = [];

  /** What keeps it waiting: nothing, a share, or all that there is. */
  const keeping = (one: Taker & { readonly size: number }) => held.overBy(one, one.size);

  const next = () =>
    waiting
      .filter((one) => !['client', 'district'].includes(String(keeping(one))))
      .sort((one, other) => held.byDistrict(one) - held.byDistrict(other) || held.byClient(one) - held.byClient(other))
      .at(0);

  const withdraw = (one: (typeof waiting)[number]) => {
    waiting.splice(waiting.indexOf(one), 1);
    queued.add(one, -1);
  };

  const admit = () => {
    // One that is too large for what is free is not overtaken by smaller ones for ever.
    for (let one = next(); one && !keeping(one); one = next()) {
      withdraw(one);
      held.add(one, one.size);
      one.enter();
    }
  };

  return {
    /** Resolves when there is enough, with how to leave. What takes more than there is takes all of it. */
    async enter(size: number, taker: Taker): Promise<() => void> {
      if (size === 0) return () => undefined;
      const one = { ...taker, size: Math.min(size, most) };
      const hasToWait = keeping(one) !== undefined || next() !== undefined;
      if (hasToWait && queued.overBy(taker, 1)) throw overloaded();
      await new Promise<void>((enter, reject) => {
        const refuse = () => {
          withdraw(it);
          entered();
          reject(overloaded());
        };
        const entered = hasToWait ? bound(refuse) : () => undefined;
        const it = {
          ...one,
          enter: () => {
            entered();
            enter();
          },
        };
        waiting.push(it);
        queued.add(it, 1);
        admit();
      });
      let inside = true;
      return () => {
        if (inside) held.add(one, -one.size);
        inside = false;
        admit();
      };
    },

    /** Whether somebody would be let in who waits, did this one leave. */
    isWantedFrom: (holder: Taker): boolean =>
      waiting.some((one) => {
        const by = keeping(one);
        if (by === 'client') return one.client === holder.client;
        return by === 'district' ? one.district === holder.district : by === 'all';
      }),
  };
}

/** How much is taken by whom, of so much. */
function shares(most: number) {
  const clients = new Map<number, number>();
  const districts = new Map<number, number>();
  let all = 0;
  const add = (map: Map<number, number>, key: number, size: number) => {
    const sum = (map.get(key) ?? 0) + size;
    if (sum > 0) map.set(key, sum);
    else map.delete(key);
  };
  const isOver = (taken: number, size: number, share: number) => taken > 0 && taken + size > most * share;
  const byClient = ({ client }: Taker) => clients.get(client) ?? 0;
  const byDistrict = ({ district }: Taker) => districts.get(district) ?? 0;
  return {
    byClient,
    byDistrict,
    add(taker: Taker, size: number): void {
      add(clients, taker.client, size);
      add(districts, taker.district, size);
      all += size;
    },
    /** What would be more than it may be, were so much taken: the client's share, the district's, or all; if any. */
    overBy(taker: Taker, size: number): 'client' | 'district' | 'all' | undefined {
      if (isOver(byClient(taker), size, CLIENT)) return 'client';
      if (isOver(byDistrict(taker), size, DISTRICT)) return 'district';
      return all + size > most ? 'all' : undefined;
    },
  };
}

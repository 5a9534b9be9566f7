/** How far a timestamp may be off, either way, in seconds. Clients run in parallel: inside it, any order is fine. */
export const WINDOW = 300;

/** How many nonces are remembered of one client, and of all of them together: a few dozen bytes each. */
const OF_A_CLIENT = 100_000;
const ALTOGETHER = 500_000;

/** Whether a nonce is new, or was used before; `forgotten`: it is as old as some that had to be forgotten. */
export type Verdict = 'new' | 'used' | 'forgotten';

/** Which nonces each client has used, wherever that is remembered. */
export interface Nonces {
  /**
   * Remembers that the client used it.
   * @param second of the timestamp, which is no further off than `WINDOW`
   * @param used stands for the timestamp and the nonce, in so many characters however long they are
   */
  use(client: number, second: number, used: string): Verdict | Promise<Verdict>;
}

/** What was used with timestamps of one second. */
interface Second {
  /** By then its timestamps are stale, by a clock that nobody can set back. */
  readonly until: number;
  readonly used: Set<string>;
}

interface OfClient {
  /** In the order in which they were first met. */
  readonly seconds: Map<number, Second>;
  count: number;
  /** Seconds before this one are forgotten, and not taken until their timestamps are stale in any case. */
  from: number;
  fromUntil: number;
  /** By then all of it is stale. */
  until: number;
}

/**
 * Which nonces each client has used within the time a timestamp may be off (RFC 5849, 3.3), in the memory of the process.
 * It is bounded: of who has too many those with the oldest timestamps are forgotten, and such timestamps are taken from that
 * client no longer. "Servers MAY choose to restrict the time period after which a request with an old timestamp is
 * rejected"; a client whose clock is right does not notice.
 */
export function nonceMemory({ ofAClient = OF_A_CLIENT, altogether = ALTOGETHER } = {}) {
  const clients = new Map<number, OfClient>();
  let count = 0;
  let swept = performance.now();

  const drop = (memory: OfClient, second: number) => {
    const { size } = memory.seconds.get(second)!.used;
    memory.seconds.delete(second);
    memory.count -= size;
    count -= size;
  };

  /** Forgets what is stale, and the clients of whom nothing is left. */
  const sweep = (now: number) => {
    swept = now;
    for (const [client, memory] of clients) {
      for (const [second, { until }] of memory.seconds) {
        if (until > now) break;
        drop(memory, second);
      }
      if (memory.until <= now) clients.delete(client);
    }
  };

  /** Forgets half of what a client has, the oldest timestamps first. */
  const halve = (memory: OfClient, now: number) => {
    memory.fromUntil = now + 2 * WINDOW * 1_000;
    const most = memory.count / 2;
    for (const second of [...memory.seconds.keys()].sort((one, other) => one - other)) {
      if (memory.count <= most) break;
      drop(memory, second);
      memory.from = second + 1;
    }
  };

  const largest = () => [...clients.values()].reduce((one, other) => (other.count > one.count ? other : one));

  return {
    use(client: number, second: number, used: string): Verdict {
      const now = performance.now();
      if (now - swept > WINDOW * 1_000) sweep(now);
      // The furthest timestamp in the future is stale by then, whatever is first met of it now.
      const until = now + 2 * WINDOW * 1_000;
      const memory = clients.get(client) ?? { seconds: new Map(), count: 0, from: 0, fromUntil: 0, until };
      if (second < memory.from && now < memory.fromUntil) return 'forgotten';
      const met = memory.seconds.get(second) ?? { until, used: new Set() };
      if (met.used.has(used)) return 'used';
      met.used.add(used);
      memory.seconds.set(second, met);
      memory.until = until;
      memory.count++;
      count++;
      clients.set(client, memory);
      if (memory.count > ofAClient) halve(memory, now);
      else if (count > altogether) halve(largest(), now);
      return 'new';
    },

    /** How many are remembered. */
    get size() {
      return count;
    },
  };
}

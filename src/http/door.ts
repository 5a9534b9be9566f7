export type Door = ReturnType<typeof doorBy>;

/** So many are always let work at the same time, however long they take. */
const FEWEST = 16;

/**
 * Who is let in, so that those who are do not wait long. Two queues can grow: requests that have come and are not yet
 * looked at, which lengthens the turns of the event loop, and requests that are worked on at the same time. The
 * former is bounded by the time a turn takes; the latter by a number that falls by a tenth with each request that
 * takes too long, and grows by one with each that does not (additive increase, multiplicative decrease, as of TCP).
 * @param delay what it aims at, in milliseconds; Infinity lets everybody in
 */
export function doorBy(delay: number) {
  let began: number | undefined;
  let most = Number.POSITIVE_INFINITY;
  let working = 0;

  /** How long those that came with the first request of this turn have been waiting. */
  const waited = () => {
    const now = performance.now();
    if (began === undefined) {
      began = now;
      setImmediate(() => {
        began = undefined;
      });
    }
    return now - began;
  };

  const learn = (took: number) => {
    if (took > delay) most = Math.max(FEWEST, Math.min(most, working) * 0.9);
    else if (working >= most / 2) most++;
  };

  return {
    /** Whether one more would wait too long. @param share of what there is that it may use */
    isFull: (share = 1): boolean => waited() > (delay / 2) * share || working >= most * share,

    /** Does the work of one that was let in. */
    async inside<T>(work: () => Promise<T>): Promise<T> {
      working++;
      const since = performance.now();
      try {
        return await work();
      } finally {
        learn(performance.now() - since);
        working--;
      }
    },
  };
}

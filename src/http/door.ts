export type Door = ReturnType<typeof doorBy>;

/** What comes at once, such as a page's first requests or one large body, is over by then, in milliseconds. */
const BURST = 100;
/** So many are always let work at the same time, however long they take. */
const FEWEST = 16;

/**
 * Who is let in, so that those who are do not wait long. Two queues can grow: requests that have come and are not yet
 * looked at, which lengthens the turns of the event loop, and requests that are worked on at the same time. The
 * former is bounded by the time a turn takes; the latter by a number that falls below that among which a request took
 * too long by a tenth, and grows by one with each that did not (additive increase, multiplicative decrease, as of TCP).
 * @param delay what it aims at, in milliseconds; Infinity lets everybody in
 */
export function doorBy(delay: number) {
  const waited = queueOf(Math.max(2 * delay, BURST));
  let most = Number.POSITIVE_INFINITY;
  let working = 0;

  const learn = (took: number, among: number) => {
    if (took > delay) most = among > FEWEST ? Math.max(FEWEST, Math.min(most, among * 0.9)) : most;
    else if (working >= most / 2) most++;
  };

  return {
    /** Whether one more would wait too long. @param share of what there is that it may use */
    isFull: (share = 1): boolean => waited() > (delay / 2) * share || working >= most * share,

    /** Does the work of one that was let in. */
    async inside<T>(work: () => Promise<T>): Promise<T> {
      const among = ++working;
      const since = performance.now();
      try {
        return await work();
      } finally {
        learn(performance.now() - since, among);
        working--;
      }
    },
  };
}

/** The loop has slept for so long, in milliseconds: nobody was waiting then. */
const SLEPT = 1;

/**
 * How long a request that has just come may have been waiting, in milliseconds: since the turn of the event loop in
 * which it was not yet there had read what had come. It is 0 for a while after the loop has slept: a burst is no
 * queue that stands (so does CoDel, RFC 8289, tell them apart).
 * @param interval for how long, in milliseconds
 */
function queueOf(interval: number): () => number {
  let began: number | undefined;
  let slept = 0;
  let last = { at: 0, idle: 0 };
  const begin = (now: number) => {
    if (performance.nodeTiming.idleTime - last.idle > SLEPT) slept = now;
    setImmediate(end);
    return last.at;
  };
  const end = () => {
    began = undefined;
    last = { at: performance.now(), idle: performance.nodeTiming.idleTime };
  };
  return () => {
    const now = performance.now();
    began ??= begin(now);
    return now - slept < interval ? 0 : now - began;
  };
}

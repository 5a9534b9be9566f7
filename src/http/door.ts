import type { Limits } from './limits';

export type Door = ReturnType<typeof doorBy>;

/** So many are always let work at the same time, however long they take. */
const FEWEST = 16;
/** How many times the delay one may have waited: in a burst; in a queue that stands, where all then wait for others too. */
const [IN_BURST, IN_QUEUE] = [3, 1 / 5];

/**
 * Who is let in, so that those who are do not wait long. Two queues can grow: requests that have come and are not yet
 * looked at, which lengthens the turns of the event loop, and requests that are worked on at the same time. The
 * former is bounded by the time a turn takes; the latter by a number that falls below that among which a request took
 * too long by a tenth, and grows by one with each that did not (additive increase, multiplicative decrease, as of TCP).
 */
export function doorBy({ delay, perTurn }: Pick<Limits, 'delay' | 'perTurn'>) {
  const turn = turns();
  let most = Number.POSITIVE_INFINITY;
  let working = 0;

  const learn = (took: number, among: number) => {
    if (took > delay) most = among > FEWEST ? Math.max(FEWEST, Math.min(most, among * 0.9)) : most;
    else if (working >= most / 2) most++;
  };

  return {
    /** Whether one more would wait too long. @param share of what there is that it may use */
    isFull(share = 1): boolean {
      const { waited, isStanding, letIn } = turn.now();
      const longest = delay * (isStanding ? IN_QUEUE : IN_BURST);
      return working >= most * share || (waited > longest * share && letIn >= perTurn);
    },

    /** Does the work of one that was let in. */
    async inside<T>(work: () => Promise<T>): Promise<T> {
      const among = ++working;
      turn.enter();
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

/** What comes at once, such as the first requests of pages, is worked on by then, in milliseconds. */
const BURST = 60;
/** So many times as long as it slept the loop may work, before what comes is a queue that stands. */
const WORK = 10;

/** The turns of the event loop, and what of their work came before a request that has just come. */
function turns() {
  const { nodeTiming } = performance;
  let began: number | undefined;
  let letIn = 0;
  let busy = 0;
  let last = { at: performance.now(), idle: nodeTiming.idleTime };

  /** Nobody was waiting while the loop slept. */
  const begin = () => {
    const slept = nodeTiming.idleTime - last.idle;
    busy = Math.max(0, busy - slept * WORK);
    letIn = 0;
    setImmediate(end);
    return last.at + slept;
  };
  const end = () => {
    const at = performance.now();
    busy = Math.min(BURST, busy + at - began!);
    began = undefined;
    last = { at, idle: nodeTiming.idleTime };
  };

  return {
    /** One more is let in. */
    enter(): void {
      letIn++;
    },
    /**
     * How many were let in in this turn, and how long a request that has just come may have been waiting, in
     * milliseconds: since the turn in which it was not yet there had read what had come. Where the loop has not slept
     * of late, it is a queue that stands, not a burst (CoDel, RFC 8289, tells them apart so).
     */
    now(): { letIn: number; waited: number; isStanding: boolean } {
      began ??= begin();
      const waited = performance.now() - began;
      return { letIn, waited, isStanding: busy + waited >= BURST };
    },
  };
}

import type { ServerResponse } from 'node:http';
import { bodyReader } from '../body';
import { responseCache } from '../response-cache';
import type { Limits } from './limits';
import { admissionQueue } from './queue';
import { type Budget, budgetOf, ratesBy, type Spending } from './rates';
import { semaphore } from './semaphore';

export type Guards = ReturnType<typeof guardsBy>;

/** What holds requests to the limits; all APIs share them, since they share the process. */
export function guardsBy(limits: Limits, spending?: Spending) {
  const queue = admissionQueue(limits);
  return {
    limits,
    queue,
    /** How to leave the queue's count of those that are worked on, by the answer to be. */
    places: new WeakMap<ServerResponse, () => void>(),
    rates: limits.rate && ratesBy(limits.rate, spending),
    budgetOf: (name: string, budget: Budget) => budgetOf(name, budget, spending),
    withBody: bodyReader(limits),
    heavyReads: semaphore(limits.heavyReads, limits.waiting, queue.whileOthersWait),
    streams: semaphore(limits.streams, limits.waiting),
    answers: responseCache(),
  };
}

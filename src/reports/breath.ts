import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds in which the event loop turns as often as it has to: the door lets only a few in in each turn. */
const PAUSE = 2;

/** Between two steps of a long count: what has come meanwhile is answered first. */
export const breath = (): Promise<void> => wait(PAUSE);

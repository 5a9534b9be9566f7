import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds: enough for the event loop to sleep, by which the door knows that nobody is kept waiting. */
const PAUSE = 2;

/** Between two steps of a long count: what has come meanwhile is answered first. */
export const breath = (): Promise<void> => wait(PAUSE);

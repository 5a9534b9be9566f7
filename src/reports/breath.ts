import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds in which what has come is read and begun, turn after turn of the event loop. */
const PAUSE = 2;

/** Between two steps of a long count: what has come meanwhile is answered first. */
export const breath = (): Promise<void> => wait(PAUSE);

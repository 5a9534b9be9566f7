import { setImmediate as comeAround, setTimeout as wait } from 'node:timers/promises';

const waiting: (() => void)[] = [];
let isDue = false;

/** Milliseconds of one turn of the event loop that are for those who ask here, and how many of them at most. */
const SLICE = 10;
const MOST = 8;

/**
 * Waits until the event loop has come round, so that what came meanwhile is read and answered first. In each turn as many
 * go on as a few milliseconds have room for: what SQLite is asked for keeps the thread until it is answered, and Node
 * would run all that are due one after the other. One alone in each turn would be too few: where others make the turns
 * long, those who wait here would never be done.
 */
export function turn(): Promise<void> {
  return new Promise((go) => {
    waiting.push(go);
    comeRound();
  });
}

/**
 * Between two immediates of one turn Node does all that the first has brought about and that waits for nothing else: also
 * ask here again.
 */
function comeRound(): void {
  if (isDue) return;
  isDue = true;
  let began = 0;
  for (let each = 0; each < MOST; each++)
    setImmediate(() => {
      if (each === 0) began = performance.now();
      if (performance.now() - began < SLICE) waiting.shift()?.();
      if (each < MOST - 1) return;
      isDue = false;
      if (waiting.length > 0) comeRound();
    });
}

/** Milliseconds in which what has come is read and begun, turn after turn of the event loop. */
const PAUSE = 2;
/** Milliseconds of work that a pause is due after. */
const WORK = 2;
let resumed = 0;

/**
 * Between two steps of a long count: what has come meanwhile is answered first. Steps that take microseconds share a
 * pause, else a count of many small ones would be nothing but pauses.
 */
export async function yieldToEventLoop(): Promise<void> {
  if (performance.now() - resumed < WORK) return;
  await wait(PAUSE);
  await comeAround(); // where the process was held up, timers that are due run one after the other
  resumed = performance.now();
}

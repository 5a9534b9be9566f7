const waiting: (() => void)[] = [];
let isDue = false;

/** Milliseconds of one turn of the event loop in which one after the other goes on, and how many at most. */
const SLICE = 5;
const MOST = 8;

/**
 * Waits until the event loop has come round: what came meanwhile is read and answered first. Of those who ask here, only
 * as many go on in one turn as a few milliseconds have room for: Node runs all immediates that are due at once, and what
 * SQLite is asked for keeps the thread until it is answered. One alone in each turn would be too few: where others make
 * the turns long, those who wait here would never be done.
 */
export function turn(): Promise<void> {
  return new Promise((go) => {
    waiting.push(go);
    if (!isDue) comeRound();
  });
}

/** Between two immediates of a turn Node does all that the first has brought about and that waits for nothing else. */
function comeRound(): void {
  isDue = true;
  const most = Math.min(waiting.length, MOST);
  let began: number | undefined;
  for (let left = most; left > 0; left--)
    setImmediate(() => {
      began ??= performance.now();
      if (performance.now() - began < SLICE) waiting.shift()!();
      if (left > 1) return;
      isDue = false;
      if (waiting.length > 0) comeRound();
    });
}

const waiting: (() => void)[] = [];

/**
 * Waits for a turn of the event loop that nobody else who asks here has: what came meanwhile is read and answered
 * first. By `setImmediate` alone all that wait would go on in the same turn, one after the other, since Node runs all
 * immediates that are due at once, and what SQLite is asked for keeps the thread until it is answered.
 */
export function turn(): Promise<void> {
  return new Promise((go) => {
    if (waiting.push(go) === 1) setImmediate(next);
  });
}

function next(): void {
  waiting.shift()!();
  if (waiting.length > 0) setImmediate(next);
}

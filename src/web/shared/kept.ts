import { call, Offline } from './api';

/** Answers that the pages need without a network too, as they last were. */
const PREFIX = 'rollbook.kept.';

/** Asks the server; where it cannot be reached, what it answered last. */
export async function getKept<Body>(path: string): Promise<Body> {
  return keeping(path, async () => (await call<Body>('GET', path)).body);
}

/** The same for what has more to it than the body of an answer. */
export async function keeping<Value>(name: string, load: () => Promise<Value>): Promise<Value> {
  try {
    const value = await load();
    keep(name, value);
    return value;
  } catch (error) {
    const kept = error instanceof Offline ? localStorage.getItem(PREFIX + name) : null;
    if (kept === null) throw error;
    return JSON.parse(kept);
  }
}

function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    forgetKept(); // there is no room: rolls that are on their way need it more
  }
}

export function forgetKept(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}

import { call, isPassing } from './api';

/** Answers that the pages need without a network too, as they last were. */
const PREFIX = 'rollbook.kept.';

/** What was kept under a name of an entry of localStorage; undefined where that is of something else. */
export const keptName = (key: string | null): string | undefined =>
  key?.startsWith(PREFIX) ? key.slice(PREFIX.length) : undefined;

/** Asks the server; where it cannot answer, what it answered last. */
export async function getKept<Body>(path: string): Promise<Body> {
  return keeping(path, async () => (await call<Body>('GET', path)).body);
}

/** The same for what has more to it than the body of an answer, or is known by another name. */
export async function keeping<Value>(name: string, load: () => Promise<Value>): Promise<Value> {
  try {
    const value = await load();
    keep(name, value);
    return value;
  } catch (error) {
    const value = isPassing(error) ? kept<Value>(name) : undefined;
    if (value === undefined) throw error;
    return value;
  }
}

/** What was last kept; undefined where nothing was, or it is damaged. */
export function kept<Value>(name: string): Value | undefined {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + name) ?? '') as Value;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: unknown): void {
  try {
    localStorage.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    forgetKept((other) => other === '/session'); // there is no room: rolls that are on their way need it more
  }
}

/** @param but names of what stays */
export function forgetKept(but: (name: string) => boolean = () => false): void {
  for (const key of Object.keys(localStorage)) {
    const name = keptName(key);
    if (name !== undefined && !but(name)) localStorage.removeItem(key);
  }
}

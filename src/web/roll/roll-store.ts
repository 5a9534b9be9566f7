import { type Entry, entryIn } from './entry';

/** What of localStorage is used. */
export interface Store {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export type RollStore = ReturnType<typeof openRollStore>;

/**
 * The rolls of one owner that are on the device. Where there is no room they stay in the open page at least.
 * @param makeRoom takes out of the store what can be asked of the server again
 * @param today the district's
 */
export function openRollStore(prefix: string, store: Store, makeRoom: () => void, today: () => string) {
  const homeless = new Map<string, Entry>();

  function keep(key: string, text: string): boolean {
    for (const prepare of [() => {}, makeRoom])
      try {
        prepare();
        store.setItem(prefix + key, text);
        return true;
      } catch {
        // There was no room: once more, and then there is none.
      }
    return false;
  }

  return {
    /** The rolls in the order they were taken. What is damaged is left where it is. */
    read(): Map<string, Entry> {
      const keys = Array.from({ length: store.length }, (_, index) => store.key(index)!);
      const found = keys
        .filter((key) => key.startsWith(prefix))
        .map((key) => [key.slice(prefix.length), entryIn(store.getItem(key), today())] as const)
        .filter((pair): pair is [string, Entry] => pair[1] !== undefined);
      return new Map([...new Map([...found, ...homeless])].sort(([, one], [, other]) => one.since - other.since));
    },

    write(key: string, entry: Entry): void {
      if (keep(key, JSON.stringify(entry))) homeless.delete(key);
      else homeless.set(key, entry);
    },

    remove(key: string): void {
      homeless.delete(key);
      store.removeItem(prefix + key);
    },

    /** Whether the page alone has it, so that it goes with the page. */
    isHomeless: (key: string): boolean => homeless.has(key),
  };
}

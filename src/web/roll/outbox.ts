import { signal } from '@preact/signals';
import { Offline, Refused } from '../shared/api';
import { differences, isUntouched, type Marks, type Stand } from './marks';
import type { RefusedItem, Sent, Wish } from './wire';

/** A roll that is on its way to the server, kept on the device until it is there. */
export interface Entry extends Wish {
  /** What to call it where it is listed. */
  readonly title: string;
  /** When it was first put here, which is its place in the order. */
  readonly since: number;
  /** Why it is not sent any more until somebody decides. */
  readonly trouble?: Trouble;
}

export type Trouble =
  | { readonly kind: 'conflict'; readonly theirs: Stand }
  | { readonly kind: 'refused'; readonly message: string; readonly items: readonly RefusedItem[] };

/** Why nothing is sent just now. */
export type Pause = 'offline' | 'signed-out' | 'busy' | undefined;

interface Options {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
  readonly send: (wish: Wish) => Promise<Sent>;
  /** Calls back after so many milliseconds. */
  readonly later: (work: () => void, milliseconds: number) => void;
  /** Lets one of several open pages send at a time. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
}

const PREFIX = 'rollbook.roll.';
const SOONEST = 2_000;
const LATEST = 30_000;

export const rollKey = (section: number, date: string): string => `${section}.${date}`;

export type Outbox = ReturnType<typeof openOutbox>;

/**
 * Rolls that were taken and are not yet on the server. Each is on the device before anything is sent, is sent in the
 * order they were taken, and leaves only when the server has it or somebody has decided otherwise.
 * @param owner the client that is signed in: what another left on the same device is neither shown nor sent
 */
export function openOutbox(owner: number, { storage, send, later, alone }: Options) {
  const prefix = `${PREFIX}${owner}.`;
  const entries = signal<ReadonlyMap<string, Entry>>(readAll());
  const pause = signal<Pause>(undefined);
  /** Which roll is being sent. */
  const sending = signal<string | undefined>(undefined);
  /** What the server was last seen to have, of rolls that went through here, and when. */
  const saved = signal<ReadonlyMap<string, { readonly stand: Stand; readonly at: number }>>(new Map());
  let failures = 0;

  function readAll(): Map<string, Entry> {
    const keys = Array.from({ length: storage.length }, (_, index) => storage.key(index)!);
    const found = keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => [key.slice(prefix.length), JSON.parse(storage.getItem(key)!) as Entry] as const)
      .sort(([, one], [, other]) => one.since - other.since);
    return new Map(found);
  }

  function write(key: string, entry: Entry | undefined): void {
    if (entry) storage.setItem(prefix + key, JSON.stringify(entry));
    else storage.removeItem(prefix + key);
    entries.value = readAll();
  }

  /** Keeps the roll on the device, then sends it. A later one of the same section and day takes its place. */
  function put(wish: Wish, title: string): void {
    const key = rollKey(wish.section, wish.date);
    const before = entries.value.get(key);
    // The base stays what the first of them was made on: that is what the server was last known to have.
    write(key, { ...wish, title, base: before?.base ?? wish.base, since: before?.since ?? Date.now() });
    void flush();
  }

  async function flush(): Promise<void> {
    if (sending.value !== undefined) return;
    try {
      await alone(async () => {
        for (let next = firstToSend(); next; next = firstToSend()) await sendOne(...next);
      });
      pause.value = undefined;
      failures = 0;
    } catch (error) {
      rest(error);
    } finally {
      sending.value = undefined;
    }
  }

  /** Another page may have sent it meanwhile: what is on the device counts. */
  function firstToSend(): readonly [string, Entry] | undefined {
    entries.value = readAll();
    return [...entries.value].find(([, { trouble }]) => !trouble);
  }

  async function sendOne(key: string, entry: Entry): Promise<void> {
    sending.value = key;
    settle(key, entry, await send(entry));
    sending.value = undefined;
  }

  function settle(key: string, sent: Entry, result: Sent): void {
    if (result.outcome === 'saved' || result.outcome === 'partly')
      saved.value = new Map(saved.value).set(key, { stand: result.stand, at: Date.now() });
    write(key, afterSending(sent, entries.value.get(key) ?? sent, result));
  }

  function rest(error: unknown): void {
    if (error instanceof Refused && error.status === 401) {
      pause.value = 'signed-out';
      return;
    }
    pause.value = error instanceof Offline ? 'offline' : 'busy';
    const patience = error instanceof Refused ? error.retryAfter * 1_000 : SOONEST * 2 ** failures++;
    later(() => void flush(), Math.min(LATEST, Math.max(SOONEST, patience)));
  }

  return {
    entries,
    pause,
    sending,
    saved,
    put,
    flush,

    /** What somebody decided where two had taken the same roll: it is sent over what stands now. */
    resolve(key: string, marks: Marks): void {
      const { trouble, ...entry } = entries.value.get(key)!;
      write(key, { ...entry, marks, base: trouble?.kind === 'conflict' ? trouble.theirs : entry.base });
      void flush();
    },

    /** Gives the roll up: what the server has stands. */
    giveUp(key: string): void {
      write(key, undefined);
    },

    /** Another page of the same device has changed what is kept. */
    refresh(): void {
      entries.value = readAll();
    },
  };
}

/** What is left of an entry that was sent; it may have been changed on the page meanwhile. Undefined: nothing is. */
function afterSending(sent: Entry, now: Entry, result: Sent): Entry | undefined {
  if (result.outcome === 'refused') return refused(now, result.message);
  if (result.outcome === 'stale') return rebased(now, result.theirs);
  const next = { ...now, base: result.stand };
  if (JSON.stringify(now.marks) !== JSON.stringify(sent.marks)) return next;
  return result.outcome === 'partly' ? refused(next, 'Some students could not be marked.', result.refused) : undefined;
}

const refused = (entry: Entry, message: string, items: readonly RefusedItem[] = []): Entry => ({
  ...entry,
  trouble: { kind: 'refused', message, items },
});

/** Somebody has written to the section since: the same roll is a conflict, another day of it is none. */
function rebased(entry: Entry, theirs: Stand): Entry {
  if (isUntouched(entry.base, theirs) || differences(entry.base, entry.marks, theirs).length === 0)
    return { ...entry, base: theirs };
  return { ...entry, trouble: { kind: 'conflict', theirs } };
}

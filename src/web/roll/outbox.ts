import { signal } from '@preact/signals-core';
import type { Drawer } from './drawer';
import { afterSending, based, type Entry, whileSent } from './entry';
import type { Marks, Seen, Stand } from './marks';
import { triesOf } from './tries';
import type { Sent, Wish } from './wire';

interface Options {
  readonly drawer: Drawer;
  readonly send: (wish: Wish) => Promise<Sent>;
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  readonly later: (work: () => void, milliseconds: number) => () => void;
  /** Lets one of several open pages send at a time. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Told what the server has of a roll once it was sent. */
  readonly onSaved: (key: string, seen: Seen) => void;
}

/** How often in a row a roll is put on a new base before the server is left alone for a while. */
const STALE_AT_MOST = 5;

export const rollKey = (section: number, date: string): string => `${section}.${date}`;

export type Outbox = ReturnType<typeof openOutbox>;

/**
 * Rolls that were taken and are not yet on the server. Each is on the device before anything is sent, is sent in the
 * order they were taken, and leaves only when the server has it or somebody has decided otherwise.
 */
export function openOutbox({ drawer, send, later, alone, onSaved }: Options) {
  const entries = signal<ReadonlyMap<string, Entry>>(drawer.read());
  /** Which roll is being sent. */
  const sending = signal<string | undefined>(undefined);
  /** What the server was last seen to have, of rolls that went through here or another page, and when. */
  const saved = signal<ReadonlyMap<string, Seen>>(new Map());
  let stale = 0;
  const tries = triesOf(() => alone(sendAll), later);

  function write(key: string, entry: Entry | undefined): void {
    if (entry) drawer.write(key, entry);
    else drawer.remove(key);
    refresh();
  }

  /** Another page of the same device may have changed what is kept. */
  function refresh(): void {
    entries.value = drawer.read();
  }

  function learn(key: string, seen: Seen): void {
    if (seen.at >= (saved.value.get(key)?.at ?? 0)) saved.value = new Map(saved.value).set(key, seen);
  }

  async function sendAll(): Promise<void> {
    stale = 0;
    try {
      for (let next = firstToSend(); next; next = firstToSend()) await sendOne(...next);
    } finally {
      sending.value = undefined;
    }
  }

  function firstToSend(): readonly [string, Entry] | undefined {
    refresh();
    return tries.isClosed() ? undefined : [...entries.value].find(([, { trouble }]) => !trouble);
  }

  async function sendOne(key: string, entry: Entry): Promise<void> {
    const sent = whileSent(entry);
    if (sent !== entry) write(key, sent);
    sending.value = key;
    const result = await send(sent);
    sending.value = undefined;
    settle(key, sent, result);
    stale = result.outcome === 'stale' ? stale + 1 : 0;
    if (stale >= STALE_AT_MOST) throw new Error('The section changes faster than it can be read.');
  }

  function settle(key: string, sent: Entry, result: Sent): void {
    if (result.outcome === 'saved' || result.outcome === 'partly') {
      const seen = { stand: result.stand, at: Date.now() };
      learn(key, seen);
      onSaved(key, seen);
    }
    refresh();
    const now = entries.value.get(key); // another page may have given it up
    if (now) write(key, afterSending(sent, now, result));
  }

  return {
    entries,
    pause: tries.pause,
    sending,
    saved,
    flush: tries.flush,
    refresh,
    learn,

    /** Keeps a change of a roll on the device; `flush` sends it. What is there already counts, and not what the page shows. */
    put(roll: Omit<Wish, 'marks'> & { readonly title: string }, edit: (marks: Marks) => Marks): void {
      refresh();
      const key = rollKey(roll.section, roll.date);
      const before = entries.value.get(key);
      // The base stays what the first change was made on: that is what the server was last known to have.
      const { base, since, unheard } = before ?? { base: roll.base, since: nextPlace(), unheard: [] };
      write(key, { ...roll, base, since, unheard, marks: edit((before ?? base).marks) });
    },

    /** What somebody decided where two had taken the same roll: it is sent over what stands now. */
    resolve(key: string, theirs: Stand, marks: Marks): void {
      const entry = entries.value.get(key);
      if (entry) write(key, { ...based(entry, theirs), marks });
      void tries.flush();
    },

    /** Gives the roll up: what the server has stands. */
    giveUp(key: string): void {
      const trouble = entries.value.get(key)?.trouble;
      if (trouble?.kind === 'conflict') learn(key, { stand: trouble.theirs, at: Date.now() });
      write(key, undefined);
    },

    /** Whether something would be lost with this page. */
    hasHomeless: (): boolean => [...entries.value.keys()].some(drawer.isHomeless),
    isHomeless: drawer.isHomeless,

    /** Nothing more is sent from here: somebody else signs in. */
    close: tries.close,
  };

  /** The clock of the device may be set back. */
  function nextPlace(): number {
    return Math.max(Date.now(), ...[...entries.value.values()].map(({ since }) => since + 1));
  }
}

import { signal } from '@preact/signals-core';
import { Offline, Refused } from '../shared/api';
import { afterSending, answered, asking, decided, type Entry, isEmpty, toSend, whileSent, withEdit } from './entry';
import type { Edit, Seen, Stand } from './marks';
import type { RollStore } from './roll-store';
import type { RollUpdate, Sent } from './wire';

/** Why nothing is sent just now. */
export type Pause = 'offline' | 'signed-out' | 'busy' | undefined;

/** Milliseconds. */
const SOONEST = 2_000;
const LATEST = 30_000;

/**
 * Does the work whenever `flush` asks for it, once at a time, and again after a while where it failed: later each time,
 * and as late as the server asked for. Where one has to sign in first, only when `flush` is called anew.
 * @param later calls back after so many milliseconds, unless what it returns is called before
 */
export function triesOf(work: () => Promise<void>, later: (again: () => void, milliseconds: number) => () => void) {
  const pause = signal<Pause>(undefined);
  let state: 'idle' | 'running' | 'wanted' | 'closed' = 'idle';
  let failures = 0;
  /** Set while the next try has its time. */
  let cancel: (() => void) | undefined;

  async function flush(): Promise<void> {
    if (state === 'running') state = 'wanted';
    if (state !== 'idle' || (cancel && pause.value === 'busy')) return;
    cancel?.();
    cancel = undefined;
    state = 'running';
    try {
      await work();
      pause.value = undefined;
      failures = 0;
    } catch (error) {
      rest(error);
    }
    finish();
  }

  /**
   * What was asked for meanwhile is done now. After a failure for want of a network, too: the network may have come
   * back while the last request of the time before it was failing, and nobody says so a second time.
   */
  function finish(): void {
    const isWanted = state === 'wanted';
    if (state !== 'closed') state = 'idle';
    if (isWanted && (!pause.value || pause.value === 'offline')) void flush();
  }

  function rest(error: unknown): void {
    if (state === 'closed') return;
    if (error instanceof Refused && error.status === 401) {
      pause.value = 'signed-out';
      return;
    }
    pause.value = error instanceof Offline ? 'offline' : 'busy';
    const patience = Math.max(SOONEST, Math.min(LATEST, SOONEST * 2 ** failures++));
    const asked = error instanceof Refused ? error.retryAfter * 1_000 : 0;
    cancel = later(again, Math.max(patience, asked));
  }

  function again(): void {
    cancel = undefined;
    void flush();
  }

  /**
   * The network is said to be back: the next try comes now, and soon again where that one fails, as the first requests
   * of a network that is just coming up may.
   */
  function networkBack(): void {
    if (pause.value === 'offline') failures = 0;
    void flush();
  }

  return {
    pause,
    flush,
    networkBack,
    isClosed: (): boolean => state === 'closed',
    close(): void {
      state = 'closed';
      cancel?.();
    },
  };
}

interface Options {
  readonly rollStore: RollStore;
  readonly send: (update: RollUpdate) => Promise<Sent>;
  /** Calls back after so many milliseconds, unless what it returns is called before. */
  readonly later: (work: () => void, milliseconds: number) => () => void;
  /** Lets one of several open pages send at a time. */
  readonly alone: (work: () => Promise<void>) => Promise<void>;
  /** Told what the server has of a roll. */
  readonly onSeen: (key: string, seen: Seen) => void;
}

/** How often in a row a roll is put on a new base before the server is left alone for a while. */
const STALE_AT_MOST = 5;

export const rollKey = (section: number, date: string): string => `${section}.${date}`;

export type Outbox = ReturnType<typeof openOutbox>;

/**
 * Rolls that were taken and are not yet on the server. Each is on the device before anything is sent, is sent in the
 * order they were taken, and leaves only when the server has it or somebody has decided otherwise.
 */
export function openOutbox({ rollStore, send, later, alone, onSeen }: Options) {
  const entries = signal<ReadonlyMap<string, Entry>>(rollStore.read());
  /** Which roll is being sent. */
  const sending = signal<string | undefined>(undefined);
  /** What the server was last seen to have of rolls, and when. */
  const seen = signal<ReadonlyMap<string, Seen>>(new Map());
  let stale = 0;
  const tries = triesOf(() => alone(sendAll), later);

  function write(key: string, entry: Entry | undefined): void {
    if (entry) rollStore.write(key, entry);
    else rollStore.remove(key);
    refresh();
  }

  /** Another page of the same device may have changed what is kept. */
  function refresh(): void {
    entries.value = rollStore.read();
  }

  function learn(key: string, news: Seen): void {
    const known = seen.value.get(key);
    if (news.at >= (known?.at ?? 0)) seen.value = new Map(seen.value).set(key, { ...known, ...news });
  }

  function note(key: string, news: Seen): void {
    learn(key, news);
    onSeen(key, news);
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
    const kept = whileSent(entry);
    if (kept !== entry) write(key, kept);
    sending.value = key;
    const sent = toSend(kept);
    const result = await send(sent);
    sending.value = undefined;
    settle(key, sent, result);
    stale = result.outcome === 'stale' ? stale + 1 : 0;
    if (stale >= STALE_AT_MOST) throw new Error('The section changes faster than it can be read.');
  }

  function settle(key: string, sent: Entry, result: Sent): void {
    const at = Date.now();
    if (result.outcome === 'stale') note(key, { stand: result.theirs, at });
    else if (result.outcome !== 'refused') note(key, { stand: result.stand, at, savedAt: at });
    refresh();
    const now = entries.value.get(key); // another page may have given it up
    if (now) write(key, afterSending(sent, now, result));
  }

  return {
    entries,
    pause: tries.pause,
    sending,
    seen,
    flush: tries.flush,
    networkBack: tries.networkBack,
    refresh,
    learn,
    note,

    /** Keeps a change of a roll on the device; `flush` sends it. What is there already counts, and not what the page shows. */
    put(roll: Pick<Entry, 'section' | 'date' | 'title' | 'base'>, edit: Edit): void {
      refresh();
      const key = rollKey(roll.section, roll.date);
      const before = entries.value.get(key);
      // The base stays what the first change was made on: that is what the server was last known to have.
      if (before) write(key, withEdit(before, edit));
      else if (!isEmpty(edit)) write(key, asking({ ...roll, ...edit, since: nextPlace(), unheard: [] }));
    },

    /** What somebody decided where two had said something of the same students; it is sent over what stands now. */
    resolve(key: string, theirs: Stand, given: ReadonlySet<string>): void {
      const entry = entries.value.get(key);
      if (entry) write(key, decided(entry, theirs, given));
      void tries.flush();
    },

    /** What somebody decided where an undo goes against what somebody else has said since: it is done, or what stands is kept. */
    answer(key: string, isSure: boolean): void {
      const entry = entries.value.get(key);
      if (entry) write(key, answered(entry, isSure));
      void tries.flush();
    },

    /** Gives the roll up: what the server has stands. */
    giveUp: (key: string): void => write(key, undefined),

    /** Whether something would be lost with this page. */
    hasHomeless: (): boolean => [...entries.value.keys()].some(rollStore.isHomeless),
    isHomeless: rollStore.isHomeless,

    /** Nothing more is sent from here: somebody else signs in. */
    close: tries.close,
  };

  /** The clock of the device may be set back. */
  function nextPlace(): number {
    return Math.max(Date.now(), ...[...entries.value.values()].map(({ since }) => since + 1));
  }
}

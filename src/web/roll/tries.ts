import { signal } from '@preact/signals-core';
import { Offline, Refused } from '../shared/api';

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

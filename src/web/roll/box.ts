import { signal } from '@preact/signals';
import { type Outbox, openOutbox } from './outbox';
import { sendRoll } from './wire';

/** The outbox of who is signed in. */
export const box = signal<Outbox | undefined>(undefined);

/** Opens the outbox, and sends what is in it. */
export function openBox(client: number): void {
  const outbox = openOutbox(client, {
    storage: localStorage,
    send: sendRoll,
    later: (work, milliseconds) => void setTimeout(work, milliseconds),
    alone: oneAtATime,
  });
  box.value = outbox;
  void outbox.flush();
}

/** Rolls go out when there is a network again, when the page is looked at again, and when another page has changed what is kept. */
export function watchNetwork(): void {
  window.addEventListener('online', () => void box.value?.flush());
  document.addEventListener('visibilitychange', () => document.hidden || void box.value?.flush());
  window.addEventListener('storage', () => box.value?.refresh());
}

/** Browsers have locks over https and on the own machine alone. */
const oneAtATime = (work: () => Promise<void>): Promise<void> =>
  navigator.locks ? navigator.locks.request('rollbook.roll', work) : work();

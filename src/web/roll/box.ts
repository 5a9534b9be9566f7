import { signal } from '@preact/signals';
import { type Outbox, openOutbox } from './outbox';
import { sendRoll } from './wire';

/** The outbox of who is signed in. */
export const box = signal<Outbox | undefined>(undefined);

/** Opens the outbox, and sends what is in it, now and whenever there is a network again. */
export function openBox(client: number): void {
  const outbox = openOutbox(client, {
    storage: localStorage,
    send: sendRoll,
    later: (work, milliseconds) => void setTimeout(work, milliseconds),
    alone: oneAtATime,
  });
  box.value = outbox;
  window.addEventListener('online', () => void outbox.flush());
  document.addEventListener('visibilitychange', () => document.hidden || void outbox.flush());
  window.addEventListener('storage', () => outbox.refresh());
  void outbox.flush();
}

/** Browsers have locks over https and on the own machine alone. */
const oneAtATime = (work: () => Promise<void>): Promise<void> =>
  navigator.locks ? navigator.locks.request('rollbook.roll', work) : work();

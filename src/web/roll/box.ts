import { signal } from '@preact/signals';
import { Refused } from '../shared/api';
import { forgetKept, keptName } from '../shared/kept';
import { session, signedIn } from '../shared/session';
import { openDrawer } from './drawer';
import { type Outbox, openOutbox } from './outbox';
import { keepStand, keptStand, rollIn } from './stands';
import { sendRoll, type Wish } from './wire';

/** The outbox of who is signed in. */
export const box = signal<Outbox | undefined>(undefined);

const PREFIX = 'rollbook.roll.';

/** Opens the outbox of a client and sends what is in it: what another left on the same device is neither shown nor sent. */
export function openBox(client: number | undefined): void {
  box.value?.close();
  if (client === undefined) return;
  const isSession = (name: string) => name === '/session';
  box.value = openOutbox({
    drawer: openDrawer(
      `${PREFIX}${client}.`,
      localStorage,
      () => forgetKept(isSession),
      () => session.peek()?.today ?? '',
    ),
    send: (wish) => sendAs(client, wish),
    later(work, milliseconds) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    alone: oneAtATime,
    onSeen: keepStand,
  });
  void box.value.flush();
}

/** Rolls go out when there is a network again, when the page is looked at again, and when another page has changed what is kept. */
export function watchNetwork(): void {
  window.addEventListener('online', () => box.value?.networkBack());
  document.addEventListener('visibilitychange', () => document.hidden || void box.value?.flush());
  window.addEventListener('storage', ({ key }) => takeOver(key));
  window.addEventListener('beforeunload', (event) => {
    if (box.value?.hasHomeless()) event.preventDefault();
  });
}

function takeOver(key: string | null): void {
  const roll = rollIn(keptName(key));
  const seen = roll && keptStand(roll);
  if (seen) box.value?.learn(roll, seen);
  if (key !== null && !key.startsWith(PREFIX)) return;
  box.value?.refresh();
  void box.value?.flush();
}

/** Another page may have signed in somebody else since: the cookie is theirs then, and would send this as them. */
async function sendAs(client: number, wish: Wish) {
  if ((signedIn() ?? client) !== client)
    throw new Refused(401, 'CREDENTIALS_INVALID', 'Somebody else has signed in.', 0);
  return sendRoll(wish);
}

/** Browsers have locks over https and on the own machine alone. */
const oneAtATime = (work: () => Promise<void>): Promise<void> =>
  navigator.locks ? navigator.locks.request('rollbook.roll', work) : work();

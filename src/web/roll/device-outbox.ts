import { signal } from '@preact/signals';
import { Refused } from '../shared/api';
import { forgetKept, keep, kept, keptName } from '../shared/cache';
import { ownerOf, session, signedIn } from '../shared/session';
import type { Seen } from './marks';
import { type Outbox, openOutbox } from './outbox';
import { openRollStore } from './roll-store';
import { type RollUpdate, sendRoll } from './wire';

const STAND = 'roll.';

export const keptStand = (key: string): Seen | undefined => kept<Seen>(STAND + key);

/** Keeps how a roll stands, unless what is kept is newer. */
export function keepStand(key: string, seen: Seen): void {
  if (seen.at >= (keptStand(key)?.at ?? 0)) keep(STAND + key, seen);
}

/** The key of the roll of which something is kept under a name; undefined where it is of something else. */
export const rollIn = (name: string | undefined): string | undefined =>
  name?.startsWith(STAND) ? name.slice(STAND.length) : undefined;

/** The outbox of who is signed in. */
export const outboxInUse = signal<Outbox | undefined>(undefined);

const PREFIX = 'rollbook.roll.';

/** Opens the outbox of an owner and sends what is in it: what another left on the same device is neither shown nor sent. */
export function openOutboxOf(owner: string | null | undefined): void {
  outboxInUse.value?.close();
  if (!owner) return;
  takeFrom(session.peek()!.client.id, owner);
  const isSession = (name: string) => name === '/session';
  outboxInUse.value = openOutbox({
    rollStore: openRollStore(
      `${PREFIX}${owner}.`,
      localStorage,
      () => forgetKept(isSession),
      () => session.peek()?.today ?? '',
    ),
    send: (update) => sendAs(owner, update),
    later(work, milliseconds) {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    alone: oneAtATime,
    onSeen: keepStand,
  });
  void outboxInUse.value.flush();
}

/** Rolls were kept by client until now; one that finds no room, or another of the same roll, waits where it is. */
function takeFrom(client: number, owner: string): void {
  const old = `${PREFIX}${client}.`;
  for (const key of Object.keys(localStorage).filter((each) => each.startsWith(old))) {
    const name = `${PREFIX}${owner}.${key.slice(old.length)}`;
    if (localStorage.getItem(name) !== null) continue;
    try {
      localStorage.setItem(name, localStorage.getItem(key)!);
      localStorage.removeItem(key);
    } catch {
      // There is no room.
    }
  }
}

/** Rolls go out when there is a network again, when the page is looked at again, and when another page has changed what is kept. */
export function watchNetwork(): void {
  window.addEventListener('online', () => outboxInUse.value?.networkBack());
  document.addEventListener('visibilitychange', () => document.hidden || void outboxInUse.value?.flush());
  window.addEventListener('storage', ({ key }) => takeOver(key));
  window.addEventListener('beforeunload', (event) => {
    if (outboxInUse.value?.hasHomeless()) event.preventDefault();
  });
}

function takeOver(key: string | null): void {
  const roll = rollIn(keptName(key));
  const seen = roll && keptStand(roll);
  if (seen) outboxInUse.value?.learn(roll, seen);
  if (key !== null && !key.startsWith(PREFIX)) return;
  outboxInUse.value?.refresh();
  void outboxInUse.value?.flush();
}

/** Another page may have signed in somebody else since: the cookie is theirs then, and would send this as them. */
async function sendAs(owner: string, update: RollUpdate) {
  const session = signedIn();
  if (session && ownerOf(session) !== owner)
    throw new Refused(401, 'CREDENTIALS_INVALID', 'Somebody else has signed in.', 0);
  return sendRoll(update);
}

/** Browsers have locks over https and on the own machine alone. */
const oneAtATime = (work: () => Promise<void>): Promise<void> =>
  navigator.locks ? navigator.locks.request('rollbook.roll', work) : work();

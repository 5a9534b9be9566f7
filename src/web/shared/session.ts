import { signal } from '@preact/signals';
import type { Session } from '../../../schemas/rollbook/session';
import { locale } from '../messages/language';
import { call, get, isPassing, network, Refused } from './api';
import { forgetKept, keep, kept, keptName } from './cache';
import { longDay, longDayOfYear, todayIn } from './days';

const NAME = '/session';
/** Milliseconds: a page that stays open finds out within so long that it has become another day. */
const OFTEN = 300_000;

/** Undefined until it is known; null where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

/** `Friday, November 20`, and its year where that is not this one. */
export const dayNamed = (day: string): string =>
  day.slice(0, 4) === session.value?.today.slice(0, 4) ? longDay(day) : longDayOfYear(day);

/** Whether who is signed in may do what needs this scope; what they may not do is not offered to them. */
export const may = (scope: 'attendance:write' | 'roster:write' | 'access'): boolean =>
  session.value!.scopes.includes(scope);

/** The one school that they see, where they see one alone. */
export function onlySchool(): number | undefined {
  const { role, school } = session.value!;
  return role === 'secretary' || role === 'counselor' ? (school ?? undefined) : undefined;
}

/** Whether this is what the header says already: the session has ended. What an LMS has launched has no header. */
export const isSaidAbove = (error: Error): boolean =>
  error instanceof Refused && error.status === 401 && network.value === 'signed-out' && Boolean(session.value);

/** Who has signed in on this device, in whichever page. */
export const signedIn = (): Session | undefined => kept<Session>(NAME);

/**
 * Whose the rolls are that a session leaves on the device: its person's, who has another client in another role, and the
 * client's where it is bound to nobody. No two districts have the same owner.
 */
export function ownerOf({ district, user, person, client }: Session): string {
  const id = user ?? person?.id; // what a device has kept from before does not say the user
  return id === undefined ? String(client.id) : `${district.id}-${id}`;
}

/** Asks who is signed in. Without a network, whoever was. */
export async function knowSession(): Promise<void> {
  try {
    know(await get<Session>(NAME));
  } catch (error) {
    if (isPassing(error)) session.value = atThisTime(kept<Session>(NAME)) ?? session.value ?? null;
    // Somebody who was signed in sees what they were looking at, and is told that they are not any more.
    else if (error instanceof Refused && !session.value) leave();
  }
}

/** Whether somebody has signed in since the page was opened. */
let isChanged = false;
export const isAsOpened = (): boolean => !isChanged;

/** What somebody signs in with: a key and its secret, an invitation, the code of an email, or what a passkey answers. */
export type Proof =
  | { readonly key: string; readonly secret: string }
  | { readonly invitation: string }
  | { readonly request: string; readonly code: string }
  | { readonly response: object };

/** Signs in, for longer on a device of one's own. */
export async function signIn(proof: Proof, ownDevice: boolean): Promise<void> {
  isChanged = true;
  try {
    const path = 'code' in proof ? '/sign-in/code' : 'response' in proof ? '/sign-in/passkey' : '/sign-in';
    know((await call<Session>('POST', path, { body: { ...proof, own_device: ownDevice } })).body);
  } catch (error) {
    if (error instanceof Refused) network.value = 'up'; // it says nothing of the session that there may be
    throw error;
  }
}

/** Nothing of the roster stays on the device; rolls that could not be sent yet do. Throws Offline. */
export async function signOut(): Promise<void> {
  await call('DELETE', NAME).catch((error) => {
    if (!(error instanceof Refused && error.status === 401)) throw error; // the session had ended by itself
  });
  leave();
}

/** Asks anew when the page is shown again, now and then while it is, and when another page has signed somebody in or out. */
export function watchSession(): void {
  const ask = () => document.hidden || void knowSession();
  document.addEventListener('visibilitychange', ask);
  window.addEventListener('online', ask);
  setInterval(ask, OFTEN);
  window.addEventListener('storage', ({ key, newValue }) => {
    if (keptName(key) !== NAME) return;
    isChanged = true;
    session.value = newValue === null ? null : (kept<Session>(NAME) ?? null);
  });
}

function know(found: Session): void {
  if ((signedIn() ?? found).client.id !== found.client.id) forgetKept();
  keep(NAME, found);
  session.value = found;
}

function leave(): void {
  forgetKept();
  network.value = 'up';
  session.value = null;
}

/** The server cannot be asked for the day: then it is the device's in the district's zone, but none before the last known. */
function atThisTime(known: Session | undefined): Session | undefined {
  if (!known) return undefined;
  const [, today] = [todayIn(known.district.time_zone), known.today].sort();
  return { ...known, today: today! };
}

/** Compares names as they are sorted in the language of the district; `Room 2` comes before `Room 10`. */
export const compareNames = (one: string, other: string): number =>
  // What a device has kept from before does not say the language.
  one.localeCompare(other, session.peek()?.district.language ?? locale(), { numeric: true });

import { signal } from '@preact/signals';
import { call, Refused } from './api';
import { forgetKept, getKept, keeping } from './kept';

/** Who is signed in, and what day it is in their district. */
export interface Session {
  readonly district: { readonly id: number; readonly name: string; readonly time_zone: string };
  readonly today: string;
  /** Null for the office. */
  readonly person: { readonly id: number; readonly name: string } | null;
  readonly client: { readonly id: number; readonly name: string };
}

/** Undefined until it is known; null where nobody is signed in. */
export const session = signal<Session | null | undefined>(undefined);

/** Asks who is signed in. Without a network, whoever was. */
export async function knowSession(): Promise<void> {
  try {
    session.value = await getKept<Session>('/session');
  } catch (error) {
    // Somebody who was signed in sees what they were looking at, and is told where it is sent.
    if (error instanceof Refused && error.status === 401) session.value ??= null;
    else throw error;
  }
}

/** Signs in with a key and secret, or with an invitation. */
export async function signIn(proof: { key: string; secret: string } | { invitation: string }): Promise<void> {
  session.value = await keeping(
    '/session',
    async () => (await call<Session>('POST', '/sign-in', { body: proof })).body,
  );
}

/** Nothing of the roster stays on the device; rolls that could not be sent yet do. */
export async function signOut(): Promise<void> {
  await call('DELETE', '/session');
  forgetKept();
  session.value = null;
}

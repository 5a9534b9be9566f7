import { SESSION } from '../../../clients/sign-in';
import { sessionCookie } from '../../../http/credentials/cookie';
import type { Transport } from '../../../http/transport';
import type { House } from '../../house';

/** Begins a session of a client: its token, and the Set-Cookie that has it. */
export async function enter({ clients }: House, client: number, { secureCookies }: Transport) {
  const token = await clients.issueToken(client, SESSION);
  return { token, cookie: sessionCookie(token, SESSION, secureCookies) };
}

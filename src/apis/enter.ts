import { LONG, openSessions, SHORT } from '../clients/sessions';
import { sessionCookie } from '../http/credentials/token';
import type { Transport } from '../http/transport';
import type { Dependencies } from './dependencies';

/** Begins a session of a client, longer on a device of the person's own: its token, and the Set-Cookie that has it. */
export async function enter(
  { database, prefix }: Dependencies,
  client: number,
  ownDevice: boolean,
  { secureCookies }: Transport,
) {
  const seconds = ownDevice ? LONG : SHORT;
  const token = await openSessions(database).begin(client, seconds);
  return { token, cookie: sessionCookie(token, seconds, secureCookies, prefix) };
}

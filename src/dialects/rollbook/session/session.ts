import { sessionCookie, sessionToken } from '../../../http/credentials/cookie';
import type { Endpoint } from '../../../http/endpoint';
import type { House } from '../../house';
import { who } from './who';

/** `/session`: who is signed in, and signing out. */
export function sessionEndpoints(house: House): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/',
      scope: 'attendance:read',
      schemas: { reply: 'rollbook/session.reply' },
      handle: async ({ caller }) => ({ status: 200, body: await who(house, caller) }),
    },
    {
      method: 'DELETE',
      path: '/',
      scope: 'attendance:read',
      async handle({ cookie, secureCookies }) {
        const token = sessionToken(cookie);
        if (token) await house.clients.endToken(token);
        return { status: 204, headers: { 'Set-Cookie': sessionCookie('', 0, secureCookies) } };
      },
    },
  ];
}

import type { Clients } from '../../clients/clients';
import { Problem } from '../../errors';
import { sessionToken } from './cookie';
import type { Credential } from './credential';
import { token } from './token';

/** No browser knows this scheme, so that none asks for a password. */
export const SESSION_CHALLENGE = 'Session realm="rollbook"';

/**
 * The token of a signed-in browser, in a cookie. A browser sends that by itself, whichever page asks: what is asked by a page of
 * another origin is refused, and what others could have read on its way.
 */
export function session(clients: Clients): Credential {
  const byCookie = token(clients, {
    read: ({ headers }) => sessionToken(headers.cookie),
    challenge: SESSION_CHALLENGE,
    rejected: SESSION_CHALLENGE,
  });
  return {
    ...byCookie,
    async identify(presented) {
      const identity = await byCookie.identify(presented);
      if (identity && presented.foreign) throw new Problem('ORIGIN_FORBIDDEN');
      if (identity && !presented.confidential) throw new Problem('CREDENTIALS_INSECURE');
      return identity;
    },
  };
}

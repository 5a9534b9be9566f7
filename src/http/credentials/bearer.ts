import type { Clients } from '../../clients/clients';
import { Problem } from '../../errors';
import { type Credential, identityOf } from './credential';

/** RFC 6750, 3. */
const challenge = 'Bearer realm="rollbook"';

/** `Authorization: Bearer TOKEN` (RFC 6750, 2.1). A client in use sends a colon after the scheme: tolerated. */
export const bearer = (clients: Clients): Credential => ({
  challenge,
  async identify({ headers: { authorization } }) {
    const token = /^bearer:? +(\S{1,1000})\s*$/i.exec(authorization ?? '')?.[1];
    if (!token) return undefined;
    const client = await clients.byToken(token);
    if (client) return identityOf(client);
    throw new Problem('CREDENTIALS_INVALID', 'The token is not known, has expired, or its client was revoked.', {
      headers: { 'WWW-Authenticate': `${challenge}, error="invalid_token"` },
    });
  },
});

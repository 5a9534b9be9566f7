import type { Clients } from '../../clients/clients';
import { Problem } from '../../errors';
import { type Identity, identityOf } from './credential';

/** RFC 6749, 5.2. */
const BASIC = 'Basic realm="rollbook"';

/** A client by its key and secret in plain text, for an endpoint that hands out tokens. Throws Problem otherwise. */
export const clientSecret =
  (clients: Clients) =>
  async (key: string, secret: string, confidential: boolean, challenge = BASIC): Promise<Identity> => {
    const headers = { 'WWW-Authenticate': challenge };
    if (!confidential) throw new Problem('CREDENTIALS_INSECURE', undefined, { headers });
    const client = await clients.bySecret(key, secret);
    if (!client) throw new Problem('CREDENTIALS_INVALID', undefined, { headers });
    return identityOf(client);
  };

import type { Clients } from '../../clients/clients';
import { HttpProblem } from '../problem';
import { type Credential, type Identity, identityOf, type Presented } from './credentials';

/** `Authorization: Bearer TOKEN` (RFC 6750, 2.1). A client in use sends a colon after the scheme: tolerated. */
export const bearerToken = ({ headers: { authorization } }: Presented): string | undefined =>
  /^bearer:? +(\S{1,1000})\s*$/i.exec(authorization ?? '')?.[1];

/** RFC 6750, 3. */
export const bearer: TokenSpec = {
  read: bearerToken,
  challenge: 'Bearer realm="rollbook"',
  rejected: 'Bearer realm="rollbook", error="invalid_token"',
};

/** RFC 6749, 5.2. */
const BASIC = 'Basic realm="rollbook"';

/** A client by its key and secret in plain text, for an endpoint that hands out tokens. Throws Problem otherwise. */
export const clientSecret =
  (clients: Clients) =>
  async (key: string, secret: string, confidential: boolean, challenge = BASIC): Promise<Identity> => {
    const headers = { 'WWW-Authenticate': challenge };
    if (!confidential) throw new HttpProblem('CREDENTIALS_INSECURE', undefined, headers);
    const client = await clients.bySecret(key, secret);
    if (!client) throw new HttpProblem('CREDENTIALS_INVALID', undefined, headers);
    return identityOf(client);
  };

/** Where an API's clients put their token, and what a 401 says to them. */
export interface TokenSpec {
  /** The token that a request carries, if it does. */
  read(presented: Presented): string | undefined;
  /** WWW-Authenticate where there is none. */
  readonly challenge: string;
  /** WWW-Authenticate where it is unknown, expired or revoked. */
  readonly rejected: string;
}

/** An opaque token, of which only the hash is stored. */
export const token = (clients: Clients, { read, challenge, rejected }: TokenSpec): Credential => ({
  challenge,
  async identify(presented) {
    const sent = read(presented);
    if (sent === undefined) return undefined;
    const client = await clients.byToken(sent);
    if (client) return identityOf(client);
    throw new HttpProblem('CREDENTIALS_INVALID', 'The token is not known, has expired, or its client was revoked.', {
      'WWW-Authenticate': rejected,
    });
  },
});

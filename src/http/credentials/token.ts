import type { Clients } from '../../clients/clients';
import { Problem } from '../../errors';
import { type Credential, identityOf, type Presented } from './credential';

/** Where a dialect's clients put their token, and what a 401 says to them. */
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
    throw new Problem('CREDENTIALS_INVALID', 'The token is not known, has expired, or its client was revoked.', {
      headers: { 'WWW-Authenticate': rejected },
    });
  },
});

import type { Clients } from '../../clients/clients';
import type { Database } from '../../database/database';
import { actingAs } from './acting-as';
import { clientSecret } from './client-secret';
import type { Credentials } from './credential';
import type { Nonces } from './nonces';
import { oauth1 } from './oauth1';
import { session } from './session';
import { token } from './token';

export interface CredentialOptions {
  readonly publicUrl?: string | undefined;
  /** Where nonces are remembered that several processes have to know of. */
  readonly nonces?: Nonces | undefined;
}

/** The credentials of the clients of a database. */
export const createCredentials = (database: Database, clients: Clients, options: CredentialOptions): Credentials => ({
  oauth1: oauth1(clients, options),
  bySecret: clientSecret(clients),
  session: session(clients),
  token: (spec) => token(clients, spec),
  actingAs: (header, credential) => actingAs(database, header, credential),
});

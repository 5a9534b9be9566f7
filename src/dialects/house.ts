import type { Clients } from '../clients/clients';
import type { Signer } from '../clients/signer';
import type { Database } from '../database/database';
import type { Credentials } from '../http/credentials/credential';
import type { Ledger } from '../ledger/ledger';
import type { Roster } from '../roster/roster';

/** What a dialect is made of. */
export interface House {
  /** For what only one API knows. */
  readonly database: Database;
  readonly clients: Clients;
  readonly ledger: Ledger;
  readonly roster: Roster;
  readonly credentials: Credentials;
  /** For what clients are handed and have to bring back unchanged. */
  readonly signer: Signer;
}

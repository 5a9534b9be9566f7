import type { Clients } from '../clients/clients';
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
}

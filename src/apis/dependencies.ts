import type { Logger } from 'pino';
import type { Clients } from '../clients/clients';
import type { Secrets } from '../clients/secrets';
import type { Signer } from '../clients/signer';
import type { Database } from '../database/database';
import type { Credentials } from '../http/credentials/credentials';
import type { Ledger } from '../ledger/ledger';
import type { Mailer } from '../mail/mailer';
import type { Roster } from '../roster/roster';
import type { OpenId } from '../service/config';
import type { Networks } from '../webhooks/addresses';
import type { Targets } from '../webhooks/targets';

/** What an API is made of. */
export interface Dependencies {
  /** For what only one API knows. */
  readonly database: Database;
  readonly clients: Clients;
  readonly ledger: Ledger;
  readonly roster: Roster;
  /** Who is told of changes as they happen. */
  readonly webhooks: Targets;
  readonly credentials: Credentials;
  /** For what clients are handed and have to bring back unchanged. */
  readonly signer: Signer;
  /** Opens what is sealed of rollbook's own keys. */
  readonly secrets: Pick<Secrets, 'open'>;
  /** Of every path, as clients see it: what is no absolute URL begins with it. */
  readonly prefix: string;
  /** Where the operator says that browsers reach the service. */
  readonly publicUrl?: string | undefined;
  /** Where people sign in who have an account elsewhere, if there is such a place. */
  readonly openid?: OpenId | undefined;
  /** Sends mail, where that was set up. */
  readonly mailer?: Mailer | undefined;
  /** Networks of the operator's own that may be asked for something, beside the internet. */
  readonly networks: Networks;
  /** Is aborted when the process is told to stop: what waits ends. */
  readonly stopping?: AbortSignal | undefined;
  /** Tells the operator of what is not the client's fault, though it is the client who is told to go elsewhere. */
  readonly onFault: (error: unknown) => void;
  /** For what the operator is to know of what was refused: neither names nor secrets. */
  readonly log: Pick<Logger, 'warn'>;
}

import type { Credentials } from '../http/credentials/credential';
import type { Dialect } from '../http/endpoint';
import type { Ledger } from '../ledger/ledger';
import type { Roster } from '../roster/roster';
import { schoology } from './schoology';

/** What a dialect is made of. */
export interface House {
  readonly ledger: Ledger;
  readonly roster: Roster;
  readonly credentials: Credentials;
}

/** The APIs that rollbook speaks. */
export const dialects = ({ ledger, roster, credentials }: House): Dialect[] => [schoology(ledger, roster, credentials)];

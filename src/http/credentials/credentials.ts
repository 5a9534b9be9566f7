/*
 * `src/http/credentials/`: How a request says who calls: OAuth 1, tokens, the cookie of a session, and acting as somebody else. Each
 * reads its own header and finds the client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, ClientRow, Scope } from '../../clients/client';
import type { Clients } from '../../clients/clients';
import type { Database } from '../../database/database';
import type { Transport } from '../transport';
import { actingAs } from './acting-as';
import type { Nonces } from './nonces';
import { oauth1 } from './oauth1';
import { session } from './session';
import { clientSecret, type TokenSpec, token } from './token';

/** What of a request its credentials are read from. */
export interface Presented extends Transport {
  readonly method: string;
  /** Path and query exactly as on the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
}

/** Who calls, before it is known through which API. */
export type Identity = Omit<Caller, 'api'>;

/** Who calls, and what of their credential is left to do. */
export interface Identified extends Identity {
  /** Uses up what is good for one request, once that has been counted. Throws Problem where it was used before. */
  useUp?(): Promise<void>;
  /** What the body must hash to. */
  readonly bodyHash?: BodyHash;
  /** Parameters of the query are part of the credential: those that `isOAuth`. */
  readonly isInQuery?: boolean;
}

/** The hash of a body, in base64, as it was signed. */
export interface BodyHash {
  readonly algorithm: string;
  readonly digest: string;
}

/** One way to say who calls. */
export interface Credential {
  /** Sent in WWW-Authenticate with a 401. */
  readonly challenge: string;
  /** The caller; undefined where the request carries nothing of this kind; throws Problem where it is wrong. */
  identify(presented: Presented): Promise<Identified | undefined>;
}

/** The credentials that there are, for APIs to choose from. */
export interface Credentials {
  readonly oauth1: Credential;
  /** The cookie that a signed-in browser sends by itself. */
  readonly session: Credential;
  token(spec: TokenSpec): Credential;
  /** The client with this key and secret, sent in plain text: an endpoint that hands out tokens asks. */
  bySecret(key: string, secret: string, confidential: boolean, challenge?: string): Promise<Identity>;
  /** The same, but acting as the person that a header names, for clients that may. */
  actingAs(header: string, credential: Credential): Credential;
}

export const identityOf = ({ id, district_id, person_id, scopes, marks_only }: ClientRow): Identity => ({
  district: district_id,
  client: id,
  person: person_id,
  scopes: new Set(scopes.split(',') as Scope[]),
  marksOnly: Boolean(marks_only),
});

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

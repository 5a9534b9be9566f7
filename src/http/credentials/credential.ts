import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Scope } from '../../clients/caller';
import type { ClientRow } from '../../clients/client';
import type { TokenSpec } from './token';

/** What of a request its credentials are read from. */
export interface Presented {
  readonly method: string;
  /** Path and query exactly as on the request line. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  /** TLS ended here or at a trusted proxy. */
  readonly secure: boolean;
}

/** Who calls, before it is known through which API. */
export type Identity = Omit<Caller, 'api'>;

/** One way to say who calls. */
export interface Credential {
  /** Sent in WWW-Authenticate with a 401. */
  readonly challenge: string;
  /** The caller; undefined where the request carries nothing of this kind; throws Problem where it is wrong. */
  identify(presented: Presented): Promise<Identity | undefined>;
}

/** The credentials that there are, for dialects to choose from. */
export interface Credentials {
  readonly oauth1: Credential;
  /** The cookie that a signed-in browser sends by itself. */
  readonly session: Credential;
  token(spec: TokenSpec): Credential;
  /** The client with this key and secret, sent in plain text: an endpoint that hands out tokens asks. */
  bySecret(key: string, secret: string, secure: boolean, challenge?: string): Promise<Identity>;
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

/*
 * `src/http/credentials/`: How a request says who calls: OAuth 1, tokens, the cookie of a session, and acting as somebody else. Each
 * reads its own header and finds the client.
 */
import type { IncomingHttpHeaders } from 'node:http';
import type { Caller, Scope } from '../../clients/client';
import type { Clients } from '../../clients/clients';
import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { integer } from '../../database/rows';
import { Problem } from '../../lib/problem';
import type { Api } from '../endpoint';
import { HttpProblem, problemHeaders, statusOf } from '../problem';
import type { Transport } from '../transport';
import type { Nonces } from './nonces';
import { oauth1 } from './oauth1';
import { basic, clientSecret, session, type TokenSpec, token } from './token';

/** What of a request its credentials are read from. */
export interface Presented extends Transport {
  /** When it came, in milliseconds: a time that is signed is held against this, however long the request waits. */
  readonly at: number;
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

/** A Security Scheme Object of OpenAPI 3.1. */
export interface SecurityScheme {
  readonly type: 'http' | 'apiKey' | 'oauth2';
  readonly description: string;
  /** Of type http. */
  readonly scheme?: string;
  /** Of type apiKey. */
  readonly in?: 'header' | 'query' | 'cookie';
  readonly name?: string;
  /** Of type oauth2: where tokens are handed out is a path of this service. */
  readonly flows?: {
    readonly clientCredentials: { readonly tokenUrl: string; readonly scopes: Readonly<Record<Scope, string>> };
  };
}

/** By their names. */
export type SecuritySchemes = Readonly<Record<string, SecurityScheme>>;

/** One way to say who calls. */
export interface Credential {
  /** Sent in WWW-Authenticate with a 401. */
  readonly challenge: string;
  /** What it is in OpenAPI's words, by names for documents; one of several will do. */
  readonly schemes: SecuritySchemes;
  /** The caller; undefined where the request carries nothing of this kind; throws Problem where it is wrong. */
  identify(presented: Presented): Promise<Identified | undefined>;
}

/** The credentials that there are, for APIs to choose from. */
export interface Credentials {
  readonly oauth1: Credential;
  /** The cookie that a signed-in browser sends by itself. */
  readonly session: Credential;
  token(spec: TokenSpec): Credential;
  /** The key and secret of a client by HTTP Basic, for an endpoint that hands out tokens. */
  readonly basic: Credential;
  /** The client with this key and secret, sent in plain text: an endpoint that hands out tokens asks. */
  bySecret(key: string, secret: string, confidential: boolean, challenge?: string): Promise<Identity>;
  /** The same, but acting as the person that a header names, for clients that may. */
  actingAs(header: string, credential: Credential): Credential;
}

export interface CredentialOptions {
  readonly publicUrl?: string | undefined;
  /** Where nonces are remembered that several processes have to know of. */
  readonly nonces?: Nonces | undefined;
}

/** The credentials of the clients of a database. */
export const createCredentials = (database: Database, clients: Clients, options: CredentialOptions): Credentials => ({
  oauth1: oauth1(clients, options),
  bySecret: clientSecret(clients),
  basic: basic(clients),
  session: session(clients),
  token: (spec) => token(clients, spec),
  actingAs: (header, credential) => actingAs(database, header, credential),
});

/**
 * A credential whose caller acts as the person that the header names: what the person may not see, the call may not
 * see. Needs the scope `admin`. A person of another district is as unknown as nobody.
 */
function actingAs(database: Database, header: string, credential: Credential): Credential {
  const find = text(
    database.knex,
    'select people.id from people where people.id = :id and people.district_id = :district and people.active',
    { id: integer },
  );
  return {
    challenge: credential.challenge,
    schemes: credential.schemes,
    async identify(presented) {
      const caller = await credential.identify(presented);
      const named = presented.headers[header.toLowerCase()];
      if (!caller || named === undefined) return caller;
      // Who meant to act as somebody must not act with all rights of the client.
      if (named === '') throw new Problem('REQUEST_MALFORMED', `${header} must be the id of a person; it is empty.`);
      if (!caller.scopes.has('admin')) throw new Problem('SCOPE_MISSING', `${header} needs the scope admin.`);
      if (typeof named !== 'string' || !/^\d{1,15}$/.test(named))
        throw new Problem('REQUEST_MALFORMED', `${header} must be the id of a person.`);
      const [person] = await database.all(find, { id: named, district: caller.district });
      if (!person || (caller.person !== null && caller.person !== person.id))
        throw new Problem('PERSON_FORBIDDEN', `The client may not act as person ${named}.`);
      return { ...caller, person: person.id };
    },
  };
}

/** Who calls an endpoint that is open to all, without credentials: of no district, allowed nothing. */
const nobody = { district: 0, client: 0, person: null, scopes: new Set<Scope>() };

/** Who calls, and what of their credential is left to do. */
export interface Called {
  readonly caller: Caller;
  readonly bodyHash: Identified['bodyHash'] | undefined;
  readonly isInQuery: boolean;
  /** Uses up what is good for one request. */
  useUp(): Promise<void>;
}

/** The caller by the first credential that the request carries. */
export async function identified({ credentials, name }: Api, presented: Presented, open: boolean): Promise<Called> {
  const { useUp, bodyHash, isInQuery = false, ...identity } = await identify(credentials, presented, open);
  return { caller: { ...identity, api: name }, bodyHash, isInQuery, useUp: async () => useUp?.() };
}

async function identify(credentials: readonly Credential[], presented: Presented, open: boolean): Promise<Identified> {
  for (const credential of credentials) {
    const caller = await credential.identify(presented);
    if (caller) return caller;
  }
  if (open) return nobody;
  throw new Problem('CREDENTIALS_MISSING');
}

/** RFC 9110, 11.6.1: a 401 says which credentials would do, whatever of them was wrong and whenever that was seen. */
export function challenging(problem: Problem, { credentials }: Api): Problem {
  const headers = problemHeaders(problem);
  if (statusOf(problem) !== 401 || headers['WWW-Authenticate']) return problem;
  const challenge = credentials.map((credential) => credential.challenge).join(', ');
  return new HttpProblem(
    problem.code,
    problem.message,
    { ...headers, 'WWW-Authenticate': challenge },
    { cause: problem },
  );
}

/** Throws SCOPE_MISSING where the client may not. */
export function permit({ scopes }: Caller, scope: Scope): void {
  if (scopes.has(scope)) return;
  throw new Problem('SCOPE_MISSING', `This needs the scope ${scope}; the client has ${[...scopes].join(', ')}.`);
}

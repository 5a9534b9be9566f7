import { type ClientRow, rights, type Scope } from '../../clients/client';
import type { Clients } from '../../clients/clients';
import { Problem } from '../../lib/problem';
import { HttpProblem } from '../problem';
import type { Credential, Identity, Presented, SecuritySchemes } from './credentials';

/** Who calls, by the client that was found. */
export const identityOf = ({ id, district_id, person_id, scopes, marks_only, member }: ClientRow): Identity => ({
  district: district_id,
  client: id,
  person: person_id,
  scopes: new Set(scopes.split(',') as Scope[]),
  marksOnly: Boolean(marks_only),
  member,
  school: member && rights[member.role].sees === 'school' ? member.school : null,
});

/** `Authorization: Bearer TOKEN` (RFC 6750, 2.1). A client in use sends a colon after the scheme: tolerated. */
const bearerToken = ({ headers: { authorization } }: Presented): string | undefined =>
  /^bearer:? +(\S{1,1000})\s*$/i.exec(authorization ?? '')?.[1];

/** RFC 6750, 3. */
export const bearer: TokenSpec = {
  read: bearerToken,
  challenge: 'Bearer realm="rollbook"',
  rejected: 'Bearer realm="rollbook", error="invalid_token"',
  schemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      description: 'A token of a client, which `rollbook client create` shows.',
    },
  },
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

/** RFC 7617, 2: key and secret, joined by the first colon, in base64. What is no base64 is as if it were not there. */
function basicIn({ headers: { authorization = '' } }: Presented): { key: string; secret: string } | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=]{1,1000})\s*$/i.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return { key: text.slice(0, colon), secret: text.slice(colon + 1) };
}

/** A client by its key and secret, where both come by HTTP Basic. */
export function basic(clients: Clients): Credential {
  const bySecret = clientSecret(clients);
  return {
    challenge: BASIC,
    schemes: { basic: { type: 'http', scheme: 'basic', description: 'The key and secret of a client.' } },
    async identify(presented) {
      const sent = basicIn(presented);
      return sent && bySecret(sent.key, sent.secret, presented.confidential);
    },
  };
}

/** Where an API's clients put their token, and what a 401 says to them. */
export interface TokenSpec {
  /** The token that a request carries, if it does. */
  read(presented: Presented): string | undefined;
  /** WWW-Authenticate where there is none. */
  readonly challenge: string;
  /** WWW-Authenticate where it is unknown, expired or revoked. */
  readonly rejected: string;
  /** Where the token goes, in OpenAPI's words. */
  readonly schemes: SecuritySchemes;
}

/** Who has none that works is not told which of these it is. */
const REJECTED =
  'The token is not known or has expired, or its client may call no more: it was revoked, or its person has left or was given a role that may do less.';

/** An opaque token, of which only the hash is stored. */
export const token = (clients: Clients, { read, challenge, rejected, schemes }: TokenSpec): Credential => ({
  challenge,
  schemes,
  async identify(presented) {
    const sent = read(presented);
    if (sent === undefined) return undefined;
    const client = await clients.byToken(sent);
    if (client) return identityOf(client);
    throw new HttpProblem('CREDENTIALS_INVALID', REJECTED, { 'WWW-Authenticate': rejected });
  },
});

/** RFC 6265, 5.4: `name=value` pairs, joined by semicolons. Ours have values of letters, digits, `-` and `_`. */
export const cookieNamed = (name: string, cookies: string | undefined): string | undefined =>
  new RegExp(`(?:^|;\\s*)${name}=([\\w-]{1,1000})(?:;|$)`).exec(cookies ?? '')?.[1];

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  /** For how long; none ends it. */
  readonly seconds: number;
  /**
   * Strict: it goes with requests of our own pages alone. Lax: also when a link leads here from elsewhere (RFC 6265bis, 4.1.2). None: also
   * where a page of another site shows ours in a frame; then it is `Partitioned`, another one below each such site (CHIPS), and by TLS alone.
   */
  readonly sameSite: 'Strict' | 'Lax' | 'None';
  /** Whether it was TLS that the browser came by; it then brings it back by nothing else. */
  readonly secure: boolean;
}

/** Set-Cookie; scripts cannot read it. */
export const setCookie = ({ name, value, path, seconds, sameSite, secure }: Cookie): string => {
  const flags = sameSite === 'None' ? '; Secure; Partitioned' : secure ? '; Secure' : '';
  return `${name}=${value}; Path=${path}; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}${flags}`;
};

const SESSION = 'rollbook_session';
/** The same for a page that is shown in a frame of another site, to which no Strict cookie goes. */
const FRAMED_SESSION = 'rollbook_framed';

export const framedSessionToken = (cookies: string | undefined): string | undefined =>
  cookieNamed(FRAMED_SESSION, cookies);

export const sessionToken = (cookies: string | undefined): string | undefined =>
  framedSessionToken(cookies) ?? cookieNamed(SESSION, cookies);

/** Set-Cookie of a session for so many seconds; none ends it. It goes to no other service of the host. */
export const sessionCookie = (token: string, seconds: number, secure: boolean, prefix: string): string =>
  setCookie({ name: SESSION, value: token, path: `${prefix}/`, seconds, sameSite: 'Strict', secure });

/** The same of a session in a frame of another site; it is good there alone. */
export const framedSessionCookie = (token: string, seconds: number, prefix: string): string =>
  setCookie({ name: FRAMED_SESSION, value: token, path: `${prefix}/`, seconds, sameSite: 'None', secure: true });

/** Set-Cookie that has the session go on, or ends it, in the cookie in which its token came. */
export const renewedCookie = (
  cookies: string | undefined,
  token: string,
  seconds: number,
  secure: boolean,
  prefix: string,
): string =>
  framedSessionToken(cookies) === undefined
    ? sessionCookie(token, seconds, secure, prefix)
    : framedSessionCookie(token, seconds, prefix);

/** No browser knows this scheme, so that none asks for a password. */
export const SESSION_CHALLENGE = 'Session realm="rollbook"';

/**
 * The token of a signed-in browser, in a cookie. A browser sends that by itself, whichever page asks: what is asked by a page of
 * another origin is refused, and what others could have read on its way.
 */
export function session(clients: Clients): Credential {
  const byCookie = token(clients, {
    read: ({ headers }) => sessionToken(headers.cookie),
    challenge: SESSION_CHALLENGE,
    rejected: SESSION_CHALLENGE,
    schemes: {
      session: {
        type: 'apiKey',
        in: 'cookie',
        name: SESSION,
        description: 'What a signed-in browser sends by itself.',
      },
    },
  });
  return {
    ...byCookie,
    async identify(presented) {
      const identity = await byCookie.identify(presented);
      if (identity && presented.foreign) throw new Problem('ORIGIN_FORBIDDEN');
      if (identity && !presented.confidential) throw new Problem('CREDENTIALS_INSECURE');
      return identity;
    },
  };
}

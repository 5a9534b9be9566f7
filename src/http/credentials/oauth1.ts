import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import type { Clients } from '../../clients/clients';
import { Problem } from '../../lib/problem';
import type { Credential, Presented } from './credentials';
import { type Nonces, nonceMemory, type Verdict, WINDOW } from './nonces';
import { identityOf } from './token';

/** The OAuth 1.0 parameters of a request, decoded. */
export interface OAuthParameters {
  readonly key: string;
  readonly method: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** What the body is said to hash to, where that is said. */
  readonly bodyHash: string | undefined;
  /** Where they were sent. */
  readonly place: 'header' | 'query';
  /** Those of the header that are signed: all but realm and the signature itself (RFC 5849, 3.4.1.3.1). */
  readonly signed: readonly (readonly [name: string, value: string])[];
}

const MAX_LENGTH = 4_096;

/** What tells a query that has the parameters from one in which something else is called so. */
const telling = ['oauth_consumer_key', 'oauth_signature'];

/** Whether a parameter of a query is one of OAuth's, and so none of the API's. */
export const isOAuth = (name: string): boolean => name.startsWith('oauth_');

/**
 * The parameters of the Authorization header (3.5.1) or of the query (3.5.3), of one of them alone; undefined where
 * neither has any. Throws Problem where they are not as they should be.
 */
export function oauthParameters(authorization: string | undefined, target: string): OAuthParameters | undefined {
  const isInHeader = authorization !== undefined && /^oauth(\s|$)/i.test(authorization);
  const inQuery = queryOf(target).filter(([name]) => isOAuth(name));
  if (isInHeader) {
    // 3.5: "exactly one of the following methods".
    if (inQuery.length > 0) throw malformed('is not the only place with OAuth parameters: the query has some, too');
    return parseOAuthHeader(authorization);
  }
  if (!inQuery.some(([name]) => telling.includes(name))) return undefined;
  if (authorization !== undefined) throw invalid('The Authorization header and the query say twice who calls.');
  return ofQuery(inQuery);
}

/** Says what is wrong with a header that is meant to be OAuth's. */
export function parseOAuthHeader(header: string): OAuthParameters {
  if (header.length > MAX_LENGTH) throw malformed(`is longer than ${MAX_LENGTH} characters`);
  const parameters = parametersOf(header.slice('OAuth'.length));
  return {
    ...checked(parameters, malformed),
    place: 'header',
    signed: [...parameters].filter(([name]) => name !== 'realm' && name !== 'oauth_signature'),
  };
}

/** What is signed of a query is all of it, so that nothing is to be added. */
function ofQuery(sent: readonly (readonly [name: string, value: string])[]): OAuthParameters {
  const parameters = new Map(sent);
  const wrong = (why: string) => invalid(`The query, which has OAuth parameters, ${why}.`);
  if (parameters.size < sent.length) throw wrong('has one of them twice');
  const oauth = checked(parameters, wrong);
  if (oauth.method === 'PLAINTEXT')
    throw invalid(
      'PLAINTEXT is not taken from the query, where the secret would be logged: sign by HMAC, or send the header.',
    );
  return { ...oauth, place: 'query', signed: [] };
}

function checked(parameters: ReadonlyMap<string, string>, wrong: (why: string) => Problem) {
  const required = (name: string): string => {
    const value = parameters.get(name);
    if (!value) throw wrong(`lacks ${name}`);
    return value;
  };
  // "If present, its value MUST be set to 1.0" (3.1).
  if ((parameters.get('oauth_version') ?? '1.0') !== '1.0') throw wrong('must have oauth_version 1.0 or none');
  if (parameters.get('oauth_token')) throw wrong('names a token; only two-legged requests are taken');
  return {
    key: required('oauth_consumer_key'),
    method: required('oauth_signature_method'),
    signature: required('oauth_signature'),
    timestamp: required('oauth_timestamp'),
    nonce: required('oauth_nonce'),
    bodyHash: parameters.get('oauth_body_hash'),
  };
}

/**
 * The parameters of the query, decoded as a form is, in which "+" is a space (3.4.1.3.1). URLSearchParams drops a leading
 * "?", which here begins a name, so that "??start=" is not signed as "?start=" is: it is kept from being the first character.
 */
export function queryOf(target: string): [name: string, value: string][] {
  const start = target.indexOf('?');
  return start < 0 ? [] : [...new URLSearchParams(`&${target.slice(start + 1)}`)];
}

/** Parameters come in any order, with or without white space around commas; values in quotes, any characters in them. */
function parametersOf(text: string): Map<string, string> {
  const parameters = new Map<string, string>();
  const pattern = /\s*([A-Za-z0-9_.%~-]{1,100})="([^"]*)"\s*(?:,|$)/y;
  while (pattern.lastIndex < text.trimEnd().length) {
    const match = pattern.exec(text);
    if (!match) throw malformed('is not a list of name="value" pairs');
    const [, name = '', value = ''] = match;
    if (parameters.has(name)) throw malformed(`has ${name} twice`);
    parameters.set(name, name === 'realm' ? value : decoded(value));
  }
  return parameters;
}

/** 3.6: percent-encoded. Clients in use send `+`, `/`, `=` and `&` as they are; a stray `%` is refused. */
function decoded(value: string): string {
  if (!value.includes('%')) return value;
  try {
    const text = decodeURIComponent(value);
    if (!text.includes('\u0000')) return text;
  } catch {
    // said below
  }
  throw malformed('has a value that is not percent-encoded text');
}

const invalid = (why: string) => new Problem('CREDENTIALS_INVALID', why);
const malformed = (why: string) => invalid(`The OAuth header ${why}.`);

/** The request that was signed: its method, and the addresses under which the client may have known it. */
export interface SignedRequest {
  readonly method: string;
  /** Scheme, authority and perhaps a prefix of the path, without a trailing slash. */
  readonly origins: readonly string[];
  /** Path and query as on the request line. */
  readonly target: string;
}

const hashes: Record<string, string> = { 'HMAC-SHA1': 'sha1', 'HMAC-SHA256': 'sha256' };

export const signatureMethods = ['PLAINTEXT', ...Object.keys(hashes)];

/** OAuth Request Body Hash, 3.2: the hash of the signature method; of PLAINTEXT, SHA-1. */
export const bodyHashOf = (method: string): string => hashes[method] ?? 'sha1';

/**
 * Whether the signature is that of one of the secrets; all of them are tried, so that the time does not tell which.
 * There is no token, and so no token secret: the key is `secret&` (3.4.2).
 */
export function isSigned(oauth: OAuthParameters, secrets: readonly string[], request: SignedRequest): boolean {
  const right = signaturesOf(oauth, request);
  const same = secrets.flatMap((secret) => right(`${encode(secret)}&`)).filter((each) => isSame(oauth.signature, each));
  return same.length > 0;
}

/** What the signature may be, by the key, for each address under which the client may have known the request. */
function signaturesOf(oauth: OAuthParameters, { method, origins, target }: SignedRequest): (key: string) => string[] {
  const hash = hashes[oauth.method];
  // 3.4.4: PLAINTEXT is the key itself.
  if (!hash) return (key) => [key];
  const parameters = normalized(oauth, target);
  const bases = origins.map((origin) =>
    [method.toUpperCase(), uriOf(origin, target), parameters].map(encode).join('&'),
  );
  return (key) => bases.map((base) => createHmac(hash, key).update(base).digest('base64'));
}

/** 3.4.1.2: scheme and host in lower case, no default port, no query; the path as sent. */
export function uriOf(origin: string, target: string): string {
  const match = /^(https?):\/\/([^/]*)(.*)$/i.exec(origin);
  if (!match) return origin;
  const [, scheme = '', authority = '', prefix = ''] = match;
  const port = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  const host = authority.toLowerCase();
  const name = host.endsWith(port) ? host.slice(0, -port.length) : host;
  return `${scheme.toLowerCase()}://${name}${prefix}${target.split('?', 1)[0]}`;
}

/** 3.4.1.3.2: encoded, sorted by name and then value, joined; "the oauth_signature parameter MUST be excluded". */
export function normalized({ signed }: Pick<OAuthParameters, 'signed'>, target: string): string {
  return [...signed, ...queryOf(target).filter(([name]) => name !== 'oauth_signature')]
    .map(([name, value]) => [encode(name), encode(value)] as const)
    .sort(byNameThenValue)
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

type Pair = readonly [name: string, value: string];

/** 3.4.1.3.2: "using ascending byte value ordering". */
const byNameThenValue = ([a, x]: Pair, [b, y]: Pair): number => compare(a, b) || compare(x, y);
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** 3.6: all but letters, digits, "-", ".", "_", "~". A lone surrogate has no UTF-8 and becomes U+FFFD. */
export const encode = (text: string): string =>
  encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\uFFFD')).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

/** In a time that does not tell how much of it is right. */
function isSame(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

interface Options {
  /** Where nonces are remembered that several processes have to know of; in this process, where it is not said. */
  readonly nonces?: Nonces | undefined;
  readonly publicUrl?: string | undefined;
}

/** OAuth 1.0, two-legged (RFC 5849): a consumer key and a signature with its secret, no token. */
export function oauth1(clients: Clients, { publicUrl, nonces = nonceMemory() }: Options): Credential {
  // Who reads a secret in plain text can sign with it himself: other processes need not know of its nonces.
  const plaintextNonces = nonceMemory();
  const publicOrigins = publicUrl ? [publicUrl, new URL(publicUrl).origin] : [];

  const checkMethod = ({ method }: OAuthParameters, confidential: boolean) => {
    if (!signatureMethods.includes(method))
      throw new Problem('CREDENTIALS_INVALID', `oauth_signature_method must be one of ${signatureMethods.join(', ')}.`);
    if (method === 'PLAINTEXT' && !confidential) throw new Problem('CREDENTIALS_INSECURE');
  };

  return {
    challenge: 'OAuth realm="rollbook"',
    // OpenAPI 3.1, 4.8.27: a name of IANA's registry of HTTP authentication schemes, where RFC 5849 has put this one.
    schemes: {
      oauth1: { type: 'http', scheme: 'OAuth', description: 'OAuth 1.0a with the key and secret of a client.' },
    },
    async identify(presented) {
      const oauth = oauthParameters(presented.headers.authorization, presented.target);
      if (!oauth) return undefined;
      checkMethod(oauth, presented.confidential);
      const now = presented.at / 1_000;
      const client = await clients.byKey(oauth.key);
      // An unknown key costs the same as a wrong signature, and says the same.
      const signed = isSigned(oauth, clients.secretsOf(client), signedRequest(presented, publicOrigins));
      if (!client || !signed)
        throw new Problem('CREDENTIALS_INVALID', 'The consumer key or the signature is not right.');
      clients.used(client.id);
      const second = secondOf(oauth.timestamp, now);
      const memory = oauth.method === 'PLAINTEXT' ? plaintextNonces : nonces;
      return {
        ...identityOf(client),
        isInQuery: oauth.place === 'query',
        useUp: async () => checkVerdict(await memory.use(client.id, second, usedBy(oauth)), now),
        ...(oauth.bodyHash !== undefined && {
          bodyHash: { algorithm: bodyHashOf(oauth.method), digest: oauth.bodyHash },
        }),
      };
    },
  };
}

/** Stands for timestamp and nonce, however long a nonce a client makes: 128 bits and more. */
const usedBy = ({ timestamp, nonce }: OAuthParameters): string =>
  hash('sha256', `${timestamp} ${nonce}`, 'base64url').slice(0, 22);

/** The second of a timestamp that is near enough. Clients send fractions of it. */
function secondOf(timestamp: string, now: number): number {
  const seconds = /^\d{1,12}(\.\d{1,12})?$/.test(timestamp) ? Number(timestamp) : Number.NaN;
  if (Math.abs(seconds - now) <= WINDOW) return Math.floor(seconds);
  throw stale(now);
}

function checkVerdict(verdict: Verdict, now: number): void {
  if (verdict === 'used') throw new Problem('NONCE_REPLAYED');
  if (verdict === 'forgotten') throw stale(now);
}

const stale = (now: number) =>
  new Problem(
    'TIMESTAMP_STALE',
    `Timestamp is out of sequence. Request rejected. It must be within ${WINDOW} seconds of ${Math.floor(now)}.`,
  );

/**
 * The authority is what the client put into its Host header, not where it connected. TLS may have ended in front of
 * us, and an operator's proxy may have changed the Host and taken a prefix off the path.
 */
function signedRequest({ method, target, headers, secure }: Presented, publicOrigins: readonly string[]) {
  const hosts = headers.host ? [`${secure ? 'https' : 'http'}://${headers.host}`, `https://${headers.host}`] : [];
  return { method, target, origins: [...new Set([...hosts, ...publicOrigins])] };
}

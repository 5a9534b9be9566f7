import { createHmac, timingSafeEqual } from 'node:crypto';
import { type OAuthParameters, queryOf } from './oauth1-parameters';

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

import { Problem } from '../../errors';

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

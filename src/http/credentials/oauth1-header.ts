import { Problem } from '../../errors';

/** The parameters of an OAuth 1.0 Authorization header, decoded (RFC 5849, 3.5.1). */
export interface OAuthParameters {
  readonly key: string;
  readonly method: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly nonce: string;
  /** Those that are signed: all but realm and the signature itself (3.4.1.3.1). */
  readonly signed: readonly (readonly [name: string, value: string])[];
}

const MAX_LENGTH = 4_096;

/** Says what is wrong with a header that is meant to be OAuth's. */
export function parseOAuthHeader(header: string): OAuthParameters {
  if (header.length > MAX_LENGTH) throw malformed(`is longer than ${MAX_LENGTH} characters`);
  const parameters = parametersOf(header.slice('OAuth'.length));
  const required = (name: string): string => {
    const value = parameters.get(name);
    if (!value) throw malformed(`lacks ${name}`);
    return value;
  };
  // "If present, its value MUST be set to 1.0" (3.1).
  if ((parameters.get('oauth_version') ?? '1.0') !== '1.0') throw malformed('must have oauth_version 1.0 or none');
  if (parameters.get('oauth_token')) throw malformed('names a token; only two-legged requests are taken');
  return {
    key: required('oauth_consumer_key'),
    method: required('oauth_signature_method'),
    signature: required('oauth_signature'),
    timestamp: required('oauth_timestamp'),
    nonce: required('oauth_nonce'),
    signed: [...parameters].filter(([name]) => name !== 'realm' && name !== 'oauth_signature'),
  };
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

const malformed = (why: string) => new Problem('CREDENTIALS_INVALID', `The OAuth header ${why}.`);

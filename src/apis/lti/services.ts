import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Secrets } from '../../clients/secrets';
import type { Database } from '../../database/database';
import { type Answered, type Outgoing, type Reach, request } from '../../webhooks/request';
import { retryAfterOf } from '../../webhooks/retry';
import { objectOf } from './json';
import { library } from './library';
import type { Platform } from './platforms';
import { ALGORITHM, openToolKeys } from './tool-keys';

/** Tokens of platforms that are remembered, and for how long at most, in milliseconds. */
const REMEMBERED = 1_000;
const LONGEST = 3_600_000;
/** Before its end a token is asked for anew: seconds. */
const MARGIN = 60;
/** How long a signed assertion is good: seconds. */
const ASSERTION = 300;
/** Bytes of an answer, and milliseconds of a call. */
const LARGEST = 4 * 1024 * 1024;
const PATIENCE = 10_000;

/** What rollbook is let do at a platform (AGS 2.0, 3.1; NRPS 2.0, 2.1). */
export const scopes = {
  lineItems: 'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
  scores: 'https://purl.imsglobal.org/spec/lti-ags/scope/score',
  members: 'https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly',
} as const;

/** A service of a platform did not do what it was asked for; the message says what it answered. */
export class ServiceError extends Error {
  constructor(
    message: string,
    /** Null where there was no answer. */
    readonly status: number | null,
    /** Seconds. */
    readonly retryAfter?: number | undefined,
    /** Whether others who ask the platform would fare no better: it cannot be reached, does not know rollbook, or has too much to do. */
    readonly ofPlatform = status === null || status === 429 || status >= 500,
  ) {
    super(message);
  }
}

type Asked = Pick<Outgoing, 'method' | 'headers' | 'body'>;

/** A service of one platform, as rollbook may use it. */
export type Service = (url: string, asked: Asked, what: string) => Promise<Answered>;

/** Calls services of platforms, with the access tokens that these give for an assertion that is signed by rollbook's key. */
export function openServices(database: Database, secrets: Secrets, reach: Reach) {
  const keys = openToolKeys(database);
  const known = new LRUCache<string, { readonly token: string; readonly until: number }>({ max: REMEMBERED });

  /** Security Framework 1.0, 4.1.1; RFC 7523, 2.2. */
  async function assertionFor({ oauth_client_id, token_url }: Platform): Promise<string> {
    const { SignJWT, importPKCS8 } = library();
    const { kid, sealed } = await keys.signing();
    const key = await importPKCS8(secrets.open(sealed), ALGORITHM);
    return new SignJWT({})
      .setProtectedHeader({ alg: ALGORITHM, kid, typ: 'JWT' })
      .setIssuer(oauth_client_id)
      .setSubject(oauth_client_id)
      .setAudience(token_url)
      .setIssuedAt()
      .setExpirationTime(`${ASSERTION}s`)
      .setJti(randomUUID())
      .sign(key);
  }

  async function tokenOf(platform: Platform, scope: string): Promise<string> {
    const name = `${platform.id} ${scope}`;
    const met = known.get(name);
    if (met && performance.now() < met.until) return met.token;
    const form = new URLSearchParams({
      ...{ grant_type: 'client_credentials', scope, client_assertion: await assertionFor(platform) },
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    });
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' };
    const answer = await ask(platform.token_url, { method: 'POST', headers, body: String(form) });
    const said = answer.status === 200 ? objectIn(answer) : undefined;
    if (typeof said?.access_token !== 'string')
      throw new ServiceError(
        `${sentenceOf('An access token', answer)} (${scope})`,
        answer.status,
        retryAfter(answer),
        true,
      );
    const seconds = typeof said.expires_in === 'number' ? said.expires_in - MARGIN : 0;
    known.set(name, { token: said.access_token, until: performance.now() + Math.min(LONGEST, seconds * 1_000) });
    return said.access_token;
  }

  const ask = (url: string, asked: Asked) => request(url, { ...asked, most: LARGEST, timeout: PATIENCE }, reach);

  /**
   * The service of a platform for a scope. What it answers to is what was asked for (2xx), or it throws ServiceError, but for the
   * statuses that are `expected`.
   */
  return (platform: Platform, scope: string, expected: readonly number[] = []): Service =>
    async (url, { headers, ...asked }, what) => {
      const call = async () =>
        ask(url, { ...asked, headers: { ...headers, Authorization: `Bearer ${await tokenOf(platform, scope)}` } });
      let answer = await call();
      // A token may be gone before its end: once more, with another one.
      if (answer.status === 401 && known.delete(`${platform.id} ${scope}`)) answer = await call();
      const { status } = answer;
      if (status !== null && ((status >= 200 && status < 300) || expected.includes(status))) return answer;
      throw new ServiceError(sentenceOf(what, answer), status, retryAfter(answer));
    };
}

export type Services = ReturnType<typeof openServices>;

const retryAfter = ({ headers }: Answered) => retryAfterOf(headers['retry-after']);

const sentenceOf = (what: string, { status, error }: Answered): string =>
  `${what}: ${status === null ? error : `the LMS answered ${status}.`}`;

/** The JSON object that was answered. */
export const objectIn = (answer: Pick<Answered, 'body'>) => objectOf(jsonIn(answer));

/** The JSON that was answered; undefined where it is none. */
export function jsonIn({ body }: Pick<Answered, 'body'>): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

/** The next page, by RFC 8288: `<https://lms.example/...?page=2>; rel="next"`, relative to the page that says it. */
export function nextPage({ headers }: Pick<Answered, 'headers'>, page: string): string | undefined {
  const field = [headers.link ?? []].flat().join(', ');
  for (const [, target, parameters] of field.matchAll(/<([^>]*)>((?:\s*;[^,<]*)*)/g))
    if (/;\s*rel\s*=\s*"?(?:[^"]*\s)?next(?:\s[^"]*)?"?\s*(?:;|$)/i.test(parameters!) && URL.canParse(target!, page))
      return new URL(target!, page).href;
  return undefined;
}

/**
 * Every reason for which a whole request can fail: a stable code, and what it says where nothing better is known. What
 * HTTP makes of it is for src/http/problem.ts to say.
 */
export const problems = {
  BODY_MALFORMED: 'The body is not well-formed.',
  BODY_INVALID: 'The body is not what this endpoint takes.',
  PATH_MALFORMED: 'The path is not valid percent-encoded UTF-8.',
  QUERY_INVALID: 'A query parameter is not valid.',
  GRANT_UNSUPPORTED: 'The grant type is not supported; client_credentials is.',
  REQUEST_MALFORMED: 'The request is not well-formed.',
  CREDENTIALS_MISSING: 'This request needs credentials.',
  CREDENTIALS_INVALID: 'The credentials are not valid.',
  CREDENTIALS_INSECURE: 'A secret in plain text is not accepted over plain http.',
  TIMESTAMP_STALE: 'The timestamp is too far from the time of this server.',
  NONCE_REPLAYED: 'Duplicate timestamp/nonce combination, possible replay attack. Request rejected.',
  SCOPE_MISSING: 'The client does not have the scope that this needs.',
  SECTION_FORBIDDEN: 'The person this client acts for does not teach this section.',
  OFFICE_ONLY: 'This is for the office alone.',
  SESSION_FORBIDDEN: 'This is for API clients, not for people who are signed in.',
  ORIGIN_FORBIDDEN: 'A page of another origin may not do this.',
  MARKS_ONLY: 'The client was made for single marks (--marks-only): it takes no rolls.',
  PERSON_FORBIDDEN: 'The client may not act as this person.',
  DATE_CLOSED: 'Teachers of this school may not change the roll of this day any more.',
  NOT_FOUND: 'There is no such resource.',
  METHOD_NOT_ALLOWED: 'The resource does not have this method.',
  NOT_ACCEPTABLE: 'None of the accepted media types is available.',
  REQUEST_SLOW: 'The request came too slowly.',
  BODY_SLOW: 'The body came too slowly.',
  DATE_AHEAD: 'The day is yet to come.',
  ROLL_EMPTY: 'Nobody is enrolled on that day.',
  WEBHOOK_RESTORED:
    'The database was restored, and nobody knows how far the webhook had been told. Say from where: replay it.',
  WEBHOOK_LIMIT: 'There are as many webhooks as there may be. Remove one first.',
  SIS_ATTENDANCE_APP: 'The district takes attendance in its SIS; it has installed the SIS attendance app.',
  CURSOR_EXPIRED: 'Changes after this cursor are there no more. Read everything again.',
  REVISION_STALE: 'The resource has changed since the revision named in If-Match.',
  RESOURCE_EXISTS: 'There is such a resource already, and If-None-Match asks for a new one.',
  BODY_TOO_LARGE: 'The body is too large.',
  URL_TOO_LONG: 'The URL is too long.',
  MEDIA_TYPE_UNSUPPORTED: 'The media type of the body is not supported.',
  EXPECTATION_FAILED: 'What Expect asks for cannot be done.',
  RATE_LIMITED: 'Too many requests. Try again when Retry-After has passed.',
  HEADERS_TOO_MANY: 'The request has too many headers, or too long ones.',
  INTERNAL: 'An unexpected error; it has been logged.',
  UNAVAILABLE: 'The service cannot answer just now. Try again shortly.',
  OVERLOADED: 'The service has more to do than it can just now. Try again shortly.',
  STORAGE_FULL: 'There is no room to store this; nothing was changed. Try again later.',
} as const;

export type ErrorCode = keyof typeof problems;

/** One thing that is wrong with a request: where, what was sent, what would be right. */
export interface Violation {
  /** Path of the field in the words of the API, e.g. `attendances.attendance` or `start`. */
  readonly field: string;
  readonly message: string;
  /** Which rule it breaks: a keyword of JSON Schema, e.g. `maxItems`, or a word of the API. */
  readonly rule?: string;
  /** What the rule allows, e.g. `{ max: 1000 }`. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** An example of what would be right. */
  readonly hint?: string;
}

interface Details {
  readonly violations?: readonly Violation[] | undefined;
  /** When it is worth another try, in seconds. */
  readonly retryAfter?: number | undefined;
  readonly cause?: unknown;
}

/** A request that fails as a whole. Thrown anywhere; the last handler says it in the words of the API called. */
export class Problem extends Error {
  readonly violations: readonly Violation[];
  readonly retryAfter: number | undefined;

  constructor(
    readonly code: ErrorCode,
    detail?: string,
    { violations = [], retryAfter, cause }: Details = {},
  ) {
    super(detail ?? problems[code], { cause });
    this.violations = violations;
    this.retryAfter = retryAfter;
  }
}

/** Said before anything of the request was done: it can be sent again as it is. */
export const overloaded = (): Problem => new Problem('OVERLOADED', undefined, { retryAfter: 1 });

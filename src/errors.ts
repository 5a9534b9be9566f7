/**
 * Every reason for which a whole request can fail: a stable code, its HTTP status, and what it says where nothing
 * better is known. docs/errors.md lists the same table; a test keeps them equal.
 */
export const errors = {
  BODY_MALFORMED: [400, 'The body is not well-formed.'],
  BODY_INVALID: [400, 'The body is not what this endpoint takes.'],
  PATH_MALFORMED: [400, 'The path is not valid percent-encoded UTF-8.'],
  QUERY_INVALID: [400, 'A query parameter is not valid.'],
  GRANT_UNSUPPORTED: [400, 'The grant type is not supported; client_credentials is.'],
  REQUEST_MALFORMED: [400, 'The request is not well-formed.'],
  CREDENTIALS_MISSING: [401, 'This request needs credentials.'],
  CREDENTIALS_INVALID: [401, 'The credentials are not valid.'],
  CREDENTIALS_INSECURE: [401, 'A secret in plain text is not accepted over plain http.'],
  TIMESTAMP_STALE: [401, 'The timestamp is too far from the time of this server.'],
  NONCE_REPLAYED: [401, 'Duplicate timestamp/nonce combination, possible replay attack. Request rejected.'],
  SCOPE_MISSING: [403, 'The client does not have the scope that this needs.'],
  SECTION_FORBIDDEN: [403, 'The person this client acts for does not teach this section.'],
  ORIGIN_FORBIDDEN: [403, 'A page of another origin may not do this.'],
  MARKS_ONLY: [403, 'The client was made for single marks (--marks-only): it takes no rolls.'],
  PERSON_FORBIDDEN: [403, 'The client may not act as this person.'],
  NOT_FOUND: [404, 'There is no such resource.'],
  METHOD_NOT_ALLOWED: [405, 'The resource does not have this method.'],
  NOT_ACCEPTABLE: [406, 'None of the accepted media types is available.'],
  BODY_SLOW: [408, 'The body came too slowly.'],
  DATE_AHEAD: [409, 'The day is yet to come.'],
  ROLL_EMPTY: [409, 'Nobody is enrolled on that day.'],
  SIS_ATTENDANCE_APP: [410, 'The district takes attendance in its SIS; it has installed the SIS attendance app.'],
  REVISION_STALE: [412, 'The resource has changed since the revision named in If-Match.'],
  RESOURCE_EXISTS: [412, 'There is such a resource already, and If-None-Match asks for a new one.'],
  BODY_TOO_LARGE: [413, 'The body is too large.'],
  URL_TOO_LONG: [414, 'The URL is too long.'],
  MEDIA_TYPE_UNSUPPORTED: [415, 'The media type of the body is not supported.'],
  RATE_LIMITED: [429, 'Too many requests. Try again when Retry-After has passed.'],
  HEADERS_TOO_MANY: [431, 'The request has too many headers.'],
  INTERNAL: [500, 'An unexpected error; it has been logged.'],
  UNAVAILABLE: [503, 'The service cannot answer just now. Try again shortly.'],
  OVERLOADED: [503, 'The service has more to do than it can just now. Try again shortly.'],
  STORAGE_FULL: [507, 'There is no room to store this; nothing was changed. Try again later.'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof errors;

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
  readonly violations?: readonly Violation[];
  /** Headers that belong to this error, e.g. `Allow`, `WWW-Authenticate`, `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** A request that fails as a whole. Thrown anywhere; the last handler says it in the words of the API called. */
export class Problem extends Error {
  readonly status: number;
  readonly violations: readonly Violation[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ErrorCode,
    detail?: string,
    { violations = [], headers = {}, cause }: Details = {},
  ) {
    super(detail ?? errors[code][1], { cause });
    this.status = errors[code][0];
    this.violations = violations;
    this.headers = headers;
  }

  get title(): string {
    return errors[this.code][1];
  }
}

/** Said before anything of the request was done: it can be sent again as it is. */
export const overloaded = (): Problem => new Problem('OVERLOADED', undefined, { headers: { 'Retry-After': '1' } });

/** Errors of libraries, by what tells them apart: body-parser's `type`, SQLite's and PostgreSQL's `code`, knex's `name`. */
const foreign: Record<string, ErrorCode> = {
  'entity.too.large': 'BODY_TOO_LARGE',
  'encoding.unsupported': 'MEDIA_TYPE_UNSUPPORTED',
  'request.aborted': 'REQUEST_MALFORMED',
  'request.size.invalid': 'REQUEST_MALFORMED',
  SQLITE_BUSY: 'UNAVAILABLE',
  SQLITE_PROTOCOL: 'UNAVAILABLE', // the lock of another process, for too long
  SQLITE_FULL: 'STORAGE_FULL',
  SQLITE_IOERR: 'UNAVAILABLE',
  SQLITE_IOERR_WRITE: 'STORAGE_FULL', // a quota, or a limit of the size of files
  SQLITE_IOERR_SHMSIZE: 'STORAGE_FULL',
  ENOSPC: 'STORAGE_FULL',
  EDQUOT: 'STORAGE_FULL',
  EFBIG: 'STORAGE_FULL',
  KnexTimeoutError: 'UNAVAILABLE', // no connection of the pool was free in time
  ECONNREFUSED: 'UNAVAILABLE',
  ECONNRESET: 'UNAVAILABLE',
  SQLITE_READONLY: 'UNAVAILABLE', // the file, or the folder in which its log is to be
  '22021': 'REQUEST_MALFORMED', // PostgreSQL: character_not_in_repertoire, a NUL in a text
  '22P05': 'REQUEST_MALFORMED', // untranslatable_character, the same in JSON
  '08006': 'UNAVAILABLE', // connection_failure
  '25006': 'UNAVAILABLE', // read_only_sql_transaction: a standby, or a primary that is none any more
  '40001': 'UNAVAILABLE', // serialization_failure: a replica had to catch up
  '40P01': 'UNAVAILABLE', // deadlock_detected
  '53100': 'STORAGE_FULL', // disk_full
  '53200': 'UNAVAILABLE', // out_of_memory
  '57014': 'UNAVAILABLE', // query_canceled: it took longer than a statement may
  '57P01': 'UNAVAILABLE', // admin_shutdown
  '57P02': 'UNAVAILABLE', // crash_shutdown
  '57P03': 'UNAVAILABLE', // cannot_connect_now
  '57P05': 'UNAVAILABLE', // idle_session_timeout
  '25P03': 'UNAVAILABLE', // idle_in_transaction_session_timeout
  '53300': 'UNAVAILABLE', // too_many_connections
  ETIMEDOUT: 'UNAVAILABLE',
  ESTALE: 'UNAVAILABLE', // the file of the database is another now
};

/** Extended codes of SQLite, e.g. SQLITE_BUSY_RECOVERY, mean what the code that they extend does, unless listed. */
const meaning = (mark = ''): ErrorCode | undefined =>
  foreign[mark] ?? foreign[mark.replace(/^(SQLITE_[A-Z]+)_.*/, '$1')];

/** When what failed for a while is worth another try, in seconds. */
const retryAfter: Partial<Record<ErrorCode, string>> = { UNAVAILABLE: '1', STORAGE_FULL: '30' };

/** The one place where an error that is not ours becomes one that is. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof URIError) return new Problem('PATH_MALFORMED', undefined, { cause: error });
  const { type, code, name } = (error ?? {}) as { type?: string; code?: string; name?: string };
  const known = [type, code, name].map(meaning).find((match) => match !== undefined) ?? 'INTERNAL';
  const seconds = retryAfter[known];
  return new Problem(known, undefined, { ...(seconds && { headers: { 'Retry-After': seconds } }), cause: error });
}

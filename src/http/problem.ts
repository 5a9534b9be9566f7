import { type ErrorCode, Problem } from '../lib/problem';

/** The status of each error. docs/errors.md lists the same table; a test keeps them equal. */
export const statuses = {
  BODY_MALFORMED: 400,
  BODY_INVALID: 400,
  PATH_MALFORMED: 400,
  QUERY_INVALID: 400,
  GRANT_UNSUPPORTED: 400,
  REQUEST_MALFORMED: 400,
  CREDENTIALS_MISSING: 401,
  CREDENTIALS_INVALID: 401,
  CREDENTIALS_INSECURE: 401,
  TIMESTAMP_STALE: 401,
  NONCE_REPLAYED: 401,
  SCOPE_MISSING: 403,
  SECTION_FORBIDDEN: 403,
  OFFICE_ONLY: 403,
  SESSION_FORBIDDEN: 403,
  ORIGIN_FORBIDDEN: 403,
  MARKS_ONLY: 403,
  PERSON_FORBIDDEN: 403,
  DATE_CLOSED: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  NOT_ACCEPTABLE: 406,
  REQUEST_SLOW: 408,
  BODY_SLOW: 408,
  DATE_AHEAD: 409,
  ROLL_EMPTY: 409,
  WEBHOOK_RESTORED: 409,
  WEBHOOK_LIMIT: 409,
  SIS_ATTENDANCE_APP: 410,
  CURSOR_EXPIRED: 410,
  REVISION_STALE: 412,
  RESOURCE_EXISTS: 412,
  BODY_TOO_LARGE: 413,
  URL_TOO_LONG: 414,
  MEDIA_TYPE_UNSUPPORTED: 415,
  EXPECTATION_FAILED: 417,
  RATE_LIMITED: 429,
  HEADERS_TOO_MANY: 431,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  OVERLOADED: 503,
  STORAGE_FULL: 507,
} as const satisfies Record<ErrorCode, number>;

export const statusOf = ({ code }: Problem): number => statuses[code];

type Headers = Readonly<Record<string, string>>;

/** A problem that comes with headers of its own: `Allow`, `WWW-Authenticate`. */
export class HttpProblem extends Problem {
  constructor(
    code: ErrorCode,
    detail: string | undefined,
    readonly headers: Headers,
    details: ConstructorParameters<typeof Problem>[2] = {},
  ) {
    super(code, detail, details);
  }
}

/** The headers that go with a problem. */
export const problemHeaders = (problem: Problem): Headers => ({
  ...(problem.retryAfter !== undefined && { 'Retry-After': String(problem.retryAfter) }),
  ...(problem instanceof HttpProblem && problem.headers),
});

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
  EHOSTUNREACH: 'UNAVAILABLE',
  ENETUNREACH: 'UNAVAILABLE',
  ENOTFOUND: 'UNAVAILABLE', // a name is gone with its machine
  EAI_AGAIN: 'UNAVAILABLE',
  EPIPE: 'UNAVAILABLE',
  '08001': 'UNAVAILABLE', // sqlclient_unable_to_establish_sqlconnection: none of the hosts can be used
  '08006': 'UNAVAILABLE', // connection_failure
  '08P01': 'UNAVAILABLE', // protocol_violation: what PgBouncer says of itself, where the server is away or busy for too long
  '25006': 'UNAVAILABLE', // read_only_sql_transaction: a standby, or a primary that is none any more
  '40001': 'UNAVAILABLE', // serialization_failure: a replica had to catch up
  '26000': 'UNAVAILABLE', // invalid_sql_statement_name: a pooler that hands sessions round
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
const retryAfter: Partial<Record<ErrorCode, number>> = { UNAVAILABLE: 1, STORAGE_FULL: 30 };

/** The one place where an error that is not ours becomes one that is. */
export function problemFrom(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof URIError) return new Problem('PATH_MALFORMED', undefined, { cause: error });
  const { type, code, name } = (error ?? {}) as { type?: string; code?: string; name?: string };
  const known = [type, code, name].map(meaning).find((match) => match !== undefined) ?? 'INTERNAL';
  return new Problem(known, undefined, { retryAfter: retryAfter[known], cause: error });
}

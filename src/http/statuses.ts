import { type ErrorCode, Problem } from '../lib/problem';
import type { Api, Endpoint, Reply } from './endpoint';
import { problemFrom, statuses, statusOf } from './problem';

/** Why any request may fail. */
const ofAll: readonly ErrorCode[] = [
  'REQUEST_MALFORMED',
  'PATH_MALFORMED',
  'QUERY_INVALID',
  'NOT_ACCEPTABLE',
  'REQUEST_SLOW',
  'URL_TOO_LONG',
  'EXPECTATION_FAILED',
  'RATE_LIMITED',
  'HEADERS_TOO_MANY',
  'INTERNAL',
  'UNAVAILABLE',
  'OVERLOADED',
  'STORAGE_FULL',
];

const ofCallers: readonly ErrorCode[] = ['CREDENTIALS_MISSING', 'CREDENTIALS_INVALID', 'CREDENTIALS_INSECURE'];
const ofScopes: readonly ErrorCode[] = ['SCOPE_MISSING', 'SECTION_FORBIDDEN', 'OFFICE_ONLY', 'ORIGIN_FORBIDDEN'];
const ofBodies: readonly ErrorCode[] = [
  'BODY_MALFORMED',
  'BODY_INVALID',
  'BODY_SLOW',
  'BODY_TOO_LARGE',
  'MEDIA_TYPE_UNSUPPORTED',
];

/** Why a request to this endpoint may fail: what follows from what it is, and what it says itself. */
export function errorsOf({ credentials }: Pick<Api, 'credentials'>, endpoint: Endpoint): ReadonlySet<ErrorCode> {
  const { path, scope, schemas, errors = [] } = endpoint;
  return new Set<ErrorCode>([
    ...ofAll,
    ...(credentials.length > 0 ? ofCallers : []),
    ...(scope ? ofScopes : []),
    ...(path.includes(':') ? (['NOT_FOUND'] as const) : []),
    ...(schemas?.body ? ofBodies : []),
    ...errors,
  ]);
}

/** Whether its answers have an ETag, so that it says 304 to who has what it stands for. */
export const isConditional = ({ method, schemas }: Endpoint): boolean =>
  method === 'GET' && schemas?.reply !== undefined;

/** The statuses with which it succeeds. */
export const successesOf = ({ successes = [200] }: Endpoint): readonly number[] => successes;

/** Headers that need no word in a document: caches and proxies heed them. */
const unsaid = ['Cache-Control', 'X-Accel-Buffering'];

/**
 * Throws INTERNAL where a reply or an error has a status, or a reply a header, that the document of its API does not have. Tests and
 * development hold every answer against it, so that what clients are told beforehand is so.
 */
export function answerCheck(api: Pick<Api, 'credentials'>, endpoint: Endpoint): (outcome: unknown) => void {
  const known = new Set<number>([
    ...successesOf(endpoint),
    ...[...errorsOf(api, endpoint)].map((code) => statuses[code]),
  ]);
  const asked = `${endpoint.method} ${endpoint.path}`;
  const unknown = (what: string | number, cause: unknown) =>
    new Problem('INTERNAL', `${asked} answers ${what}, which its document does not have.`, { cause });
  return (outcome) => {
    const {
      status,
      headers = {},
      revision,
    }: Reply = outcome instanceof Error ? { status: statusOf(problemFrom(outcome)) } : (outcome as Reply);
    if (!known.has(status)) throw unknown(status, outcome);
    const said = [
      ...unsaid,
      ...Object.keys(endpoint.headers ?? {}),
      ...(status >= 300 ? ['Location'] : []),
      ...(isConditional(endpoint) ? ['ETag'] : []),
    ];
    // A revision becomes an ETag.
    const sent = [...Object.keys(headers), ...(revision === undefined ? [] : ['ETag'])];
    const header = sent.find((name) => !said.includes(name));
    if (header) throw unknown(header, outcome);
  };
}

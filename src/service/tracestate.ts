/* W3C Trace Context, 3.3: what other tracing systems hand on beside `traceparent`. */

/** 3.3.1.5 and 3.3.1.1. */
const MOST_CHARACTERS = 512;
const MOST_MEMBERS = 32;

/** 3.3.1.3.1 and 3.3.1.3.2: a key, which may begin with a tenant, and a value that does not end with a space. */
const key = /(?:[a-z][a-z\d_*/-]{0,255}|[a-z\d][a-z\d_*/-]{0,240}@[a-z][a-z\d_*/-]{0,13})/;
const value = /[ -+\--<>-~]{0,255}[!-+\--<>-~]/;
const member = new RegExp(`^(${key.source})=${value.source}$`);

/**
 * The tracestate of a request as it is handed on: as it came, or nothing where it is longer than it may be, has a member that is
 * none, or the same key twice. Whatever it is, it is no reason to refuse the request, nor to leave the trace (3.4).
 */
export function validTracestate(header: string | undefined): string | undefined {
  if (header === undefined || header.length > MOST_CHARACTERS) return undefined;
  // An empty member is allowed between commas, and OWS (RFC 9110, 5.6.3) around each.
  const members = header
    .split(',')
    .map((each) => each.replace(/^[ \t]+|[ \t]+$/g, ''))
    .filter((each) => each !== '');
  const keys = members.map((each) => member.exec(each)?.[1]);
  const isValid = !keys.includes(undefined) && new Set(keys).size === keys.length && keys.length <= MOST_MEMBERS;
  return isValid && members.length > 0 ? members.join(',') : undefined;
}

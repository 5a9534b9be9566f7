import type { Endpoint } from './endpoint';

/** Which headers web pages of other origins may send and read, beyond those that every page may. */
export interface Cors {
  readonly requestHeaders: readonly string[];
  readonly responseHeaders: readonly string[];
}

/** How long a browser may remember a preflight, in seconds. */
const MAX_AGE = '7200';

/**
 * Fetch standard, 3.3 (CORS protocol). Any origin may call: what counts is a token that a page has to know, never a
 * cookie that a browser adds. The preflight itself is the OPTIONS that every path answers.
 */
export function cors({ requestHeaders, responseHeaders }: Cors, endpoints: readonly Endpoint[]) {
  const every = {
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Expose-Headers': responseHeaders.join(', '),
  };
  const preflight = {
    'Access-Control-Allow-Methods': [...new Set(endpoints.map(({ method }) => method))].join(', '),
    'Access-Control-Allow-Headers': requestHeaders.join(', '),
    'Access-Control-Max-Age': MAX_AGE,
  };
  return (method: string | undefined) => (method === 'OPTIONS' ? { ...every, ...preflight } : every);
}

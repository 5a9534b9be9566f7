import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a browser says that a page of another origin asks: by Sec-Fetch-Site (Fetch Metadata), or where it sends none by
 * Origin (Fetch standard, 3.2), which goes with every method but GET and HEAD. What is no browser says neither.
 */
export function isForeign({ 'sec-fetch-site': site, origin, host }: IncomingHttpHeaders): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  return !URL.canParse(origin) || new URL(origin).host !== host;
}

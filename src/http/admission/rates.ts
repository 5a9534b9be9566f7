import type { Request, Response } from 'express';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';
import { Problem } from '../../lib/problem';
import { sentLengthOf } from '../body';
import { statusOf } from '../problem';
import type { Rate } from './limits';

/**
 * Whom an address stands for. RFC 6177: a site has at least a /64 of IPv6, whose addresses it can change at will; an
 * IPv4 address is itself, also where it comes mapped into IPv6.
 */
export function siteOf(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return 'parts' in parsed ? `${parsed.parts.slice(0, 4).join(':')}::/64` : parsed.toString();
}

/** How processes that serve together tell each other what was spent of a policy, by whom. */
export interface Spending {
  tell(policy: string, whose: string, points: number): void;
  onTold(heard: (policy: string, whose: string, points: number) => void): void;
}

/** Bytes of a body that cost as much as a request. */
const POINT = 4 * 1024;
/** How many clients, and how many addresses, are counted at a time; beyond it those that were met longest ago go free. */
const MOST = 50_000;

/** Limits what clients and addresses may ask for in a window of time, and says so with every answer. */
export function ratesBy({ points, failures, window }: Rate, spending?: Spending) {
  const spend = policy('client', points, window, spending);
  const fail = policy('refused', failures, window, spending);
  const charged = new WeakMap<Request, number>();
  const cost = (bytes: number) => Math.min(points, 1 + Math.floor(bytes / POINT));
  const whose = (request: Request, client: number) => (client > 0 ? String(client) : siteOf(request.ip));
  return {
    /**
     * A request of a client, or of an address where nobody says who calls, with as much of its body as is known to be
     * sent. Throws RATE_LIMITED where it is too many.
     */
    request(request: Request, response: Response, client: number): void {
      const spent = cost(sentLengthOf(request) ?? 0);
      charged.set(request, spent);
      spend(response, whose(request, client), spent);
    },

    /** The rest of its body's cost, once it is known how long that is decoded. Throws RATE_LIMITED where it is too much. */
    body(request: Request, response: Response, client: number, bytes: number): void {
      const rest = cost(bytes) - charged.get(request)!;
      if (rest > 0) spend(response, whose(request, client), rest);
    },

    /**
     * A request that failed before its client was known counts for its address. Many share one behind a router, so
     * that only the failures become 429 in the end: whoever has good credentials goes on.
     */
    failure(request: Request, response: Response, problem: Problem): Problem {
      if (response.locals.client !== undefined || statusOf(problem) >= 429) return problem;
      try {
        fail(response, siteOf(request.ip), 1);
        return problem;
      } catch (limited) {
        response.setHeader('Connection', 'close'); // the next try costs a connection
        return limited as Problem;
      }
    },
  };
}

/** How often an address may ask for something within so many seconds. */
export interface Budget {
  readonly points: number;
  readonly window: number;
}

/** Counts requests of an address to one endpoint, also where nothing else is limited. Throws RATE_LIMITED. */
export function budgetOf(name: string, { points, window }: Budget, spending?: Spending) {
  const spend = policy(name, points, window, spending);
  return (request: Request, response: Response): void => spend(response, siteOf(request.ip), 1);
}

/** draft-ietf-httpapi-ratelimit-headers-10: `q` points in `w` seconds; `r` of them remain, all again in `t` seconds. */
function policy(name: string, quota: number, window: number, spending?: Spending) {
  const stated = `"${name}";q=${quota};w=${window}`;
  // Apart, so that no number of addresses takes the place of a client.
  const [clients, addresses] = [windows(window), windows(window)];
  const spentBy = (whose: string, points: number) => (/^\d+$/.test(whose) ? clients : addresses)(whose, points);
  spending?.onTold((told, whose, points) => {
    if (told === name) spentBy(whose, points);
  });
  return (response: Response, whose: string, points: number): void => {
    spending?.tell(name, whose, points);
    const { spent, milliseconds } = spentBy(whose, points);
    const seconds = Math.ceil(milliseconds / 1_000);
    response.setHeader('RateLimit-Policy', stated);
    response.setHeader('RateLimit', `"${name}";r=${Math.max(0, quota - spent)};t=${seconds}`);
    if (spent > quota)
      throw new Problem('RATE_LIMITED', `More than ${quota} in ${window} seconds. Try again in ${seconds}.`, {
        retryAfter: seconds,
      });
  };
}

/** Counts what is spent in a window, which begins with the first point, by a clock that nobody can set back. */
function windows(seconds: number) {
  const known = new LRUCache<string, { spent: number }>({
    // Not `max`, for which room is made at once: a twentieth of each start for all four.
    maxSize: MOST,
    sizeCalculation: () => 1,
    ttl: seconds * 1_000,
    ttlResolution: 0,
    perf: performance,
  });
  return (whose: string, points: number): { readonly spent: number; readonly milliseconds: number } => {
    const counted = known.get(whose) ?? { spent: 0 };
    if (counted.spent === 0) known.set(whose, counted);
    counted.spent += points;
    return { spent: counted.spent, milliseconds: known.getRemainingTTL(whose) };
  };
}

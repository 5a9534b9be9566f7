import type { Request, Response } from 'express';
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import { Problem } from '../errors';
import { siteOf } from './address';
import { lengthOf } from './body';
import type { Rate } from './limits';

/** How processes that serve together tell each other what was spent of a policy, by whom. */
export interface Spending {
  tell(policy: string, whose: string, points: number): void;
  onTold(heard: (policy: string, whose: string, points: number) => void): void;
}

/** Bytes of a body that cost as much as a request. */
const POINT = 4 * 1024;

/** Limits what clients and addresses may ask for in a window of time, and says so with every answer. */
export function ratesBy({ points, failures, window }: Rate, spending?: Spending) {
  const spend = policy('client', points, window, spending);
  const fail = policy('refused', failures, window, spending);
  return {
    /** A request of a client, or of an address where nobody says who calls. Throws RATE_LIMITED where it is too many. */
    async request(request: Request, response: Response, client: number): Promise<void> {
      const spent = Math.min(points, 1 + Math.floor(lengthOf(request) / POINT));
      await spend(response, client > 0 ? String(client) : siteOf(request.ip), spent);
    },

    /**
     * A request that failed before its client was known counts for its address. Many share one behind a router, so
     * that only the failures become 429 in the end: whoever has good credentials goes on.
     */
    async failure(request: Request, response: Response, problem: Problem): Promise<Problem> {
      if (response.locals.client !== undefined || problem.status >= 429) return problem;
      return fail(response, siteOf(request.ip), 1).then(
        () => problem,
        (limited: Problem) => {
          response.setHeader('Connection', 'close'); // the next try costs a connection
          return limited;
        },
      );
    },
  };
}

/** draft-ietf-httpapi-ratelimit-headers-10: `q` points in `w` seconds; `r` of them remain, all again in `t` seconds. */
function policy(name: string, quota: number, window: number, spending?: Spending) {
  const limiter = new RateLimiterMemory({ points: quota, duration: window });
  const stated = `"${name}";q=${quota};w=${window}`;
  spending?.onTold((told, whose, points) => {
    if (told === name) limiter.penalty(whose, points);
  });
  return async (response: Response, whose: string, points: number): Promise<void> => {
    spending?.tell(name, whose, points);
    const left = await limiter.consume(whose, points).catch((over: RateLimiterRes) => over);
    const seconds = Math.ceil(left.msBeforeNext / 1_000);
    response.setHeader('RateLimit-Policy', stated);
    response.setHeader('RateLimit', `"${name}";r=${left.remainingPoints};t=${seconds}`);
    if (left.consumedPoints > quota)
      throw new Problem('RATE_LIMITED', `More than ${quota} in ${window} seconds. Try again in ${seconds}.`, {
        headers: { 'Retry-After': String(seconds) },
      });
  };
}

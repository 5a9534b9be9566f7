/** Standard Webhooks, "Delivery schedule": how long to wait after each attempt that failed, in seconds; then the last of them. */
const DELAYS = [5, 5 * 60, 30 * 60, 2 * 3_600, 5 * 3_600, 10 * 3_600, 14 * 3_600, 20 * 3_600, 24 * 3_600];
const LONGEST = DELAYS.at(-1)!;

/** A target that has not worked for so long is disabled, in milliseconds: five days. */
export const DEAD = 5 * 86_400_000;

/** "429, 502, 504": who is sent to has too much to do, and is left alone for so many seconds at least. */
const SLOWER = 60;
export const isOverloaded = (status: number | null): boolean => status !== null && [429, 502, 504].includes(status);

/**
 * When it is worth another try, in seconds from now.
 * @param failures how many attempts have failed, this one included
 * @param retryAfter what the answer said, in seconds
 */
export function delayAfter(failures: number, status: number | null, retryAfter = 0): number {
  const delay = DELAYS[Math.min(failures, DELAYS.length) - 1]!;
  return Math.min(LONGEST, Math.max(delay, retryAfter, isOverloaded(status) ? SLOWER : 0));
}

/** RFC 9110, 10.2.3: `Retry-After = HTTP-date / delay-seconds`; in seconds from now, undefined where it is neither. */
export function retryAfterOf(field: string | undefined, now = Date.now()): number | undefined {
  if (field === undefined) return undefined;
  if (/^\d{1,9}$/.test(field)) return Number(field);
  const date = Date.parse(field);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1_000));
}

import { type Reach, request } from './request';
import { retryAfterOf } from './retry';

/** "15 to 30 seconds": for all of an attempt, from the name to the end of the answer; in milliseconds. */
const TIMEOUT = 15_000;
/** What of an answer's body is read, in bytes: nobody looks at it, it is read so that the receiver can finish. */
const BODY = 64 * 1024;

/** What came of an attempt. */
export interface Answer {
  /** Null where there was none. */
  readonly status: number | null;
  /** Whether the receiver may have the message, or a part of it, whatever it said to that. */
  readonly isSent: boolean;
  /** What went wrong where there was none, in a sentence. */
  readonly error: string;
  /** Seconds. */
  readonly retryAfter: number | undefined;
}

/** Sends a message once. */
export async function send(
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  reach: Reach,
): Promise<Answer> {
  const json = { ...headers, 'Content-Type': 'application/json; charset=utf-8' };
  const sent = { method: 'POST', headers: json, body, most: BODY, timeout: TIMEOUT } as const;
  const { status, isSent, error, headers: answered } = await request(target, sent, reach);
  return { status, isSent, error, retryAfter: retryAfterOf(answered['retry-after']) };
}

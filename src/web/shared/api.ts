/*
 * `src/web/shared/`: What several pages use: calling the service, the session, the cache of the device, routes, words of
 * statuses.
 */

import { signal } from '@preact/signals-core';
import { t } from '../messages/messages';

/** What the server said no to; the message is its own words (RFC 9457). */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    /** Seconds after which to try again; 0 where the server names none. */
    readonly retryAfter: number,
    /** What is wrong with which field. */
    readonly errors: readonly { readonly field: string; readonly message: string }[] = [],
  ) {
    super(detail);
  }
}

/** The server could not be reached, or did not answer in time. */
export class Offline extends Error {}

/** Whether another try may cure it. A session that has ended is not cured by that. */
export const isPassing = (error: unknown): boolean =>
  error instanceof Offline ||
  (error instanceof Refused && (error.status === 408 || error.status === 429 || error.status >= 500));

/** Whether the server answers, and knows who asks. */
export const network = signal<'up' | 'down' | 'signed-out'>('up');

export interface Answer<Body> {
  readonly body: Body;
  readonly etag: string | undefined;
}

interface Options {
  readonly body?: unknown;
  /** Media type of a body that is text, or bytes, already. */
  readonly type?: string;
  readonly accept?: string;
  readonly ifMatch?: string;
  /** What is known already; where that still stands, the answer has no body. */
  readonly ifNoneMatch?: string | undefined;
}

/** Milliseconds after which nobody is expected to answer any more; a file is longer on its way. */
const PATIENCE = 12_000;
const PATIENCE_WITH_A_FILE = 300_000;
/** What a browser sends on after its page was closed is at most 64 KiB (Fetch standard, 5.6). */
const OUTLIVES_THE_PAGE = 60_000;

declare global {
  var askedEarly: Map<string, Promise<Response | undefined>> | undefined;
}
/** What early.js has asked for; where it runs after this script, it asks for nothing. */
globalThis.askedEarly ??= new Map();
const early = globalThis.askedEarly;

/** The only caller of fetch, by paths below the page: the host may be published below one. Throws Refused or Offline. */
export async function call<Body>(method: string, path: string, options: Options = {}): Promise<Answer<Body>> {
  try {
    const answer = await answerOf<Body>(method, path, options);
    network.value = 'up';
    return answer;
  } catch (error) {
    if (error instanceof Offline) network.value = 'down';
    else network.value = error instanceof Refused && error.status === 401 ? 'signed-out' : 'up';
    throw error;
  }
}

export const get = async <Body>(path: string): Promise<Body> => (await call<Body>('GET', path)).body;

async function answerOf<Body>(method: string, path: string, options: Options): Promise<Answer<Body>> {
  const { response, text } = await reach(method, path, options);
  const isJson = response.headers.get('Content-Type')?.includes('json') ?? false;
  if (response.status === 304) return { body: undefined as Body, etag: options.ifNoneMatch };
  if (!response.ok) throw refusalOf(response, isJson ? parsed(text) : {});
  // A network that wants a sign-in of its own answers everything with a page.
  if (!options.accept && !isJson && response.status !== 204) throw new Offline(t('network.other'));
  const body = response.status === 204 ? undefined : isJson ? parsed(text) : text;
  return { body: body as Body, etag: response.headers.get('ETag') ?? undefined };
}

async function reach(method: string, path: string, { body, type, accept, ifMatch, ifNoneMatch }: Options) {
  const headers: Record<string, string> = { Accept: accept ?? 'application/json' };
  if (body !== undefined) headers['Content-Type'] = type ?? 'application/json';
  if (ifMatch) headers['If-Match'] = ifMatch;
  if (ifNoneMatch) headers['If-None-Match'] = ifNoneMatch;
  const sent = body === undefined ? null : type ? (body as string | ArrayBuffer) : JSON.stringify(body);
  const signal = AbortSignal.timeout(type ? PATIENCE_WITH_A_FILE : PATIENCE);
  const keepalive = typeof sent === 'string' && sent.length < OUTLIVES_THE_PAGE;
  try {
    const asked = method === 'GET' ? await takeEarly(path) : undefined;
    const response = asked ?? (await fetch(`.${path}`, { method, headers, body: sent, signal, keepalive }));
    return { response, text: await response.text() };
  } catch (cause) {
    throw new Offline(t('network.unreachable'), { cause });
  }
}

function takeEarly(path: string): Promise<Response | undefined> | undefined {
  const asked = early.get(path);
  early.delete(path);
  return asked;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Offline(t('network.incomplete'), { cause });
  }
}

function refusalOf({ status, statusText, headers }: Response, problem: unknown): Refused {
  const { code = 'UNKNOWN', title = statusText, detail = title, errors = [] } = Object(problem);
  return new Refused(status, code, detail, secondsUntil(headers.get('Retry-After')), errors);
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function secondsUntil(retryAfter: string | null): number {
  if (!retryAfter) return 0;
  const seconds = Number(retryAfter);
  return Math.max(0, Number.isNaN(seconds) ? (Date.parse(retryAfter) - Date.now()) / 1_000 : seconds) || 0;
}

import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { addressesOf, ForbiddenAddress, type Networks, type Resolve } from './addresses';
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

export interface Sending {
  readonly networks: Networks;
  readonly resolve: Resolve;
  /** Aborted where the process is to end. */
  readonly stop: AbortSignal;
}

/**
 * Sends a message once. The name is looked up once, its addresses are checked, and the connection goes to one of these: a name
 * that leads elsewhere a moment later changes nothing. Redirects are not followed: they are answers like others.
 */
export async function send(
  target: string,
  headers: Readonly<Record<string, string>>,
  body: string,
  { networks, resolve, stop }: Sending,
): Promise<Answer> {
  const url = new URL(target);
  const end = new AbortController();
  const late = setTimeout(() => end.abort(), TIMEOUT);
  const abort = () => end.abort();
  let isSent = false;
  const sending = () => {
    isSent = true;
  };
  stop.addEventListener('abort', abort, { once: true });
  try {
    const addresses = await before(end.signal, addressesOf(url, networks, resolve));
    if (addresses.length === 0) return failed(`The name ${url.hostname} leads nowhere.`);
    return await posted(url, headers, body, { addresses, signal: end.signal, sending });
  } catch (error) {
    if (error instanceof ForbiddenAddress) return failed(error.message);
    if (stop.aborted) return failed('The service was stopped meanwhile.', isSent);
    if (end.signal.aborted) return failed(`There was no answer within ${TIMEOUT / 1_000} seconds.`, isSent);
    return failed(sentenceOf((error as NodeJS.ErrnoException).code, url), isSent);
  } finally {
    clearTimeout(late);
    stop.removeEventListener('abort', abort);
  }
}

/** What went wrong with the connection, by the code of Node. */
function sentenceOf(code = 'no answer', { hostname }: URL): string {
  if (code === 'CERT_HAS_EXPIRED') return 'Its certificate has expired.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `Its certificate is not one of ${hostname}.`;
  if (/SELF_SIGNED|UNABLE_TO_(GET_ISSUER|VERIFY)/.test(code))
    return `Its certificate is not signed by an authority that this machine trusts (${code}).`;
  return `It could not be reached: ${code}.`;
}

const failed = (error: string, isSent = false): Answer => ({ status: null, isSent, error, retryAfter: undefined });

/** The same, but no later than the signal. */
async function before<T>(signal: AbortSignal, awaited: Promise<T>): Promise<T> {
  let abort = () => {};
  const aborted = new Promise<never>((_, reject) => {
    abort = () => reject(new Error('too late'));
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    return await Promise.race([awaited, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

interface Posting {
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
  /** Told once there is a connection on which the message goes, over TLS one to whom the certificate says. */
  sending(): void;
}

async function posted(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  { addresses, signal, sending }: Posting,
): Promise<Answer> {
  const isPlain = url.protocol === 'http:';
  const { request } = isPlain ? http : https;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const all = {
      ...headers,
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'User-Agent': 'rollbook',
    };
    // No agent: a connection that is kept would be to what the name led to before.
    request(url, { method: 'POST', headers: all, agent: false, signal, lookup: pinnedTo(addresses) })
      .on('socket', (socket) => socket.once(isPlain ? 'connect' : 'secureConnect', sending))
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  await readSome(answer);
  const { statusCode = 0, headers: answered } = answer;
  return { status: statusCode, isSent: true, error: '', retryAfter: retryAfterOf(answered['retry-after']) };
}

/** Its status counts, whatever becomes of the rest. */
async function readSome(answer: IncomingMessage): Promise<void> {
  let read = 0;
  try {
    for await (const chunk of answer) {
      read += (chunk as Buffer).length;
      if (read > BODY) break;
    }
  } catch {
    // cut off, or too slow
  } finally {
    answer.destroy();
  }
}

/** Answers every question for a name with the addresses that were checked. */
const pinnedTo =
  (addresses: readonly string[]): LookupFunction =>
  (_hostname, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    if (all) done(null, found);
    else done(null, found[0]!.address, found[0]!.family);
  };

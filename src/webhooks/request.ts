import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { addressesOf, ForbiddenAddress, type Networks, type Resolve } from './addresses';

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How much of the answer's body is read, in bytes. */
  readonly most: number;
  /** For all of it, from the name to the end of the answer; in milliseconds. */
  readonly timeout: number;
}

/** What another server answered. */
export interface Answered {
  /** Null where there was no answer. */
  readonly status: number | null;
  /** Whether the server may have been asked, or has a part of it, whatever it said to that. */
  readonly isSent: boolean;
  /** What went wrong where there was none, in a sentence. */
  readonly error: string;
  readonly headers: IncomingHttpHeaders;
  /** As much of it as was read; undefined where there is more, or it was cut off. */
  readonly body: string | undefined;
}

export interface Reach {
  readonly networks: Networks;
  readonly resolve: Resolve;
  /** Aborted where the process is to end. */
  readonly stop?: AbortSignal | undefined;
}

/**
 * Asks a server once whose address somebody else has named. The name is looked up once, its addresses are checked, and the
 * connection goes to one of these: a name that leads elsewhere a moment later changes nothing. Redirects are not followed: they
 * are answers like others.
 */
export async function request(target: string, asked: Outgoing, { networks, resolve, stop }: Reach): Promise<Answered> {
  const url = new URL(target);
  const end = new AbortController();
  const late = setTimeout(() => end.abort(), asked.timeout);
  const abort = () => end.abort();
  let isSent = false;
  const sending = () => {
    isSent = true;
  };
  stop?.addEventListener('abort', abort, { once: true });
  try {
    const addresses = await before(end.signal, addressesOf(url, networks, resolve));
    if (addresses.length === 0) return failed(`The name ${url.hostname} leads nowhere.`);
    return await answered(url, asked, { addresses, signal: end.signal, sending });
  } catch (error) {
    if (error instanceof ForbiddenAddress) return failed(error.message);
    if (stop?.aborted) return failed('The service was stopped meanwhile.', isSent);
    if (end.signal.aborted) return failed(`There was no answer within ${asked.timeout / 1_000} seconds.`, isSent);
    return failed(sentenceOf((error as NodeJS.ErrnoException).code, url), isSent);
  } finally {
    clearTimeout(late);
    stop?.removeEventListener('abort', abort);
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

const failed = (error: string, isSent = false): Answered => ({
  ...{ status: null, isSent, error, headers: {}, body: undefined },
});

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

interface Connecting {
  readonly addresses: readonly string[];
  readonly signal: AbortSignal;
  /** Told once there is a connection on which it goes, over TLS one to whom the certificate says. */
  sending(): void;
}

async function answered(
  url: URL,
  { method, headers, body, most }: Outgoing,
  { addresses, signal, sending }: Connecting,
): Promise<Answered> {
  const isPlain = url.protocol === 'http:';
  const ask = isPlain ? http.request : https.request;
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const all = {
      ...headers,
      ...(body !== undefined && { 'Content-Length': String(Buffer.byteLength(body)) }),
      'User-Agent': 'rollbook',
    };
    // No agent: a connection that is kept would be to what the name led to before.
    ask(url, { method, headers: all, agent: false, signal, lookup: pinnedTo(addresses) })
      .on('socket', (socket) => socket.once(isPlain ? 'connect' : 'secureConnect', sending))
      .on('response', resolve)
      .on('error', reject)
      .end(body);
  });
  const read = await bodyOf(answer, most);
  return { status: answer.statusCode ?? 0, isSent: true, error: '', headers: answer.headers, body: read };
}

/** The status of an answer counts, whatever becomes of the rest. */
async function bodyOf(answer: IncomingMessage, most: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let read = 0;
  try {
    for await (const chunk of answer) {
      read += (chunk as Buffer).length;
      if (read > most) return undefined;
      chunks.push(chunk as Buffer);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return undefined; // cut off, or too slow
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

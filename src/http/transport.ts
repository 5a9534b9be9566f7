import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Request } from 'express';

export interface Listener {
  /** The address listened on, as configured. */
  readonly host: string;
  /** Where the operator says that clients reach us; without a trailing slash. */
  readonly publicUrl?: string | undefined;
  /** Whether proxies are trusted to say how clients came. */
  readonly isProxied: boolean;
  /** Whether the operator lets secrets come and go in plain text over plain http. */
  readonly allowPlaintext: boolean;
}

/**
 * The path that clients put before every other where PUBLIC_URL has one, `/rollbook`, which the proxy takes away again; nothing where
 * it has none. A link that has no host begins with it.
 */
export const prefixOf = ({ publicUrl }: Pick<Listener, 'publicUrl'>): string =>
  publicUrl ? new URL(publicUrl).pathname.replace(/\/+$/, '') : '';

/** Whether only this machine can reach the address or name. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/.test(host);

/**
 * The origin that absolute links start with. Real clients send the Host of the service they were made for to whatever address, so
 * Host counts only where it names the listener: a loopback name, or the bound address, with our port.
 */
export function originOf(request: IncomingMessage, secure: boolean, { host, publicUrl }: Listener): string {
  if (publicUrl) return publicUrl;
  const { localAddress = host, localPort } = request.socket;
  const scheme = secure ? 'https' : 'http';
  const named = request.headers.host && parseHost(request.headers.host);
  if (
    named &&
    named.port === localPort &&
    (isLoopback(named.name) || named.name === host || named.name === plain(localAddress))
  )
    return `${scheme}://${request.headers.host}`;
  return `${scheme}://${bracketed(plain(localAddress))}:${localPort}`;
}

/** RFC 9110, 7.2: `Host = uri-host [ ":" port ]`; an IPv6 address stands in brackets. */
function parseHost(header: string): { name: string; port: number } | undefined {
  const match = /^(?:\[([\da-f:.]+)\]|([\w.-]+))(?::(\d{1,5}))?$/i.exec(header);
  return match ? { name: (match[1] ?? match[2])!.toLowerCase(), port: Number(match[3] ?? 80) } : undefined;
}

/** An IPv4 address as itself, where the socket gives it mapped into IPv6 (RFC 4291, 2.5.5.2). */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');

const bracketed = (address: string): string => (isIP(address) === 6 ? `[${address}]` : address);

/** How a request came, as far as secrets and browsers are concerned. */
export interface Transport {
  /** TLS ended here or at a trusted proxy. */
  readonly secure: boolean;
  /** Secrets may come with it, and go with its answer, in plain text: by TLS, within this machine, or as the operator allows. */
  readonly confidential: boolean;
  /** Cookies that it is given are to come back by TLS alone. */
  readonly secureCookies: boolean;
  /** A browser says that a page of another origin asks. */
  readonly foreign: boolean;
  /** A browser says that the answer is a page of a window of its own, and not in a frame (Fetch Metadata, 2.1). */
  readonly ownWindow: boolean;
}

export const transportOf = (request: Request, listener: Listener): Transport => ({
  secure: request.secure,
  confidential: request.secure || listener.allowPlaintext || isLocal(request, listener),
  secureCookies: request.secure || isPublishedByTls(listener),
  foreign: isForeign(request.headers, request.secure, listener),
  ownWindow: request.headers['sec-fetch-dest'] === 'document',
});

/**
 * The scheme by which the client came, in the place of Express's own, which takes the first of a list, as sent: where
 * proxies append to X-Forwarded-Proto, that is what the client claims. Of a list it is what the first of the trusted
 * proxies appended, counted from the end as Express counts the addresses of X-Forwarded-For. Schemes have no case (RFC
 * 3986, 3.1).
 */
export function protocolOf(request: Request): 'http' | 'https' {
  const { socket, headers } = request;
  if ('encrypted' in socket && socket.encrypted) return 'https';
  const forwarded = headers['x-forwarded-proto'];
  if (forwarded === undefined || !isThroughProxy(request)) return 'http';
  const schemes = String(forwarded).split(',');
  const hops = Math.min(Math.max(1, request.ips.length), schemes.length);
  return schemes.at(-hops)!.trim().toLowerCase() === 'https' ? 'https' : 'http';
}

/** Whether it was handed on by a proxy that the operator trusts. */
export function isThroughProxy({ app, socket }: Request): boolean {
  const isTrusted = app.get('trust proxy fn') as (address: string | undefined, hop: number) => boolean;
  return isTrusted(socket.remoteAddress, 0);
}

const isPublishedByTls = ({ publicUrl = '' }: Listener): boolean => publicUrl.startsWith('https:');

/**
 * Whether it stayed within this machine: the peer's address is a loopback one, and is not that of a proxy, which speaks for
 * another. Where clients are to come by TLS through a proxy, what comes otherwise is not from here.
 */
function isLocal({ socket, headers }: Request, listener: Listener): boolean {
  if (listener.isProxied && isPublishedByTls(listener)) return false;
  return isLoopback(socket.remoteAddress ?? '') && !Object.keys(headers).some(isOfProxy);
}

/** Forwarded (RFC 7239) and what came before it, and Via, which a proxy MUST send (RFC 9110, 7.6.3). */
const isOfProxy = (header: string): boolean =>
  header.startsWith('x-forwarded-') || ['forwarded', 'via', 'x-real-ip'].includes(header);

/**
 * By Sec-Fetch-Site (Fetch Metadata), or where the browser sends none by Origin (Fetch standard, 3.2), which goes with every
 * method but GET and HEAD, and is a scheme, a host and a port (RFC 6454, 4). What is no browser says neither.
 */
function isForeign(
  { 'sec-fetch-site': site, origin, host }: IncomingHttpHeaders,
  secure: boolean,
  { publicUrl }: Listener,
): boolean {
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  if (origin === undefined) return false;
  const ours = [publicUrl, `${secure ? 'https' : 'http'}://${host}`].filter((url) => url && URL.canParse(url));
  return !ours.some((url) => new URL(url!).origin === origin);
}

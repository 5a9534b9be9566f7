import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

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

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { SMALL } from '../http/body';
import { MAX_HEAD } from '../http/client-error';
import type { App } from './app';

/** How long requests in flight may take to finish once the process is told to stop, in milliseconds. */
export const GRACE = 25_000;

/** What a connection may do, in bytes and milliseconds. */
const connection = {
  maxHeaderSize: MAX_HEAD,
  /** It is asked for in our words, as all else of the head. */
  requireHostHeader: false,
  /** What is kept of a body before it is asked for: a small one whole. */
  highWaterMark: SMALL + 1,
  /** From the first byte of a request to the end of its headers; beyond it the answer is 408. */
  headersTimeout: 10_000,
  /** To the end of its body: ten MiB in that time are 90 KB/s. */
  requestTimeout: 120_000,
  /** How often both are looked at. */
  connectionsCheckingInterval: 2_000,
  /** Longer than the 60 s of the usual proxies, so that it is they who close: they never send into a closing one. */
  keepAliveTimeout: 75_000,
};

export interface Listening {
  readonly host: string;
  readonly port: number;
  /** One more is closed as it comes. */
  readonly maxConnections: number;
}

/** Listens, with some of what a connection may do changed where tests cannot wait so long. */
export async function listenOn(
  { messages, attach }: App,
  { host, port, maxConnections }: Listening,
  changed: Partial<typeof connection> = {},
): Promise<Server> {
  const server = createServer({ ...connection, ...changed, ...messages });
  attach(server);
  server.maxConnections = maxConnections;
  // As many as it likes: a new connection costs more than the next request.
  server.maxRequestsPerSocket = 0;
  // Nothing is dropped silently: what has too many is refused.
  server.maxHeadersCount = 0;
  await listening(server, { port, host, backlog: maxConnections });
  return server;
}

/**
 * Has a server listen. Where it cannot, throws an Error that names the setting to change.
 * @param prefix what the names of its settings begin with, as `METRICS_` of METRICS_HOST and METRICS_PORT
 */
export async function listening(
  server: Server,
  at: Pick<Listening, 'host' | 'port'> & { readonly backlog?: number },
  prefix = '',
): Promise<void> {
  server.listen(at);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new Error(sentenceOf(cause as NodeJS.ErrnoException, at, prefix), { cause });
  }
}

function sentenceOf(
  { code, message }: NodeJS.ErrnoException,
  { host, port }: Pick<Listening, 'host' | 'port'>,
  prefix: string,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return (
        `Port ${port} of ${host} is taken: another program listens there, maybe another rollbook (EADDRINUSE). ` +
        `Stop it, or set ${prefix}PORT to another.`
      );
    case 'EACCES':
      return `This user may not listen on port ${port} of ${host} (EACCES). Set ${prefix}PORT to 1024 or more.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `${prefix}HOST is ${host}, which is no address of this machine (${code}). Set it to one that is.`;
    default:
      return `rollbook cannot listen on port ${port} of ${host}: ${message}. Look at ${prefix}HOST and ${prefix}PORT.`;
  }
}

/** Lets what is in flight finish; what takes longer than `GRACE` is cut off. */
export async function finish(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => server.closeAllConnections(), GRACE);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(late);
}

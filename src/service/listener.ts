import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { SMALL } from '../http/body';
import { MAX_HEAD } from '../http/client-error';

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
  app: (server: Server) => void,
  { host, port, maxConnections }: Listening,
  changed: Partial<typeof connection> = {},
): Promise<Server> {
  const server = createServer({ ...connection, ...changed });
  app(server);
  server.maxConnections = maxConnections;
  // As many as it likes: a new connection costs more than the next request.
  server.maxRequestsPerSocket = 0;
  // Nothing is dropped silently: what has too many is refused.
  server.maxHeadersCount = 0;
  server.listen({ port, host, backlog: maxConnections });
  await once(server, 'listening');
  return server;
}

/** Lets what is in flight finish; what takes longer than `GRACE` is cut off. */
export async function finish(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => server.closeAllConnections(), GRACE);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(late);
}

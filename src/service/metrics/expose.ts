import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { Database } from '../../database/database';
import { type Listening, listening } from '../listener';
import { faultOf } from '../log';
import { showStanding } from './standing';

/** What Prometheus may take of it: whoever else comes does not keep it from being scraped for long. */
const CONNECTIONS = 20;
/** From the first byte of a request to its end, in milliseconds. */
const PATIENCE = 5_000;
/** Prometheus text format, 0.0.4. */
const TYPE = 'text/plain; version=0.0.4; charset=utf-8';

interface Exposed {
  readonly registry: Registry;
  /** From which is read what all processes have in common. */
  readonly database: Database;
  /** The text, where there is more to it than the registry. */
  readonly read?: () => Promise<string>;
}

/** Has Prometheus fetch what is counted, with how the database stands. It does not keep the process alive. */
export async function exposeMetrics(
  at: Pick<Listening, 'host' | 'port'>,
  { registry, database, read = () => registry.metrics() }: Exposed,
  log: Logger,
): Promise<Server> {
  const onFault = (error: unknown) => log.error({ fault: faultOf(error) }, 'metrics');
  showStanding(registry, database, onFault);
  const server = await listenForScrapes(at, read, onFault);
  server.unref();
  log.info({ metrics: addressOf(server) }, 'metrics can be fetched');
  return server;
}

/** Answers `GET /metrics`, and nothing else. Those who ask at the same time get the same text. */
async function listenForScrapes(
  { host, port }: Pick<Listening, 'host' | 'port'>,
  read: () => Promise<string>,
  onFault: (error: unknown) => void,
): Promise<Server> {
  let reading: Promise<string> | undefined;
  const shared = () => {
    reading ??= read().finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const options = { headersTimeout: PATIENCE, requestTimeout: PATIENCE, maxHeaderSize: 8 * 1024 };
  const server = createServer(options, async (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (request.url?.split('?', 1)[0] !== '/metrics') return response.writeHead(404).end();
    if (!isRead) return response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    try {
      const text = await shared();
      response.writeHead(200, { 'Content-Type': TYPE, 'Cache-Control': 'no-store' }).end(text);
    } catch (error) {
      onFault(error);
      response.writeHead(503, { 'Retry-After': '5' }).end();
    }
  });
  server.maxConnections = CONNECTIONS;
  await listening(server, { host, port }, 'METRICS_');
  return server;
}

/** Where it can be fetched. */
function addressOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`;
}

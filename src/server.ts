import cluster from 'node:cluster';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { createApp } from './app';
import { openClients } from './clients/clients';
import { secretKeyFor } from './clients/secret-key';
import { secretsWith } from './clients/secrets';
import { signerWith } from './clients/signer';
import type { Config } from './config';
import type { Database } from './database/database';
import { migrate } from './database/migrate';
import { openDatabase } from './database/open';
import { createCredentials } from './http/credentials/credentials';
import type { Nonces } from './http/credentials/nonces';
import { openLog } from './log';

/** How long requests in flight may take to finish once the process is told to stop, in milliseconds. */
export const GRACE = 25_000;

/** What a process is told that is one of several. */
interface Worker {
  /** What the log calls it. */
  readonly worker?: number;
  readonly nonces?: Nonces;
}

interface Databases {
  readonly database: Database;
  readonly replica?: Database | undefined;
}

/**
 * Starts the service: database, ledger, app, listen. On SIGTERM or SIGINT it takes no new connections, finishes the
 * requests in flight, closes the database and lets the process end.
 * @returns the address it listens on
 */
export async function serve(config: Config, { worker, nonces }: Worker = {}): Promise<string> {
  const { databaseUrl, databaseReadUrl, postgres } = config;
  const log = openLog(config.logLevel, worker);
  const database = openDatabase(databaseUrl, postgres);
  const replica = databaseReadUrl ? openDatabase(databaseReadUrl, postgres) : undefined;
  try {
    if (config.migrate) await migrate(database);
    return await listen({ ...config, nonces }, { database, replica }, log);
  } catch (error) {
    await Promise.all([database.close(), replica?.close()]);
    leave();
    throw error;
  }
}

async function listen(
  config: Config & { nonces: Nonces | undefined },
  { database, replica }: Databases,
  log: Logger,
): Promise<string> {
  let draining = false;
  const { host, port, publicUrl, openid, trustProxy, checkReplies } = config;
  const secretKey = secretKeyFor(config.secretKey, database.file);
  const clients = openClients(database, secretsWith(secretKey));
  await clients.checkKey(); // now, in a sentence, rather than with every request that is signed
  const credentials = createCredentials(database, clients, config);
  const listener = { host, publicUrl };
  const app = createApp({
    database,
    replica,
    clients,
    credentials,
    signer: signerWith(secretKey),
    openid,
    listener,
    log,
    trustProxy,
    checkReplies,
    isDraining: () => draining,
  });
  const server = createServer(app).listen(port, host);
  await once(server, 'listening');
  const address = urlOf(server.address() as AddressInfo);
  log.info({ address }, 'listening');

  const stop = async (signal: string) => {
    if (draining) return;
    draining = true;
    log.info({ signal }, 'stopping');
    await finish(server);
    await Promise.all([database.close(), replica?.close()]);
    log.info('stopped');
    log.flush();
    leave();
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  return address;
}

/** A worker lives as long as it is connected with the process that supervises it. */
const leave = () => cluster.worker?.disconnect();

/** Lets what is in flight finish; what takes longer than `GRACE` is cut off. */
async function finish(server: Server): Promise<void> {
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const late = setTimeout(() => server.closeAllConnections(), GRACE);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(late);
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

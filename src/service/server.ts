/*
 * `src/service/`: The running service: its settings, its log, how it starts, listens and stops. `app.ts` puts all parts
 * together.
 */
import cluster from 'node:cluster';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { formatsOn } from '../apis/events';
import { openClients } from '../clients/clients';
import { nameOfKeys, secretKeysOf } from '../clients/secret-keys';
import { openSealing, secretsWith } from '../clients/secrets';
import { signerWith } from '../clients/signer';
import type { Database } from '../database/database';
import { makeReady } from '../database/migrate';
import { openDatabase } from '../database/open';
import type { Spending } from '../http/admission/rates';
import { createCredentials } from '../http/credentials/credentials';
import type { Nonces } from '../http/credentials/nonces';
import { openSender } from '../webhooks/sender';
import { openTargets } from '../webhooks/targets';
import { createApp } from './app';
import type { Config } from './config';
import { finish, listenOn } from './listener';
import { faultOf, logUncaught, openLog } from './log';
import { warnOfOldNode } from './runtime';

/** What a process is told that is one of several. */
interface Worker {
  /** What the log calls it. */
  readonly worker?: number;
  readonly nonces?: Nonces;
  readonly spending?: Spending;
  /** Has it stop where the process that supervises is no more. */
  readonly watch?: (stop: (why: string) => Promise<void>) => void;
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
export async function serve(config: Config, { worker, ...shared }: Worker = {}): Promise<string> {
  const { databaseUrl, databaseReadUrl, checked } = config;
  const options = { ...config.postgres, checked };
  const log = openLog(config.logLevel, worker);
  logUncaught(log);
  const database = openDatabase(databaseUrl, options);
  const replica = databaseReadUrl ? openDatabase(databaseReadUrl, options) : undefined;
  try {
    await makeReady(database, config);
    if (worker === undefined) warnOfOldNode(log); // of several processes, the one that supervises says it
    return await listen({ ...config, ...shared }, { database, replica }, log);
  } catch (error) {
    await Promise.all([database.close(), replica?.close()]);
    leave();
    throw error;
  }
}

async function listen(
  config: Config & Omit<Worker, 'worker'>,
  { database, replica }: Databases,
  log: Logger,
): Promise<string> {
  const stopping = new AbortController();
  const { host, publicUrl, allowPlaintext, openid, trustProxy, limits, spending, watch, checked } = config;
  const networks = config.webhookNetworks;
  const keys = await secretKeysOf(database, config.secretKey);
  const secrets = secretsWith(keys, nameOfKeys(config.secretKey, database.file));
  const clients = openClients(database, secrets);
  await openSealing(database, secrets).check(); // now, in a sentence, rather than with every request that is signed
  const credentials = createCredentials(database, clients, config);
  const signer = signerWith(keys);
  const listener = { host, publicUrl, allowPlaintext };
  const sender = openSender({
    database,
    secrets,
    formats: formatsOn(database, signer),
    networks,
    log,
    onFault: (error) => log.error({ webhooks: faultOf(error) }),
  });
  const webhooks = openTargets(database, secrets, { networks, changed: sender.reload });
  const app = createApp({
    database: waking(database, sender.wake),
    replica,
    clients,
    credentials,
    signer,
    webhooks,
    openid,
    listener,
    log,
    trustProxy,
    limits,
    spending,
    checkReplies: checked,
    stopping: stopping.signal,
  });
  const server = await listenOn(app, config);
  const address = urlOf(server.address() as AddressInfo);
  log.info({ address }, 'listening');
  sender.start();

  let stopped: Promise<void> | undefined;
  const stop = (signal: string) => {
    stopped ??= finished(signal);
    return stopped;
  };
  const finished = async (signal: string) => {
    stopping.abort();
    log.info({ signal }, 'stopping');
    await Promise.all([finish(server), sender.stop()]);
    await Promise.all([database.close(), replica?.close()]);
    log.info('stopped');
    log.flush();
    leave();
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  watch?.(stop);
  return address;
}

/** The same database, that says when something has been written. */
const waking = (database: Database, written: () => void): Database => ({
  ...database,
  async transaction(work) {
    const result = await database.transaction(work);
    written();
    return result;
  },
});

/** A worker lives as long as it is connected with the process that supervises it. */
const leave = () => cluster.worker?.disconnect();

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

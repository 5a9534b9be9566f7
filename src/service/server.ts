/*
 * `src/service/`: The running service: its settings, its log, how it starts, listens and stops. `app.ts` puts all parts
 * together.
 */
import cluster from 'node:cluster';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { formatsOn } from '../apis/events';
import { openGradeSender } from '../apis/lti/grades/sender';
import { openAudit } from '../audit/audit';
import { openClients } from '../clients/clients';
import { openLastUse } from '../clients/last-use';
import { nameOfKeys, secretKeysOf } from '../clients/secret-keys';
import { openSealing, secretsWith } from '../clients/secrets';
import { signerWith } from '../clients/signer';
import type { Database } from '../database/database';
import { makeReady } from '../database/migrate';
import { observed } from '../database/observed';
import { openDatabase } from '../database/open';
import type { Spending } from '../http/admission/rates';
import { createCredentials } from '../http/credentials/credentials';
import type { Nonces } from '../http/credentials/nonces';
import { openLedger } from '../ledger/ledger';
import { openMailer } from '../mail/mailer';
import { openSender } from '../webhooks/sender';
import { openTargets } from '../webhooks/targets';
import { createApp } from './app';
import type { Config } from './config';
import { finish, listenOn } from './listener';
import { faultOf, logUncaught, openLog } from './log';
import type { Metrics } from './metrics/metrics';
import { warnOfOldNode } from './runtime';
import { type ServiceManager, serviceManager } from './systemd';
import type { Traces } from './traces';

/** What a process is told that is one of several. */
interface Worker {
  /** What the log calls it. */
  readonly worker?: number;
  readonly nonces?: Nonces;
  readonly spending?: Spending;
  /** Tells the process that supervises what is counted, in place of whoever asks for it. */
  readonly reportMetrics?: (metrics: Metrics) => void;
  /** Has it stop where the process that supervises is no more. */
  readonly watch?: (stop: (why: string) => Promise<void>) => void;
}

interface Opened {
  readonly database: Database;
  readonly replica?: Database | undefined;
  readonly metrics: Metrics | undefined;
  readonly traces: Traces | undefined;
}

/** These are loaded where they are wanted: what most do not use costs no start anything. */
const loadMetrics = (): typeof import('./metrics/metrics') => require('./metrics/metrics');
const loadExposed = (): typeof import('./metrics/expose') => require('./metrics/expose');
const loadTraces = (): typeof import('./traces') => require('./traces');

/**
 * Starts the service: database, ledger, app, listen. On SIGTERM or SIGINT it takes no new connections, finishes the
 * requests in flight, closes the database and lets the process end.
 * @returns the address it listens on
 */
export async function serve(config: Config, { worker, ...shared }: Worker = {}): Promise<string> {
  const { databaseUrl, databaseReadUrl, checked, prepare } = config;
  const options = { ...config.postgres, checked, prepare };
  const log = openLog(config.logLevel, worker);
  logUncaught(log);
  const metrics = config.metrics && loadMetrics().openMetrics();
  const traces = config.traces ? loadTraces().openTraces(config.traces, log) : undefined;
  const observers = [metrics, traces].flatMap((each) => each?.statement ?? []);
  const open = (url: string) => observed(openDatabase(url, options), observers);
  const database = open(databaseUrl);
  const replica = databaseReadUrl ? open(databaseReadUrl) : undefined;
  try {
    await makeReady(database, config);
    if (worker === undefined) warnOfOldNode(log); // of several processes, the one that supervises says it
    // Of several processes, the one that supervises speaks for all.
    const manager = serviceManager({ systemd: worker === undefined ? config.systemd : undefined }, log);
    return await listen({ ...config, ...shared }, { database, replica, metrics, traces }, manager, log);
  } catch (error) {
    await Promise.all([database.close(), replica?.close()]);
    leave();
    throw error;
  }
}

async function listen(
  config: Config & Omit<Worker, 'worker'>,
  { database, replica, metrics, traces }: Opened,
  manager: ServiceManager,
  log: Logger,
): Promise<string> {
  const stopping = new AbortController();
  const { host, publicUrl, allowPlaintext, openid, mail, trustProxy, limits, spending, watch, checked, auditDays } =
    config;
  const networks = config.webhookNetworks;
  const keys = await secretKeysOf(database, config.secretKey);
  const secrets = secretsWith(keys, nameOfKeys(config.secretKey, database.file));
  const lastUse = openLastUse(database);
  const clients = openClients(database, secrets, lastUse.note);
  await openSealing(database, secrets).check('of clients'); // now, in a sentence, rather than with every request that is signed
  const credentials = createCredentials(database, clients, config);
  const signer = signerWith(keys);
  const listener = { host, publicUrl, allowPlaintext };
  const audit = auditDays === undefined ? undefined : openAudit(database, auditDays, troublesOf(log, metrics));
  const sender = openSender({
    database,
    secrets,
    formats: formatsOn(database, signer),
    networks,
    audit,
    log,
    onFault: (error) => log.error({ webhooks: faultOf(error) }),
  });
  const grades = openGradeSender({
    ...{ database, ledger: openLedger(database), secrets, networks, audit, log },
    onFault: (error) => log.error({ grades: faultOf(error) }),
  });
  const webhooks = openTargets(database, secrets, { networks, changed: sender.reload });
  const mailer = mail && openMailer(mail, { onLost: (lost) => log.error(lost, 'mail was not sent') });
  const app = createApp({
    database: waking(database, sender.wake),
    replica,
    clients,
    credentials,
    signer,
    secrets,
    webhooks,
    openid,
    mailer,
    networks,
    listener,
    log,
    trustProxy,
    limits,
    spending,
    checkReplies: checked,
    metrics,
    audit,
    traces,
    stopping: stopping.signal,
  });
  const scraped = metrics && (await share(metrics, config, database, log));
  const server = await listenOn(app, config);
  const address = urlOf(server.address() as AddressInfo);
  log.info({ address }, 'listening');
  sender.start();
  grades.start();
  manager.ready(address);

  let stopped: Promise<void> | undefined;
  const stop = (signal: string) => {
    stopped ??= finished(signal);
    return stopped;
  };
  const finished = async (signal: string) => {
    stopping.abort();
    log.info({ signal }, 'stopping');
    manager.stopping();
    await Promise.all([finish(server), sender.stop(), grades.stop()]);
    scraped?.close();
    await Promise.all([audit?.close(), mailer?.close(), lastUse.flush()]);
    await Promise.all([database.close(), replica?.close(), traces?.close()]);
    log.info('stopped');
    log.flush();
    leave();
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  watch?.(stop);
  return address;
}

/** Says what goes wrong with the audit of reads. */
const troublesOf = (log: Logger, metrics: Metrics | undefined) => ({
  lost(count: number): void {
    metrics?.lostReads(count);
    log.error({ lost: count }, 'reads of records could not be noted in the audit');
  },
  fault: (error: unknown) => log.error({ fault: faultOf(error) }, 'the audit of reads waits to be written'),
});

/** Has what is counted fetched from here, or from the process that supervises. */
async function share(
  metrics: Metrics,
  { metrics: at, reportMetrics }: Pick<Config, 'metrics'> & Pick<Worker, 'reportMetrics'>,
  database: Database,
  log: Logger,
): Promise<Server | undefined> {
  if (!reportMetrics) return loadExposed().exposeMetrics(at!, { registry: metrics.registry, database }, log);
  reportMetrics(metrics);
  return undefined;
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

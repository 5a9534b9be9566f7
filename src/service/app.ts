import type { Server } from 'node:http';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import { apis } from '../apis';
import { formOriginsOf } from '../apis/lti/linking';
import { framings } from '../apis/lti/pages';
import { openPlatforms } from '../apis/lti/platforms';
import type { Audit } from '../audit/audit';
import type { Clients } from '../clients/clients';
import type { Secrets } from '../clients/secrets';
import type { Signer } from '../clients/signer';
import type { Database } from '../database/database';
import { openEpoch } from '../database/epoch';
import { readingFrom } from '../database/open';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { admission } from '../http/admission/admission';
import { guardsBy } from '../http/admission/guards';
import { defaultLimits, type Limits } from '../http/admission/limits';
import type { Spending } from '../http/admission/rates';
import { serving } from '../http/client-error';
import type { Credentials } from '../http/credentials/credentials';
import { echo } from '../http/echo';
import { checkHead } from '../http/head';
import { fixedHeaders } from '../http/headers';
import { health } from '../http/health';
import { type Messages, messagesOf } from '../http/messages';
import { mount } from '../http/mount';
import { pages } from '../http/pages';
import { lastHandler } from '../http/refusal';
import { requestLog, routeOf } from '../http/request-log';
import { withSingleSlashes } from '../http/target';
import { type Listener, prefixOf, protocolOf } from '../http/transport';
import { openLedger } from '../ledger/ledger';
import { lazy } from '../lib/lazy';
import { root } from '../lib/root';
import type { Mailer } from '../mail/mailer';
import { openRoster } from '../roster/roster';
import type { Networks } from '../webhooks/addresses';
import type { Targets } from '../webhooks/targets';
import type { OpenId } from './config';
import { faultOf } from './log';
import type { Metrics } from './metrics/metrics';
import type { Traces } from './traces';

export interface AppOptions {
  readonly database: Database;
  /** A copy of the database that may lag behind. */
  readonly replica?: Database | undefined;
  readonly clients: Clients;
  readonly credentials: Credentials;
  readonly signer: Signer;
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
  readonly webhooks: Targets;
  readonly openid?: OpenId | undefined;
  /** Sends mail, where that was set up. */
  readonly mailer?: Mailer | undefined;
  /** Networks of the operator's own that may be asked for something, beside the internet. */
  readonly networks?: Networks;
  readonly listener: Omit<Listener, 'isProxied'>;
  readonly log: Logger;
  /** Which proxies may say by X-Forwarded-* how the client came; none, where false. */
  readonly trustProxy?: number | string[] | false;
  /** Those that are not the defaults. */
  readonly limits?: Partial<Limits>;
  /** Where what clients spend is told to other processes that serve with this one. */
  readonly spending?: Spending | undefined;
  readonly checkReplies?: boolean;
  /** What is counted of it, where that is wanted. */
  readonly metrics?: Metrics | undefined;
  /** Where it is noted who reads whose records, if that is wanted. */
  readonly audit?: Pick<Audit, 'note'> | undefined;
  /** Where traces are exported, the spans of requests. */
  readonly traces?: Pick<Traces, 'request'> | undefined;
  /** Is aborted once the process has been told to stop. */
  readonly stopping?: AbortSignal | undefined;
}

/** Tables without which nothing is answered: a database that answers and has lost them is not ready. Those of districts are asked apart. */
const PROBED = [
  ['districts', 'sections', 'people', 'enrollments', 'marks'],
  ['api_clients', 'api_tokens', 'epochs'],
];

/** What a server of Node serves. */
export interface App {
  /** What it makes requests and responses by, where that is not its own. */
  readonly messages?: Messages;
  /** Has it answer. */
  attach(server: Server): void;
}

/** The service: an Express application behind admission control. */
export function createApp(options: AppOptions): App {
  const {
    database,
    replica,
    clients,
    credentials,
    signer,
    secrets,
    webhooks,
    openid,
    mailer,
    networks = [],
    listener,
    log,
    trustProxy = false,
    limits,
    spending,
    checkReplies = false,
    metrics,
    audit,
    traces,
    stopping,
  } = options;
  const prefix = prefixOf(listener);
  const isDraining = () => stopping?.aborted ?? false;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustProxy);
  Object.defineProperty(app.request, 'protocol', {
    get(this: Request) {
      return protocolOf(this);
    },
  });
  if (traces) app.use(traces.request);
  app.use(requestLog(log), fixedHeaders, singleSlashes);
  const onFault = (error: unknown, request: Request) =>
    log.error({ method: request.method, route: routeOf(request), fault: faultOf(error) });
  const common = {
    clients,
    credentials,
    signer,
    secrets,
    webhooks,
    prefix,
    publicUrl: listener.publicUrl,
    openid,
    mailer,
    networks,
    stopping,
    onFault: (error: unknown) => log.error(faultOf(error)),
    log,
  };
  const apisOn = (database: Database) =>
    apis({ ...common, database, ledger: openLedger(database, metrics?.recorded), roster: openRoster(database) });
  const [epoch, replicaEpoch] = [openEpoch(database), replica && openEpoch(replica)];
  const apisOnReplica = replica && apisOn(readingFrom(replica, database));
  const guards = guardsBy({ ...defaultLimits, ...limits }, spending);
  metrics?.watchQueue(guards.queue);
  metrics?.watchDatabases({ primary: database, replica });
  const mounted = apisOn(database);
  const actingHeaders = mounted.flatMap(({ actsAs }) => actsAs ?? []);
  for (const [index, api] of mounted.entries()) {
    // When it is first called: a start does not wait for the routes of APIs that nobody may ask for.
    const router = lazy(() =>
      mount(api, {
        listener: { ...listener, isProxied: Boolean(trustProxy) },
        guards,
        epoch,
        foreignHeaders: actingHeaders.filter((header) => header !== api.actsAs),
        replica: apisOnReplica && replicaEpoch && { api: apisOnReplica[index]!, epoch: replicaEpoch },
        checkReplies,
        onFault,
        onRefusal: metrics?.refused,
        onRead: audit?.note,
      }),
    );
    app.use(api.base, (request, response, next) => router()(request, response, next));
  }
  // What is no API's: those have said it in their own words. How fast a browser takes a file is no matter of ours.
  app.use((request, response, next) => {
    guards.places.get(response)?.();
    checkHead(request, request.originalUrl, guards.limits);
    next();
  });
  const probes = PROBED.map((tables) =>
    text(
      database.knex,
      tables.map((table) => `select 1 as one from ${table} where 1 = 0`).join(' union all '),
      { one: integer },
      { acrossDistricts: 'it is of the tables, and returns nothing' },
    ),
  );
  const readiness = async () => {
    for (const probe of probes) await database.all(probe);
    return database.probe();
  };
  app.use(health(async () => (isDraining() ? 'unavailable' : readiness())));
  app.use(echo({ signer, secrets }, epoch, { publicUrl: listener.publicUrl ?? null, trustProxy }));
  const platforms = openPlatforms(database);
  app.use(
    pages(join(root, 'dist', 'web'), async ({ platform: id, framing }) => {
      const platform = id === undefined ? undefined : await platforms.byId(id);
      if (platform) return { ancestors: platform.frame_origins, forms: formOriginsOf(platform) };
      const ancestors = framings(signer).read(framing);
      return ancestors && { ancestors, forms: [] };
    }),
  );
  app.use(lastHandler(prefix, onFault, metrics?.refused));
  const admitted = admission(app, {
    apis: mounted,
    prefix,
    guards,
    isDraining,
    onRefused: (refused) => log.warn({ refused }, 'overloaded'),
    onRefusal: metrics?.refused,
  });
  const attach = serving(metrics?.timed(admitted, mounted) ?? admitted, prefix, metrics?.unread);
  return { messages: messagesOf(app), attach };
}

function singleSlashes(request: Request, _response: Response, next: NextFunction): void {
  request.url = withSingleSlashes(request.url);
  next();
}

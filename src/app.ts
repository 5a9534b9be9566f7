import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Logger } from 'pino';
import type { Clients } from './clients/clients';
import type { Signer } from './clients/signer';
import type { Database } from './database/database';
import { openEpoch } from './database/epoch';
import { text } from './database/query';
import { readingFrom } from './database/replica';
import { dialects } from './dialects';
import { admission } from './http/admission';
import { checkSingle } from './http/bounds';
import type { Credentials } from './http/credentials/credential';
import { fixedHeaders } from './http/fixed-headers';
import { guardsBy } from './http/guards';
import { health } from './http/health';
import { lastHandler } from './http/last-handler';
import { defaultLimits, type Limits } from './http/limits';
import { mount } from './http/mount';
import type { Listener } from './http/origin';
import { pages } from './http/pages';
import type { Spending } from './http/rates';
import { requestLog } from './http/request-log';
import { protocolOf } from './http/transport';
import { openLedger } from './ledger/ledger';
import { faultOf } from './log';
import type { OpenId } from './openid';
import { root } from './root';
import { openRoster } from './roster/roster';

export interface AppOptions {
  readonly database: Database;
  /** A copy of the database that may lag behind. */
  readonly replica?: Database | undefined;
  readonly clients: Clients;
  readonly credentials: Credentials;
  readonly signer: Signer;
  readonly openid?: OpenId | undefined;
  readonly listener: Omit<Listener, 'isProxied'>;
  readonly log: Logger;
  /** Which proxies may say by X-Forwarded-* how the client came; none, where false. */
  readonly trustProxy?: number | string[] | false;
  /** Those that are not the defaults. */
  readonly limits?: Partial<Limits>;
  /** Where what clients spend is told to other processes that serve with this one. */
  readonly spending?: Spending | undefined;
  readonly checkReplies?: boolean;
  /** True once the process has been told to stop. */
  readonly isDraining?: () => boolean;
}

/** Tables without which nothing is answered: a database that answers and has lost them is not ready. */
const PROBED = ['districts', 'sections', 'people', 'enrollments', 'marks', 'api_clients', 'api_tokens', 'epochs'];

/** The service, answering requests of a server: an Express application behind admission control. */
export function createApp(options: AppOptions): RequestListener {
  const {
    database,
    replica,
    clients,
    credentials,
    signer,
    openid,
    listener,
    log,
    trustProxy = false,
    limits,
    spending,
    checkReplies = false,
    isDraining = () => false,
  } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', trustProxy);
  Object.defineProperty(app.request, 'protocol', {
    get(this: Request) {
      return protocolOf(this);
    },
  });
  app.use(requestLog(log), fixedHeaders(), singleSlash);
  const onFault = (error: unknown, request: Request) =>
    log.error({ method: request.method, route: request.baseUrl + (request.route?.path ?? ''), fault: faultOf(error) });
  const common = { clients, credentials, signer, openid, onFault: (error: unknown) => log.error(faultOf(error)) };
  const dialectsOn = (database: Database) =>
    dialects({ ...common, database, ledger: openLedger(database), roster: openRoster(database) });
  const [epoch, laggingEpoch] = [openEpoch(database), replica && openEpoch(replica)];
  const lagging = replica && dialectsOn(readingFrom(replica, database));
  const guards = guardsBy({ ...defaultLimits, ...limits }, spending);
  const mounted = dialectsOn(database);
  const actingHeaders = mounted.flatMap(({ actsAs }) => actsAs ?? []);
  for (const [index, dialect] of mounted.entries())
    app.use(
      dialect.base,
      mount(dialect, {
        listener: { ...listener, isProxied: Boolean(trustProxy) },
        guards,
        epoch,
        foreignHeaders: actingHeaders.filter((header) => header !== dialect.actsAs),
        lagging: lagging && laggingEpoch && { dialect: lagging[index]!, epoch: laggingEpoch },
        checkReplies,
        onFault,
      }),
    );
  // What is no API's: those have said it in their own words. How fast a browser takes a file is no matter of ours.
  app.use((request, response, next) => {
    guards.places.get(response)?.();
    checkSingle(request);
    next();
  });
  const tables = text(database.knex, `select 1 as one from ${PROBED.join(', ')} where 1 = 0`);
  const readiness = async () => {
    await database.all(tables);
    return database.probe();
  };
  app.use(health(async () => (isDraining() ? 'unavailable' : readiness())));
  app.use(pages(join(root, 'dist', 'web')));
  app.use(lastHandler(onFault));
  return admission(app, {
    dialects: mounted,
    guards,
    isDraining,
    onRefused: (refused) => log.warn({ refused }, 'overloaded'),
  });
}

/** Clients join a base URL that ends in a slash with a path that begins with one: `//oauth/access_token`. */
function singleSlash(request: Request, _response: Response, next: NextFunction): void {
  request.url = request.url.replace(/^\/{2,}/, '/');
  next();
}

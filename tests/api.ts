import type { AddressInfo } from 'node:net';
import pino from 'pino';
import supertest, { type Test } from 'supertest';
import { openAudit } from '../src/audit/audit';
import { scopes } from '../src/clients/client';
import { type Clients, openClients } from '../src/clients/clients';
import { type Secrets, secretsWith } from '../src/clients/secrets';
import { type Signer, signerWith } from '../src/clients/signer';
import { observed } from '../src/database/observed';
import type { Limits } from '../src/http/admission/limits';
import { createCredentials } from '../src/http/credentials/credentials';
import type { Nonces } from '../src/http/credentials/nonces';
import type { Mailer } from '../src/mail/mailer';
import { createApp } from '../src/service/app';
import type { OpenId } from '../src/service/config';
import { listenOn } from '../src/service/listener';
import type { Metrics } from '../src/service/metrics/metrics';
import { openTargets, type TargetOptions, type Targets } from '../src/webhooks/targets';
import { openWorld, type World } from './world';

type Verb = 'get' | 'head' | 'put' | 'post' | 'patch' | 'delete' | 'options';

/** The service over the small school, listening on a loopback port, and a client of Larkspur with every scope. */
export interface Api extends Record<Verb, (path: string) => Test> {
  readonly world: World;
  readonly clients: Clients;
  readonly secrets: Secrets;
  readonly signer: Signer;
  readonly webhooks: Targets;
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly token: string;
  /** Writes what was noted of reads. */
  noted(): Promise<void>;
  /** The same service called by another client, or by one bound to a person. */
  as(client: { scopes?: string[]; person?: number; district?: number; marksOnly?: boolean }): Promise<Api>;
  /** Writes marks behind the API's back. */
  mark(...marks: [enrollment: number, date: string, status: number, comment?: string][]): Promise<void>;
  close(): Promise<void>;
}

export async function openApi({
  publicUrl: givenUrl,
  openid,
  mailer,
  log = pino({ level: 'silent' }),
  limits,
  trustProxy,
  allowPlaintext = true,
  nonces,
  metrics,
  audited = false,
  connection,
  maxConnections = 1_000,
  stopping,
  webhooks: targets = { networks: [] },
}: {
  publicUrl?: string;
  openid?: OpenId;
  /** Is closed with it. */
  mailer?: Mailer;
  log?: pino.Logger;
  limits?: Partial<Limits>;
  trustProxy?: number | string[];
  allowPlaintext?: boolean;
  nonces?: Nonces;
  metrics?: Metrics;
  /** Whether it is noted who reads what. */
  audited?: boolean;
  /** What a connection may do, other than the defaults. */
  connection?: Parameters<typeof listenOn>[2];
  maxConnections?: number;
  stopping?: AbortSignal;
  /** Where webhooks may go beside the internet, and who is told of them. */
  webhooks?: TargetOptions;
} = {}): Promise<Api> {
  const world = await openWorld();
  // Clients reach it through Prism, which holds every exchange against the OpenAPI documents: `npm run test:openapi`.
  const proxy = process.env.PRISM
    ? await (require('./openapi/prism') as typeof import('./openapi/prism')).openProxy()
    : undefined;
  const publicUrl = givenUrl ?? proxy?.url;
  const secretKeys = ['a key that is used in tests alone'];
  const secrets = secretsWith(secretKeys);
  const clients = openClients(world.database, secrets);
  const webhooks = openTargets(world.database, secrets, targets);
  const host = '127.0.0.1';
  const credentials = createCredentials(world.database, clients, { publicUrl, nonces });
  const listener = { host, publicUrl, allowPlaintext };
  const signer = signerWith(secretKeys);
  const audit = audited ? openAudit(world.database, 30) : undefined;
  const app = createApp({
    database: observed(world.database, metrics ? [metrics.statement] : []),
    clients,
    metrics,
    audit,
    credentials,
    signer,
    secrets,
    webhooks,
    listener,
    log,
    checkReplies: true,
    openid,
    mailer,
    networks: targets.networks,
    stopping,
    ...(limits && { limits }),
    ...(trustProxy && { trustProxy }),
  });
  const server = await listenOn(app, { host, port: 0, maxConnections }, connection);
  const serviceUrl = `http://${host}:${(server.address() as AddressInfo).port}`;
  proxy?.serve(serviceUrl);
  const url = proxy?.url ?? serviceUrl;
  const agent = supertest(url);

  const as: Api['as'] = async ({ district = world.districts.larkspur, scopes: asked, ...rest }) => {
    const granted = asked ?? scopes.filter((scope) => scope !== 'access' || rest.person === undefined);
    const { token } = await clients.create({ district, name: 'test', scopes: granted, ...rest });
    const call = (verb: Verb) => (path: string) => agent[verb](path).set('Authorization', `Bearer ${token}`);
    return {
      ...api,
      token,
      get: call('get'),
      head: call('head'),
      put: call('put'),
      post: call('post'),
      patch: call('patch'),
      delete: call('delete'),
      options: call('options'),
    };
  };
  const api = {
    world,
    clients,
    secrets,
    signer,
    webhooks,
    url,
    as,
    noted: async () => audit?.flush(),
    mark: async (...marks: Parameters<Api['mark']>) => {
      const requests = marks.map(([enrollment, date, status, comment]) => ({ enrollment, date, status, comment }));
      const outcomes = await world.ledger.record(requests, world.actor, { roll: 'always' });
      expect(outcomes.filter(({ ok }) => !ok)).toEqual([]);
    },
    close: async () => {
      try {
        await proxy?.close();
      } finally {
        server.close();
        server.closeAllConnections();
        await audit?.close();
        await mailer?.close();
        await world.close();
      }
    },
  };
  return as({});
}

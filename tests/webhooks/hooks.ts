import { formatsOn } from '../../src/apis/events';
import type { Audit } from '../../src/audit/audit';
import { networksIn, type Resolve } from '../../src/webhooks/addresses';
import { openSender, type Sender } from '../../src/webhooks/sender';
import { type Api, openApi } from '../api';
import { settled } from '../settled';

/** This machine, which may be called in these tests. */
export const loopback = networksIn('127.0.0.0/8')!;

/** The service over the small school, and what sends messages of it. */
export interface Hooks {
  readonly api: Api;
  readonly sender: Sender;
  /** What went wrong that is nobody's fault but ours. */
  readonly faults: unknown[];
  close(): Promise<void>;
}

export async function openHooks({
  networks = loopback,
  resolve,
}: {
  networks?: typeof loopback;
  resolve?: Resolve;
} = {}): Promise<Hooks> {
  let sender: Sender | undefined;
  const api = await openApi({ webhooks: { networks, changed: () => sender?.reload() } });
  const faults: unknown[] = [];
  const started = senderOver(api, { networks, faults, ...(resolve && { resolve }) });
  sender = started;
  sender.start();
  return {
    api,
    sender: started,
    faults,
    close: async () => {
      await started.stop();
      await api.close();
      expect(faults).toEqual([]);
    },
  };
}

export const senderOver = (
  { world: { database }, secrets, signer }: Api,
  {
    networks = loopback,
    faults = [],
    ...more
  }: { networks?: typeof loopback; faults?: unknown[]; audit?: Audit; resolve?: Resolve; noteAfter?: number } = {},
): Sender =>
  openSender({
    database,
    secrets,
    formats: formatsOn(database, signer),
    networks,
    log: { warn: () => undefined, error: () => undefined },
    onFault: (error) => faults.push(error),
    ...more,
  });

/** Makes a webhook, which is told nothing of what was written before; its id and its secret. */
export async function add(api: Api, url: string, more: object = {}): Promise<{ id: number; secret: string }> {
  await settled(api.world.database);
  const { status, body } = await api.post('/webhooks').send({ url, ...more });
  expect([status, body]).toEqual([201, expect.objectContaining({ url, state: 'working' })]);
  return body;
}

/** How many attempts have failed since one has not, of the only webhook there is. */
export const failuresOf = async ({ world: { database } }: Api): Promise<number> =>
  (await database.knex('webhook_targets').first('failures')).failures;

/** How a webhook does. */
export const stateOf = async (api: Api, id: number) => (await api.get(`/webhooks/${id}`)).body;

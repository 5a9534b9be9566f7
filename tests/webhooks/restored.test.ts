import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { invariantsOf } from '../../src/cli/check';
import { findingsOf } from '../../src/database/invariants';
import { openDatabase } from '../../src/database/open';
import { backup, restore } from '../../src/database/transfer/backup';
import { openFeed } from '../../src/feed/feed';
import { openLedger } from '../../src/ledger/ledger';
import { openWebhookStanding } from '../../src/webhooks/standing';
import { openTargets } from '../../src/webhooks/targets';
import { settled } from '../settled';
import { openTestDatabase, type TestDatabase } from '../world';
import { add, type Hooks, loopback, openHooks, senderOver } from './hooks';
import { openReceiver, type Receiver, until } from './receiver';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** Webhooks come along in a backup. Of what they were told after it was made the restored database knows nothing. */
let hooks: Hooks;
let receiver: Receiver;
let into: TestDatabase;
let folder: string;
beforeEach(async () => {
  [hooks, receiver, into] = [await openHooks(), await openReceiver(), await openTestDatabase()];
  folder = mkdtempSync(join(tmpdir(), 'rollbook-webhooks-'));
});
afterEach(async () => {
  receiver.close();
  await hooks.close();
  await into.close();
  rmSync(folder, { recursive: true });
});

const mark = async (date: string, ledger = hooks.api.world.ledger) => {
  const { actor, enrollments } = hooks.api.world;
  await ledger.record([{ enrollment: enrollments.ada, date, status: 2 }], actor, { roll: 'never' });
  hooks.sender.wake();
};
const datesAt = (path: string) =>
  receiver.received
    .filter((message) => message.path === path)
    .flatMap(({ body }) => body.data.changes.map(({ date }) => date));

test('after a restore a webhook is disabled, sent nothing before it is said from where, and signed by its secret; one that was sent nothing yet goes on', async () => {
  const { api } = hooks;
  const { id, secret } = await add(api, receiver.url);
  await mark('2025-10-06');
  await receiver.has(1);
  await until(async () => (await api.get(`/webhooks/${id}`)).body.delivered_at !== null);
  await hooks.sender.stop();
  const { id: fresh } = await add(api, `${receiver.url}fresh`, { after: 'start' });
  const file = join(folder, 'backup.db');
  await backup(api.world.database, file);
  await mark('2025-10-07');

  await restore(
    file,
    () => openDatabase(into.url),
    async () => undefined,
  );
  const { database } = into;
  const sender = senderOver({ ...api, world: { ...api.world, database } });
  const targets = openTargets(database, api.secrets, { networks: loopback, changed: sender.reload });
  const owner = await targets.ownerOf(id);
  try {
    // Before any process that sends has noticed.
    await expect(targets.change(owner, id, { enabled: true })).rejects.toMatchObject({ code: 'WEBHOOK_RESTORED' });
    expect((await targets.all()).map(({ state, disabled_reason }) => [state, disabled_reason])).toEqual([
      ['disabled', 'restored'],
      ['working', null],
    ]);
    sender.start();
    await until(async () => (await targets.get(owner, id)).disabled_at !== null);
    expect(await targets.get(owner, id)).toMatchObject({ disabled_reason: 'restored', url: receiver.url });
    await until(() => datesAt('/fresh').length > 0);
    expect((await targets.get(owner, fresh)).state).toBe('working');
    await expect(targets.change(owner, id, { enabled: true })).rejects.toMatchObject({ code: 'WEBHOOK_RESTORED' });
    expect((await targets.get(owner, id)).disabled_reason).toBe('restored');

    await settled(database);
    await targets.replay(owner, id, await openFeed(database).now(owner.district));
    await mark('2025-10-08', openLedger(database));
    sender.wake();
    await until(() => datesAt('/').includes('2025-10-08'));
    expect(datesAt('/')).toEqual(['2025-10-06', '2025-10-08']);
    await until(() => datesAt('/fresh').includes('2025-10-08'));
    expect(datesAt('/fresh')).toEqual(['2025-10-06', '2025-10-08']);
    const { text, headers } = receiver.received.filter(({ path }) => path === '/').at(-1)!;
    expect(() => new Webhook(secret).verify(text, headers as Record<string, string>)).not.toThrow();
  } finally {
    await sender.stop();
  }
});

test('what is disabled is the same in the list, for the office, in `check` and in the metrics, also before any process that sends has come upon it', async () => {
  const { api } = hooks;
  const { database } = api.world;
  await hooks.sender.stop();
  await add(api, receiver.url);
  const { id: _id, ...row } = await database.knex('webhook_targets').first();
  const [at, later] = [new Date(Date.now() - 100_000).toISOString(), new Date(Date.now() + 3_600_000).toISOString()];
  const place = { after_transaction: row.after_transaction, after_id: row.after_id };
  const start = { after_transaction: '-1', after_id: 0 };
  const troubled = { failures: 3, failing_since: at, next_attempt_at: later };
  for (const epoch of [row.epoch, 'of another database'])
    for (const after of [place, start])
      for (const reason of [null, 'gone', 'failing', 'restored', 'asked'])
        await database
          .knex('webhook_targets')
          .insert({ ...row, ...after, ...troubled, epoch, disabled_reason: reason, disabled_at: reason && at });
  await database.knex('webhook_targets').where({ failures: 0 }).delete();
  await mark('2025-10-06');
  await settled(database);
  const targets = await openTargets(database, api.secrets, { networks: loopback }).all();
  const disabled = targets.filter(({ state }) => state === 'disabled');
  expect(targets.map(({ disabled_reason }) => disabled_reason)).toEqual(
    [null, null, 'restored', null].flatMap((of) =>
      of === null ? [null, 'gone', 'failing', 'restored', 'asked'] : [of, of, of, of, 'asked'],
    ),
  );
  expect(targets.map((each) => each.next_attempt_at)).toEqual(
    targets.map(({ disabled_reason }) => (disabled_reason === null ? later : null)),
  );
  const told = disabled.filter(({ disabled_reason }) => disabled_reason !== 'asked');
  const office = (await (await api.as({ scopes: ['roster:write'] })).get('/webhooks/disabled')).body.webhooks;
  expect(office.map(({ id }: { id: number }) => id)).toEqual(told.map(({ id }) => id));
  const found = await findingsOf(database, invariantsOf(database), 100);
  const rows = found.find(({ name }) => name === 'webhook_disabled')!.rows;
  const reasons = (all: readonly object[]) =>
    (all as { id: number; disabled_reason: string }[]).map((each) => [each.id, each.disabled_reason]);
  expect(reasons(rows).sort()).toEqual(reasons(told).sort());
  const standing = openWebhookStanding(database);
  expect(await standing()).toMatchObject({ disabled: told.length, failing: targets.length - disabled.length });
  expect((await standing()).lag).toBeGreaterThanOrEqual(0);
  // Of those alone that are of another database: nothing waits to be told to them.
  await database
    .knex('webhook_targets')
    .whereNotIn(
      'id',
      told.map(({ id }) => id),
    )
    .delete();
  expect(await standing()).toEqual({ lag: 0, disabled: told.length, failing: 0 });
});

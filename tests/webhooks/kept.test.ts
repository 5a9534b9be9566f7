import { invariantsOf } from '../../src/cli/check';
import { openSealing, secretsWith } from '../../src/clients/secrets';
import { findingsOf } from '../../src/database/invariants';
import { erase } from '../../src/privacy/erase';
import { jsonOf } from '../../src/privacy/export';
import { openRetention } from '../../src/privacy/retention';
import { subjectOf } from '../../src/privacy/subject';
import { OF_A_CLIENT, OF_A_DISTRICT } from '../../src/webhooks/targets';
import { settled } from '../settled';
import { add, type Hooks, openHooks, senderOver, stateOf } from './hooks';
import { openReceiver, type Receiver, until } from './receiver';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What is stored of webhooks, and what becomes of it. */
let hooks: Hooks;
let receiver: Receiver;
beforeEach(async () => {
  [hooks, receiver] = [await openHooks(), await openReceiver()];
});
afterEach(async () => {
  receiver.close();
  await hooks.close();
});

const rows = () => hooks.api.world.database.knex('webhook_targets').orderBy('id');

test('a client may have so many, and a district; one more is refused until one is removed', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url);
  const [{ id: _, ...row }] = await rows();
  const copies = (count: number, client_id = row.client_id) =>
    Array.from({ length: count }, () => ({ ...row, client_id }));
  await api.world.database.knex('webhook_targets').insert(copies(OF_A_CLIENT - 1));
  const send = () => api.post('/webhooks').send({ url: receiver.url });
  const { status, body } = await send();
  expect([status, body.code]).toEqual([409, 'WEBHOOK_LIMIT']);
  await api.delete(`/webhooks/${id}`).expect(204);
  await send().expect(201);
  const other = await api.as({});
  const { id: client } = await api.clients.create({
    district: row.district_id,
    name: 'x',
    scopes: ['attendance:read'],
  });
  await api.world.database.knex('webhook_targets').insert(copies(OF_A_DISTRICT - OF_A_CLIENT, client));
  const refused = await other.post('/webhooks').send({ url: receiver.url });
  expect([refused.status, refused.body.code]).toEqual([409, 'WEBHOOK_LIMIT']);
  expect(await rows()).toHaveLength(OF_A_DISTRICT);
});

test('secrets are sealed, and sealed anew with another key', async () => {
  const { api } = hooks;
  const { id, secret } = await add(api, receiver.url);
  await api.post(`/webhooks/${id}/rotate`).send({}).expect(200);
  const [before] = await rows();
  expect(JSON.stringify(before)).not.toContain(secret.slice('whsec_'.length));
  const fresh = 'another key that is used in tests alone';
  const old = 'a key that is used in tests alone';
  await openSealing(api.world.database, secretsWith([fresh, old])).reseal();
  const [after] = await rows();
  expect(secretsWith([fresh]).open(after.previous_secret)).toBe(secret);
  expect(secretsWith([fresh]).open(after.secret)).toBe(secretsWith([old]).open(before.secret));
});

test('what is held of a person has the webhooks of their client, without secrets; an erasure removes them', async () => {
  const { api } = hooks;
  const { database, people } = api.world;
  const teacher = await api.as({ person: people.noether });
  const { id } = await add(teacher, receiver.url, { description: 'my gradebook' });
  await add(api, receiver.url);
  const { id: target } = (await teacher.post('/v1/triggers/targets').send({ target: receiver.url })).body;
  const subscription = [{ target_id: target, trigger: 'attendance', subscribed: 1 }];
  await teacher.put('/v1/triggers/subscriptions').send({ subscription }).expect(200);
  expect(await findingsOf(database, invariantsOf(database), 10)).toEqual([]);
  const subject = await subjectOf(database, people.noether);
  let text = '';
  for await (const piece of jsonOf(database, subject)) text += piece;
  expect(text).toContain('my gradebook');
  expect(text).toMatch(/"event":\s*"attendance"/);
  expect(text).not.toContain((await rows())[0].secret);
  await erase(database, subject);
  expect((await rows()).map((row) => row.id)).not.toContain(id);
  expect(await rows()).toHaveLength(1);
  expect(await database.knex('schoology_subscriptions')).toEqual([]);
});

test('in another database than it was told of, nobody knows how far it has been told: it is disabled until it is replayed', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url);
  await hooks.sender.stop();
  await api.world.database.knex('webhook_targets').update({ epoch: 'of another' });
  await api.mark([api.world.enrollments.ada, '2025-10-06', 2]);
  const { made_at } = await api.world.database.knex('epochs').first();
  const listed = { id, disabled_at: new Date(made_at).toISOString(), disabled_reason: 'restored', last_error: '' };
  const disabled = async () => (await api.get('/webhooks/disabled').expect(200)).body.webhooks;
  expect(await disabled()).toEqual([expect.objectContaining(listed)]); // before any process that sends has noticed
  const paused = await api.patch(`/webhooks/${id}`).send({ enabled: false }).expect(200);
  expect(paused.body).toMatchObject({ state: 'disabled', disabled_reason: 'restored' });
  expect(await disabled()).toEqual([expect.objectContaining({ id, disabled_reason: 'restored' })]);
  await api.world.database.knex('webhook_targets').update({ disabled_at: null, disabled_reason: null });
  const sender = senderOver(api);
  const { close } = hooks;
  hooks = { ...hooks, close: () => sender.stop().then(close) };
  sender.start();
  const { knex } = api.world.database;
  await until(async () => (await knex('webhook_targets').first('disabled_reason')).disabled_reason === 'restored');
  expect(await stateOf(api, id)).toMatchObject({ state: 'disabled', disabled_reason: 'restored' });
  expect(await disabled()).toEqual([expect.objectContaining({ id, disabled_reason: 'restored' })]);
  const enabled = await api.patch(`/webhooks/${id}`).send({ enabled: true });
  expect([enabled.status, enabled.body.code]).toEqual([409, 'WEBHOOK_RESTORED']);
  expect((await stateOf(api, id)).state).toBe('disabled');
  await settled(api.world.database);
  await api.post(`/webhooks/${id}/replay`).send({ after: 'now' }).expect(200);
  expect(await disabled()).toEqual([]);
  await api.mark([api.world.enrollments.ada, '2025-10-07', 2]);
  sender.reload();
  const [message] = await receiver.has(1);
  expect(message!.body.data.changes.map(({ date }) => date)).toEqual(['2025-10-07', '2025-10-07']);
});

test('one that is disabled because somebody asked is told nothing, and then what it has missed', async () => {
  const { api, sender } = hooks;
  const { id } = await add(api, receiver.url);
  await api.patch(`/webhooks/${id}`).send({ enabled: false, description: 'paused' }).expect(200);
  expect(await stateOf(api, id)).toMatchObject({ state: 'disabled', disabled_reason: 'asked', description: 'paused' });
  expect((await api.get('/webhooks/disabled')).body.webhooks).toEqual([]);
  await api.mark([api.world.enrollments.ada, '2025-10-06', 2]);
  sender.wake();
  await api.patch(`/webhooks/${id}`).send({ enabled: true }).expect(200);
  const [message] = await receiver.has(1);
  expect(message!.text).toContain('2025-10-06');
});

test('one that is behind when a school year is erased is told that it was, in place of what was in it', async () => {
  const { api, sender } = hooks;
  const { database, districts, enrollments } = api.world;
  const { id } = await add(api, receiver.url);
  await api.patch(`/webhooks/${id}`).send({ enabled: false }).expect(200);
  await api.mark([enrollments.ada, '2025-10-06', 2]);
  await openRetention(database).erase(districts.larkspur, 2025, { dryRun: false });
  await api.mark([enrollments.ada, '2025-10-07', 3]);
  await api.patch(`/webhooks/${id}`).send({ enabled: true }).expect(200);
  sender.wake();
  const kinds = () => receiver.received.flatMap(({ body }) => body.data.changes.map(({ kind, date }) => [kind, date]));
  await until(() => kinds().some(([kind]) => kind === 'mark'));
  expect(kinds()).toEqual([
    ['attendance.erased', undefined],
    ['roll.taken', '2025-10-07'],
    ['mark', '2025-10-07'],
  ]);
});

import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { rightClock, setClock } from '../clock';
import { settled } from '../settled';
import { add, failuresOf, type Hooks, openHooks, senderOver, stateOf } from './hooks';
import { openReceiver, type Received, type Receiver, until } from './receiver';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What receivers are sent, when, and how often: Standard Webhooks 1.0. */
let hooks: Hooks;
let receiver: Receiver;
beforeEach(async () => {
  [hooks, receiver] = [await openHooks(), await openReceiver()];
});
afterEach(async () => {
  rightClock();
  receiver.close();
  await hooks.close();
});

/** Marks Ada in Algebra, or in Biology. */
async function mark(date: string, status = 2, where: 'ada' | 'adaInBiology' = 'ada'): Promise<void> {
  const { api, sender } = hooks;
  const { actor, enrollments, ledger } = api.world;
  const [outcome] = await ledger.record([{ enrollment: enrollments[where], date, status }], actor, { roll: 'never' });
  expect(outcome).toMatchObject({ ok: true });
  sender.wake();
}

/** Lets so many seconds pass, and has it looked who is to be told something. */
function later(seconds: number): void {
  setClock(seconds);
  hooks.sender.wake();
}

const fields = (headers: object) => headers as Record<string, string>;
const datesOf = (messages: readonly Received[]) =>
  messages.flatMap(({ body }) => body.data.changes.map(({ date }) => date));
const idsOf = (messages: readonly Received[]) => messages.map(({ headers }) => headers['webhook-id']);
const hasFailed = (id: number, failing = true) =>
  until(async () => ((await stateOf(hooks.api, id)).state === 'failing') === failing);

test('a change is sent, signed so that the libraries of others verify it', async () => {
  const { api } = hooks;
  const { secret } = await add(api, receiver.url);
  await mark('2025-10-06');
  const [message] = await receiver.has(1);
  const { text, headers, body } = message!;
  expect(new StandardWebhook(secret).verify(text, fields(headers))).toEqual(body);
  expect(new SvixWebhook(secret).verify(text, fields(headers))).toEqual(body);
  expect(() => new StandardWebhook(secret).verify(`${text} `, fields(headers))).toThrow();
  expect(headers['content-type']).toMatch('application/json');
  expect(body).toMatchObject({ type: 'attendance.changed', data: { section: api.world.sections.algebra } });
  expect(body.data.changes).toEqual([
    expect.objectContaining({ kind: 'mark', enrollment: api.world.enrollments.ada, date: '2025-10-06', status: 2 }),
  ]);
});

test('what was not accepted is sent again, with the same id: after five seconds, then five minutes, then half an hour', async () => {
  const { id, secret } = await add(hooks.api, receiver.url);
  receiver.answer = (_message, response) => void response.writeHead(500).end();
  await mark('2025-10-06');
  for (const [index, seconds] of [5, 300, 1_800].entries()) {
    await receiver.has(index + 1);
    await until(async () => (await failuresOf(hooks.api)) === index + 1);
    const { next_attempt_at, failing_since, last_error } = await stateOf(hooks.api, id);
    expect(last_error).toBe('It answered 500.');
    expect(Math.round((Date.parse(next_attempt_at) - Date.now()) / 1_000)).toBe(seconds);
    expect(failing_since).toEqual(expect.any(String));
    later(seconds - 2);
    await mark(`2025-10-0${index + 7}`); // what comes meanwhile has to wait
    expect(receiver.received).toHaveLength(index + 1);
    if (index === 2) receiver.answer = (_message, response) => void response.writeHead(200).end();
    later(2);
  }
  await until(() => datesOf(receiver.received).includes('2025-10-09'));
  const messages = receiver.received;
  expect(new Set(idsOf(messages.slice(0, 4))).size).toBe(1);
  const times = messages.slice(0, 4).map(({ headers }) => Number(headers['webhook-timestamp']));
  expect(times[3]! - times[0]!).toBeGreaterThanOrEqual(2_105);
  expect(new StandardWebhook(secret).verify(messages[3]!.text, fields(messages[3]!.headers))).toBeTruthy();
  expect(datesOf(messages.slice(4))).toEqual(['2025-10-07', '2025-10-08', '2025-10-09']);
  await hasFailed(id, false);
  expect(await stateOf(hooks.api, id)).toMatchObject({ state: 'working', last_error: '', failing_since: null });
});

test.each([
  ['429 and Retry-After in seconds', 429, () => '3600', 3_600],
  ['503 and Retry-After as a date', 503, () => new Date(Date.now() + 7_200_000).toUTCString(), 7_200],
  ['502 alone', 502, () => undefined, 60],
  ['504 alone', 504, () => undefined, 60],
])('who has too much to do is left alone: %s', async (_what, status, field, seconds) => {
  const { id } = await add(hooks.api, receiver.url);
  receiver.answer = (_message, response) => {
    const retry = field();
    response.writeHead(status, retry === undefined ? {} : { 'Retry-After': retry }).end();
  };
  await mark('2025-10-06');
  await hasFailed(id);
  const wait = (Date.parse((await stateOf(hooks.api, id)).next_attempt_at) - Date.now()) / 1_000;
  expect(Math.abs(wait - seconds)).toBeLessThan(2);
});

test('a redirect is not followed: it is a failure', async () => {
  const other = await openReceiver();
  try {
    const { id } = await add(hooks.api, receiver.url);
    receiver.answer = (_message, response) => void response.writeHead(307, { Location: other.url }).end();
    await mark('2025-10-06');
    await hasFailed(id);
    expect((await stateOf(hooks.api, id)).last_error).toBe('It answered 307.');
    expect(other.received).toEqual([]);
  } finally {
    other.close();
  }
});

test('410 disables, which the office sees; enabled again, it goes on from where it stopped', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url, { description: 'the SIS' });
  receiver.answer = (_message, response) => void response.writeHead(410).end();
  await mark('2025-10-06');
  await until(async () => (await stateOf(api, id)).state === 'disabled');
  expect(await stateOf(api, id)).toMatchObject({ disabled_reason: 'gone', last_error: 'It answered 410.' });
  const { body } = await api.get('/webhooks/disabled').expect(200);
  const { host } = new URL(receiver.url);
  expect(body.webhooks).toEqual([
    expect.objectContaining({ id, host, description: 'the SIS', disabled_reason: 'gone' }),
  ]);
  await mark('2025-10-07');
  receiver.answer = (_message, response) => void response.writeHead(204).end();
  await api.patch(`/webhooks/${id}`).send({ enabled: true }).expect(200);
  await receiver.has(3);
  expect(datesOf(receiver.received)).toEqual(['2025-10-06', '2025-10-06', '2025-10-07']);
  expect((await api.get('/webhooks/disabled')).body.webhooks).toEqual([]);
});

test('who does not answer for five days is disabled', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url);
  receiver.answer = (_message, response) => void response.destroy();
  await mark('2025-10-06');
  for (let tries = 0; (await stateOf(api, id)).state !== 'disabled'; tries++) {
    expect(tries).toBeLessThan(15);
    await hasFailed(id);
    const { next_attempt_at } = await stateOf(api, id);
    later((Date.parse(next_attempt_at) - Date.now()) / 1_000 + 1);
    await receiver.has(tries + 2);
    await until(
      async () =>
        (await stateOf(api, id)).next_attempt_at !== next_attempt_at || (await stateOf(api, id)).state === 'disabled',
    );
  }
  const { disabled_reason, failing_since, last_error } = await stateOf(api, id);
  expect([disabled_reason, last_error]).toEqual(['failing', 'It could not be reached: ECONNRESET.']);
  expect(Date.now() - Date.parse(failing_since)).toBeGreaterThanOrEqual(5 * 86_400_000);
  // "at least": 0 s, 5 s, 5 min, 30 min, 2, 5, 10, 14, 20 and 24 hours, and two days more.
  expect(receiver.received).toHaveLength(12);
});

test('one that is failing is tried at once when it is enabled, and when it has another address', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url);
  receiver.answer = (_message, response) => void response.writeHead(500).end();
  await mark('2025-10-06');
  await until(async () => (await failuresOf(api)) === 1);
  later(6);
  await until(async () => (await failuresOf(api)) === 2); // the next is in five minutes
  const enabled = await api.patch(`/webhooks/${id}`).send({ enabled: true }).expect(200);
  expect(enabled.body).toMatchObject({ next_attempt_at: null, last_error: '' });
  await receiver.has(3);
  await until(async () => (await failuresOf(api)) === 1); // begun anew
  later(12);
  await until(async () => (await failuresOf(api)) === 2);
  receiver.answer = (_message, response) => void response.writeHead(204).end();
  await api.patch(`/webhooks/${id}`).send({ description: 'the SIS' }).expect(200);
  expect((await stateOf(api, id)).next_attempt_at).toEqual(expect.any(String));
  await api
    .patch(`/webhooks/${id}`)
    .send({ url: `${receiver.url}other` })
    .expect(200);
  await hasFailed(id, false);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/', '/', '/', '/', '/other']);
});

test('while a secret is exchanged messages are signed by both, then by the new one alone', async () => {
  const { api } = hooks;
  const { id, secret: old } = await add(api, receiver.url);
  const { body } = await api.post(`/webhooks/${id}/rotate`).send({ grace: 60 }).expect(200);
  expect(body.secret).toMatch(/^whsec_/);
  const { body: without } = await api.post(`/webhooks/${(await add(api, receiver.url)).id}/rotate`).expect(200);
  const day = Date.parse(without.previous_secret_until) - Date.now();
  expect(Math.abs(day / 1_000 - 86_400)).toBeLessThan(60);
  await api.delete(`/webhooks/${without.id}`).expect(204);
  await mark('2025-10-06');
  const [both] = await receiver.has(1);
  for (const secret of [old, body.secret])
    expect(new StandardWebhook(secret).verify(both!.text, fields(both!.headers))).toEqual(both!.body);
  expect((await stateOf(api, id)).previous_secret_until).toEqual(expect.any(String));
  later(61);
  expect((await stateOf(api, id)).previous_secret_until).toBeNull();
  await mark('2025-10-07');
  const [, one] = await receiver.has(2);
  expect(new StandardWebhook(body.secret).verify(one!.text, fields(one!.headers))).toEqual(one!.body);
  expect(() => new StandardWebhook(old).verify(one!.text, fields(one!.headers))).toThrow();
});

test('of a section one message is on its way at a time, in its order; others go meanwhile', async () => {
  const { api } = hooks;
  const { algebra, biology } = api.world.sections;
  await add(api, receiver.url);
  const held: (() => void)[] = [];
  receiver.answer = ({ body }, response) => {
    const arrive = () => void response.writeHead(204).end();
    if (body.data.section === algebra) held.push(arrive);
    else arrive();
  };
  const { ada, adaInBiology } = api.world.enrollments;
  const marks = (enrollment: number, length: number) =>
    Array.from({ length }, (_, day) => ({
      enrollment,
      date: `2025-10-${String(day + 1).padStart(2, '0')}`,
      status: 2,
      comment: 'x'.repeat(2_000),
    }));
  await api.world.ledger.record([...marks(ada, 12), ...marks(adaInBiology, 1)], api.world.actor, { roll: 'never' });
  hooks.sender.wake();
  await receiver.has(2);
  expect(receiver.received.map(({ body }) => body.data.section).sort()).toEqual([algebra, biology].sort());
  while (datesOf(receiver.received.filter(({ body }) => body.data.section === algebra)).length < 12) {
    expect(held).toHaveLength(1);
    const count = receiver.received.length;
    held.pop()!();
    await receiver.has(count + 1);
  }
  held.pop()!();
  const ofAlgebra = receiver.received.filter(({ body }) => body.data.section === algebra);
  expect(ofAlgebra.length).toBeGreaterThan(1);
  expect(datesOf(ofAlgebra)).toEqual(marks(ada, 12).map(({ date }) => date));
  // "payloads under 20kb"
  for (const { text } of ofAlgebra) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(20_000);
});

test('a target that does not answer delays no other', async () => {
  const { api } = hooks;
  const silent = await openReceiver();
  silent.answer = () => undefined;
  try {
    for (let count = 0; count < 5; count++) await add(api, silent.url);
    await add(api, receiver.url);
    await mark('2025-10-06');
    await mark('2025-10-07', 2, 'adaInBiology');
    await receiver.has(2);
    await mark('2025-10-08');
    await receiver.has(3);
    await silent.has(5);
  } finally {
    await hooks.sender.stop();
    silent.close();
  }
});

test('an answer without an end counts by its status, and is not read on', async () => {
  const { id } = await add(hooks.api, receiver.url);
  let sent = 0;
  receiver.answer = (_message, response) => {
    response.writeHead(200);
    const write = () => {
      while (!response.destroyed && response.write('x'.repeat(65_536))) sent += 65_536;
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  };
  await mark('2025-10-06');
  await until(async () => (await stateOf(hooks.api, id)).delivered_at !== null);
  expect(sent).toBeLessThan(20_000_000);
});

test('replayed from the start, it is sent all that it may see', async () => {
  const { api } = hooks;
  await mark('2025-10-06');
  const { id } = await add(api, receiver.url);
  await mark('2025-10-07');
  await receiver.has(1);
  expect(datesOf(receiver.received)).toEqual(['2025-10-07']);
  await until(async () => (await stateOf(api, id)).delivered_at !== null);
  await api.post(`/webhooks/${id}/replay`).send({ after: 'start' }).expect(200);
  await until(() => datesOf(receiver.received).includes('2025-10-06'));
  await mark('2025-10-08');
  await until(() => datesOf(receiver.received).includes('2025-10-08'));
  expect(datesOf(receiver.received)).toEqual(['2025-10-07', '2025-10-06', '2025-10-07', '2025-10-08']);
});

test('replayed from the cursor of a message, it is sent that message again and what came after it', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url);
  for (const [index, date] of ['2025-10-06', '2025-10-07', '2025-10-08'].entries()) {
    await mark(date);
    await receiver.has(index + 1);
  }
  await until(async () => (await stateOf(api, id)).state === 'working');
  const { after } = receiver.received[1]!.body.data;
  await api.post(`/webhooks/${id}/replay`).send({ after }).expect(200);
  await until(() => datesOf(receiver.received).length === 5);
  expect(datesOf(receiver.received).slice(3)).toEqual(['2025-10-07', '2025-10-08']);
  await settled(api.world.database);
  const { changes } = (await api.get(`/changes?after=${after}`)).body;
  expect(changes.map(({ date }: { date: string }) => date)).toEqual(['2025-10-07', '2025-10-08']);
});

test('a cursor of other changes, or of another district, is refused, and changes nothing', async () => {
  const { api } = hooks;
  const { id } = await add(api, receiver.url);
  const stranger = await api.as({ district: api.world.districts.elsewhere });
  const { next } = (await stranger.get('/changes')).body;
  const { next: narrower } = (await api.get(`/changes?section=${api.world.sections.algebra}`)).body;
  const held = () => api.world.database.knex('webhook_targets').first('after_id', 'after_transaction');
  const before = await held();
  for (const after of [next, narrower, 'yesterday', '']) {
    const { status, body } = await api.post(`/webhooks/${id}/replay`).send({ after });
    expect([status, body.code, body.errors[0].field]).toEqual([400, 'BODY_INVALID', 'after']);
  }
  expect(await held()).toEqual(before);
});

test('a client of a teacher is told of their sections alone; one of a section, of that', async () => {
  const { api } = hooks;
  const { sections, people } = api.world;
  const teacher = await api.as({ person: people.mendel, scopes: ['attendance:read'] });
  await add(teacher, `${receiver.url}mendel`);
  await add(api, `${receiver.url}algebra`, { section: sections.algebra });
  await add(api, receiver.url);
  await mark('2025-10-06');
  await mark('2025-10-06', 3, 'adaInBiology');
  await receiver.has(4);
  const told = receiver.received.map(({ path, body }) => `${path} ${body.data.section}`).sort();
  expect(told).toEqual(
    [
      `/ ${sections.algebra}`,
      `/ ${sections.biology}`,
      `/algebra ${sections.algebra}`,
      `/mendel ${sections.biology}`,
    ].sort(),
  );
});

test('a client that is revoked is told nothing more', async () => {
  const { api } = hooks;
  await add(api, receiver.url);
  const { client_id } = await api.world.database.knex('webhook_targets').first('client_id');
  await api.clients.revoke(client_id);
  await mark('2025-10-06');
  const other = await api.as({});
  await add(other, `${receiver.url}other`, { after: 'start' });
  await receiver.has(1);
  expect(receiver.received.map(({ path }) => path)).toEqual(['/other']);
});

test.each([
  ['that is revoked', 'api_clients', { revoked_at: '2025-10-06T00:00:00.000Z' }],
  ['that may not read attendance any more', 'api_clients', { scopes: 'attendance:write,roster:read' }],
  ['whose person has left', 'people', { active: false }],
] as const)(
  'webhooks of a client %s are disabled, and are neither enabled nor replayed',
  async (_what, table, change) => {
    const { api } = hooks;
    const { knex } = api.world.database;
    const teacher = await api.as({ person: api.world.people.noether, scopes: ['attendance:read'] });
    const { id } = await add(teacher, receiver.url);
    const owner = await api.webhooks.ownerOf(id);
    const held = await knex('webhook_targets').first();
    await knex(table)
      .where({ id: table === 'people' ? owner.person : owner.client })
      .update(change);
    expect(await api.webhooks.all()).toEqual([
      expect.objectContaining({ id, state: 'disabled', disabled_reason: 'revoked' }),
    ]);
    for (const refused of [
      api.webhooks.change(owner, id, { enabled: true, description: 'x' }),
      api.webhooks.replay(owner, id, { transaction: '0', id: 0 }),
    ])
      await expect(refused).rejects.toMatchObject({
        code: 'SCOPE_MISSING',
        message: expect.stringContaining(`Client ${owner.client} may not read attendance any more`),
      });
    await expect(api.webhooks.ownerBy(owner.client!, 'rollbook')).rejects.toMatchObject({
      message: expect.stringMatching(/There is no client \d+ that could|does not have the scope attendance:read/),
    });
    expect(await knex('webhook_targets').first()).toEqual(held);
    await api.webhooks.remove(owner, id);
  },
);

test('what was on its way when the process ended is sent again as the same message', async () => {
  const { api } = hooks;
  await add(api, receiver.url);
  receiver.answer = () => undefined;
  await mark('2025-10-06');
  await receiver.has(1);
  const next = senderOver(api);
  await hooks.sender.stop();
  try {
    receiver.answer = (_message, response) => void response.writeHead(204).end();
    // What comes meanwhile must not become part of it.
    await mark('2025-10-07');
    next.start();
    const messages = await receiver.has(3);
    expect(idsOf(messages)[1]).toBe(idsOf(messages)[0]);
    expect(messages[1]!.text).toBe(messages[0]!.text);
    expect(datesOf(messages)).toEqual(['2025-10-06', '2025-10-06', '2025-10-07']);
  } finally {
    await next.stop();
  }
});

test('of several processes one sends, and another once that has ended', async () => {
  const { api } = hooks;
  await add(api, receiver.url);
  const other = senderOver(api);
  other.start();
  try {
    for (const date of ['2025-10-06', '2025-10-07']) {
      await mark(date);
      other.wake();
      await until(() => datesOf(receiver.received).includes(date));
    }
    expect(receiver.received).toHaveLength(2);
    await hooks.sender.stop();
    await mark('2025-10-08');
    await receiver.has(3);
    expect(datesOf(receiver.received)).toEqual(['2025-10-06', '2025-10-07', '2025-10-08']);
  } finally {
    await other.stop();
  }
});

test('without a target nobody takes the lease, and nothing is noted', async () => {
  await mark('2025-10-06');
  hooks.sender.reload();
  await until(async () => (await hooks.api.world.database.knex('webhook_lease')).length === 0);
  const { id } = await add(hooks.api, receiver.url);
  await until(async () => (await hooks.api.world.database.knex('webhook_lease')).length === 1);
  await hooks.api.delete(`/webhooks/${id}`).expect(204);
  await until(async () => (await hooks.api.world.database.knex('webhook_lease').first()).holder === null);
});

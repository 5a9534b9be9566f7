import { Webhook } from 'standardwebhooks';
import { parseStringPromise } from 'xml2js';
import { rightClock, setClock } from '../../clock';
import { settled } from '../../settled';
import { failuresOf, type Hooks, openHooks } from '../../webhooks/hooks';
import { openReceiver, type Receiver, until } from '../../webhooks/receiver';

/** Schoology's event triggers: where events go, which, and what they say. */
let hooks: Hooks;
let receiver: Receiver;
beforeEach(async () => {
  [hooks, receiver] = [await openHooks(), await openReceiver()];
  receiver.answer = (_message, response) => void response.writeHead(200).end();
});
afterEach(async () => {
  rightClock();
  receiver.close();
  await hooks.close();
});

const targets = '/v1/triggers/targets';
const subscriptions = '/v1/triggers/subscriptions';

async function addTarget(description = 'the SIS'): Promise<{ id: number; secret: string }> {
  const { status, body } = await hooks.api.post(targets).send({ target: receiver.url, description });
  const secret = expect.stringMatching(/^whsec_/);
  expect([status, body]).toEqual([201, { id: expect.any(Number), target: receiver.url, description, secret }]);
  return body;
}

const subscribe = (target_id: number, more: object = {}) =>
  hooks.api
    .put(subscriptions)
    .send({ subscription: [{ target_id, trigger: 'attendance', subscribed: 1, include_object: 1, ...more }] })
    .expect(200);

/** A roll as a client of Schoology takes it. */
async function put(
  date: string,
  ...statuses: [enrollment_id: number, status: number, comment?: string][]
): Promise<void> {
  const { api, sender } = hooks;
  const attendance = statuses.map(([enrollment_id, status, comment]) => ({ enrollment_id, date, status, comment }));
  await api
    .put(`/v1/sections/${api.world.sections.algebra}/attendance`)
    .send({ attendances: { attendance } })
    .expect(200);
  sender.wake();
}

test('targets are made, listed, changed and removed', async () => {
  const { api } = hooks;
  const { id } = await addTarget();
  expect((await api.get(targets)).body).toEqual({ target: [{ id, target: receiver.url, description: 'the SIS' }] });
  const other = 'https://sis.example.org/events';
  const changed = await api.put(`${targets}/${id}`).send({ target: other, description: 'another' });
  expect([changed.status, changed.body]).toEqual([200, { id, target: other, description: 'another' }]);
  // Each API has its own; what one has made is nothing to the other.
  expect((await api.get('/webhooks')).body).toEqual({ webhooks: [] });
  expect((await api.get(`/webhooks/${id}`)).status).toBe(404);
  expect((await api.delete(`${targets}/${id}`)).status).toBe(204);
  expect((await api.delete(`${targets}/${id}`)).status).toBe(404);
  expect((await api.get(targets)).body).toEqual({ target: [] });
});

test('subscriptions are read and written item by item; what is not there is answered in its item', async () => {
  const { api } = hooks;
  const { id } = await addTarget();
  const item = { target_id: id, trigger: 'attendance', version: 'v1', subscribed: 1, include_object: 0 };
  const { body } = await api.put(subscriptions).send({
    subscription: [
      { target_id: String(id), trigger: 'attendance', subscribed: '1' },
      { target_id: id, trigger: 'grade', subscribed: 1, include_object: 1 },
      { target_id: 99, trigger: 'attendance', version: 'v1', subscribed: 0 },
    ],
  });
  expect(body).toEqual({
    subscription: [
      { item: { ...item, target_url: receiver.url }, status: 200 },
      {
        item: { ...item, trigger: 'grade', include_object: 1 },
        message: 'The trigger with name grade does not exist',
        status: 400,
      },
      { item: { ...item, target_id: 99, subscribed: 0 }, message: 'The target with id 99 does not exist', status: 404 },
    ],
  });
  const read = { subscription: [{ ...item, target_url: receiver.url }] };
  expect((await api.get(subscriptions)).body).toEqual(read);
  // A target and what it is subscribed to are of the client that has made it.
  const other = await api.as({});
  expect((await other.get(subscriptions)).body).toEqual({ subscription: [] });
  await api.delete(`${targets}/${id}`).expect(204);
  expect(await api.world.database.knex('schoology_subscriptions')).toEqual([]);
});

test('XML says the same', async () => {
  const { api } = hooks;
  const made = await api
    .post(targets)
    .set({ 'Content-Type': 'text/xml', Accept: 'text/xml' })
    .send(`<body><target>${receiver.url}</target><description>the SIS</description></body>`);
  expect(made.status).toBe(201);
  const { result } = await parseStringPromise(made.text, { explicitArray: false });
  const subscribed = await api
    .put(subscriptions)
    .set({ 'Content-Type': 'text/xml', Accept: 'text/xml' })
    .send(
      `<body><subscription><target_id>${result.id}</target_id><trigger>attendance</trigger><subscribed>1</subscribed></subscription></body>`,
    );
  const answer = await parseStringPromise(subscribed.text, { explicitArray: false });
  expect(answer.result.subscription).toMatchObject({ item: { target_id: result.id, subscribed: '1' }, status: '200' });
});

test('what is not documented is refused, and so is who acts as somebody else', async () => {
  const { api } = hooks;
  const { id } = await addTarget();
  for (const [method, path, body, field] of [
    ['post', targets, { target: receiver.url, headers: 'a: b' }, 'headers'],
    ['post', targets, { description: 'x' }, 'target'],
    ['post', targets, { target: 'ftp://a.example.org/' }, 'target'],
    ['put', `${targets}/${id}`, { target: 'https://10.0.0.1/' }, 'target'],
    [
      'put',
      subscriptions,
      { subscription: [{ target_id: id, trigger: 'attendance', subscribed: 2 }] },
      'subscription.0.subscribed',
    ],
    [
      'put',
      subscriptions,
      { subscription: [{ target_id: id, trigger: 'attendance', subscribed: 1, version: 'v2' }] },
      'subscription.0.version',
    ],
  ] as const) {
    const answer = await api[method](path).send(body);
    expect([body, answer.status, answer.body.errors?.[0]?.field]).toEqual([body, 400, field]);
  }
  const runAs = { 'X-Schoology-Run-As': String(api.world.people.noether) };
  for (const answer of [
    await api.get(targets).set(runAs),
    await api.post(targets).set(runAs).send({ target: receiver.url }),
    await api.delete(`${targets}/${id}`).set(runAs),
  ])
    expect([answer.status, answer.body.code]).toEqual([403, 'PERSON_FORBIDDEN']);
  expect((await api.get(targets)).body.target).toHaveLength(1);
});

test('a target that is subscribed is sent each status that was said, in Schoology’s words, and signed', async () => {
  const { api } = hooks;
  const { ada, grace, alan } = api.world.enrollments;
  const { id, secret } = await addTarget();
  await put('2025-10-06', [ada, 2]); // nobody has asked for events yet
  await settled(api.world.database);
  await subscribe(id);
  const teacher = await api.as({ person: api.world.people.noether });
  const attendance = [
    { enrollment_id: ada, date: '2025-10-07', status: 3, comment: 'bus' },
    { enrollment_id: grace, date: '2025-10-07', status: 4 },
  ];
  await teacher
    .put(`/v1/sections/${api.world.sections.algebra}/attendance`)
    .send({ attendances: { attendance } })
    .expect(200);
  hooks.sender.wake();
  await receiver.has(1);
  await put('2025-10-07', [ada, 1]);
  await put('2025-10-08', [alan, 1]); // everybody is present, and nobody has said so of one
  await put('2025-10-09', [alan, 2]);
  const messages = await receiver.has(3);
  const section_id = api.world.sections.algebra;
  const event = (enrollment_id: number, date: string, status: number, comment = '') => ({
    realm: 'section',
    section_id,
    object: { enrollment_id, date, status, comment },
  });
  const said = { timestamp: expect.any(Number), type: 'attendance.update' };
  expect(messages.map(({ text }) => JSON.parse(text))).toEqual([
    {
      ...said,
      uid: api.world.people.noether,
      data: [event(ada, '2025-10-07', 3, 'bus'), event(grace, '2025-10-07', 4)],
    },
    { ...said, uid: 0, data: [event(ada, '2025-10-07', 1)] },
    { ...said, uid: 0, data: [event(alan, '2025-10-09', 2)] },
  ]);
  expect(Math.abs(JSON.parse(messages[0]!.text).timestamp - Date.now() / 1_000)).toBeLessThan(60);
  for (const { text, headers } of messages)
    expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toBeTruthy();
  await subscribe(id, { include_object: 0 });
  await put('2025-10-10', [ada, 2], [grace, 2]);
  const [, , , without] = await receiver.has(4);
  expect(JSON.parse(without!.text).data).toEqual([{ realm: 'section', section_id }]);
});

test.each(['gone', 'restored'])(
  'a target that is disabled (%s) goes on from when it is subscribed once more, or has another address',
  async (disabled_reason) => {
    const { api } = hooks;
    const { knex } = api.world.database;
    const { ada } = api.world.enrollments;
    const { id } = await addTarget();
    await subscribe(id);
    const disable = () => knex('webhook_targets').update({ disabled_at: '2025-10-06T00:00:00.000Z', disabled_reason });
    await disable();
    await put('2025-10-06', [ada, 2]);
    await api.put(`${targets}/${id}`).send({ target: receiver.url, description: 'the same address' }).expect(200);
    expect(await knex('webhook_targets').first()).toMatchObject({ disabled_reason });
    await settled(api.world.database);
    await subscribe(id); // it was, already
    await put('2025-10-07', [ada, 3]);
    await receiver.has(1);
    await until(async () => (await knex('webhook_targets').first()).delivered_at !== null);
    await disable();
    await put('2025-10-08', [ada, 2]);
    await settled(api.world.database);
    await api
      .put(`${targets}/${id}`)
      .send({ target: `${receiver.url}other`, description: '' })
      .expect(200);
    await put('2025-10-09', [ada, 2]);
    const messages = await receiver.has(2);
    expect(messages.map(({ path, text }) => [path, JSON.parse(text).data[0].object.date])).toEqual([
      ['/', '2025-10-07'],
      ['/other', '2025-10-09'],
    ]);
  },
);

test('a target that is failing is tried at once when it is subscribed once more, and nothing is lost', async () => {
  const { api } = hooks;
  const { id } = await addTarget();
  await subscribe(id);
  receiver.answer = (_message, response) => void response.writeHead(500).end();
  await put('2025-10-06', [api.world.enrollments.ada, 2]);
  await until(async () => (await failuresOf(api)) === 1);
  setClock(6);
  hooks.sender.wake();
  await until(async () => (await failuresOf(api)) === 2); // the next is in five minutes
  receiver.answer = (_message, response) => void response.writeHead(200).end();
  await subscribe(id);
  const [first, , third] = await receiver.has(3);
  expect(third!.text).toBe(first!.text);
});

test('200 is expected: after any other answer the event comes again', async () => {
  const { api } = hooks;
  const { id } = await addTarget();
  await subscribe(id);
  receiver.answer = (_message, response) => void response.writeHead(204).end();
  await put('2025-10-06', [api.world.enrollments.ada, 2]);
  await receiver.has(1);
  await until(async () => (await failuresOf(api)) === 1);
  receiver.answer = (_message, response) => void response.writeHead(200).end();
  setClock(6);
  hooks.sender.wake();
  const [first, second] = await receiver.has(2);
  expect(second!.headers['webhook-id']).toBe(first!.headers['webhook-id']);
  expect(second!.text).toBe(first!.text);
});

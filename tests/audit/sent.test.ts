import { openAudit } from '../../src/audit/audit';
import { openReads } from '../../src/audit/find';
import { openOtherChanges } from '../../src/roster/other-changes';
import { settled } from '../settled';
import { add, failuresOf, type Hooks, openHooks, senderOver, stateOf } from '../webhooks/hooks';
import { openReceiver, type Receiver, until } from '../webhooks/receiver';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What webhooks and event triggers send is noted as what is read is: it is given to somebody else, too. */
let hooks: Hooks;
let receiver: Receiver;
let audit: ReturnType<typeof openAudit>;
beforeEach(async () => {
  [hooks, receiver] = [await openHooks(), await openReceiver()];
  await hooks.sender.stop();
  const { api, close } = hooks;
  audit = openAudit(api.world.database, 30);
  const sender = senderOver(api, { audit, faults: hooks.faults as unknown[] });
  sender.start();
  hooks = { ...hooks, sender, close: () => sender.stop().then(audit.close).then(close) };
});
afterEach(async () => {
  receiver.close();
  await hooks.close();
});

const rows = async () => {
  await audit.flush();
  return hooks.api.world.database.knex('reads').orderBy('id');
};
const noted = (count: number) => until(async () => (await rows()).length >= count);
const mark = async (...marks: Parameters<typeof hooks.api.mark>) => {
  await hooks.api.mark(...marks);
  hooks.sender.reload();
};
const host = () => new URL(receiver.url).host;
const DAY = '2025-10-07';

test('a message is noted: to whom, by which webhook, of which section and days, and how many records it had', async () => {
  const { api } = hooks;
  const { enrollments, people, sections, districts } = api.world;
  const { id } = await add(api, receiver.url);
  await mark([enrollments.ada, DAY, 3, 'bus']);
  await receiver.has(1);
  await noted(1);
  const client = (await api.world.database.knex('webhook_targets').first()).client_id;
  const sent = { api: 'rollbook', endpoint: 'webhook', client_id: client, person_id: null };
  const what = { section_id: sections.algebra, subject_id: null, from_date: DAY, to_date: DAY };
  expect(await rows()).toMatchObject([{ ...sent, ...what, webhook_id: id, host: host(), records: 2, times: 1 }]);
  // Whoever was in the section on that day is told of it.
  const concerning = (person: number) =>
    openReads(api.world.database)({ district: districts.larkspur, person, limit: 10 });
  expect(await concerning(people.ada)).toMatchObject([{ webhook_id: id, host: host() }]);
  expect(await concerning(people.mendel)).toEqual([]);

  // All of it once more, from the start.
  await settled(api.world.database);
  await api.post(`/webhooks/${id}/replay`).send({ after: 'start' }).expect(200);
  hooks.sender.reload();
  await receiver.has(2);
  await noted(2);
  expect((await rows())[1]).toMatchObject({ ...sent, ...what, webhook_id: id, records: 2 });
});

test('a change of an enrollment is noted of the person, who may be in the section no more', async () => {
  const { api } = hooks;
  const { database, enrollments, people, sections, actor } = api.world;
  await add(api, receiver.url);
  await database.knex('enrollments').where({ id: enrollments.ada }).update({ active: false, end_date: '2025-01-01' });
  const other = openOtherChanges(database);
  await database.transaction((tx) => other.enrollments(tx, actor, { changed: [enrollments.ada] }));
  hooks.sender.reload();
  await receiver.has(1);
  await noted(1);
  expect(await rows()).toMatchObject([{ subject_id: people.ada, section_id: sections.algebra, records: 1 }]);
});

test('what was sent and not accepted is noted each time; what could not be sent is not', async () => {
  const { api } = hooks;
  receiver.answer = (_message, response) => void response.writeHead(500).end();
  const { id } = await add(api, receiver.url);
  await mark([api.world.enrollments.ada, DAY, 2]);
  await until(async () => (await failuresOf(api)) === 1);
  await noted(1);
  receiver.close();
  await api.patch(`/webhooks/${id}`).send({ enabled: true }).expect(200);
  hooks.sender.reload();
  await until(async () => (await stateOf(api, id)).last_error.includes('ECONNREFUSED'));
  expect(await rows()).toHaveLength(1);
});

test('an event of a trigger is noted; one that only says that something has changed has no records', async () => {
  const { api } = hooks;
  receiver.answer = (_message, response) => void response.writeHead(200).end();
  const { id: target_id } = (await api.post('/v1/triggers/targets').send({ target: receiver.url })).body;
  const subscribe = (include_object: number) =>
    api
      .put('/v1/triggers/subscriptions')
      .send({ subscription: [{ target_id, trigger: 'attendance', subscribed: 1, include_object }] })
      .expect(200);
  await settled(api.world.database);
  await subscribe(1);
  await mark([api.world.enrollments.ada, DAY, 2]);
  await receiver.has(1);
  await settled(api.world.database);
  await subscribe(0);
  await mark([api.world.enrollments.ada, '2025-10-08', 3]);
  await receiver.has(2);
  await noted(2);
  const what = { api: 'schoology', endpoint: 'webhook', section_id: api.world.sections.algebra, webhook_id: target_id };
  expect(await rows()).toMatchObject([
    { ...what, from_date: DAY, records: 1 },
    { ...what, from_date: '2025-10-08', records: 0 },
  ]);
});

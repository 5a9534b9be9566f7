import { openMailer } from '../../../src/mail/mailer';
import { type Api, openApi } from '../../api';
import { clockless, later, rightClock } from '../../clock';
import { openMailServer, type TestMailServer } from '../../mail/smtp';

const DAY = '2025-10-01';

let server: TestMailServer;
let api: Api;
let school: number;
beforeEach(async () => {
  jest.useFakeTimers({ now: new Date('2025-10-01T16:00:00.000Z'), doNotFake: [...clockless] });
  server = await openMailServer();
  const mailer = openMailer({ url: server.url, from: 'attendance@example.org' }, { onLost: () => undefined });
  api = await openApi({ mailer });
  school = (await api.world.database.knex('schools').first()).id;
});
afterEach(async () => {
  rightClock();
  await api.close();
  await server.close();
});

const remind = (body: object = {}, by = api) => by.post('/reminders/').send({ school, date: DAY, ...body });
const outcomes = async (body?: object) =>
  (await remind(body).expect(200)).body.reminders.map(({ section, name, outcome }: Record<string, unknown>) => [
    section,
    name,
    outcome,
  ]);
const kept = () => api.world.database.knex('roll_reminders').orderBy('id');

test('teachers of rolls that are not taken are sent a link to each, without a word of students; that is kept', async () => {
  const { people, sections, districts } = api.world;
  await api.patch(`/rolls/${sections.biology}/${DAY}`).send({ taken: true }).expect(200);
  expect(await outcomes()).toEqual([['Algebra', 'Emmy Noether', 'sent']]);
  await server.arrived(1);
  const [mail] = server.received;
  expect(mail!.to).toEqual(['emmy@example.org']);
  expect(mail!.text).toContain(`${api.url}/#/sections/${sections.algebra}/${DAY}`);
  expect(mail!.raw).toContain('Subject: The roll of Algebra is not taken');
  expect(mail!.raw).not.toMatch(/Ada|Grace|Biology/);
  expect(await kept()).toEqual([
    expect.objectContaining({
      ...{ district_id: districts.larkspur, section_id: sections.algebra, person_id: people.noether },
      ...{ api: 'rollbook', client_id: expect.any(Number) },
    }),
  ]);
});

test('one teacher of several rolls is sent one mail with all of them', async () => {
  const { database, enrollments, people } = api.world;
  await database.knex('enrollments').where({ id: enrollments.mendel }).update({ person_id: people.noether });
  expect(await outcomes()).toEqual([
    ['Algebra', 'Emmy Noether', 'sent'],
    ['Biology', 'Emmy Noether', 'sent'],
  ]);
  await server.arrived(1);
  expect(server.received.map(({ text }) => [text.includes('Algebra'), text.includes('Biology')])).toEqual([
    [true, true],
  ]);
});

test('nobody is reminded of the same roll twice within half an hour, also not by two at once', async () => {
  const twice = await Promise.all([outcomes({ period: '1' }), outcomes({ period: '1' })]);
  expect(
    twice
      .flat()
      .map(([, , outcome]) => outcome)
      .sort(),
  ).toEqual(['recent', 'recent', 'sent', 'sent']);
  later(29 * 60);
  expect((await outcomes())[0]).toEqual(['Algebra', 'Emmy Noether', 'recent']);
  later(2 * 60);
  expect((await outcomes())[0]).toEqual(['Algebra', 'Emmy Noether', 'sent']);
  expect(await kept()).toHaveLength(4);
});

test('it is said who cannot be reminded, and why', async () => {
  const { database, people, enrollments } = api.world;
  await database.knex('people').where({ id: people.noether }).update({ email: ' ' });
  await database.knex('enrollments').where({ id: enrollments.mendel }).delete();
  expect(await outcomes()).toEqual([
    ['Algebra', 'Emmy Noether', 'no_address'],
    ['Biology', '', 'no_teacher'],
  ]);
  expect([await kept(), await outcomes({ period: '7' })]).toEqual([[], []]);
});

test('a service that sends no mail says so of each, and a mailer that takes no more of those; neither is kept', async () => {
  const silent = await openApi();
  try {
    const [{ id }] = await silent.world.database.knex('schools');
    const { body } = await silent.post('/reminders/').send({ school: id, date: DAY }).expect(200);
    expect(body.reminders.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['no_mail', 'no_mail']);
  } finally {
    await silent.close();
  }
  const closed = openMailer({ url: server.url, from: 'attendance@example.org' }, { onLost: () => undefined });
  await closed.close();
  const full = await openApi({ mailer: closed });
  try {
    const [{ id }] = await full.world.database.knex('schools');
    const { body } = await full.post('/reminders/').send({ school: id, date: DAY }).expect(200);
    expect(body.reminders.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['not_sent', 'not_sent']);
    expect(await full.world.database.knex('roll_reminders')).toEqual([]);
  } finally {
    await full.close();
  }
});

test('teachers, and days that are to come, are refused, and nobody is sent anything', async () => {
  const teacher = await api.as({ person: api.world.people.noether });
  const refused = await remind({}, teacher);
  expect([refused.status, refused.body.code]).toEqual([403, 'OFFICE_ONLY']);
  for (const date of ['2025-10-02', 'today']) {
    const { status, body } = await remind({ date });
    expect([status, body.errors[0].field]).toEqual([400, 'date']);
  }
  expect((await remind({ school: 999_999 })).status).toBe(404);
  expect([await kept(), server.received]).toEqual([[], []]);
});

import { openWorld, type World } from '../world';
import { clientOf, envOf } from './many';
import { type RunningServer, startServer } from './process';
import { signed } from './signed';

/** What is secret or personal is neither in the log of the built service nor in what it answers to errors. */
jest.setTimeout(60_000);

let world: World;
let server: RunningServer;
beforeEach(async () => {
  world = await openWorld({ reuse: false });
  const { knex } = world.database;
  for (const column of ['given_name', 'middle_name', 'family_name', 'preferred_name', 'username', 'identifier'])
    await knex('people').update({ [column]: knex.raw("'stored-' || ? || id", [column]) });
  await knex('people').update({ email: knex.raw("'stored-' || id || '@example.org'") });
  const { ada, grace } = world.enrollments;
  const comment = 'stored-comment';
  const marks = [ada, grace].map((enrollment) => ({ enrollment, date: '2025-10-07', status: 2, comment }));
  await world.ledger.record(marks, world.actor, { roll: 'always' });
  server = await startServer({ ...envOf(world), LOG_LEVEL: 'trace' });
});
afterEach(async () => {
  await server.stop('SIGTERM');
  await world.close();
});

const everything = ['attendance:read', 'attendance:write', 'roster:read', 'roster:write', 'admin'];
const json = (value: unknown) => ({ type: 'application/json', content: JSON.stringify(value) });
interface Body {
  readonly type: string;
  readonly content: string;
}

/** Bodies that are wrong in every way, with something in them that is not to be seen. */
const wrongBodies: Body[] = [
  json({ attendances: { attendance: [{ enrollment_id: 'sent-id', date: 'sent-date', comment: 'sent-comment' }] } }),
  json({ 'sent-name': 'sent-value', comment: 'sent-comment', person: { email_addresses: ['sent@example.org'] } }),
  json(['sent-value']),
  { type: 'application/json', content: '{"comment": "sent-comment' },
  { type: 'text/xml', content: '<a><comment>sent-comment</a>' },
  { type: 'text/xml', content: '<!DOCTYPE a [<!ENTITY b "sent-comment">]><a>&b;</a>' },
  { type: 'text/csv', content: 'sent-comment' },
  { type: 'application/json; charset=sent-charset', content: '{}' },
  {
    type: 'application/x-www-form-urlencoded',
    content: 'grant_type=sent-grant&client_id=sent-key&client_secret=sent-secret',
  },
  { type: 'application/json', content: `{"comment": "${'sent-comment'.repeat(1_000_000)}"}` },
];

const pathsOf = ({ sections, people, enrollments }: World): string[] => [
  `/v1/sections/${sections.algebra}/attendance`,
  `/v1/sections/${sections.elsewhere}/attendance`,
  '/v1/users',
  '/v1/users/ext/stored-username1',
  `/v1/users/${people.eve}`,
  `/v1/sections/${sections.algebra}/enrollments`,
  '/ws/attendance/batch_daily_time',
  '/ws/attendance/meeting_interval',
  '/ws/schema/query/com.pearson.core.attendance.student_attendance_info',
  `/ws/v1/student/${people.ada}`,
  '/oauth/access_token',
  '/osdi/api/v1/people',
  '/osdi/api/v1/events',
  `/osdi/api/v1/events/${sections.algebra}0020368/record_attendance_helper`,
  `/osdi/api/v1/attendances/${enrollments.ada}20368`,
  '/bookings/v2/attendance/query',
  '/bookings/v2/attendance/stored-id',
  '/bookings/v2/bulk/attendance/set',
  '/sent-path/stored-name',
  '/healthz',
];

/** Every path, by every method, with credentials of every kind, good and bad, and bodies that are wrong. */
async function provoke(client: Awaited<ReturnType<typeof clientOf>>) {
  const personal = {
    cookie: 'session=sent-cookie',
    'user-agent': 'sent-agent',
    referer: 'http://sent-referer.example/',
    'x-forwarded-for': '203.0.113.7',
    'x-request-id': 'sent-request',
    'if-match': '"sent-tag"',
    'x-schoology-run-as': 'sent-person',
  };
  const basic = (secret: string) => `Basic ${Buffer.from(`${client.key}:${secret}`).toString('base64')}`;
  const credentials = (method: string, url: string): Record<string, string>[] => [
    {},
    { authorization: `Bearer ${client.token}` },
    { 'osdi-api-token': client.token },
    { authorization: signed(client, method, url) },
    { authorization: basic(client.secret) },
    { authorization: 'Bearer wrong-token' },
    { authorization: basic('wrong-secret') },
    { authorization: 'OAuth oauth_consumer_key="wrong-key",oauth_signature="wrong-signature' },
    { authorization: signed({ ...client, secret: 'wrong-secret' }, method, url), ...personal },
  ];
  const answers: { status: number; text: string; asked: string }[] = [];
  const ask = async (method: string, path: string, headers: Record<string, string>, body?: Body) => {
    const typed = body && { 'content-type': body.type };
    const response = await fetch(server.url + path, {
      method,
      headers: { ...headers, ...typed },
      ...(body && { body: body.content }),
    });
    answers.push({ status: response.status, text: await response.text(), asked: `${method} ${path}` });
  };
  const bearer = { authorization: `Bearer ${client.token}`, 'osdi-api-token': client.token };
  for (const path of pathsOf(world)) {
    for (const headers of credentials('GET', server.url + path)) await ask('GET', path, headers);
    for (const method of ['PUT', 'POST', 'DELETE', 'PATCH'])
      for (const body of wrongBodies.slice(0, method === 'PUT' ? undefined : -1)) await ask(method, path, bearer, body);
    for (const query of [
      `osdi-api-token=${client.token}&filter=given_name%20eq%20'sent-name'`,
      'osdi-api-token=wrong-token',
      `client_id=${client.key}&client_secret=${client.secret}&grant_type=client_credentials`,
      `access_token=${client.token}&start=sent-date&limit=sent-limit&page=sent-page`,
    ])
      for (const method of ['GET', 'POST']) await ask(method, `${path}?${query}`, method === 'GET' ? {} : bearer);
    await ask('GET', path, { ...bearer, accept: 'image/sent-type' });
  }
  return answers;
}

test('whatever is asked, and however wrongly', async () => {
  const client = await clientOf(world, everything);
  const answers = await provoke(client);
  const statuses = new Set(answers.map(({ status }) => status));
  for (const status of [200, 400, 401, 404, 405, 406, 413, 415]) expect(statuses).toContain(status);
  expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
  await server.stop('SIGTERM');

  const { key, secret, token } = client;
  const credentials = [key, secret, token, 'wrong-', 'sent-secret', 'sent-cookie'];
  const written = server.log() + server.errors();
  expect(written.split('"status":').length).toBeGreaterThan(answers.length);
  for (const marker of [...credentials, 'sent-', 'stored-', '203.0.113.7', world.url])
    expect([marker, written.includes(marker)]).toEqual([marker, false]);
  expect(server.errors()).toBe('');
  // What a caller has sent in a field it may be told; credentials, and what is known of people, it is not.
  const refusals = answers.filter(({ status }) => status >= 400);
  for (const marker of credentials) expect(refusals.filter(({ text }) => text.includes(marker))).toEqual([]);
  const stored = refusals.filter(({ text, asked }) => /stored-(?!username1|id|name)/.test(text.replaceAll(asked, '')));
  expect(stored).toEqual([]);
  const told = answers.filter(({ text, asked }) => !asked.includes('/oauth/') && text.includes(token));
  expect(told).toEqual([]);
});

test('a fault of the database, with the row that it is about', async () => {
  const { knex } = world.database;
  await knex.raw(
    process.env.ENGINE === 'postgres'
      ? "alter table journal add constraint fails check (to_comment <> 'sent-comment') not valid"
      : "create trigger fails before insert on journal begin select raise(abort, 'journal fails'); end",
  );
  const client = await clientOf(world, everything);
  const { ada } = world.enrollments;
  const response = await fetch(`${server.url}/v1/sections/${world.sections.algebra}/attendance`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${client.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      attendances: { attendance: { enrollment_id: ada, date: '2025-10-08', status: 3, comment: 'sent-comment' } },
    }),
  });
  const answer = await response.text();
  expect([response.status, JSON.parse(answer).code]).toEqual([500, 'INTERNAL']);
  await server.stop('SIGTERM');
  const written = server.log() + server.errors();
  expect(written).toMatch(/"level":50.*"fault":.*fails/);
  for (const marker of ['sent-', 'stored-', client.token, '2025-10-08'])
    expect([marker, (answer + written).includes(marker)]).toEqual([marker, false]);
});

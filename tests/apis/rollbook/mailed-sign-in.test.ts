import { openMailer } from '../../../src/mail/mailer';
import { type Api, openApi } from '../../api';
import { later, rightClock } from '../../clock';
import { openMailServer, type TestMailServer } from '../../mail/smtp';

let server: TestMailServer;
let api: Api;
beforeEach(async () => {
  server = await openMailServer();
  const mailer = openMailer({ url: server.url, from: 'attendance@example.org' }, { onLost: () => undefined });
  api = await openApi({ mailer });
});
afterEach(async () => {
  rightClock();
  await api.close();
  await server.close();
});

const post = async (path: string, body: object) => {
  const response = await fetch(api.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
  const told = Object.fromEntries([...response.headers].filter(([name]) => !/^(date|ratelimit)/.test(name)));
  // biome-ignore lint/suspicious/noExplicitAny: JSON as it comes
  return { status: response.status, headers: told, body: (await response.json()) as any };
};
const ask = (email: string) => post('/sign-in/email', { email });
/** Asks, and reads the mail. */
async function asked(email = 'emmy@example.org') {
  const before = server.received.length;
  const { body } = await ask(email);
  await server.arrived(before + 1);
  const { text, to } = server.received[before]!;
  const [, token] = /#\/invitation\/([\w-]{43})/.exec(text) ?? [];
  const [, code] = /code (\d{6}) /.exec(text) ?? [];
  return { request: body.request as string, token: token!, code: code!, text, to };
}
const byCode = (request: string, code: string, more = {}) => post('/sign-in/code', { request, code, ...more });
const wrong = (code: string) => (code === '000000' ? '000001' : '000000');
/** Whatever was looked up for those who have asked has been by now. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 150));
const change = (values: object, id = api.world.people.noether) =>
  api.world.database.knex('people').where({ id }).update(values);

test('a link and a code go to the address as the roster has it; either signs in, once', async () => {
  const { request, code, token, to, text } = await asked(' EMMY@example.org ');
  expect(to).toEqual(['emmy@example.org']);
  expect(text).toContain('sign in to attendance of Larkspur');
  const signed = await byCode(request, `${code.slice(0, 3)} ${code.slice(3)}`, { own_device: true });
  expect(signed).toMatchObject({ status: 201, body: { person: { name: 'Emmy Noether' } } });
  expect(signed.headers['set-cookie']).toContain('Max-Age=2592000');
  const again = [await byCode(request, code), await post('/sign-in', { invitation: token })];
  expect(again.map(({ status }) => status)).toEqual([401, 401]);
  const next = await asked();
  expect((await post('/sign-in', { invitation: next.token })).status).toBe(201);
  expect((await byCode(next.request, next.code)).status).toBe(401);
});

test('whoever asks is told the same, whether or not there is anybody; nobody but who may sign in is sent a mail', async () => {
  await change({ email: 'shared@example.org' });
  await change({ email: 'shared@example.org' }, api.world.people.mendel);
  const answers = [];
  for (const email of ['emmy@example.org', 'shared@example.org', 'ada@example.org', 'nobody@example.org'])
    answers.push(await ask(email));
  const same = answers.map(({ body: { request, expires_at }, ...told }) =>
    JSON.stringify([told, request.length, expires_at.length]),
  );
  expect([new Set(same).size, answers[0]!.status]).toEqual([1, 202]);
  await settled();
  expect(server.received).toEqual([]);
  expect((await byCode(answers[0]!.body.request, '123456')).status).toBe(401);
});

test('a teacher whose address is a parent’s too is sent a mail; one whose access was taken away is not', async () => {
  await change({ email: 'emmy@example.org', role: 'parent' }, api.world.people.ada);
  await asked();
  const person_id = api.world.people.noether;
  const { client_id } = await api.world.database.knex('sign_ins').where({ person_id }).first();
  await api.clients.revoke(client_id);
  await ask('emmy@example.org');
  await settled();
  expect(server.received).toHaveLength(1);
});

test('a code is worth nothing without what the browser has that asked, after five tries, or after ten minutes', async () => {
  const [one, other] = [await asked(), await asked()];
  expect((await byCode(other.request, one.code === other.code ? wrong(one.code) : one.code)).status).toBe(401);
  for (let tries = 0; tries < 5; tries++) expect((await byCode(one.request, wrong(one.code))).status).toBe(401);
  expect((await byCode(one.request, one.code)).status).toBe(401);
  later(601);
  expect((await byCode(other.request, other.code)).status).toBe(401);
});

test('a link ends with its code that was tried too often, and with a later mail that is used', async () => {
  const link = async (token: string) => (await post('/sign-in', { invitation: token })).status;
  const burnt = await asked();
  for (let tries = 0; tries < 5; tries++) await byCode(burnt.request, wrong(burnt.code));
  expect(await link(burnt.token)).toBe(401);
  const [earlier, used] = [await asked(), await asked()];
  expect((await byCode(used.request, used.code)).status).toBe(201);
  expect([await link(earlier.token), (await byCode(earlier.request, earlier.code)).status]).toEqual([401, 401]);
  later(601);
  const [first, second] = [await asked(), await asked()];
  expect([await link(first.token), await link(second.token)]).toEqual([201, 201]); // the later one still stands
});

test('of many right codes at once one signs in', async () => {
  const { request, code } = await asked();
  const answers = await Promise.all(Array.from({ length: 4 }, () => byCode(request, code)));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401]);
});

test('a person is sent three mails in ten minutes, and ten in a day, whoever asks', async () => {
  for (let round = 0; round < 5; round++) {
    for (let times = 0; times < 4; times++) {
      await ask('emmy@example.org');
      await settled();
    }
    expect(server.received).toHaveLength(Math.min(10, 3 * (round + 1)));
    later(601);
  }
});

test('an address of the network asks so often, whomever for', async () => {
  const statuses = [];
  for (let times = 0; times < 61; times++) statuses.push((await ask(`n${times}@example.org`)).status);
  expect(statuses).toEqual([...Array(60).fill(202), 429]);
});

test.each([
  ['/sign-in/email', {}, 'email'],
  ['/sign-in/email', { email: 'emmy' }, 'email'],
  ['/sign-in/email', { email: 'a@b\r\nBcc: c@d' }, 'email'],
  ['/sign-in/code', { request: 'x' }, 'code'],
  ['/sign-in/code', { request: 'x', code: '12345' }, 'code'],
])('%s with %j is answered with 400, which names %s', async (path, body, field) => {
  const answer = await post(path, body);
  expect([answer.status, answer.body.code, answer.body.errors[0].field]).toEqual([400, 'BODY_INVALID', field]);
});

test('what is kept tells neither the code nor the link', async () => {
  const { request, code, token } = await asked();
  const kept = JSON.stringify(await api.world.database.knex('invitations'));
  for (const secret of [request, code, token]) expect(kept).not.toContain(`"${secret}"`);
});

test('the page is told whether there is mail', async () => {
  const other = await openApi();
  try {
    expect((await api.get('/sign-in/ways')).body).toEqual({ openid: null, email: true, passkeys: false });
    expect((await other.get('/sign-in/ways')).body).toEqual({ openid: null, email: false, passkeys: false });
    expect((await other.post('/sign-in/email').send({ email: 'emmy@example.org' })).status).toBe(404);
    const office = await other.as({ scopes: ['access'] });
    const asked = { people: [other.world.people.noether], mail: true };
    expect((await office.post('/access/invitations').send(asked)).body.errors[0].field).toBe('mail');
  } finally {
    await other.close();
  }
});

test('invitations go by mail to whom the roster has an address of; the others are shown', async () => {
  await change({ email: '' }, api.world.people.mendel);
  const office = await api.as({ scopes: ['access'] });
  const { noether, mendel } = api.world.people;
  const { body } = await office.post('/access/invitations').send({ people: [noether, mendel], mail: true });
  expect(body.invitations).toMatchObject([
    { name: 'Gregor Mendel', mailed: false },
    { name: 'Emmy Noether', mailed: true },
  ]);
  await server.arrived(1);
  expect(server.received).toMatchObject([{ to: ['emmy@example.org'] }]);
  expect(server.received[0]!.text).toContain(body.invitations[1].link);
});

import { type Mail, type Mailer, openMailer } from '../../src/mail/mailer';
import { openMailServer, type TestMailServer } from './smtp';

/** Against a real mail server. */
let server: TestMailServer;
let mailer: Mailer;
let lost: { district: number; reason: string }[];
beforeEach(async () => {
  lost = [];
  server = await openMailServer();
  const settings = { url: server.url, from: 'Attendance <attendance@example.org>' };
  mailer = openMailer(settings, { onLost: (one) => lost.push(one), delays: [20] });
});
afterEach(async () => {
  await mailer.close();
  await server.close();
});

const mail = (to: string, district = 1, until = Date.now() + 60_000): Mail => ({
  ...{ to, district, until },
  subject: 'Your link',
  text: 'https://attendance.example.org/#/invitation/x',
});
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 10));
};

test('a mail arrives as it was written, from whom the setting says', async () => {
  expect(mailer.send(mail('emmy@example.org'))).toBe(true);
  await server.arrived(1);
  const { to, raw, text } = server.received[0]!;
  expect([to, text.trim()]).toEqual([['emmy@example.org'], 'https://attendance.example.org/#/invitation/x']);
  expect(raw).toMatch(/^From: Attendance <attendance@example\.org>\r$/m);
  expect(raw).toMatch(/^Subject: Your link\r$/m);
  expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
});

test('neither an address nor a subject brings other fields or recipients along', async () => {
  mailer.send({ ...mail('emmy@example.org'), subject: 'One\r\nBcc: eve@example.org' });
  mailer.send(mail('emmy@example.org\r\nRCPT TO:<eve@example.org>'));
  await until(() => server.received.length + lost.length >= 2);
  expect(server.received.flatMap(({ to }) => to)).not.toContain('eve@example.org');
  for (const { raw } of server.received) expect(raw).not.toMatch(/^Bcc:/m);
});

test('what the server does not take just now is sent again; what it refuses for good is not, and that is told', async () => {
  server.refusals.push({ code: 451, message: 'Try again later' }, { code: 550, message: 'No such mailbox' });
  mailer.send(mail('a@example.org'));
  mailer.send(mail('b@example.org', 2));
  await until(() => server.received.length > 0 && lost.length > 0);
  expect(lost).toEqual([{ district: expect.any(Number), reason: 'The mail server answered 550.' }]);
  expect(server.received).toHaveLength(1);
});

test('a server that cannot be reached is tried again until it can', async () => {
  await server.close();
  mailer.send(mail('a@example.org'));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(lost).toEqual([]);
  server = await openMailServer({ port: Number(new URL(server.url).port) });
  await server.arrived(1);
});

test('what is worth nothing any more is not sent', async () => {
  mailer.send(mail('a@example.org', 1, Date.now() - 1));
  mailer.send(mail('b@example.org'));
  await server.arrived(1);
  expect(server.received[0]!.to).toEqual(['b@example.org']);
  expect(lost).toEqual([{ district: 1, reason: 'It could not be sent in time.' }]);
});

test('so many wait of a district, and another one has its turn meanwhile', async () => {
  await server.close();
  const taken = Array.from({ length: 2_100 }, (_, index) => mailer.send(mail(`a${index}@example.org`)));
  expect(taken.filter(Boolean)).toHaveLength(2_000);
  expect(mailer.send(mail('other@example.org', 2))).toBe(true);
  server = await openMailServer({ port: Number(new URL(server.url).port) });
  await until(() => server.received.some(({ to }) => to[0] === 'other@example.org'));
  expect(server.received.length).toBeLessThan(50);
});

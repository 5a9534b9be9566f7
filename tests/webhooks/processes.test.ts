import { Webhook } from 'standardwebhooks';
import { attendanceOf, clientOf, envOf } from '../cli/many';
import { type RunningServer, rollbook, startServer } from '../cli/process';
import { openWorld, type World } from '../world';
import { openReceiver, type Receiver, until } from './receiver';

/** What the real service sends, also where a process of it ends, and where it has several. */
jest.setTimeout(120_000);

let world: World;
let receiver: Receiver;
let servers: RunningServer[];
let token: string;
let secret: string;
beforeEach(async () => {
  [world, receiver, servers] = [await openWorld(), await openReceiver(), []];
  const client = await clientOf(world);
  const add = ['webhook', 'add', '--client', String(client.id), '--url', receiver.url, '--json'];
  const { code, stdout, stderr } = await rollbook(add, env());
  if (code !== 0) throw new Error(stderr);
  [token, secret] = [client.token, JSON.parse(stdout).secret];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  receiver.close();
  await world.close();
});

const env = () => ({ ...envOf(world), WEBHOOK_ALLOW: '127.0.0.1' });
const start = async (...options: string[]) => {
  const server = await startServer(env(), ...options);
  servers.push(server);
  return server;
};

test('a process that is killed while it sends loses nothing: what had not arrived comes from the next, as the same message', async () => {
  const { ada } = world.enrollments;
  const day = (number: number) => `2025-09-${number + 10}`;
  for (let round = 0; round < 3; round++) {
    const server = await start();
    const { put } = attendanceOf(server.url, world, token);
    receiver.answer = ({ text }, response) => {
      // It has arrived, and nobody learns of it.
      if (round < 2 && text.includes(day(round * 3 + 1))) process.kill(server.pid, 'SIGKILL');
      response.writeHead(204).end();
    };
    for (const number of [0, 1, 2]) {
      const date = day(round * 3 + number);
      await put([ada, date, 2]).catch(() => undefined); // it may be no more
      if (number < 2) await until(() => receiver.received.some(({ text }) => text.includes(date)));
    }
    if (round === 2) break;
    await server.stop('SIGKILL');
    servers.pop();
    receiver.answer = (_message, response) => void response.writeHead(204).end();
  }
  const { algebra: section } = world.sections;
  const marks = await world.ledger.marks({ district: world.districts.larkspur, section });
  const expected = marks.map(({ date }) => date).sort();
  const told = () => {
    const messages = new Map(receiver.received.map((message) => [message.headers['webhook-id'], message]));
    return [...messages.values()].flatMap(({ body }) =>
      body.data.changes.flatMap(({ kind, date }) => (kind === 'mark' ? [String(date)] : [])),
    );
  };
  await until(() => told().length >= expected.length);
  expect(told()).toEqual(expected);
  expect(receiver.received.length).toBeGreaterThan(
    new Set(receiver.received.map(({ headers }) => headers['webhook-id'])).size,
  );
  for (const { text, headers } of receiver.received)
    expect(new Webhook(secret).verify(text, headers as Record<string, string>)).toBeTruthy();
});

test('of several workers one sends what any of them has written', async () => {
  const server = await start('--workers', '2');
  const { put } = attendanceOf(server.url, world, token);
  const days = ['2025-09-10', '2025-09-11', '2025-09-12'];
  for (const date of days) {
    await put([world.enrollments.ada, date, 2]);
    await until(() => receiver.received.some(({ text }) => text.includes(date)));
  }
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(ids.length);
});

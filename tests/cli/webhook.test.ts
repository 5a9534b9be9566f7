import { Webhook } from 'standardwebhooks';
import { certificate, openReceiver, type Receiver, until } from '../webhooks/receiver';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { type RunningServer, rollbook, startServer } from './process';

/** Webhooks by the command, and what the real service sends. */
jest.setTimeout(120_000);

let world: World;
let receiver: Receiver;
let servers: RunningServer[];
beforeEach(async () => {
  [world, receiver, servers] = [await openWorld(), await openReceiver(), []];
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.stop('SIGTERM')));
  receiver.close();
  await world.close();
});

const env = () => ({ ...envOf(world), WEBHOOK_ALLOW: '127.0.0.1' });
const start = async (options: string[] = [], more: NodeJS.ProcessEnv = {}) => {
  const server = await startServer({ ...env(), ...more }, ...options);
  servers.push(server);
  return server;
};
async function json(...args: string[]) {
  const { code, stdout, stderr } = await rollbook(['webhook', ...args, '--json'], env());
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

test('a webhook is made, listed, rotated, replayed, enabled and removed', async () => {
  const { id: client } = await clientOf(world);
  const { id, secret } = await json('add', '--client', String(client), '--url', receiver.url, '--description', 'SIS');
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
  expect(await json('list')).toEqual([
    expect.objectContaining({ id, client_id: client, url: receiver.url, state: 'working' }),
  ]);
  const rotated = await json('rotate', String(id), '--grace', '1h');
  expect(rotated.secret).not.toBe(secret);
  const { knex } = world.database;
  const held = await knex('webhook_targets').first();
  expect(JSON.stringify(held)).not.toContain(secret.slice(6, 20));
  expect(JSON.stringify(held)).not.toContain(rotated.secret.slice(6, 20));
  await knex('webhook_targets').update({
    disabled_at: '2025-10-06T00:00:00.000Z',
    disabled_reason: 'restored',
    last_error: 'x',
  });
  const { stdout } = await rollbook(['webhook', 'list'], env());
  expect(stdout).toContain('disabled: restored');
  const enabled = await rollbook(['webhook', 'enable', String(id)], env());
  expect([enabled.code, enabled.stderr]).toEqual([1, expect.stringContaining('replay it')]);
  expect(await json('replay', String(id), '--after', 'now')).toMatchObject({ id, state: 'working', last_error: '' });
  expect(await json('enable', String(id))).toMatchObject({ id, state: 'working' });
  expect(await json('remove', String(id))).toEqual({ removed: id });
  const unknown = await rollbook(['webhook', 'remove', String(id)], env());
  expect([unknown.code, unknown.stderr]).toEqual([1, `rollbook: There is no webhook ${id} here.\n`]);
  const refused = await rollbook(['webhook', 'add', '--client', '99', '--url', receiver.url], env());
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('There is no client 99')]);
});

test('a process that is killed while it sends loses nothing: what had not arrived comes from the next, as the same message', async () => {
  const { id: client, token } = await clientOf(world);
  const { secret } = await json('add', '--client', String(client), '--url', receiver.url);
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
    // The next one would wait for ten seconds, in case that the one before is only slow.
    await world.database.knex('webhook_lease').update({ holder: null });
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
  const { id: client, token } = await clientOf(world);
  await json('add', '--client', String(client), '--url', receiver.url);
  const server = await start(['--workers', '2']);
  const { put } = attendanceOf(server.url, world, token);
  const days = ['2025-09-10', '2025-09-11', '2025-09-12'];
  for (const date of days) {
    await put([world.enrollments.ada, date, 2]);
    await until(() => receiver.received.some(({ text }) => text.includes(date)));
  }
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(ids.length);
});

test('a certificate is checked: the name in it, its time, and who has signed it; NODE_EXTRA_CA_CERTS names an authority of one’s own', async () => {
  const { id: client, token } = await clientOf(world);
  const secured = await Promise.all((['server', 'elsewhere', 'expired', 'untrusted'] as const).map(openReceiver));
  try {
    for (const { url } of secured) await json('add', '--client', String(client), '--url', url);
    const server = await start([], { NODE_EXTRA_CA_CERTS: certificate('authority.pem') });
    await attendanceOf(server.url, world, token).put([world.enrollments.ada, '2025-09-10', 2]);
    await secured[0]!.has(1);
    const answers = async (): Promise<unknown[][]> =>
      (await json('list')).map(({ state, last_error }: Record<string, unknown>) => [state, last_error]);
    await until(async () => (await answers()).filter(([state]) => state === 'failing').length === 3);
    expect(await answers()).toEqual([
      ['working', ''],
      ['failing', 'Its certificate is not one of localhost.'],
      ['failing', 'Its certificate has expired.'],
      [
        'failing',
        'Its certificate is not signed by an authority that this machine trusts (DEPTH_ZERO_SELF_SIGNED_CERT).',
      ],
    ]);
    expect(secured.map(({ received }) => received.length)).toEqual([1, 0, 0, 0]);
  } finally {
    for (const each of secured) each.close();
  }
});

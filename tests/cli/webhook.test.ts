import { certificate, openReceiver, type Receiver, until } from '../webhooks/receiver';
import { openWorld, type World } from '../world';
import { attendanceOf, clientOf, envOf } from './many';
import { type RunningServer, rollbook, startServer } from './process';

/** Webhooks by the command, and whom the real service takes a receiver for. */
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
const start = async (more: NodeJS.ProcessEnv) => {
  const server = await startServer({ ...env(), ...more });
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

test('a certificate is checked: the name in it, its time, and who has signed it; NODE_EXTRA_CA_CERTS names an authority of one’s own', async () => {
  const { id: client, token } = await clientOf(world);
  const secured = await Promise.all((['server', 'elsewhere', 'expired', 'untrusted'] as const).map(openReceiver));
  try {
    for (const { url } of secured) await json('add', '--client', String(client), '--url', url);
    const server = await start({ NODE_EXTRA_CA_CERTS: certificate('authority.pem') });
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

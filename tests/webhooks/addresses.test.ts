import type { Resolve } from '../../src/webhooks/addresses';
import { add, type Hooks, loopback, openHooks, stateOf } from './hooks';
import { openReceiver, type Receiver, until } from './receiver';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** Where messages may go: to the internet by https, and to networks that the operator names. */
let hooks: Hooks;
let receiver: Receiver;
/** What names lead to, one answer after the other. */
let answers: string[][];
let asked: string[];
const resolve: Resolve = async (name) => {
  asked.push(name);
  return answers.shift() ?? [];
};

async function open(networks = loopback): Promise<void> {
  [answers, asked] = [[], []];
  [hooks, receiver] = [await openHooks({ networks, resolve }), await openReceiver()];
}
afterEach(async () => {
  receiver.close();
  await hooks.close();
});

async function mark(): Promise<void> {
  const { api, sender } = hooks;
  await api.mark([api.world.enrollments.ada, '2025-10-06', 2]);
  sender.wake();
}

const hasFailed = (id: number) => until(async () => (await stateOf(hooks.api, id)).state === 'failing');

test('an address that is not one of the internet is refused when it is given, however it is written', async () => {
  await open([]);
  const hosts = [
    '127.0.0.1',
    '0x7f.1',
    '2130706433',
    '0177.0.0.1',
    'localhost',
    'a.localhost',
    '10.1.2.3',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '198.18.0.1',
    '192.0.2.1',
    '224.0.0.1',
    '255.255.255.255',
    '0.0.0.0',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::ffff:a9fe:a9fe]',
    '[::10.0.0.1]',
    '[64:ff9b::10.0.0.1]',
    '[2002:a00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fec0::1]',
    '[ff02::1]',
    '[2001:db8::1]',
  ];
  for (const host of hosts) {
    const { status, body } = await hooks.api.post('/webhooks').send({ url: `https://${host}/` });
    expect([host, status, body.errors?.[0]]).toEqual([
      host,
      400,
      { field: 'url', message: expect.stringContaining('WEBHOOK_ALLOW') },
    ]);
  }
  expect(await hooks.api.world.database.knex('webhook_targets')).toEqual([]);
});

test.each([
  ['http, where no network is allowed', 'http://sis.example.org/'],
  ['another scheme', 'file:///etc/passwd'],
  ['no address', 'sis.example.org'],
  ['a user and a password', 'https://a:b@sis.example.org/'],
  ['a fragment', 'https://sis.example.org/#a'],
])('%s is refused', async (_what, url) => {
  await open([]);
  const { status, body } = await hooks.api.post('/webhooks').send({ url });
  expect([status, body.code, body.errors[0].field]).toEqual([400, 'BODY_INVALID', 'url']);
});

test.each([
  ['no network is allowed', [], 'must be an https address of up to 2000 characters'],
  [
    'one is',
    loopback,
    'must be an https address, or an http address of a network in WEBHOOK_ALLOW, of up to 2000 characters',
  ],
] as const)('which addresses are taken is said as it is where %s', async (_what, networks, said) => {
  await open([...networks]);
  const { body } = await hooks.api.post('/webhooks').send({ url: 'file:///etc/passwd' });
  expect(body.errors).toEqual([{ field: 'url', message: said }]);
});

test('a name that leads to a private address is not called, nor where only one of its addresses is private', async () => {
  await open([]);
  answers = [['10.0.0.1'], ['::ffff:169.254.169.254'], ['203.0.114.1', '127.0.0.1']];
  const { id } = await add(hooks.api, 'https://sis.example.org/');
  const { knex } = hooks.api.world.database;
  await mark();
  for (const address of ['10.0.0.1', '169.254.169.254', '127.0.0.1']) {
    await until(async () => (await stateOf(hooks.api, id)).last_error.includes(address));
    expect((await stateOf(hooks.api, id)).last_error).toBe(
      `Its address ${address} is not one of the internet, and not in WEBHOOK_ALLOW.`,
    );
    await knex('webhook_targets').update({ next_attempt_at: null });
    hooks.sender.reload();
  }
});

test('plain http goes to the networks that are allowed, and nowhere else', async () => {
  await open();
  answers = [['203.0.114.1']];
  const { id } = await add(hooks.api, 'http://sis.example.org/');
  await mark();
  await hasFailed(id);
  expect((await stateOf(hooks.api, id)).last_error).toMatch('it needs https');
});

test('a name is looked up once for each attempt, and the connection goes to what was checked', async () => {
  await open();
  answers = [['127.0.0.1'], ['10.0.0.1']];
  const { id } = await add(hooks.api, `http://sis.example.org:${receiver.port}/a?b=c`);
  await mark();
  const [message] = await receiver.has(1);
  expect([message!.path, message!.headers.host]).toEqual(['/a?b=c', `sis.example.org:${receiver.port}`]);
  await until(async () => (await stateOf(hooks.api, id)).delivered_at !== null);
  expect(asked).toEqual(['sis.example.org']);
  // The name leads elsewhere by now.
  await hooks.api.mark([hooks.api.world.enrollments.ada, '2025-10-07', 2]);
  hooks.sender.wake();
  await hasFailed(id);
  expect(asked).toHaveLength(2);
  expect(receiver.received).toHaveLength(1);
});

test('a name that leads nowhere, and a port where nobody listens, are failures', async () => {
  await open();
  const nowhere = await add(hooks.api, 'http://sis.example.org/');
  const { port } = receiver;
  receiver.close();
  const closed = await add(hooks.api, `http://127.0.0.1:${port}/`);
  await mark();
  await hasFailed(nowhere.id);
  await hasFailed(closed.id);
  expect((await stateOf(hooks.api, nowhere.id)).last_error).toBe('The name sis.example.org leads nowhere.');
  expect((await stateOf(hooks.api, closed.id)).last_error).toBe('It could not be reached: ECONNREFUSED.');
});

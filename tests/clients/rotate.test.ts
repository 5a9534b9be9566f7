import crypto from 'node:crypto';
import supertest, { type Test } from 'supertest';
import { type NewClient, openClients } from '../../src/clients/clients';
import { openSealing, secretsWith } from '../../src/clients/secrets';
import { type Api, openApi } from '../api';
import { signed } from '../cli/signed';

/** Each rotation waits for the second in which other processes still know what was before. */
jest.setTimeout(30_000);

let api: Api;
let client: NewClient;
beforeEach(async () => {
  api = await openApi();
  const district = api.world.districts.larkspur;
  client = await api.clients.create({ district, name: 'rotated', scopes: ['roster:read'] });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await api.close();
});

type Credentials = Pick<NewClient, 'key' | 'secret' | 'token'>;

/** The answers to one client, in all ways in which it can say who it is. */
async function answers({ key, secret, token }: Credentials): Promise<Record<string, number>> {
  const get = async (authorization: string) =>
    (await supertest(api.url).get('/v1/users').set('Authorization', authorization)).status;
  const basic = supertest(api.url).post('/oauth/access_token').auth(key, secret).type('form');
  return {
    signature: await get(signed({ key, secret } as NewClient, 'GET', `${api.url}/v1/users`)),
    secret: (await basic.send({ grant_type: 'client_credentials' })).status,
    token: await get(`Bearer ${token}`),
  };
}
const letIn = { signature: 200, secret: 200, token: 200 };
const refused = { signature: 401, secret: 401, token: 401 };
const later = (seconds: number) => {
  const now = Date.now() + seconds * 1_000;
  jest.useFakeTimers({
    now,
    doNotFake: [
      'nextTick',
      'setImmediate',
      'setTimeout',
      'setInterval',
      'clearTimeout',
      'clearInterval',
      'queueMicrotask',
      'performance',
    ],
  });
};
afterEach(() => jest.useRealTimers());

test('a rotated client is let in by its new secret and token at once, by its old ones until the grace is over', async () => {
  const rotated = await api.clients.rotate(client.id, 60);
  expect(new Set([client, rotated].flatMap(({ secret, token }) => [secret, token])).size).toBe(4);
  expect([rotated.key, rotated.scopes]).toEqual([client.key, client.scopes]);
  expect([await answers(client), await answers(rotated)]).toEqual([letIn, letIn]);
  const listed = (await api.clients.list()).find(({ id }) => id === client.id);
  expect(listed?.previous_until).toBe(rotated.previous_until);
  expect(Date.parse(rotated.previous_until) - Date.now()).toBeLessThan(60_000);
  later(61);
  expect([await answers(client), await answers(rotated)]).toEqual([refused, letIn]);
});

test('without a grace, what was before is refused at once, tokens that were issued too', async () => {
  const issued = await api.clients.issueToken(client.id, 3_600);
  expect(await answers(client)).toEqual(letIn);
  const rotated = await api.clients.rotate(client.id, 0);
  expect([await answers(client), await answers(rotated)]).toEqual([refused, letIn]);
  expect((await answers({ ...rotated, token: issued })).token).toBe(401);
});

test('a second rotation ends what was before the first', async () => {
  const first = await api.clients.rotate(client.id, 60);
  const second = await api.clients.rotate(client.id, 60);
  expect((await answers(client)).signature).toBe(401);
  expect([await answers(first), await answers(second)]).toEqual([letIn, letIn]);
});

test.each([
  ['within', 60],
  ['after', 0],
])(
  'a second rotation %s the grace ends the tokens of before the first, and those obtained by the secret of then',
  async (_when, grace) => {
    const obtained = async ({ key, secret }: Credentials) => {
      const asked = supertest(api.url).post('/oauth/access_token').auth(key, secret).type('form');
      return (await asked.send({ grant_type: 'client_credentials' })).body.access_token as string;
    };
    const isGood = async (token: string) => (await answers({ ...client, token })).token === 200;
    const before = await obtained(client);
    const first = await api.clients.rotate(client.id, 60);
    const inGrace = await obtained(client);
    for (const token of [client.token, before, inGrace, first.token]) expect(await isGood(token)).toBe(true);
    if (grace === 0) later(61);
    const after = grace === 0 ? await obtained(first) : first.token;
    const second = await api.clients.rotate(client.id, 60);
    for (const token of [client.token, before, inGrace]) expect(await isGood(token)).toBe(false);
    for (const token of [first.token, after, second.token]) expect(await isGood(token)).toBe(true);
  },
);

test('a token that ends before the grace does is not prolonged', async () => {
  const token = await api.clients.issueToken(client.id, 30);
  await api.clients.rotate(client.id, 60);
  later(31);
  expect((await answers({ ...client, token })).token).toBe(401);
});

test('a rotation is in effect in other processes when it resolves, and old and new were good throughout', async () => {
  const other = openClients(api.world.database, secretsWith(['a key that is used in tests alone']));
  const isGood = async (secret: string) => (await other.bySecret(client.key, secret)) !== undefined;
  expect(await isGood(client.secret)).toBe(true); // remembered there
  const { secret } = await api.clients.rotate(client.id, 60);
  expect([await isGood(client.secret), await isGood(secret)]).toEqual([true, true]);
  const next = await api.clients.rotate(client.id, 0);
  expect([await isGood(secret), await isGood(next.secret)]).toEqual([false, true]);
});

test('a client that is revoked, or is none, is not rotated', async () => {
  await api.clients.revoke(client.id);
  for (const id of [client.id, 999_999])
    await expect(api.clients.rotate(id, 60)).rejects.toThrow(`There is no client ${id} that could be rotated.`);
  expect(await answers(client)).toEqual(refused);
});

test('an unknown key and a wrong signature or secret are answered alike, for the same work', async () => {
  const [hmacs, hashes] = [jest.spyOn(crypto, 'createHmac'), jest.spyOn(crypto, 'hash')];
  const cost = async (sent: Test) => {
    hmacs.mockClear();
    hashes.mockClear();
    const { status, body, headers } = await sent;
    return {
      status,
      body,
      challenge: headers['www-authenticate'],
      work: [hmacs.mock.calls.length, hashes.mock.calls.length],
    };
  };
  const unknown = { ...client, key: 'x'.repeat(40) };
  const wrong = { ...client, secret: 'x'.repeat(40) };
  const bySignature = (credentials: NewClient) =>
    cost(
      supertest(api.url)
        .get('/v1/users')
        .set('Authorization', signed(credentials, 'GET', `${api.url}/v1/users`)),
    );
  const bySecret = ({ key, secret }: NewClient) =>
    cost(
      supertest(api.url)
        .post('/oauth/access_token')
        .auth(key, secret)
        .type('form')
        .send('grant_type=client_credentials'),
    );
  for (const ask of [bySignature, bySecret]) await ask(wrong); // on PostgreSQL statements get a name by a hash when they are first run
  const [signature, secret] = [await bySignature(wrong), await bySecret(wrong)];
  expect([signature, secret]).toMatchObject([
    { status: 401, work: [2, 0] }, // for http and https
    { status: 401, work: [0, 2] },
  ]);
  expect([await bySignature(unknown), await bySecret(unknown)]).toEqual([signature, secret]);
});

describe('sealing', () => {
  const [old, fresh] = ['an old key of the right length, 32', 'a new key of the right length, 32..'] as [
    string,
    string,
  ];
  const MANY = 1_200;
  /** So many clients with a secret sealed with the old key. */
  async function addMany(): Promise<void> {
    const { knex } = api.world.database;
    await knex('api_tokens').delete();
    await knex('api_clients').delete();
    const district_id = api.world.districts.larkspur;
    const secrets = secretsWith([old]);
    const rows = Array.from({ length: MANY }, (_, at) => ({
      district_id,
      name: 'x',
      key: `key ${at}`,
      secret: secrets.seal(`secret ${at}`),
      scopes: 'admin',
      created_at: '2025-08-01T00:00:00.000Z',
    }));
    await knex.batchInsert('api_clients', rows, 100);
  }

  test('is done anew page by page, goes on where it was interrupted, and changes no secret', async () => {
    await addMany();
    const { database } = api.world;
    const secrets = secretsWith([fresh, old]);
    let sealed = 0;
    const failing = {
      ...secrets,
      seal: (secret: string) => {
        if (++sealed > 700) throw new Error('interrupted');
        return secrets.seal(secret);
      },
    };
    await expect(openSealing(database, failing).reseal()).rejects.toThrow('interrupted');
    const sealing = openSealing(database, secrets);
    expect(await sealing.count()).toEqual({ current: 500, others: 700 });
    expect([await sealing.reseal(), await sealing.reseal()]).toEqual([700, 0]);
    expect(await sealing.count()).toEqual({ current: MANY, others: 0 });
    const rows = await database.knex('api_clients').orderBy('id');
    const opened = rows.map(({ secret }) => secretsWith([fresh]).open(secret));
    expect(opened).toEqual(rows.map((_, at) => `secret ${at}`));
  });

  test('is found wrong at the start, whichever client it is that cannot be opened', async () => {
    await addMany();
    const { database } = api.world;
    const secrets = secretsWith([fresh]);
    const last = await database.knex('api_clients').max('id as id').first();
    await openSealing(database, secretsWith([fresh, old])).reseal();
    await openSealing(database, secrets).check();
    const lost = secretsWith(['a key that nobody remembers any more']).seal('lost');
    await database.knex('api_clients').where(last!).update({ secret: lost });
    await expect(openSealing(database, secrets).check()).rejects.toThrow('ROLLBOOK_SECRET_KEY is not the key');
  });
});

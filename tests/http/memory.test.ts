import { createHmac } from 'node:crypto';
import OAuth from 'oauth-1.0a';
import type { NewClient } from '../../src/clients/clients';
import { nonceMemory } from '../../src/http/credentials/nonces';
import { type Api, openApi } from '../api';

/** What one client makes the service remember. */
let api: Api;
let client: NewClient;
const used: string[] = [];
const memory = nonceMemory();
const nonces = {
  use: (client: number, second: number, hash: string) => {
    used.push(hash);
    return memory.use(client, second, hash);
  },
};
beforeEach(async () => {
  used.length = 0;
  api = await openApi({ nonces, limits: { rate: { points: 3, failures: 1_000, window: 3_600 } } });
  const district = api.world.districts.larkspur;
  client = await api.clients.create({ district, name: 'x', scopes: ['attendance:read'] });
});
afterEach(() => api.close());

let last = 0;
const get = async (nonce = `${'x'.repeat(3_000)}${++last}`) => {
  const url = `${api.url}/v1/sections/${api.world.sections.algebra}/attendance`;
  const oauth = new OAuth({
    consumer: client,
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  });
  oauth.getNonce = () => nonce;
  const headers = oauth.toHeader(oauth.authorize({ url, method: 'GET' })) as unknown as Record<string, string>;
  const response = await fetch(url, { headers });
  await response.arrayBuffer();
  return response.status;
};

test('the rate is counted before anything of a request is remembered', async () => {
  for (const expected of [200, 200, 200, 429, 429, 429, 429]) expect(await get()).toBe(expected);
  expect([used.length, memory.size]).toEqual([3, 3]);
});

test('of a nonce, however long, as much is remembered as of a short one', async () => {
  expect([await get(), await get('short')]).toEqual([200, 200]);
  expect(used.map(({ length }) => length)).toEqual([22, 22]);
});

test('a request that was refused for the rate can be sent again as it is', async () => {
  for (let request = 0; request < 3; request++) await get();
  expect(await get('again')).toBe(429);
  expect(used).toHaveLength(3);
});

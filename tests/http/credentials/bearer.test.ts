import supertest from 'supertest';
import type { NewClient } from '../../../src/clients/clients';
import { type Api, openApi } from '../../api';

let api: Api;
let client: NewClient;
beforeAll(async () => {
  api = await openApi();
});
beforeEach(async () => {
  const district = api.world.districts.larkspur;
  client = await api.clients.create({ district, name: 'bearer', scopes: ['roster:read'] });
});
afterAll(() => api.close());

const get = (token: string) => supertest(api.url).get('/v1/users').set('Authorization', `Bearer ${token}`);
const expiring = (milliseconds: number) =>
  api.world.database
    .knex('api_tokens')
    .where({ client_id: client.id })
    .update({ expires_at: new Date(Date.now() + milliseconds).toISOString() });

test('a token that has not expired yet is let in', async () => {
  await expiring(60_000);
  expect((await get(client.token)).status).toBe(200);
});

test('a token that has expired is refused', async () => {
  await expiring(-1);
  expect((await get(client.token)).body.code).toBe('CREDENTIALS_INVALID');
});

test('RFC 6750, 3.1: a token that is not right is answered with invalid_token', async () => {
  for (const wrong of ['wrong', `${client.token}x`, client.key, client.secret, '%00', 'a'.repeat(1_000)]) {
    const { status, headers, body } = await get(wrong);
    expect([status, body.code]).toEqual([401, 'CREDENTIALS_INVALID']);
    expect(headers['www-authenticate']).toBe('Bearer realm="rollbook", error="invalid_token"');
  }
});

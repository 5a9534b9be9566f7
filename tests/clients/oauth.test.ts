import { createHmac } from 'node:crypto';
import { OAuth } from 'oauth';
import Signer from 'oauth-1.0a';
import type { NewClient } from '../../src/clients/clients';
import { type Api, openApi } from '../api';

/** The signers that LMS front ends are built with, as they come from npm. */
let api: Api;
let client: NewClient;
let url: string;
beforeAll(async () => {
  api = await openApi();
  client = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'oauth',
    scopes: ['attendance:read', 'attendance:write'],
  });
  url = `${api.url}/v1/sections/${api.world.sections.algebra}/attendance`;
});
afterAll(() => api.close());

const body = (status: number) =>
  JSON.stringify({
    attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: '2025-10-01', status } },
  });

describe.each([
  ['HMAC-SHA1', 'sha1'],
  ['HMAC-SHA256', 'sha256'],
  ['PLAINTEXT', ''],
])('oauth-1.0a by %s', (signature_method, hash) => {
  const headers = (method: string, to: string): Record<string, string> => {
    const hash_function = (base: string, key: string) =>
      hash ? createHmac(hash, key).update(base).digest('base64') : key;
    const signer = new Signer({ consumer: client, signature_method, hash_function, realm: 'Schoology API' });
    return { ...signer.toHeader(signer.authorize({ method, url: to })) };
  };

  test('writes and reads', async () => {
    const written = await fetch(url, {
      method: 'PUT',
      headers: { ...headers('PUT', url), 'content-type': 'application/json' },
      body: body(2),
    });
    expect(await written.json()).toMatchObject({ attendance: [{ response_code: 200 }] });
    const range = `${url}?start=2025-10-01&end=2025-10-31&enrollment_id=`;
    const read = await fetch(range, { headers: headers('GET', range) });
    expect(await read.json()).toMatchObject({ totals: { total: [{ status: 2, count: 1 }] } });
  });
});

describe.each(['HMAC-SHA1', 'PLAINTEXT'])('oauth by %s', (method) => {
  test('writes and reads', async () => {
    const oauth = new OAuth('', '', client.key, client.secret, '1.0', null, method);
    const call = (verb: 'get' | 'put', to: string, content?: string) =>
      new Promise<string>((resolve, reject) => {
        const done = (error: unknown, data?: string | Buffer) => (error ? reject(error) : resolve(String(data)));
        if (verb === 'get') oauth.get(to, '', '', done);
        else oauth.put(to, '', '', content, 'application/json', done);
      });
    expect(JSON.parse(await call('put', url, body(3)))).toMatchObject({ attendance: [{ response_code: 200 }] });
    expect(JSON.parse(await call('get', `${url}?start=2025-10-01`))).toMatchObject({
      totals: { total: [{ status: 3 }] },
    });
  });
});

import { request } from 'node:http';
import { withSingleSlashes } from '../../src/http/target';
import { type Api, openApi } from '../api';
import { signed } from '../cli/signed';

/** Clients join a base URL that ends in a slash with a path that begins with one, and with parts that are empty. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const ask = (path: string, headers: Record<string, string> = { authorization: `Bearer ${api.token}` }) =>
  new Promise<{ status: number; text: string }>((resolve, reject) => {
    const { hostname, port } = new URL(api.url);
    request({ hostname, port, path, headers }, async (response) => {
      let text = '';
      for await (const chunk of response) text += chunk;
      resolve({ status: response.statusCode!, text });
    })
      .on('error', reject)
      .end();
  });

test.each<[path: () => string, headers?: () => Record<string, string>]>([
  [() => `/v1/sections/${api.world.sections.algebra}/attendance`],
  [() => `/v1/users/${api.world.people.ada}/sections`],
  [() => '/v1/users'],
  [() => '/ws/v1/district/school'],
  [() => '/osdi/api/v1/people', () => ({ 'osdi-api-token': api.token })],
  [() => `/rolls/${api.world.sections.algebra}/2025-10-01`],
  [() => '/healthz'],
])(
  '// anywhere in a path reads as /, in every API',
  async (path, headers = () => ({ authorization: `Bearer ${api.token}` })) => {
    const plain = await ask(path(), headers());
    expect(plain.status).toBe(200);
    for (const doubled of [`/${path()}`, path().replaceAll('/', '//'), path().replace(/\/(?=[^/]*$)/, '////')])
      expect([doubled, await ask(doubled, headers())]).toEqual([doubled, plain]);
    expect((await ask(`${path()}//`, headers())).status).toBe(200);
  },
);

test('a signature is of the path as it was sent, with its slashes', async () => {
  const client = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'oauth',
    scopes: ['roster:read'],
  });
  const path = `//v1//users/${api.world.people.ada}`;
  const authorization = (at: string) => ({ authorization: signed(client, 'GET', api.url + at) });
  expect((await ask(path, authorization(path))).status).toBe(200);
  expect((await ask(path, authorization(`/v1/users/${api.world.people.ada}`))).status).toBe(401);
});

test('links have single slashes', async () => {
  const { text } = await ask('//v1//users?limit=2');
  expect(JSON.parse(text).links.next).toBe(`${api.url}/v1/users?limit=2&start=2`);
});

test.each([
  ['/a', '/a'],
  ['/', '/'],
  ['//', '/'],
  ['///a//b///', '/a/b/'],
  ['//a?b=//c', '/a?b=//c'],
  ['/a?b=//c//d', '/a?b=//c//d'],
  ['/a/%2F/b', '/a/%2F/b'],
  ['/a:b//c://d', '/a:b/c:/d'],
  ['http://h/a//b', 'http://h/a/b'],
  ['HTTPS://h//a?x=//', 'HTTPS://h/a?x=//'],
  ['*', '*'],
  ['', ''],
])('%s reads as %s', (target, read) => {
  expect(withSingleSlashes(target)).toBe(read);
});

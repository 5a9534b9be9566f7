import { type IncomingHttpHeaders, request } from 'node:http';
import { brotliCompressSync, brotliDecompressSync, deflateSync, gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { codingFor } from '../../src/http/coding';
import { type Api, openApi } from '../api';

/** Content codings of answers, as they are on the wire, and of requests. */
let api: Api;
let large: string;
let streamed: string;
const STUDENTS = 60;
const DAYS = 50;
const day = (index: number) => new Date(Date.UTC(2025, 8, 1) + index * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  api = await openApi();
  const { knex } = api.world.database;
  const { algebra, biology } = api.world.sections;
  const { id: _, sourced_id: __, ...person } = await knex('people').where({ id: api.world.people.ada }).first();
  const {
    id: ___,
    sourced_id: ____,
    ...enrollment
  } = await knex('enrollments').where({ id: api.world.enrollments.adaInBiology }).first();
  const marks: [number, string, number, string][] = [];
  for (let index = 0; index < STUDENTS; index++) {
    const [{ id: person_id }] = await knex('people').insert(person).returning('id');
    const [{ id }] = await knex('enrollments')
      .insert({ ...enrollment, person_id })
      .returning('id');
    for (let date = 0; date < DAYS; date++) marks.push([Number(id), day(date), 2 + ((index + date) % 3), `x${index}`]);
  }
  await api.mark(...marks);
  for (let date = 0; date < 40; date++) await api.mark([api.world.enrollments.ada, day(date), 2 + (date % 3), 'Schön']);
  large = `/v1/sections/${algebra}/attendance`;
  streamed = `/v1/sections/${biology}/attendance`;
});
afterAll(() => api.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** Says no more than it is told to, and takes what comes as it is. */
const ask = (path: string, headers: Record<string, string> = {}, method = 'GET', body?: Buffer | string) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request(
      api.url + path,
      { method, headers: { authorization: `Bearer ${api.token}`, ...headers } },
      async (response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });

const decode = { gzip: gunzipSync, br: brotliDecompressSync };
const kinds = [
  ['JSON', () => large, 'application/json'],
  ['XML', () => large, 'text/xml'],
  ['streamed JSON', () => streamed, 'application/json'],
  ['streamed XML', () => streamed, 'text/xml'],
  ['a list in JSON', () => '/v1/users?limit=200', 'application/json'],
  ['a list in XML', () => '/v1/users?limit=200', 'application/xml'],
  ['HAL', () => '/osdi/api/v1/people', 'application/hal+json'],
  ['CSV', () => `/marks?from=${day(0)}&to=${day(DAYS)}&section=${api.world.sections.algebra}`, 'text/csv'],
] as const;
const tokenFor = (path: string): Record<string, string> =>
  path.startsWith('/osdi') ? { 'osdi-api-token': api.token } : {};

describe.each(kinds)('%s', (what, pathOf, accept) => {
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    ask(pathOf(), { accept, ...tokenFor(pathOf()), ...headers }, method);

  test.each(['gzip', 'br'] as const)('comes in %s where the client takes it, and is the same', async (coding) => {
    const plain = await get();
    expect(plain.body.length).toBeGreaterThan(1_024);
    expect(plain.headers).not.toHaveProperty('content-encoding');
    // Twice: the second time it may be remembered.
    for (const accepted of [coding, `${coding}, deflate;q=0.5`]) {
      const { status, headers, body } = await get({ 'accept-encoding': accepted });
      expect([status, headers['content-encoding'], headers.vary, headers['content-type']]).toEqual([
        200,
        coding,
        'Accept, Accept-Encoding',
        plain.headers['content-type'],
      ]);
      expect(body.length).toBeLessThan(plain.body.length / 2);
      expect(decode[coding](body).equals(plain.body)).toBe(true);
      if (headers['content-length']) expect(Number(headers['content-length'])).toBe(body.length);
    }
    const again = await get();
    expect([again.headers['content-encoding'], again.body.equals(plain.body)]).toEqual([undefined, true]);
  });

  if (what !== 'CSV')
    test('has an ETag that matches whichever coding it came in, and a HEAD that says what GET does', async () => {
      const tags = await Promise.all(
        ['', 'gzip', 'br'].map(async (coding) => (await get({ 'accept-encoding': coding })).headers.etag!),
      );
      expect(new Set(tags).size).toBe(3); // RFC 9110, 8.8.3.3: they are different representations
      for (const coding of ['', 'gzip', 'br'])
        for (const tag of tags) {
          const { status, headers, body } = await get({ 'accept-encoding': coding, 'if-none-match': `W/${tag}` });
          expect([status, headers.etag, headers.vary, body.length]).toEqual([304, tag, 'Accept, Accept-Encoding', 0]);
        }
      for (const coding of ['', 'gzip', 'br']) {
        const [head, whole] = await Promise.all(
          ['HEAD', 'GET'].map((method) => get({ 'accept-encoding': coding }, method)),
        );
        const { date: _, 'transfer-encoding': __, ...said } = whole!.headers; // of the connection
        expect(head!.headers).toMatchObject(said);
        expect(head!.body.length).toBe(0);
      }
    });
});

test('the streamed one is streamed', async () => {
  const { headers } = await ask(streamed, { 'accept-encoding': 'br' });
  expect(headers['transfer-encoding']).toBe('chunked');
});

test('what is no longer than 1 kB comes as it is, and so does an error', async () => {
  for (const path of ['/v1/roles/1', '/v1/nowhere', `${large}?start=x`]) {
    const { headers, body } = await ask(path, { 'accept-encoding': 'gzip, br' });
    expect(headers).toMatchObject({ vary: 'Accept, Accept-Encoding' });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(() => JSON.parse(body.toString())).not.toThrow();
  }
});

test('a write goes in where If-Match has the ETag of a compressed read, and answers one that matches the next', async () => {
  const item = (status: number) =>
    JSON.stringify({ attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: day(0), status } } });
  const json = { 'content-type': 'application/json' };
  for (const [coding, mark] of [
    ['gzip', 3],
    ['br', 2],
    ['', 4],
  ] as const) {
    const { etag } = (await ask(large, { 'accept-encoding': coding })).headers;
    const put = () => ask(large, { ...json, 'if-match': etag! }, 'PUT', item(mark));
    const { status, headers } = await put();
    expect(status).toBe(200);
    for (const accepted of ['gzip', 'br', ''])
      expect((await ask(large, { 'accept-encoding': accepted, 'if-none-match': headers.etag! })).status).toBe(304);
    expect((await put()).status).toBe(412);
  }
  const { etag } = (await ask(large, { 'accept-encoding': 'br' })).headers;
  for (const wrong of [
    etag!.replace('.br"', '.zip"'),
    `W/${etag}`,
    etag!.replace(/\.\d+\./, '.999999.'),
    etag!.slice(1),
  ])
    expect((await ask(large, { ...json, 'if-match': wrong }, 'PUT', item(2))).status).toBe(412);
});

test.each<[accepted: string | undefined, coding: string | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['identity', undefined],
  ['deflate', undefined],
  ['zstd', undefined],
  ['gzip', 'gzip'],
  ['GZIP', 'gzip'],
  ['br', 'br'],
  ['gzip, deflate, br', 'br'],
  ['gzip;q=1.0, br;q=0.5', 'gzip'],
  ['br;q=0, gzip;q=0.1', 'gzip'],
  ['gzip;q=0', undefined],
  ['gzip;q=0, *', 'br'],
  ['*', 'br'],
  ['*;q=0', undefined],
  ['identity;q=0', undefined],
  ['identity, gzip;q=0.5', undefined],
  ['gzip;q=x', undefined],
])('RFC 9110, 12.5.3: of "%s" it is %s', (accepted, coding) => {
  expect(codingFor(accepted)).toBe(coding);
});

test('no Accept-Encoding makes it fail, nor take a coding that was refused', () => {
  const part = fc.tuple(
    fc.constantFrom('gzip', 'br', 'deflate', 'identity', '*', 'x', ''),
    fc.constantFrom('', ';q=0', ';q=0.000', ';q=1', ';q=.5', ';q', ';;', '; Q=1'),
  );
  fc.assert(
    fc.property(fc.array(part), fc.string(), (parts, end) => {
      const coding = codingFor(parts.map(([name, q]) => name + q).join(',') + end);
      if (coding) expect(`${JSON.stringify(parts)}${end}`).toMatch(new RegExp(`\\*|${coding}`, 'i'));
    }),
  );
});

describe('requests', () => {
  const written = (status: number, date: string) => ({
    json: JSON.stringify({ attendances: { attendance: { enrollment_id: api.world.enrollments.grace, date, status } } }),
    xml: `<attendances><attendance><enrollment_id>${api.world.enrollments.grace}</enrollment_id><date>${date}</date><status>${status}</status></attendance></attendances>`,
  });
  const read = async (date: string) => {
    const { body } = await ask(`${large}?start=${date}&end=${date}&enrollment_id=${api.world.enrollments.grace}`);
    return JSON.parse(body.toString()).totals.total;
  };

  test.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('are taken in %s, JSON and XML, and say what they would say plain', async (coding, encode) => {
    for (const [index, format] of (['json', 'xml'] as const).entries()) {
      const date = '2026-03-02';
      const headers = {
        'content-type': format === 'json' ? 'application/json' : 'text/xml',
        'content-encoding': coding,
        'accept-encoding': coding,
      };
      const { status } = await ask(large, headers, 'PUT', encode(Buffer.from(written(2 + index, date)[format])));
      expect([status, await read(date)]).toEqual([200, [{ status: 2 + index, count: 1 }]]);
    }
  });
});

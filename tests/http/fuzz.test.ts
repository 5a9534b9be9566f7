import { request } from 'node:http';
import fc from 'fast-check';
import { type Api, openApi } from '../api';

/** Whatever is sent: an answer of our own, never a fault, and the ledger as it was where the answer is a refusal. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const RUNS = process.env.ENGINE === 'sqlite' ? 400 : 200;
const hostile = fc.constantFrom(
  '',
  '0',
  '-1',
  '1e400',
  '9223372036854775808',
  '%00',
  '%E0',
  '%F0%9F%98%80',
  "'",
  '"',
  '../..',
  '__proto__',
  'constructor',
  '2025-02-30',
  '2025-10-01',
  'a,b',
  '\u00e9',
);
const text = fc.oneof(hostile, fc.string({ maxLength: 12 }));
const segment = fc.oneof(
  fc.constantFrom(
    'users',
    'sections',
    'courses',
    'schools',
    'roles',
    'attendance',
    'enrollments',
    'ext',
    'me',
    'district',
    'student',
    'section_enrollment',
    'metadata',
    'count',
    'access_token',
    'daily_time',
    '1',
    '2',
    '3',
  ),
  hostile.map((value) => encodeURI(value).replaceAll('%25', '%')),
);
const parameter = fc.tuple(
  fc.constantFrom(
    'start',
    'end',
    'limit',
    'after',
    'taken',
    'enrollment_id',
    'school_uids',
    'section_school_codes',
    'uid',
    'type',
    'enrollment_status',
    'page',
    'pagesize',
    'client_secret',
    '__proto__',
  ),
  text.map((value) => encodeURIComponent(value.replace(/\p{Surrogate}/gu, '')).replaceAll('%25', '%')),
);
const base = fc.constantFrom('/v1', '/v1', '/ws', '/ws/v1', '/ws/attendance', '/ws/schema/table/attendance', '/oauth');
const path = fc
  .tuple(base, fc.array(segment, { maxLength: 4 }), fc.array(parameter, { maxLength: 3 }))
  .map(
    ([start, segments, query]) =>
      `${start}/${segments.join('/')}${query.length > 0 ? '?' : ''}${query.map((pair) => pair.join('=')).join('&')}`,
  );
const header = fc.constantFrom(
  undefined,
  '*/*',
  'application/json',
  'text/xml',
  'application/xml;q=0.5',
  'image/png',
  ';;',
  'x',
);
const method = fc.constantFrom('GET', 'PUT', 'POST', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** By node's own client, which sends paths and headers as they are. */
const send = (verb: string, at: string, headers: Record<string, string | undefined>, body: string): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const given = Object.entries({ authorization: `Bearer ${api.token}`, ...headers }).filter(
      ([, value]) => value !== undefined,
    );
    const { hostname, port } = new URL(api.url);
    const call = request(
      { hostname, port, method: verb, path: at, headers: Object.fromEntries(given) as never },
      (response) => {
        let all = '';
        response.on('data', (chunk) => {
          all += chunk;
        });
        response.on('end', () =>
          resolve({ status: response.statusCode!, type: response.headers['content-type'] ?? '', body: all }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });

const parses = ({ type, body }: Answer) => {
  if (type.includes('json') && body) expect(() => JSON.parse(body)).not.toThrow();
  if (type.includes('xml') && body) expect(body).toMatch(/^<\?xml version="1\.0" encoding="utf-8" \?>\n<[a-z_]+[ >]/);
};

test('any method, path, query and Accept is answered, never with a fault', async () => {
  await fc.assert(
    fc.asyncProperty(method, path, header, async (verb, at, accept) => {
      const answer = await send(verb, at, { accept }, '');
      expect(answer.status).toBeLessThan(500);
      parses(answer);
    }),
    { numRuns: RUNS },
  );
});

const value = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.constant(null),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
);
const attendance = fc.record(
  {
    enrollment_id: fc.oneof(value, fc.integer({ min: 1, max: 9 })),
    date: value,
    status: fc.oneof(value, fc.integer({ min: 0, max: 5 })),
    comment: value,
  },
  { requiredKeys: [] },
);
const xmlOf = (items: object[]) =>
  `<r><attendances>${items
    .map(
      (each) =>
        `<attendance>${Object.entries(each)
          .map(([name, content]) => `<${name}>${content}</${name}>`)
          .join('')}</attendance>`,
    )
    .join('')}</attendances></r>`;
const body = fc.oneof(
  fc
    .array(attendance, { maxLength: 4 })
    .map((items) => ['application/json', JSON.stringify({ attendances: { attendance: items } })]),
  fc.array(attendance, { maxLength: 4 }).map((items) => ['text/xml', xmlOf(items)]),
  fc.jsonValue().map((json) => ['application/json', JSON.stringify(json)]),
  fc.tuple(fc.constantFrom('application/json', 'text/xml', 'text/plain', 'x'), fc.string({ maxLength: 40 })),
  fc
    .tuple(fc.array(attendance, { minLength: 1, maxLength: 2 }), fc.nat(200), fc.string({ maxLength: 3 }))
    .map(([items, at, junk]) => ['text/xml', xmlOf(items).slice(0, at) + junk + xmlOf(items).slice(at + 1)]),
);

test('any body is answered item by item or refused as a whole, and a refusal changes nothing', async () => {
  const ledger = () => api.world.ledger.history({ district: api.world.districts.larkspur, limit: 1 });
  const at = `/v1/sections/${api.world.sections.algebra}/attendance`;
  await fc.assert(
    fc.asyncProperty(body, header, async ([type, content], accept) => {
      const before = await ledger();
      const answer = await send('PUT', at, { accept, 'content-type': type }, content!);
      expect(answer.status).toBeLessThan(500);
      parses(answer);
      if (answer.status >= 400) expect(await ledger()).toEqual(before);
    }),
    { numRuns: RUNS },
  );
});

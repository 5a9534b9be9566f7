import { type Api, openApi } from '../../api';
import { type Additions, addTo } from './school';

/** Several GETs in one POST. */
let api: Api;
let added: Additions;
beforeAll(async () => {
  api = await openApi();
  added = await addTo(api);
});
afterAll(() => api.close());

const multiget = (...request: unknown[]) => api.post('/v1/multiget').send({ request });

test('multiget answers each path as it would be answered alone, in their order', async () => {
  const { ada } = api.world.people;
  const { algebra } = api.world.sections;
  const paths = [
    `/v1/users/${ada}`,
    `/v1/users/${ada}/sections?limit=1`,
    `/v1/courses/${added.courses.algebra}`,
    `/v1/courses/${added.courses.algebra}/sections?include_past=1`,
    `/v1/sections/${algebra}`,
    `/v1/sections/${algebra}/enrollments?type=member&start=1`,
    `/v1/sections/${algebra}/enrollments/${api.world.enrollments.ada}`,
  ];
  const { body } = await multiget(...paths).expect(200);
  const alone = await Promise.all(paths.map(async (path) => (await api.get(path).expect(200)).body));
  expect(body).toEqual({
    response: paths.map((path, index) => ({ location: api.url + path, response_code: 200, body: alone[index] })),
  });
});

test('ext is answered with what is there, since nobody could follow where it leads', async () => {
  const { body } = await multiget('/v1/users/ext/ada', '/v1/sections/ext/algebra', '/v1/users/ext/nobody');
  expect(body.response).toMatchObject([
    { location: `${api.url}/v1/users/ext/ada`, response_code: 200, body: { id: api.world.people.ada } },
    { response_code: 200, body: { id: String(api.world.sections.algebra) } },
    { response_code: 404, body: { code: 'NOT_FOUND' } },
  ]);
});

test('a path may leave out /v1, a slash at its beginning, or have some too many', async () => {
  const { ada } = api.world.people;
  const { body } = await multiget(`users/${ada}`, `/users/${ada}/`, `//v1//users//${ada}`);
  expect(body.response.map((each: { body: { id: number } }) => each.body.id)).toEqual([ada, ada, ada]);
});

test.each<[what: string, path: () => string, code: number, body: object]>([
  ['another district', () => `/v1/users/${api.world.people.eve}`, 404, { code: 'NOT_FOUND' }],
  ['something that is not here', () => `/v1/sections/${api.world.sections.algebra}/assignments`, 404, {}],
  [
    'something that is not enabled for it',
    () => `/v1/sections/${api.world.sections.algebra}/attendance`,
    404,
    { code: 'NOT_FOUND' },
  ],
  ['another API', () => '/osdi/api/v1/people', 404, {}],
  ['itself', () => '/v1/multiget', 404, {}],
  [
    'a parameter that is not honoured',
    () => `/v1/users/${api.world.people.ada}?picture_size=sm`,
    400,
    { errors: [{ field: 'picture_size' }] },
  ],
  ['a page of nothing', () => `/v1/users/${api.world.people.ada}/sections?limit=0`, 400, { code: 'QUERY_INVALID' }],
  ['a path that is none', () => '/v1/users/%E0', 400, { code: 'PATH_MALFORMED' }],
  ['nothing', () => '', 404, {}],
])('an item that asks for %s fails alone', async (_what, path, code, problem) => {
  const { ada } = api.world.people;
  const { body } = await multiget(path(), `/v1/users/${ada}`).expect(200);
  expect(body.response).toMatchObject([
    { response_code: code, body: { status: code, ...problem } },
    { response_code: 200, body: { id: ada } },
  ]);
});

test('a teacher gets what they would get alone', async () => {
  const mendel = await api.as({ person: api.world.people.mendel });
  const { algebra, biology } = api.world.sections;
  const { body } = await mendel
    .post('/v1/multiget')
    .send({ request: [`/v1/sections/${algebra}`, `sections/${biology}`] });
  expect(body.response).toMatchObject([
    { response_code: 403, body: { code: 'SECTION_FORBIDDEN' } },
    { response_code: 200, body: { id: String(biology), admin: 1 } },
  ]);
});

test('it takes XML as the page has it, one path or several, and answers it', async () => {
  const { ada } = api.world.people;
  const path = `/v1/users/${ada}`;
  for (const count of [1, 2]) {
    const { status, text } = await api
      .post('/v1/multiget')
      .set({ 'Content-Type': 'text/xml', Accept: 'text/xml' })
      .send(`<?xml version="1.0"?><requests>${`<request>${path}</request>`.repeat(count)}</requests>`);
    expect([status, text.match(/<response>/g)?.length]).toEqual([200, count]);
    expect(text).toContain(
      `<response><location>${api.url}${path}</location><response_code>200</response_code><body><uid>${ada}</uid>`,
    );
  }
});

test.each([
  ['51 paths', { request: Array(51).fill('/v1/users/1') }],
  ['no path', { request: [] }],
  ['paths that are none', { request: [1] }],
  ['another list', { requests: ['/v1/users/1'] }],
])('%s are refused as a whole', async (_what, body) => {
  expect((await api.post('/v1/multiget').send(body)).body).toMatchObject({ status: 400, code: 'BODY_INVALID' });
});

test('it needs the scope of what it reads', async () => {
  const client = await api.as({ scopes: ['attendance:read', 'attendance:write'] });
  expect((await client.post('/v1/multiget').send({ request: ['/v1/users/1'] })).status).toBe(403);
});

import SchoologyAPI from 'schoology';
import { type Api, openApi } from '../../api';
import { type Additions, addTo } from './school';

/**
 * `schoology` from npm, as an LMS has it: PLAINTEXT with the secret raw, and a nonce in base64. It names as dependencies what
 * it is tested with, and never loads it: `overrides` of package.json put an empty package and our TypeScript in its place.
 */
let api: Api;
let added: Additions;
let lms: SchoologyAPI;
beforeAll(async () => {
  api = await openApi();
  added = await addTo(api);
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'LMS',
    person: api.world.people.noether,
    scopes: ['attendance:read', 'attendance:write', 'roster:read'],
  });
  lms = new SchoologyAPI(key, secret, undefined, api.url);
});
afterAll(() => api.close());

/** It rejects with the answer. */
const refusal = (path: string) =>
  lms.makeRequest('get', path).catch(({ response }) => [response.status, response.data]);

test('it learns whom it acts for, and reads that person’s sections with all that they have', async () => {
  const { noether } = api.world.people;
  expect(await lms.getUserInfo()).toEqual({ api_uid: noether, web_session_timestamp: 0 });
  expect(await lms.makeRequest('get', `/users/${noether}`)).toMatchObject({ id: noether, role_id: 2, parents: null });
  const { section } = await lms.makeRequest('get', `/users/${noether}/sections`);
  expect(section).toMatchObject([
    { id: String(api.world.sections.algebra), admin: 1, active: 1, options: { upload_documents: '0' } },
  ]);
  const past = await lms.makeRequest('get', `/users/${noether}/sections?include_past=1`);
  expect(past.section).toMatchObject([{ active: 1 }, { id: String(added.sections.past), active: 0 }, { active: 0 }]);
});

test('it takes a roll and reads it back, by a path with slashes too many', async () => {
  const { ada, grace } = api.world.enrollments;
  const path = `/sections/${api.world.sections.algebra}/attendance`;
  const item = (enrollment_id: number, status: number) => ({ enrollment_id, date: '2025-10-06', status });
  const attendances = { attendance: [item(ada, 2), item(grace, 3)] };
  const { attendance } = await lms.makeRequest('put', path, { attendances });
  expect(attendance).toMatchObject([{ response_code: 200 }, { response_code: 200 }]);
  const read = await lms.makeRequest('get', `/${path.replaceAll('/', '//')}?start=2025-10-06&end=2025-10-06`);
  expect(read.totals.total).toEqual([
    { status: 2, count: 1 },
    { status: 3, count: 1 },
  ]);
  const page = await lms.makeRequest('get', `${path}?limit=1`);
  expect([page.total, page.links.next]).toEqual(['2', expect.stringContaining(`/v1${path}?`)]);
});

test('it reads several things in one call, and grading periods', async () => {
  const { algebra, biology } = api.world.sections;
  const request = [`/v1/sections/${algebra}`, `/v1/sections/${biology}`];
  const { response } = await lms.makeRequest('post', '/multiget', { request });
  expect(response).toMatchObject([{ response_code: 200 }, { response_code: 403 }]);
  const { gradingperiods } = await lms.makeRequest('get', '/gradingperiods?title=Fall');
  expect(gradingperiods).toMatchObject([{ id: added.terms.fall, active: '1' }]);
});

test('it is told of a parameter that is not honoured', async () => {
  expect(await refusal('/users?parent_access_codes=1')).toMatchObject([
    400,
    { code: 'QUERY_INVALID', errors: [{ field: 'parent_access_codes' }] },
  ]);
});

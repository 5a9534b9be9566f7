import { responseCache } from '../../src/http/response-cache';
import { type Api, openApi } from '../api';

test('an answer is given again for the revision it was made for, and for no other', () => {
  const answers = responseCache();
  answers.put('/a', 1, Buffer.from('one'));
  expect([answers.get('/a', 1)?.toString(), answers.get('/a', 2), answers.get('/b', 1)]).toEqual([
    'one',
    undefined,
    undefined,
  ]);
  answers.put('/a', 2, Buffer.from('two'));
  expect([answers.get('/a', 1), answers.get('/a', 2)?.toString()]).toEqual([undefined, 'two']);
});

test('the oldest make room, and what is too large is not kept', () => {
  const answers = responseCache(30, 14);
  for (const [index, name] of ['/a', '/b', '/c', '/d'].entries()) answers.put(name, index, Buffer.alloc(8));
  expect(['/a', '/b', '/c', '/d'].map((name, index) => answers.get(name, index)?.length)).toEqual([undefined, 8, 8, 8]);
  answers.put('/d', 9, Buffer.alloc(13));
  expect([answers.get('/d', 3), answers.get('/d', 9), answers.get('/c', 2)?.length]).toEqual([undefined, undefined, 8]);
});

describe('at the wire', () => {
  let api: Api;
  beforeEach(async () => {
    api = await openApi();
  });
  afterEach(() => api.close());

  test('a write is in the next answer, a 304 is of what stands, and nobody gets what they may not see', async () => {
    const { algebra } = api.world.sections;
    const { ada } = api.world.enrollments;
    const path = `/v1/sections/${algebra}/attendance`;
    const teacher = await api.as({ person: api.world.people.noether });
    const other = await api.as({ person: api.world.people.mendel });
    const stranger = await api.as({ district: api.world.districts.elsewhere });
    for (const status of [2, 3, 4, 2, 3]) {
      await api.mark([ada, '2025-10-01', status]);
      for (const reader of [api, teacher, api]) {
        const { body, headers } = await reader.get(path);
        expect(body.totals.total).toEqual([{ status, count: 1 }]);
        const again = await reader.get(path).set('If-None-Match', headers.etag!);
        expect([again.status, again.text]).toEqual([304, '']);
        const { text } = await reader.get(path).set('Accept', 'text/xml');
        expect(text).toContain(`<status>${status}</status><count>1</count>`);
        const page = await reader.get(`${path}?limit=1`).set('Host', `localhost:${new URL(api.url).port}`);
        expect(page.body.links.self).toMatch(/^http:\/\/localhost:/);
        const elsewhere = await reader.get(`${path}?limit=1`);
        expect(elsewhere.body.links.self).toMatch(/^http:\/\/127\.0\.0\.1:/);
      }
      expect((await other.get(path)).status).toBe(403);
      expect((await stranger.get(path)).status).toBe(404);
    }
    await api.world.database.knex('districts').update({ sis_attendance_app: true });
    expect((await api.get(path)).status).toBe(410);
  });
});

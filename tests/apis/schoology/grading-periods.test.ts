import { plusDays, today } from '../../../src/days';
import { type Api, openApi } from '../../api';
import { type Additions, addTo } from './school';

/** Grading periods, buildings, and users whom the SIS lists no longer. */
let api: Api;
let added: Additions;
beforeAll(async () => {
  api = await openApi();
  added = await addTo(api);
});
afterAll(() => api.close());

const now = today('America/Chicago');
const fall = () => ({
  id: added.terms.fall,
  title: 'Fall',
  start: plusDays(now, -100),
  end: plusDays(now, 1),
  active: '1',
  links: { self: `${api.url}/v1/gradingperiods/${added.terms.fall}` },
});

test('gradingperiods lists all of the district, those that are over as not active, and each by its id', async () => {
  const { body } = await api.get('/v1/gradingperiods').expect(200);
  const { last, year } = added.terms;
  expect(body).toMatchObject({ total: 3, links: { self: expect.stringContaining('/v1/gradingperiods?') } });
  expect(body.links).not.toHaveProperty('next');
  expect(body.gradingperiods).toEqual([
    expect.objectContaining({ id: last, active: '0' }),
    fall(),
    expect.objectContaining({ id: year, active: '1' }),
  ]);
  for (const each of body.gradingperiods)
    expect((await api.get(each.links.self.slice(api.url.length))).body).toEqual(each);
});

test.each<[query: string, names: readonly (keyof Additions['terms'])[]]>([
  ['title=Fall', ['fall']],
  ['title=Fall&startswith=0', ['fall']],
  ['title=Fall&startswith=1', ['last', 'fall']],
  ['title=F%25', []],
  ['title=%25&startswith=1', []],
  ['title=&startswith=1', ['last', 'fall', 'year']],
  ['limit=1&start=1', ['fall']],
])('gradingperiods?%s are %p', async (query, names) => {
  const { body } = await api.get(`/v1/gradingperiods?${query}`).expect(200);
  expect(body.gradingperiods.map(({ id }: { id: number }) => id)).toEqual(names.map((name) => added.terms[name]));
});

test('gradingperiods refuses a startswith that is neither, and a title that no database can be asked for', async () => {
  for (const query of ['startswith=x', 'title=%00'])
    expect((await api.get(`/v1/gradingperiods?${query}`)).body).toMatchObject({ status: 400, code: 'QUERY_INVALID' });
});

test('a page of gradingperiods leads to the next, as other lists do', async () => {
  const { body } = await api.get('/v1/gradingperiods?limit=2');
  expect([body.total, body.gradingperiods.length]).toEqual([3, 2]);
  const next = await api.get(body.links.next.slice(api.url.length));
  expect(next.body.gradingperiods.map(({ id }: { id: number }) => id)).toEqual([added.terms.year]);
  expect(next.body.links).not.toHaveProperty('next');
});

test('the grading periods of a section share 100, and have their days at midnight', async () => {
  const path = `/v1/sections/${api.world.sections.algebra}/grading_periods`;
  const { body } = await api.get(path).expect(200);
  const { id, title, start, end } = fall();
  expect(body).toEqual({
    grading_period: [
      { id, title, weight: 50, start: `${start} 00:00:00`, end: `${end} 00:00:00` },
      expect.objectContaining({ id: added.terms.year, weight: 50 }),
    ],
    links: { self: api.url + path },
  });
  await api.world.database.knex('section_terms').insert({
    district_id: api.world.districts.larkspur,
    section_id: api.world.sections.algebra,
    term_id: added.terms.last,
  });
  const weights = (await api.get(path)).body.grading_period.map(({ weight }: { weight: number }) => weight);
  expect(weights).toEqual([34, 33, 33]);
  expect((await api.get(`/v1/sections/${api.world.sections.biology}/grading_periods`)).body.grading_period).toEqual([]);
});

test('in XML both lists repeat their element', async () => {
  const xml = async (path: string) => (await api.get(path).set('Accept', 'text/xml').expect(200)).text;
  const all = await xml('/v1/gradingperiods');
  expect(all).toContain('<result><total>3</total><gradingperiods><id>');
  expect(all.match(/<gradingperiods>/g)).toHaveLength(3);
  const own = await xml(`/v1/sections/${api.world.sections.algebra}/grading_periods`);
  expect(own).toMatch(/<result><grading_period><id>\d+<\/id>/);
});

test('the building of a school is the school itself', async () => {
  const { middle } = added.schools;
  const { body } = await api.get(`/v1/schools/${middle}/buildings`).expect(200);
  expect(body).toMatchObject({ total: '1', building: [(await api.get(`/v1/schools/${middle}`)).body] });
  expect(body.building[0]).toMatchObject({ id: String(middle), building_code: '200', picture_url: '', address1: '' });
  for (const id of [999_999, 'x']) expect((await api.get(`/v1/schools/${id}/buildings`)).status).toBe(404);
});

test('users/inactive are those whom the SIS lists no longer, whom users does not list', async () => {
  const { sophie } = added.people;
  const { body } = await api.get('/v1/users/inactive').expect(200);
  expect(body).toEqual({
    total: 1,
    links: { self: `${api.url}/v1/users/inactive?start=0&limit=20` },
    user: [
      {
        uid: sophie,
        name: 'Sophie Germain',
        school_uid: 'sophie',
        synced: 1,
        inactive_timestamp: 0,
        modified_by_uid: 0,
        links: { self: `${api.url}/v1/users/inactive/${sophie}` },
      },
    ],
  });
  expect((await api.get(`/v1/users/inactive/${sophie}`)).body).toEqual(body.user[0]);
  expect((await api.get(`/v1/users/inactive/${api.world.people.ada}`)).status).toBe(404);
  const { body: users } = await api.get('/v1/users?limit=200');
  expect(users.user.map(({ id }: { id: number }) => id)).not.toContain(sophie);
});

test('a teacher sees no inactive users whom they never taught', async () => {
  const client = await api.as({ person: api.world.people.mendel });
  expect((await client.get('/v1/users/inactive')).body).toMatchObject({ total: 0, user: [] });
  expect((await client.get(`/v1/users/inactive/${added.people.sophie}`)).status).toBe(404);
});

test('tz_offset is that of the district now', async () => {
  const at = async (time_zone: string) => {
    await api.world.database.knex('districts').where({ id: api.world.districts.larkspur }).update({ time_zone });
    return (await api.get(`/v1/users/${api.world.people.ada}`)).body.tz_offset;
  };
  expect(await at('Asia/Kolkata')).toBe(5.5);
  expect(await at('America/Phoenix')).toBe(-7);
  expect(await at('UTC')).toBe(0);
  expect([-5, -6]).toContain(await at('America/Chicago'));
});

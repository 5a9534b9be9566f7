import { type Api, openApi } from '../../api';
import { type Additions, addTo } from './school';

/** Which sections lists have, whether they are active, and who teaches them. */
let api: Api;
let added: Additions;
beforeAll(async () => {
  api = await openApi();
  added = await addTo(api);
});
afterAll(() => api.close());

const ids = (list: { id: number | string }[]) => list.map(({ id }) => Number(id));
const listed = async (path: string) => {
  const { body } = await api.get(path).expect(200);
  expect(body.total).toBe(String(body.section.length));
  return ids(body.section);
};

test.each<[what: string, path: () => string, now: () => number[], withPast: () => number[]]>([
  [
    'of a course',
    () => `/v1/courses/${added.courses.algebra}/sections`,
    () => [api.world.sections.algebra],
    () => [api.world.sections.algebra, added.sections.past, added.sections.dropped],
  ],
  [
    'of a person',
    () => `/v1/users/${api.world.people.ada}/sections`,
    () => [api.world.sections.algebra, api.world.sections.biology],
    () => [api.world.sections.algebra, api.world.sections.biology, added.sections.past, added.sections.dropped],
  ],
  [
    'by their codes',
    () => '/v1/sections?section_school_codes=algebra,past,dropped',
    () => [api.world.sections.algebra],
    () => [api.world.sections.algebra, added.sections.past, added.sections.dropped],
  ],
])(
  'sections %s whose grading periods are over are left out unless include_past is 1',
  async (_what, path, now, past) => {
    const more = path().includes('?') ? '&' : '?';
    for (const query of ['', `${more}include_past=`, `${more}include_past=0`])
      expect(await listed(path() + query)).toEqual(now());
    expect(await listed(`${path()}${more}include_past=1`)).toEqual(past());
  },
);

test('a section of which the SIS says no term is never over, and one that it has deleted is in no list', async () => {
  expect(await listed(`/v1/users/${api.world.people.mendel}/sections`)).toEqual([api.world.sections.biology]);
  const all = await listed(`/v1/users/${api.world.people.ada}/sections?include_past=1&limit=200`);
  expect(all).not.toContain(added.sections.deleted);
});

test('a section that is over reads active 0, and is found by its id and its code all the same', async () => {
  const active = async (id: number) => (await api.get(`/v1/sections/${id}`).expect(200)).body.active;
  expect(await active(api.world.sections.algebra)).toBe(1);
  for (const id of Object.values(added.sections)) expect(await active(id)).toBe(0);
  const { headers } = await api.get('/v1/sections/ext/past').redirects(0).expect(303);
  expect(headers.location).toBe(`${api.url}/v1/sections/${added.sections.past}`);
  const { body } = await api.get(`/v1/courses/${added.courses.algebra}/sections?include_past=1`);
  expect(body.section.map((each: { active: number }) => each.active)).toEqual([1, 0, 0]);
});

test('whoever and whatever the SIS has deleted is found by code, and is in no list of codes', async () => {
  const shown = async (path: string, name: 'section' | 'user') =>
    (await api.get(path).expect(200)).body[name].map(({ id }: { id: number | string }) => Number(id));
  const sections = '/v1/sections?section_school_codes=algebra,deleted,dropped';
  expect(await shown(sections, 'section')).toEqual([api.world.sections.algebra]);
  expect(await shown(`${sections}&include_past=1`, 'section')).toEqual([
    api.world.sections.algebra,
    added.sections.dropped,
  ]);
  expect(await shown('/v1/users?school_uids=ada,sophie', 'user')).toEqual([api.world.people.ada]);
  const location = async (path: string) => (await api.get(path).redirects(0).expect(303)).headers.location;
  expect(await location('/v1/sections/ext/deleted')).toBe(`${api.url}/v1/sections/${added.sections.deleted}`);
  expect(await location('/v1/users/ext/sophie')).toBe(`${api.url}/v1/users/${added.people.sophie}`);
});

test('admin is 1 for whoever teaches the section, as a client of their own or by Run-As, and for nobody else', async () => {
  const { people, sections } = api.world;
  const noether = await api.as({ person: people.noether });
  const path = `/v1/sections/${sections.algebra}`;
  const [own, office] = [await noether.get(path), await api.get(path)];
  const asNoether = await api.get(path).set('X-Schoology-Run-As', String(people.noether));
  expect([own, office, asNoether].map(({ body }) => body.admin)).toEqual([1, 0, 1]);
  const { body } = await noether.get(`/v1/users/${people.ada}/sections`);
  expect(body.section.map(({ id, admin }: { id: string; admin: number }) => [Number(id), admin])).toEqual([
    [sections.algebra, 1],
  ]);
});

test('who taught a section, and does no longer, reads it with admin 0', async () => {
  const { people, sections, enrollments } = api.world;
  const { knex } = api.world.database;
  await knex('enrollments').where({ id: enrollments.noether }).update({ end_date: '2026-06-12' });
  const noether = await api.as({ person: people.noether });
  expect((await noether.get(`/v1/sections/${sections.algebra}`).expect(200)).body.admin).toBe(0);
  await knex('enrollments').where({ id: enrollments.noether }).update({ end_date: '2099-12-31' });
});

test('subjects and grades are Schoology’s codes: of the section, else of its course', async () => {
  const read = async (id: number) => (await api.get(`/v1/sections/${id}`)).body;
  const { algebra, biology } = api.world.sections;
  const { knex } = api.world.database;
  expect(await read(algebra)).toMatchObject({ subject_area: '3', grade_level_range_start: '9' });
  await knex('sections').where({ id: algebra }).update({ grades: '' });
  expect(await read(algebra)).toMatchObject({ grade_level_range_start: '9', grade_level_range_end: '10' });
  for (const [subjects, grades, area, lowest, highest] of [
    ['Welding, Biology', 'KG', '5', '2', '0'],
    ['Computer Science', 'PK,12', '8', '1', '14'],
    ['English Language Arts', '01,PS', '2', '3', '15'],
    ['Social Science', 'UG', '6', '0', '0'],
    ['Physical Education', 'x,05', '1', '7', '0'],
    ['Visual Arts', '', '9', '0', '0'],
    ['Special Education Mathematics', '10,09', '7', '11', '12'],
    ['Latin', '13', '0', '15', '0'],
  ]) {
    await knex('sections').where({ id: biology }).update({ subjects, grades });
    expect(await read(biology)).toMatchObject({
      subject_area: area,
      grade_level_range_start: lowest,
      grade_level_range_end: highest,
    });
  }
});

test('in XML options are elements with children, meeting_days is empty, and grading_periods repeats', async () => {
  const { text } = await api.get(`/v1/sections/${api.world.sections.algebra}`).set('Accept', 'text/xml');
  const { fall, year } = added.terms;
  expect(text).toContain(`<grading_periods>${fall}</grading_periods><grading_periods>${year}</grading_periods>`);
  expect(text).toContain('<meeting_days/>');
  expect(text).toContain(
    '<options><weighted_grading_categories>0</weighted_grading_categories><upload_documents>0</upload_documents>',
  );
  expect(text).toContain('<content_index_visibility><topics>0</topics>');
});

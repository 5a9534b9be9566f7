import { type Api, openApi } from '../../api';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const ids = (list: { id: number | string }[]) => list.map(({ id }) => Number(id));

test('users are those of the district, every documented field in each', async () => {
  const { body } = await api.get('/v1/users');
  const { ada, grace, alan, katherine, noether, mendel } = api.world.people;
  expect(ids(body.user)).toEqual([ada, grace, alan, katherine, noether, mendel]);
  expect(body).toMatchObject({ total: '6', links: { self: `${api.url}/v1/users?start=0&limit=20` } });
  expect(body.user[0]).toEqual({
    uid: String(ada),
    id: ada,
    school_id: expect.any(Number),
    synced: 1,
    building_id: expect.any(Number),
    additional_buildings: '',
    school_uid: 'ada',
    name_title: '',
    name_title_show: 0,
    name_first: 'Ada',
    name_first_preferred: '',
    name_middle: '',
    name_middle_show: 0,
    name_last: 'Lovelace',
    name_display: 'Ada Lovelace',
    username: 'ada',
    primary_email: 'ada@example.org',
    picture_url: '',
    profile_url: '',
    gender: null,
    position: null,
    grad_year: '',
    password: '',
    role_id: 1,
    tz_offset: expect.any(Number),
    tz_name: 'America/Chicago',
    parents: null,
    child_uids: null,
    send_message: 0,
    links: { self: `${api.url}/v1/users/${ada}` },
  });
});

test('a section has every documented field, of the documented type', async () => {
  const { body } = await api.get(`/v1/sections/${api.world.sections.algebra}`);
  expect(body).toEqual({
    id: String(api.world.sections.algebra),
    course_title: 'Algebra',
    course_code: '',
    course_id: '',
    school_id: expect.stringMatching(/^\d+$/),
    access_code: '',
    section_title: 'Algebra',
    section_code: 'ALG',
    section_school_code: 'algebra',
    synced: '1',
    active: 1,
    description: '',
    subject_area: '0',
    grade_level_range_start: '9',
    grade_level_range_end: '0',
    grading_periods: [],
    profile_url: '',
    location: '',
    meeting_days: [''],
    start_time: '',
    end_time: '',
    weight: '0',
    options: {
      weighted_grading_categories: '0',
      upload_documents: '0',
      create_discussion: '0',
      member_post: '0',
      member_post_comment: '0',
      content_index_visibility: {
        topics: 0,
        assignments: 0,
        assessments: 0,
        documents: 0,
        discussion: 0,
        album: 0,
        pages: 0,
      },
    },
    admin: 0,
    links: { self: `${api.url}/v1/sections/${api.world.sections.algebra}` },
  });
});

test('enrollments tell teachers from members, by their status and person', async () => {
  const { ada, noether } = api.world.enrollments;
  const path = `/v1/sections/${api.world.sections.algebra}/enrollments`;
  const { body } = await api.get(path);
  expect(body.total).toBe('5');
  expect(body.enrollment[0]).toEqual({
    id: String(noether),
    uid: String(api.world.people.noether),
    school_uid: 'emmy',
    name_title: '',
    name_title_show: '0',
    name_first: 'Emmy',
    name_first_preferred: '',
    name_middle: '',
    name_middle_show: '0',
    name_last: 'Noether',
    name_display: 'Emmy Noether',
    admin: 1,
    status: expect.stringMatching(/^[125]$/),
    picture_url: '',
    links: { self: `${api.url}${path}/${noether}` },
  });
  expect((await api.get(`${path}/${ada}`)).body).toEqual(body.enrollment[1]);
});

test.each([
  ['type=admin', ['noether']],
  ['type=member', ['ada', 'grace', 'alan', 'katherine']],
  ['type=admin,member', ['noether', 'ada', 'grace', 'alan', 'katherine']],
  ['type=', ['noether', 'ada', 'grace', 'alan', 'katherine']],
  ['enrollment_status=5', []],
  ['enrollment_status=2,5', ['ada', 'grace', 'alan', 'katherine']],
] as const)('enrollments?%s are %p', async (query, names) => {
  // The world's school year lies in the past: every enrollment has expired.
  const { body } = await api.get(`/v1/sections/${api.world.sections.algebra}/enrollments?${query}`);
  expect(ids(body.enrollment)).toEqual(names.map((name) => api.world.enrollments[name]));
  expect(body.total).toBe(String(names.length));
});

test('enrollments?uid gives those of the persons', async () => {
  const { ada, grace } = api.world.people;
  const { body } = await api.get(`/v1/sections/${api.world.sections.algebra}/enrollments?uid=${ada},${grace},99`);
  expect(ids(body.enrollment)).toEqual([api.world.enrollments.ada, api.world.enrollments.grace]);
});

test('a list is walked by links.next to its end, past which it is empty', async () => {
  const seen: number[] = [];
  let next = `${api.url}/v1/users?start=0&limit=4`;
  while (next) {
    const { body } = await api.get(next.slice(api.url.length));
    seen.push(...ids(body.user));
    next = body.links.next;
  }
  expect(seen).toHaveLength(6);
  expect((await api.get('/v1/users?start=600')).body).toMatchObject({ user: [], total: '6' });
  expect((await api.get('/v1/users?limit=9999')).body.links.self).toContain('limit=200');
});

test.each(['start=-1', 'start=x', 'limit=0', 'limit=x', `school_uids=${'a,'.repeat(50)}a`])(
  'users?%s is refused',
  async (query) => {
    expect((await api.get(`/v1/users?${query}`)).body).toMatchObject({ status: 400, code: 'QUERY_INVALID' });
  },
);

test('things are found by the ids of the SIS, in lists and by a redirect', async () => {
  const { ada, grace } = api.world.people;
  const { algebra } = api.world.sections;
  expect(ids((await api.get('/v1/users?school_uids=grace,ada,eve,nobody')).body.user)).toEqual([ada, grace]);
  expect(ids((await api.get('/v1/sections?section_school_codes=algebra,chemistry')).body.section)).toEqual([algebra]);
  const user = await api.get('/v1/users/ext/ada').redirects(0);
  expect([user.status, user.headers.location]).toEqual([303, `${api.url}/v1/users/${ada}`]);
  const section = await api.get('/v1/sections/ext/algebra').redirects(0);
  expect([section.status, section.headers.location]).toEqual([303, `${api.url}/v1/sections/${algebra}`]);
  expect((await api.get('/v1/users/ext/eve').redirects(0)).status).toBe(404);
});

test('a code with a NUL character finds nothing', async () => {
  for (const list of ['users', 'sections']) expect((await api.get(`/v1/${list}/ext/%00`)).status).toBe(404);
  expect((await api.get('/v1/users?school_uids=%00,a%00b')).body).toMatchObject({ user: [], total: '0' });
});

test('users/me and app-user-info are the person of the client, or whom it acts as; of none they say so', async () => {
  const { noether } = api.world.people;
  const teacher = await api.as({ person: noether });
  const asTeacher = (path: string) => api.get(path).set('X-Schoology-Run-As', String(noether));
  for (const get of [teacher.get, asTeacher]) {
    const me = await get('/v1/users/me').redirects(0);
    expect([me.status, me.headers.location]).toEqual([303, `${api.url}/v1/users/${noether}`]);
    expect((await get('/v1/app-user-info')).body).toEqual({ api_uid: noether, web_session_timestamp: 0 });
  }
  for (const path of ['/v1/users/me', '/v1/app-user-info'])
    expect((await api.get(path).redirects(0)).body).toMatchObject({
      status: 404,
      code: 'NOT_FOUND',
      detail: expect.stringContaining('acts for no person'),
    });
});

test.each([
  ['/v1/schools', 'school'],
  ['/v1/courses', 'course'],
  ['/v1/roles', 'role'],
])('%s lists, and each links.self answers with the same', async (path, key) => {
  const { body } = await api.get(path);
  expect(body[key]).toEqual(expect.any(Array));
  for (const item of body[key]) expect((await api.get(item.links.self.slice(api.url.length))).body).toEqual(item);
});

test("users/{id}/sections are that person's", async () => {
  const { algebra, biology } = api.world.sections;
  expect(ids((await api.get(`/v1/users/${api.world.people.ada}/sections`)).body.section)).toEqual([algebra, biology]);
  expect(ids((await api.get(`/v1/users/${api.world.people.mendel}/sections`)).body.section)).toEqual([biology]);
});

test('a client bound to a teacher sees the people of their sections and themselves', async () => {
  const { ada, mendel, grace } = api.world.people;
  const client = await api.as({ person: mendel });
  expect(ids((await client.get('/v1/users')).body.user)).toEqual([ada, mendel]);
  expect((await client.get(`/v1/users/${grace}`)).status).toBe(404);
  expect((await client.get(`/v1/sections/${api.world.sections.algebra}`)).status).toBe(403);
  expect((await client.get(`/v1/sections/${api.world.sections.algebra}/enrollments`)).status).toBe(403);
});

test.each(['users', 'sections', 'courses', 'schools', 'roles'])(
  '%s of another district, or of nobody, are not found',
  async (list) => {
    const theirs = { users: api.world.people.eve, sections: api.world.sections.elsewhere }[list] ?? 999_999;
    for (const id of [theirs, 999_999, 0, -1, 'x', '9223372036854775808']) {
      expect((await api.get(`/v1/${list}/${id}`)).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
    }
  },
);

test('the roster is read in XML too', async () => {
  const { text } = await api.get(`/v1/users/${api.world.people.ada}`).set('Accept', 'text/xml');
  expect(text).toMatch(
    /^<\?xml version="1.0" encoding="utf-8" \?>\n<result><uid>\d+<\/uid>.*<name_last>Lovelace<\/name_last>/,
  );
});

test('the roster needs its scope, and has no other methods', async () => {
  const client = await api.as({ scopes: ['attendance:read'] });
  expect((await client.get('/v1/users')).status).toBe(403);
  expect((await api.post('/v1/users')).status).toBe(405);
  expect((await api.get('/v1/nothing')).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test('a course and its sections have every documented field, and the section the ids of its terms', async () => {
  const { knex } = api.world.database;
  const { algebra } = api.world.sections;
  const district_id = api.world.districts.larkspur;
  const { school_id } = await knex('sections').where({ id: algebra }).first('school_id');
  const course = {
    district_id,
    school_id,
    sourced_id: 'alg-1',
    title: 'Algebra I',
    course_code: 'ALG-1',
    grades: '10,9',
  };
  const [{ id }] = await knex('courses')
    .insert({ ...course, subjects: 'Mathematics' })
    .returning('id');
  await knex('sections').where({ id: algebra }).update({ course_id: id });
  const term = { district_id, title: 'Fall', type: 'term', school_year: '2025' };
  const [{ id: termId }] = await knex('terms')
    .insert({ ...term, begin_date: '2025-08-18', end_date: '2099-12-18' })
    .returning('id');
  await knex('section_terms').insert({ district_id, section_id: algebra, term_id: termId });

  const { body: courses } = await api.get('/v1/courses');
  expect(courses).toMatchObject({ total: '1', links: { self: `${api.url}/v1/courses?start=0&limit=20` } });
  expect(courses.course).toEqual([
    {
      id: Number(id),
      title: 'Algebra I',
      course_code: 'ALG-1',
      department: '',
      description: '',
      credits: 0,
      subject_area: 3,
      grade_level_range_start: 11,
      grade_level_range_end: 12,
      synced: 1,
      building_id: String(school_id),
      links: { self: `${api.url}/v1/courses/${id}` },
    },
  ]);
  expect((await api.get(`/v1/courses/${id}`)).body).toEqual(courses.course[0]);
  const { body: sections } = await api.get(`/v1/courses/${id}/sections`);
  expect(sections.section).toEqual([(await api.get(`/v1/sections/${algebra}`)).body]);
  expect(sections.section[0]).toMatchObject({
    course_title: 'Algebra I',
    course_code: 'ALG-1',
    course_id: String(id),
    grading_periods: [Number(termId)],
  });
});

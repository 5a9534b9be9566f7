import { type Api, openApi } from '../../api';

/** Algebra has Ada, Grace, Katherine until 2025-10-09 and Alan from 2025-10-06; Biology has Ada. */
let api: Api;
let school: number;
beforeEach(async () => {
  api = await openApi();
  school = (await api.world.database.knex('schools').first()).id;
});
afterEach(() => api.close());

const body = async (path: string, by: Api = api) => (await by.get(path)).body;
const range = 'from=2025-10-06&to=2025-10-12';

/** Monday: Ada absent in both her sections, Grace late. Tuesday: Ada absent in one of two, Grace excused. Saturday too. */
async function week() {
  const { ada, grace, adaInBiology } = api.world.enrollments;
  await api.mark([ada, '2025-10-06', 2, 'flu'], [adaInBiology, '2025-10-06', 2], [grace, '2025-10-06', 3]);
  await api.mark([ada, '2025-10-07', 2], [adaInBiology, '2025-10-07', 1], [grace, '2025-10-07', 4]);
  await api.mark([grace, '2025-10-11', 2]);
}

test('a student is absent on a day when away in at least half of the classes in which their status is known', async () => {
  await week();
  expect((await body(`/reports/absence?by=day&${range}`)).rows).toEqual([
    {
      key: '2025-10-06',
      label: '2025-10-06',
      rolls_taken: 2,
      assumed: false,
      student_days: 4,
      absent_days: 1,
      excused_days: 0,
      late_days: 1,
      partial_days: 0,
      absence_rate: 0.25,
    },
    {
      key: '2025-10-07',
      label: '2025-10-07',
      rolls_taken: 2,
      assumed: false,
      student_days: 4,
      absent_days: 2,
      excused_days: 1,
      late_days: 0,
      partial_days: 0,
      absence_rate: 0.5,
    },
  ]);
});

test.each([
  ['week', [['2025-10-06', '2025-10-06', 8, 3]]],
  ['month', [['2025-10', '2025-10', 8, 3]]],
  [
    'weekday',
    [
      ['1', 'Monday', 4, 1],
      ['2', 'Tuesday', 4, 2],
    ],
  ],
  ['school', [[expect.any(String), 'Larkspur Middle School', 8, 3]]],
])('absence by %s puts the days together', async (by, expected) => {
  await week();
  const { rows } = await body(`/reports/absence?by=${by}&${range}`);
  const shown = rows.map(({ key, label, student_days, absent_days }: Record<string, unknown>) => [
    key,
    label,
    student_days,
    absent_days,
  ]);
  expect(shown).toEqual(expected);
});

test('a day that is changed, through whichever API, is counted anew', async () => {
  await week();
  const before = await body(`/reports/absence?by=week&${range}`);
  await api.mark([api.world.enrollments.ada, '2025-10-06', 1], [api.world.enrollments.adaInBiology, '2025-10-06', 1]);
  const after = await body(`/reports/absence?by=week&${range}`);
  expect([before.rows[0].absent_days, after.rows[0].absent_days]).toEqual([3, 2]);
});

test('a day that the calendar takes out counts in no rate, and a Saturday that it puts in does', async () => {
  await week();
  await api.put(`/calendars/${school}`).send({
    days: [
      { date: '2025-10-06', school_day: false, reason: 'Fall break' },
      { date: '2025-10-11', school_day: true, reason: 'Make-up day' },
    ],
  });
  const { rows } = await body(`/reports/absence?by=day&${range}`);
  expect(rows.map(({ key }: { key: string }) => key)).toEqual(['2025-10-07', '2025-10-11']);
});

test('who misses a tenth of their days or more is listed, those who miss most first', async () => {
  await week();
  const { ada, grace } = api.world.people;
  const found = await body(`/reports/chronic?${range}&min_days=1`);
  expect(found).toMatchObject({ total: 2, enrolled: 4, share: 0.5, min_days: 1, excused: 'yes' });
  expect(found.students).toEqual([
    expect.objectContaining({ person_id: ada, name: 'Ada Lovelace', enrolled_days: 2, absent_days: 2, rate: 1 }),
    expect.objectContaining({ person_id: grace, enrolled_days: 2, absent_days: 1, rate: 0.5, grades: '07' }),
  ]);
  expect(found.bands.map(({ from, students }: Record<string, number>) => [from, students])).toEqual([
    [0.1, 0],
    [0.15, 0],
    [0.2, 0],
    [0.35, 0],
    [0.5, 2],
  ]);
  expect((await body(`/reports/chronic?${range}&min_days=1&limit=1&offset=1`)).students).toEqual([found.students[1]]);
});

test('students who are absent as much come in the order of their names, across pages too', async () => {
  const { database, enrollments, people } = api.world;
  const { ada, grace, alan, katherine } = people;
  const named = [
    [ada, 'Zoë', 'Östlund'],
    [grace, 'Ana', 'Obrien'],
    [alan, 'Zed', "O'Brien"],
    [katherine, 'Zed', 'Núñez'],
  ] as const;
  for (const [id, given_name, family_name] of named)
    await database.knex('people').where({ id }).update({ given_name, family_name });
  const away = [enrollments.ada, enrollments.grace, enrollments.alan];
  for (const date of ['2025-10-06', '2025-10-07']) for (const enrollment of away) await api.mark([enrollment, date, 2]);
  await api.mark([enrollments.katherine, '2025-10-06', 2], [enrollments.katherine, '2025-10-07', 1]);
  const ids = async (query: string) =>
    (await body(`/reports/chronic?${range}&min_days=1${query}`)).students.map(
      ({ person_id }: { person_id: number }) => person_id,
    );
  expect(await ids('')).toEqual([grace, alan, ada, katherine]);
  expect([await ids('&limit=1'), await ids('&limit=2&offset=1')]).toEqual([[grace], [alan, ada]]);
  await database.knex('people').where({ id: grace }).update({ preferred_name: 'Zora' });
  expect(await ids('')).toEqual([alan, grace, ada, katherine]);
});

test('who was there for fewer than ten days is in no list of chronic absence, unless fewer are asked for', async () => {
  await week();
  expect(await body(`/reports/chronic?${range}`)).toMatchObject({ min_days: 10, enrolled: 0, total: 0, share: null });
  const days = ['08', '09', '10', '13', '14', '15', '16', '17'].map((day) => `2025-10-${day}`);
  for (const date of days) await api.mark([api.world.enrollments.ada, date, 1]);
  const found = await body('/reports/chronic?from=2025-10-06&to=2025-10-17');
  expect(found).toMatchObject({ enrolled: 3, total: 2 }); // Katherine left on the tenth
  expect((await body('/reports/chronic?from=2025-10-06&to=2025-10-17&min_days=11')).enrolled).toBe(0);
  const { text } = await api.get('/reports/chronic?from=2025-10-06&to=2025-10-17').set('Accept', 'text/csv');
  expect(text).toMatch(/^person_id,student_number,name,/);
});

test('excused days are left out where that is asked for, and that is said', async () => {
  await week();
  const found = await body(`/reports/chronic?${range}&min_days=1&excused=no`);
  expect(found).toMatchObject({ excused: 'no', total: 1, enrolled: 4 });
  expect(found.students).toMatchObject([{ person_id: api.world.people.ada, absent_days: 2 }]);
  expect((await api.get('/reports/chronic?excused=perhaps')).status).toBe(400);
});

test('the school of a student is the one they are in now', async () => {
  await week();
  const { knex } = api.world.database;
  const { larkspur } = api.world.districts;
  const [{ id: high }] = await knex('schools')
    .insert({ district_id: larkspur, sourced_id: 'high', name: 'Larkspur High', type: 'school', number: '300' })
    .returning('id');
  await knex('people').where({ id: api.world.people.ada }).update({ school_id: high });
  await knex('enrollments').where({ person_id: api.world.people.ada }).update({ end_date: '2025-12-01' });
  const { students } = await body(`/reports/chronic?${range}&min_days=1`);
  expect(students[0]).toMatchObject({ person_id: api.world.people.ada, school: 'Larkspur High' });
  // Asked for one school it counts the days there, and in the other one there are none.
  const inSchool = async (id: number) => (await body(`/reports/chronic?${range}&min_days=1&school=${id}`)).students;
  expect(await inSchool(school)).toEqual(students);
  expect(await inSchool(high)).toEqual([]);
});

test('a student who is away in less than half of the rolls of a day was there for a part of it', async () => {
  const { ada, adaInBiology } = api.world.enrollments;
  const { database, districts, people, sections } = api.world;
  const [{ id: third }] = await database
    .knex('sections')
    .insert({
      ...(await database.knex('sections').where({ id: sections.biology }).first()),
      id: undefined,
      sourced_id: 'art',
      revision: 0,
      counted_revision: 0,
      counted_journal: 0,
    })
    .returning('id');
  const [{ id: inArt }] = await database
    .knex('enrollments')
    .insert({
      district_id: districts.larkspur,
      section_id: third,
      person_id: people.ada,
      admin: false,
      begin_date: '2025-08-25',
      end_date: '2026-06-12',
    })
    .returning('id');
  await api.mark([ada, '2025-10-06', 2], [adaInBiology, '2025-10-06', 1], [inArt, '2025-10-06', 1]);
  const { rows } = await body(`/reports/absence?by=day&${range}`);
  expect(rows).toMatchObject([{ student_days: 4, absent_days: 0, partial_days: 1 }]);
  expect(await body(`/reports/students/${people.ada}?${range}`)).toMatchObject({ absent_days: 0, partial_days: 1 });
  expect((await body('/reports/today?date=2025-10-06')).schools).toMatchObject([{ absent: 0, partial: 1 }]);
});

test('the rolls of a day say which are taken, by whom they are taught, and how many are away', async () => {
  await week();
  await api.mark([api.world.enrollments.ada, '2025-10-08', 1]);
  const { rolls } = await body('/reports/rolls?date=2025-10-08');
  expect(rolls).toEqual([
    expect.objectContaining({ title: 'Algebra', teachers: 'Emmy Noether', students: 4, absent: 0, school_day: true }),
    expect.objectContaining({ title: 'Biology', teachers: 'Gregor Mendel', students: 1, taken_at: null }),
  ]);
  expect(rolls[0].taken_at).toEqual(expect.any(String));
  expect((await body('/reports/rolls?date=2025-10-08&taken=no')).rolls).toEqual([rolls[1]]);
  expect((await body('/reports/rolls?date=2025-10-12')).rolls[0]).toMatchObject({
    school_day: false,
    reason: 'weekend',
  });
  expect((await body('/reports/rolls?date=2024-10-08')).rolls).toEqual([]);
});

test('a school’s day says how many of its rolls are taken and who is away', async () => {
  await week();
  expect((await body('/reports/today?date=2025-10-07')).schools).toEqual([
    {
      school_id: school,
      school: 'Larkspur Middle School',
      rolls: 2,
      taken: 2,
      not_taken: 0,
      marked: 0,
      assumed: false,
      students: 4,
      absent: 2,
      excused: 1,
      late: 0,
      partial: 0,
      school_day: true,
      reason: '',
    },
  ]);
});

test('a section’s month has its days, its students with their time, and their marks', async () => {
  await week();
  const month = await body(`/reports/sections/${api.world.sections.algebra}/month?month=2025-10`);
  expect(month.section).toMatchObject({ title: 'Algebra' });
  expect(month.days).toHaveLength(24); // 23 weekdays and a Saturday
  expect(month.days[3]).toEqual({ date: '2025-10-06', taken_at: expect.any(String), school_day: true, reason: '' });
  expect(month.days.find(({ date }: { date: string }) => date === '2025-10-11')).toMatchObject({ reason: 'weekend' });
  const [grace, katherine, ada, alan] = month.students;
  expect([grace.name, katherine.end_date, alan.begin_date]).toEqual(['Grace Hopper', '2025-10-10', '2025-10-06']);
  expect(ada.marks).toEqual([
    { date: '2025-10-06', status: 2, comment: 'flu' },
    { date: '2025-10-07', status: 2, comment: '' },
  ]);
});

test('a section’s month in CSV is a row a student and a column a day', async () => {
  await week();
  const { text } = await api
    .get(`/reports/sections/${api.world.sections.algebra}/month?month=2025-10`)
    .set('Accept', 'text/csv');
  const [head, ...rows] = text
    .trim()
    .split('\r\n')
    .map((line) => line.split(','));
  const column = head!.indexOf('2025-10-06');
  expect(rows.map((row) => [row[2], row[column], row[column + 1], row[column + 2]])).toEqual([
    ['Grace Hopper', '3', '4', ''],
    ['Katherine Johnson', '1', '1', ''],
    ['Ada Lovelace', '2', '2', ''],
    ['Alan Turing', '1', '1', ''],
  ]);
});

test('what a teacher submitted stays visible beside what the office made of it', async () => {
  const { algebra } = api.world.sections;
  const { ada } = api.world.enrollments;
  const teacher = await api.as({ person: api.world.people.noether });
  const put = (by: Api, status: number, comment: string) =>
    by
      .put(`/v1/sections/${algebra}/attendance`)
      .send({ attendances: { attendance: [{ enrollment_id: ada, date: '2025-10-06', status, comment }] } });
  await put(teacher, 2, 'not here');
  await put(api, 4, 'doctor’s note');
  const { changes } = await body(`/reports/sections/${algebra}/changes?date=2025-10-06`);
  expect(changes).toEqual([
    expect.objectContaining({
      student: 'Ada Lovelace',
      by: 'test',
      by_teacher: false,
      from_status: 2,
      from_comment: 'not here',
      to_status: 4,
      to_comment: 'doctor’s note',
    }),
    expect.objectContaining({ by: 'Emmy Noether', by_teacher: true, from_status: null, to_status: 2 }),
    expect.objectContaining({ by: 'Emmy Noether', student: null, enrollment_id: null }),
  ]);
  expect((await body(`/reports/sections/${algebra}/changes?date=2025-10-07`)).changes).toEqual([]);
});

test('a student’s history has rate and streaks, and the rolls in which they were not simply there', async () => {
  await week();
  const history = await body(`/reports/students/${api.world.people.ada}?${range}`);
  expect(history).toMatchObject({
    student: { name: 'Ada Lovelace', school: 'Larkspur Middle School' },
    rate: 0,
    enrolled_days: 2,
    absent_days: 2,
    streaks: { present: { now: 0, longest: 0 }, absent: { now: 2, longest: 2 } },
  });
  expect(history.days.map(({ date, section }: Record<string, unknown>) => [date, section])).toEqual([
    ['2025-10-07', 'Algebra'],
    ['2025-10-06', 'Algebra'],
    ['2025-10-06', 'Biology'],
  ]);
});

test('a teacher sees their own sections, and nothing of all of them', async () => {
  await week();
  const mendel = await api.as({ person: api.world.people.mendel });
  expect(
    (await body('/reports/rolls?date=2025-10-08', mendel)).rolls.map(({ title }: { title: string }) => title),
  ).toEqual(['Biology']);
  const history = await body(`/reports/students/${api.world.people.ada}?${range}`, mendel);
  expect(history.days.map(({ section }: { section: string }) => section)).toEqual(['Biology']);
  const { algebra } = api.world.sections;
  for (const [path, status] of [
    ['/reports/today', 403],
    ['/reports/absence', 403],
    ['/reports/chronic', 403],
    [`/reports/sections/${algebra}/month`, 403],
    [`/reports/sections/${algebra}/changes`, 403],
    [`/reports/students/${api.world.people.grace}`, 404],
  ] as const)
    expect([path, (await mendel.get(path)).status]).toEqual([path, status]);
});

test('another district sees nothing', async () => {
  await week();
  const other = await api.as({ district: api.world.districts.elsewhere });
  expect((await body(`/reports/absence?${range}`, other)).rows).toEqual([]);
  expect((await body(`/reports/chronic?${range}`, other)).students).toEqual([]);
  for (const report of ['absence', 'chronic'])
    expect((await other.get(`/reports/${report}?school=${school}`)).status).toBe(404);
  expect((await other.get(`/reports/students/${api.world.people.ada}`)).status).toBe(404);
});

test.each([
  ['/reports/absence?by=moon', 'by must be one of day, week, month, weekday, school, not "moon"'],
  ['/reports/absence?from=2025-13-01', 'from must be a day, YYYY-MM-DD, not "2025-13-01"'],
  [
    '/reports/absence?from=2025-10-02&to=2025-10-01',
    'from must be 2025-10-01 or earlier, the day of `to`, not "2025-10-02"',
  ],
  ['/reports/rolls?taken=maybe', 'taken must be yes or no, not "maybe"'],
  ['/reports/rolls?date=today', 'date must be a day, YYYY-MM-DD, not "today"'],
  ['/reports/chronic?limit=-1', 'limit must be a whole number from 0 to 999999999, not "-1"'],
])('%s is refused with what would be right', async (path, detail) => {
  const response = await api.get(path);
  expect([response.status, response.body.detail]).toEqual([400, detail]);
});

test('the numbers come as CSV to who asks for it', async () => {
  await week();
  const { text, headers } = await api.get(`/reports/absence?by=month&${range}`).set('Accept', 'text/csv');
  expect(headers['content-type']).toBe('text/csv; charset=utf-8');
  expect(text).toBe(
    [
      'key,label,rolls_taken,assumed,student_days,absent_days,excused_days,late_days,partial_days,absence_rate',
      '2025-10,2025-10,4,false,8,3,1,1,0,0.375',
      '',
    ].join('\r\n'),
  );
});

/** 23:30 and 00:30 are on two days in the district, whatever the server's clock is set to. */
test.each([
  ['Pacific/Auckland', '2025-10-07T10:30:00Z', '2025-10-07'],
  ['Pacific/Auckland', '2025-10-07T11:30:00Z', '2025-10-08'],
  ['Asia/Kolkata', '2025-10-07T18:00:00Z', '2025-10-07'],
  ['Asia/Kolkata', '2025-10-07T19:00:00Z', '2025-10-08'],
  ['America/Los_Angeles', '2025-10-08T06:30:00Z', '2025-10-07'],
  ['America/Los_Angeles', '2025-10-08T07:30:00Z', '2025-10-08'],
  // The night the clocks went back in California, 2025-11-02, and forward in New Zealand, 2025-09-28.
  ['America/Los_Angeles', '2025-11-03T07:30:00Z', '2025-11-02'],
  ['America/Los_Angeles', '2025-11-03T08:30:00Z', '2025-11-03'],
  ['Pacific/Auckland', '2025-09-28T10:30:00Z', '2025-09-28'],
  ['Pacific/Auckland', '2025-09-28T11:30:00Z', '2025-09-29'],
])('in %s at %s today is %s', async (time_zone, now, today) => {
  await api.world.database.knex('districts').where({ id: api.world.districts.larkspur }).update({ time_zone });
  jest.useFakeTimers({ now: new Date(now), doNotFake: [...clockless] });
  try {
    expect((await body('/session')).today).toBe(today);
    expect((await body('/reports/rolls')).date).toBe(today);
    expect((await body('/reports/absence')).to).toBe(today);
  } finally {
    jest.useRealTimers();
  }
});

/** All that a test can fake but the date. */
const clockless = [
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'requestAnimationFrame',
  'cancelAnimationFrame',
  'requestIdleCallback',
  'cancelIdleCallback',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
  'setTimeout',
  'clearTimeout',
] as const;

test('names in reports are no formulas, whatever separates the cells', async () => {
  const { people, enrollments, sections } = api.world;
  await api.world.database
    .knex('people')
    .where({ id: people.ada })
    .update({ family_name: 'x;=1+1', given_name: '=2+2' });
  await api.mark([enrollments.ada, '2025-10-07', 2]);
  for (const path of [
    `/reports/sections/${sections.algebra}/month?month=2025-10`,
    `/reports/sections/${sections.algebra}/changes?date=2025-10-07`,
    '/reports/chronic?min_days=1&from=2025-10-01&to=2025-10-31',
  ]) {
    const { status, text } = await api.get(path).set('Accept', 'text/csv');
    expect([status, text]).toEqual([200, expect.stringContaining(`x;'=1+1`)]);
    expect(text).toContain(`'=2+2`);
    expect(text.replaceAll('"', '')).not.toMatch(/(^|[;,\t|\r\n])\s*[=+\-@]/);
  }
});

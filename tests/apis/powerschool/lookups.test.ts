import { DAY, openSchool, type School } from './school';

let school: School;
let ada: number;
beforeEach(async () => {
  school = await openSchool();
  ada = school.world.people.ada;
});
afterEach(() => school.close());

const codes = (sent: object) => school.ask('attendance.attendance_code_by_school_date', sent);
const detail = async (sent: object) =>
  (await school.ask('attendance.student_attendance_detail', sent)).map(({ attendance, attendance_code }) => [
    attendance!.att_date,
    attendance!.att_mode_code,
    attendance_code!.att_code,
  ]);

describe('attendance codes', () => {
  test('a school has five to start with in each school year', async () => {
    expect(await codes({ schoolid: '200', att_date: DAY })).toEqual(
      [
        ['P', 'Present', 'Present'],
        ['A', 'Absent', 'Absent'],
        ['E', 'Excused absence', 'Absent'],
        ['T', 'Tardy', 'Present'],
        ['UT', 'Unexcused tardy', 'Present'],
      ].map(([att_code, description, presence_status_cd]) => ({
        attendance_code: {
          att_code,
          description,
          presence_status_cd,
          yearid: '35',
          attendance_codeid: String(school.code(att_code!)),
        },
      })),
    );
    const [next] = await codes({ schoolid: '200', att_date: '2026-09-01' });
    expect(next!.attendance_code!.yearid).toBe('36');
    expect(next!.attendance_code!.attendance_codeid).not.toBe(String(school.code('P')));
  });

  test.each([
    ['2025-08-24', '35'],
    ['2025-06-30', '34'],
    ['2025-07-01', '35'],
    ['2026-06-11', '35'],
    ['2026-07-01', '36'],
  ])('%s, in a session or by July, is of year %s', async (att_date, yearid) => {
    const [first] = await codes({ schoolid: '200', att_date });
    expect(first!.attendance_code!.yearid).toBe(yearid);
  });

  test('a session over the turn of a calendar year says which year it is', async () => {
    await school.world.database.knex('terms').update({ begin_date: '2025-02-01', end_date: '2025-12-20' });
    const [first] = await codes({ schoolid: '200', att_date: '2025-03-01' });
    expect(first!.attendance_code!.yearid).toBe('35');
  });

  test('an unknown school has none, nor has one of another district', async () => {
    expect(await codes({ schoolid: '999', att_date: DAY })).toEqual([]);
    const stranger = await school.as({ district: school.world.districts.elsewhere });
    const { body } = await stranger
      .post('/ws/schema/query/com.pearson.core.attendance.attendance_code_by_school_date')
      .send({ schoolid: '200', att_date: DAY });
    expect(body).toEqual({});
  });
});

describe('templates', () => {
  test('of a day not taken are to be filled, and are posted as they are', async () => {
    const [daily] = await school.ask('attendance.daily_attendance_template', { studentid: ada, att_date: DAY });
    expect(daily!.attendance).toEqual({
      att_mode_code: 'ATT_ModeDaily',
      att_date: DAY,
      schoolid: '200',
      yearid: '35',
      studentid: String(ada),
      attendance_codeid: '',
      att_comment: '',
      programid: '',
      calendar_dayid: '',
    });
    const [time] = await school.ask('attendance.time_attendance_template', { studentid: ada, att_date: DAY, dcid: 0 });
    const meetings = await school.ask('attendance.meeting_interval_attendance_template', {
      studentid: ada,
      att_date: DAY,
      schoolid: '200',
    });
    const { algebra, biology } = school.world.sections;
    expect(meetings.map(({ attendance }) => [attendance!.ccid, attendance!.periodid])).toEqual([
      [String(school.world.enrollments.ada), '1'],
      [String(school.world.enrollments.adaInBiology), '1'],
      [String(school.daily.ada), ''],
    ]);
    const attendance_codeid = school.code('A');
    const filled = meetings.map(({ attendance }) => ({
      tables: { attendance: { ...attendance, attendance_codeid, start_time: 0, end_time: 60 } },
    }));
    const minutes = { ...time!.attendance, attendance_codeid, total_minutes: 30 };
    for (const answer of [
      await school.send('batch_daily_time', { tables: { attendance: { ...daily!.attendance, attendance_codeid } } }),
      await school.send('daily_time', { tables: { attendance: minutes } }),
      await school.send('meeting_interval', ...filled),
    ])
      expect(answer.body.result.map(({ status }: { status: string }) => status)).not.toContain('ERROR');
    for (const section of [algebra, biology, school.homeroom]) expect(await school.marks(section)).toHaveLength(1);
  });

  test('show what stands, whoever wrote it', async () => {
    await school.mark([school.daily.ada, DAY, 4, 'dentist'], [school.world.enrollments.ada, DAY, 1]);
    const [daily] = await school.ask('attendance.daily_attendance_template', { studentid: ada, att_date: DAY });
    expect(daily!.attendance).toMatchObject({ attendance_codeid: `${school.code('E')}`, att_comment: 'dentist' });
    const meetings = await school.ask('attendance.meeting_interval_attendance_template', {
      studentid: ada,
      att_date: DAY,
      schoolid: '200',
    });
    expect(meetings.map(({ attendance }) => attendance!.attendance_codeid)).toEqual([
      `${school.code('P')}`,
      '',
      `${school.code('E')}`,
    ]);
  });

  test('show the parts that were posted, and a time record by its dcid', async () => {
    const attendance_codeid = school.code('T');
    const time = { att_mode_code: 'ATT_ModeTime', total_minutes: 45, attendance_codeid };
    const { body } = await school.send('daily_time', school.record(time));
    const dcid = body.result[0].success_message.id;
    const sent = { studentid: ada, att_date: DAY };
    const [template] = await school.ask('attendance.time_attendance_template', { ...sent, dcid });
    expect(template!.attendance).toMatchObject({ dcid: String(dcid), total_minutes: '45' });
    expect(await school.ask('attendance.time_attendance_template', { ...sent, dcid: dcid + 1 })).toEqual([]);
    const meeting = {
      att_mode_code: 'ATT_ModeMeeting',
      ccid: school.world.enrollments.ada,
      start_time: 5,
      end_time: 9,
    };
    await school.periods('algebra', '1, 2');
    await school.send(
      'meeting_interval',
      school.record({ ...meeting, periodid: 1 }),
      school.record({ ...meeting, periodid: 2 }),
    );
    const meetings = await school.ask('attendance.meeting_interval_attendance_template', { ...sent, schoolid: 200 });
    expect(meetings.slice(0, 2).map(({ attendance }) => [attendance!.periodid, attendance!.start_time])).toEqual([
      ['1', '5'],
      ['2', '5'],
    ]);
  });

  test('are none for a student who has no homeroom, is not there that day, or is of another district', async () => {
    const { katherine, alan, eve } = school.world.people;
    for (const studentid of [katherine, alan, eve, 99_999_999])
      expect(await school.ask('attendance.daily_attendance_template', { studentid, att_date: DAY })).toEqual([]);
  });
});

describe('student attendance detail', () => {
  beforeEach(async () => {
    const { enrollments } = school.world;
    await school.send('batch_daily_time', school.record({}), school.record({ att_date: '2025-10-03' }));
    await school.mark([enrollments.ada, '2025-10-02', 3], [enrollments.grace, DAY, 2], [enrollments.ada, DAY, 1]);
  });

  test('has every record of the students in the days, by class and date', async () => {
    expect(await detail({ students_dcid: [ada] })).toEqual([
      ['2025-10-02', 'ATT_ModeMeeting', 'T'],
      [DAY, 'ATT_ModeDaily', 'A'],
      ['2025-10-03', 'ATT_ModeDaily', 'A'],
    ]);
    const days = { attendance_att_date_start: '2025-10-02', attendance_att_date_end: '2025-10-02' };
    expect(await detail({ students_dcid: [ada], ...days })).toEqual([['2025-10-02', 'ATT_ModeMeeting', 'T']]);
    const daily = { attendance_att_mode_code: ['ATT_ModeDaily'] };
    expect(await detail({ students_dcid: `${ada},${school.world.people.grace}`, ...daily })).toHaveLength(2);
    expect(await detail({ students_dcid: [ada, school.world.people.grace] })).toHaveLength(4);
  });

  test('is paged, counted, or whole', async () => {
    const page = (query: string) =>
      school
        .post(`/ws/schema/query/com.pearson.core.attendance.student_attendance_detail?${query}`)
        .send({ students_dcid: ada });
    const all = (await page('pagesize=0')).body.record;
    expect(all).toHaveLength(3);
    const first = await page('pagesize=2&count=true');
    expect([first.body.count, first.body.record]).toEqual([3, all.slice(0, 2)]);
    expect((await page('pagesize=2&page=2')).body.record).toEqual(all.slice(2));
    expect((await page('pagesize=2&page=9')).body).toEqual({});
    expect((await page('pagesize=2&page=9&count=true')).body).toEqual({ name: 'attendance', count: 3, record: [] });
  });

  test('hides what a bound teacher may not see', async () => {
    const as = async (person: number) => {
      const teacher = await school.as({ person });
      const path = '/ws/schema/query/com.pearson.core.attendance.student_attendance_detail';
      return (await teacher.post(path).send({ students_dcid: [ada] })).body.record?.length ?? 0;
    };
    expect([await as(school.world.people.noether), await as(school.world.people.mendel)]).toEqual([1, 0]);
  });

  test('the address of each record answers with it', async () => {
    const records = await school.ask('attendance.student_attendance_detail', { students_dcid: [ada] });
    for (const { attendance } of records) {
      const { status, body } = await school.get(`/ws/schema/table/attendance/${attendance!.id}?projection=*`);
      expect([status, body]).toEqual([200, { id: Number(attendance!.id), name: 'ATTENDANCE', tables: { attendance } }]);
      const stranger = await school.as({ district: school.world.districts.elsewhere });
      expect((await stranger.get(`/ws/schema/table/attendance/${attendance!.id}`)).status).toBe(404);
    }
  });
});

test.each(['0', '1', 'x', '%00', '99999', '9223372036854775808', '20362', '1e3'])(
  'there is no record %s',
  async (id) => {
    const { status, body } = await school.get(`/ws/schema/table/attendance/${id}`);
    expect([status, Object.keys(body)]).toEqual([404, ['message']]);
  },
);

test.each([
  ['attendance.attendance_code_by_school_date', { att_date: DAY }, 'schoolid', 'Missing'],
  ['attendance.attendance_code_by_school_date', { schoolid: 200, att_date: 'x' }, 'att_date', 'InvalidValue'],
  ['attendance.attendance_code_by_school_date', { schoolid: '\u0000', att_date: DAY }, 'schoolid', 'InvalidValue'],
  ['attendance.daily_attendance_template', { att_date: DAY }, 'studentid', 'Missing'],
  ['attendance.time_attendance_template', { studentid: 1, att_date: DAY }, 'dcid', 'Missing'],
  ['attendance.meeting_interval_attendance_template', { studentid: {}, att_date: DAY }, 'studentid', 'InvalidValue'],
  ['attendance.student_attendance_detail', {}, 'students_dcid', 'Missing'],
  ['attendance.student_attendance_detail', { students_dcid: [] }, 'students_dcid', 'Missing'],
  ['attendance.student_attendance_detail', { students_dcid: ['x'] }, 'students_dcid', 'InvalidValue'],
  [
    'attendance.student_attendance_detail',
    { students_dcid: [1], attendance_att_mode_code: ['x'] },
    'attendance_att_mode_code',
    'InvalidValue',
  ],
  ['attendance.student_attendance_detail', { students_dcid: Array(1_001).fill(1) }, 'students_dcid', 'TooMany'],
  ['student.student_dcid_id_map', [], 'body', 'InvalidType'],
])('%s asked with %j is told what is wrong', async (query, sent, field, code) => {
  const { status, body } = await school.post(`/ws/schema/query/com.pearson.core.${query}`).send(sent);
  expect([status, body.errors[0].field, body.errors[0].code]).toEqual([400, field, code]);
});

test('an argument in two spellings is refused by its name, whatever the query', async () => {
  const day = { studentid: ada, att_date: DAY };
  const queries: [query: string, sent: object][] = [
    ['attendance.attendance_code_by_school_date', { schoolid: 200, att_date: DAY }],
    ['attendance.daily_attendance_template', day],
    ['attendance.time_attendance_template', { ...day, dcid: 0 }],
    ['attendance.meeting_interval_attendance_template', { ...day, schoolid: 200 }],
    ['attendance.student_attendance_detail', { students_dcid: [ada], attendance_att_date_start: DAY }],
    ['attendance.special_program', { schoolid: 200 }],
    ['student.student_dcid_id_map', { students_dcid: [ada] }],
  ];
  for (const [query, sent] of queries)
    for (const [name, value] of Object.entries(sent))
      for (const address of [query, `${query}/count`]) {
        const { status, body } = await school
          .post(`/ws/schema/query/com.pearson.core.${address}`)
          .send({ ...sent, [name.toUpperCase()]: value });
        expect([address, status, body.errors?.[0].field, body.errors?.[0].code]).toEqual([
          address,
          400,
          name,
          'TooMany',
        ]);
        expect(body.errors[0].description).toContain(`both "${name}" and "${name.toUpperCase()}"`);
      }
});

test.each([
  ['get', '/ws/schema/table/cc', 'CC', 'ID'],
  ['get', '/ws/schema/table/CALENDAR_DAY/count', 'CALENDAR_DAY', 'ID'],
  ['get', '/ws/schema/table/attendance/1', 'ATTENDANCE', 'ATTENDANCE_CODEID'],
  ['get', '/ws/schema/table/attendance_code', 'ATTENDANCE_CODE', 'ID'],
  ['get', '/ws/v1/district/student', 'STUDENT', 'ID'],
  ['post', '/ws/schema/query/com.pearson.core.student.student_dcid_id_map', 'STUDENT', 'ID'],
  [
    'post',
    '/ws/schema/query/com.pearson.core.attendance.daily_attendance_template/count',
    'ATTENDANCE',
    'ATTENDANCE_CODEID',
  ],
] as const)('a client that may not %s %s is told what it may not', async (method, path, resource, field) => {
  const writer = await school.as({ scopes: ['attendance:write'] });
  const { status, body } = await (method === 'get' ? writer.get(path) : writer.post(path).send({}));
  expect([status, body.errors]).toEqual([403, [expect.objectContaining({ code: 'NoAccess', resource, field })]]);
});

test('an error of the map of ids is one of students', async () => {
  const { body } = await school.post('/ws/schema/query/com.pearson.core.student.student_dcid_id_map').send({});
  expect(body.errors[0]).toMatchObject({ resource: 'STUDENT', field: 'students_dcid', code: 'Missing' });
});

describe('a query that finds nothing', () => {
  const nobody = 99_999_999;
  const queries: [query: string, table: string, sent: object][] = [
    ['attendance.attendance_code_by_school_date', 'attendance_code', { schoolid: '999', att_date: DAY }],
    ['attendance.daily_attendance_template', 'attendance', { studentid: nobody, att_date: DAY }],
    ['attendance.time_attendance_template', 'attendance', { studentid: nobody, att_date: DAY, dcid: 0 }],
    [
      'attendance.meeting_interval_attendance_template',
      'attendance',
      { studentid: nobody, att_date: DAY, schoolid: 200 },
    ],
    ['attendance.student_attendance_detail', 'attendance', { students_dcid: [nobody] }],
    ['student.student_dcid_id_map', 'students', { students_dcid: [nobody] }],
  ];

  test.each(queries)('%s answers an empty object, in XML an empty element', async (query, _table, sent) => {
    const path = `/ws/schema/query/com.pearson.core.${query}`;
    const { status, text } = await school.post(path).send(sent);
    expect([status, text]).toEqual([200, '{}']);
    const xml = await school.post(path).set('Accept', 'text/xml').send(sent);
    expect([xml.status, xml.text.split('\n')[1]]).toEqual([200, '<results></results>']);
  });

  test.each(queries)('%s says how many there are where it is asked, none', async (query, name, sent) => {
    const { body } = await school.post(`/ws/schema/query/com.pearson.core.${query}?count=true`).send(sent);
    expect(body).toEqual({ name, count: 0, record: [] });
  });
});

test('the map of ids has the students of the district', async () => {
  const { grace, eve, noether } = school.world.people;
  const { body } = await school
    .post('/ws/schema/query/com.pearson.core.student.student_dcid_id_map')
    .send({ students_dcid: [String(ada), grace, eve, noether] });
  expect(body.record.map(({ id, dcid }: { id: number; dcid: number }) => [id, dcid])).toEqual([
    [ada, ada],
    [grace, grace],
  ]);
});

describe('what a plugin reads to fill a record', () => {
  test('metadata, with and without a token', async () => {
    const paged = [
      'school',
      'student',
      'staff',
      'course',
      'section',
      'section_enrollment',
      'term',
      'schema_table_query',
    ];
    const sizes = Object.fromEntries(paged.map((what) => [`${what}_max_page_size`, 100]));
    const known = { powerschool_version: '25.3.0', ...sizes };
    const open = await fetch(`${school.url}/ws/v1/metadata`);
    expect([open.status, await open.json()]).toEqual([200, { metadata: { ...known, plugin_id: 0 } }]);
    const { body } = await school.get('/ws/v1/metadata');
    expect(body.metadata).toMatchObject({ ...known, district_timezone: 'America/Chicago' });
    expect(body.metadata.plugin_id).toBeGreaterThan(0);
  });

  test('district, schools, students, sections and their enrollments, each with its count', async () => {
    const { algebra } = school.world.sections;
    const at = async (path: string) => (await school.get(`/ws/v1/${path}`)).body;
    expect(await at('district')).toEqual({ district: expect.objectContaining({ name: 'Larkspur' }) });
    const [one] = (await at('district/school')).schools.school;
    expect(one).toEqual({ id: expect.any(Number), name: 'Larkspur Middle School', school_number: 200 });
    expect((await at(`school/${one.id}/student`)).students.student[0]).toEqual({
      id: ada,
      local_id: 'ada',
      student_username: 'ada',
      name: { first_name: 'Ada', middle_name: '', last_name: 'Lovelace' },
    });
    expect((await at(`school/${one.id}/section`)).sections.section).toHaveLength(3);
    expect((await at(`section/${algebra}/section_enrollment`)).section_enrollments.section_enrollment[3]).toEqual({
      id: school.world.enrollments.katherine,
      section_id: algebra,
      student_id: school.world.people.katherine,
      entry_date: '2025-08-25',
      exit_date: '2025-10-10',
      dropped: false,
    });
    expect((await at(`student/${ada}`)).student.name.last_name).toBe('Lovelace');
    const counts = [
      'district/school',
      `school/${one.id}/student`,
      `school/${one.id}/section`,
      `section/${algebra}/section_enrollment`,
    ];
    const counted = await Promise.all(counts.map(async (path) => (await at(`${path}/count`)).resource.count));
    expect(counted).toEqual([1, 4, 3, 4]);
  });

  test('a page is refused, not cut, where it is larger than the largest', async () => {
    const { status, body } = await school.get('/ws/v1/district/school?pagesize=101');
    expect([status, body.errors[0].field]).toEqual([400, 'pagesize']);
    expect((await school.get('/ws/v1/district/school?page=0')).status).toBe(400);
    expect((await school.get('/ws/v1/district/school?page=2')).body).toEqual({ schools: { school: [] } });
  });

  test('nothing of another district, nothing with the wrong scope', async () => {
    const stranger = await school.as({ district: school.world.districts.elsewhere });
    const { algebra } = school.world.sections;
    for (const path of [
      `student/${ada}`,
      'school/1/student',
      `section/${algebra}/section_enrollment`,
      `section/${algebra}`,
    ])
      expect((await stranger.get(`/ws/v1/${path}`)).status).toBe(404);
    const writer = await school.as({ scopes: ['attendance:write'] });
    expect((await writer.get(`/ws/v1/student/${ada}`)).status).toBe(403);
    expect((await writer.get('/ws/schema/table/attendance/1')).status).toBe(403);
  });

  test('a teacher is no student', async () => {
    expect((await school.get(`/ws/v1/student/${school.world.people.noether}`)).status).toBe(404);
  });

  test('in XML where that is asked for', async () => {
    const { text } = await school.get('/ws/v1/district/school/count').set('Accept', 'application/xml');
    expect(text).toBe('<?xml version="1.0" encoding="utf-8" ?>\n<resource><count>1</count></resource>');
  });
});

import { type Api, openApi } from '../../api';

/** A plugin as it is written against PowerSchool, with only the base URL changed. */
const DAY = '2025-10-01';
const STUDENTS = 200;

let api: Api;
let homeroom: number;
let students: { person: number; enrollment: number }[];
beforeEach(async () => {
  api = await openApi();
  ({ homeroom, students } = await largeHomeroom());
});
afterEach(() => api.close());

async function largeHomeroom() {
  const { knex } = api.world.database;
  const insert = async (table: string, rows: object[]) =>
    (await knex(table).insert(rows).returning('id')).map(({ id }) => Number(id));
  const { id: _, ...section } = await knex('sections').where({ id: api.world.sections.algebra }).first();
  const [id] = await insert('sections', [{ ...section, sourced_id: 'hr', class_type: 'homeroom', periods: '' }]);
  await knex('sections').where({ id: api.world.sections.algebra }).update({ periods: '1,2' });
  const { id: __, ...person } = await knex('people').where({ id: api.world.people.ada }).first();
  const { id: ___, ...enrollment } = await knex('enrollments').where({ id: api.world.enrollments.ada }).first();
  const all = [];
  for (let number = 0; number < STUDENTS; number++) {
    const [person_id] = await insert('people', [{ ...person, sourced_id: `s${number}` }]);
    const row = { ...enrollment, person_id, section_id: id, sourced_id: `s${number}` };
    all.push({ person: person_id!, enrollment: (await insert('enrollments', [row]))[0]! });
  }
  return { homeroom: id!, students: all };
}

test('token, codes, a batch of 200, an update, a correction, a meeting of two periods, an interval', async () => {
  const { key, secret } = await api.clients.create({
    district: api.world.districts.larkspur,
    name: 'plugin',
    scopes: ['attendance:read', 'attendance:write'],
  });
  const granted = await fetch(`${api.url}/oauth/access_token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${key}:${secret}`).toString('base64')}`,
      'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
    },
    body: 'grant_type=client_credentials',
  });
  const { access_token } = (await granted.json()) as { access_token: string };
  const call = async <Answer>(path: string, body: object): Promise<Answer> => {
    const response = await fetch(api.url + path, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${access_token}`,
        'Content-Type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify(body),
    });
    expect(response.status).toBe(200);
    return response.json() as Promise<Answer>;
  };
  const { record: codes } = await call<Codes>(
    '/ws/schema/query/com.pearson.core.attendance.attendance_code_by_school_date?pagesize=0',
    { schoolid: '200', att_date: DAY },
  );
  const code = (text: string): string =>
    codes.map(({ tables }) => tables.attendance_code).find(({ att_code }) => att_code === text)!.attendance_codeid;
  const record = (studentid: number, text: string, columns = {}) => ({
    name: 'ATTENDANCE',
    tables: {
      attendance: {
        att_mode_code: 'ATT_ModeDaily',
        att_date: DAY,
        schoolid: '200',
        yearid: '35',
        studentid: String(studentid),
        attendance_codeid: code(text),
        ...columns,
      },
    },
  });
  const post = (address: string, ...records: object[]) =>
    call<Posted>(`/ws/attendance/${address}`, { name: 'ATTENDANCE', record: records });

  const cycle = ['A', 'E', 'T', 'P'];
  const text = (index: number) => cycle[index % 4]!;
  const batch = await post('batch_daily_time', ...students.map(({ person }, index) => record(person, text(index))));
  expect([batch.insert_count, batch.update_count]).toEqual([200, 0]);
  const statuses = { A: 2, E: 4, T: 3, P: 1 } as Record<string, number>;
  const expected = new Map(students.map(({ enrollment }, index) => [enrollment, statuses[text(index)]!]));
  await reads(homeroom, expected);

  const [first, second, , fourth] = students;
  const update = await post(
    'batch_daily_time',
    record(first!.person, 'E'),
    record(fourth!.person, 'A', { att_comment: 'ill' }),
  );
  expect([update.insert_count, update.update_count]).toEqual([0, 2]);
  expected.set(first!.enrollment, 4).set(fourth!.enrollment, 2);
  await reads(homeroom, expected);

  const correction = await post('daily_time', record(second!.person, 'P'));
  expect(correction.result[0]!.action).toBe('UPDATE');
  expected.set(second!.enrollment, 1);
  await reads(homeroom, expected);

  const { algebra } = api.world.sections;
  const { ada } = api.world.people;
  const meeting = (attendance_code: string, columns: object) =>
    record(ada, attendance_code, {
      att_mode_code: 'ATT_ModeMeeting',
      ccid: String(api.world.enrollments.ada),
      start_time: 30_600,
      end_time: 33_300,
      ...columns,
    });
  const parts = await post('meeting_interval', meeting('T', { periodid: '1' }), meeting('A', { periodid: '2' }));
  expect([parts.insert_count, parts.update_count]).toEqual([2, 0]);
  await reads(algebra, new Map([[api.world.enrollments.ada, 2]]));
  await post('meeting_interval', meeting('P', { periodid: '2' }));
  await reads(algebra, new Map([[api.world.enrollments.ada, 3]]));

  await post('meeting_interval', meeting('E', { att_mode_code: 'ATT_ModeInterval', att_interval: '3', periodid: '1' }));
  await reads(algebra, new Map([[api.world.enrollments.ada, 4]]));
});

interface Codes {
  record: { tables: { attendance_code: { att_code: string; attendance_codeid: string } } }[];
}
interface Posted {
  insert_count: number;
  update_count: number;
  result: { action: string }[];
}
interface Group {
  statuses: { status: { attendances: { attendance: { enrollment_id: number; status: number }[] } }[] };
}

/** Schoology shows exactly this, in JSON and in XML: a status for each exception, nothing for those present. */
async function reads(section: number, statuses: ReadonlyMap<number, number>): Promise<void> {
  const exceptions = [...statuses].filter(([, status]) => status !== 1).sort(([one], [other]) => one - other);
  const path = `/v1/sections/${section}/attendance`;
  const { body } = await api.get(path);
  const marks = (body.date as Group[]).flatMap(({ statuses: { status } }) =>
    status.flatMap(({ attendances }) => attendances.attendance),
  );
  const shown = marks.map(({ enrollment_id, status }) => [enrollment_id, status]);
  expect(shown.sort(([one], [other]) => one! - other!)).toEqual(exceptions);
  const { text } = await api.get(path).set('Accept', 'text/xml');
  const pairs = [
    ...text.matchAll(/<enrollment_id>(\d+)<\/enrollment_id><date>2025-10-01<\/date><status>(\d)<\/status>/g),
  ];
  expect(pairs.map(([, id, status]) => [Number(id), Number(status)]).sort(([one], [other]) => one! - other!)).toEqual(
    exceptions,
  );
}

test.each(['text/xml', 'application/xml'])('a plugin that speaks %s sends the same names as elements', async (type) => {
  const [{ person, enrollment }] = students as [(typeof students)[0]];
  const codes = await api
    .post('/ws/schema/query/com.pearson.core.attendance.attendance_code_by_school_date')
    .set('Content-Type', type)
    .set('Accept', type)
    .send(`<query><schoolid>200</schoolid><att_date>${DAY}</att_date></query>`);
  const [, id] = /<att_code>A<\/att_code><attendance_codeid>(\d+)<\/attendance_codeid>/.exec(codes.text)!;
  const { text, status } = await api
    .post('/ws/attendance/batch_daily_time')
    .set('Content-Type', type)
    .set('Accept', type)
    .send(
      `<attendance><name>ATTENDANCE</name><record><client_uid>a&amp;b</client_uid><tables><attendance>
        <att_mode_code>ATT_ModeDaily</att_mode_code><att_date>${DAY}</att_date><schoolid>200</schoolid><yearid>35</yearid>
        <studentid>${person}</studentid><attendance_codeid>${id}</attendance_codeid><att_comment/>
      </attendance></tables></record></attendance>`,
    );
  expect(status).toBe(200);
  expect(text).toMatch(
    /^<\?xml version="1.0" encoding="utf-8" \?>\n<results><insert_count>1<\/insert_count><update_count>0<\/update_count><delete_count>0<\/delete_count><result><client_uid>a&amp;b<\/client_uid><status>SUCCESS<\/status><action>INSERT<\/action>/,
  );
  await reads(homeroom, new Map([[enrollment, 2]]));
});

test('an error is said in XML to a client that speaks it', async () => {
  const { text, status, headers } = await api
    .post('/ws/attendance/daily_time')
    .set('Content-Type', 'application/xml')
    .set('Accept', 'application/xml')
    .send('<attendance><record>x</record></attendance>');
  expect([status, headers['content-type']]).toEqual([400, 'application/xml; charset=utf-8']);
  expect(text).toContain('<error><message>Validation Failed</message><errors><resource>ATTENDANCE</resource>');
});

test('a district whose SIS has taken attendance over still writes here, and reads what it wrote', async () => {
  const { knex } = api.world.database;
  await knex('districts').update({ sis_attendance_app: true });
  const [{ person }] = students as [(typeof students)[0]];
  const query = '/ws/schema/query/com.pearson.core.attendance';
  const { body } = await api.post(`${query}.attendance_code_by_school_date`).send({ schoolid: '200', att_date: DAY });
  const attendance = {
    att_mode_code: 'ATT_ModeDaily',
    att_date: DAY,
    schoolid: '200',
    yearid: '35',
    studentid: person,
    attendance_codeid: body.record[1].id,
  };
  const posted = await api.post('/ws/attendance/daily_time').send({ record: [{ tables: { attendance } }] });
  expect(posted.body.insert_count).toBe(1);
  const detail = await api.post(`${query}.student_attendance_detail`).send({ students_dcid: [person] });
  expect(detail.body.record[0].tables.attendance_code.att_code).toBe('A');
  expect((await api.get(`/v1/sections/${homeroom}/attendance`)).status).toBe(410);
});

import { DAY, openSchool, type School } from './school';

/** What every named query has beside its arguments: `$q`, `order`, `projection`, pages, and `/count`. */
let school: School;
let students: number[];
beforeAll(async () => {
  school = await openSchool();
  const { ada, grace } = school.world.people;
  students = [ada, grace];
  await school.send(
    'batch_daily_time',
    school.record({}),
    school.record({ att_date: '2025-10-02', attendance_codeid: school.code('T'), att_comment: 'Bus' }),
    school.record({ att_date: '2025-10-03', studentid: grace }),
  );
});
afterAll(() => school.close());

const DETAIL = 'attendance.student_attendance_detail';
const post = (query: string, parameters: string, body: object) =>
  school.post(`/ws/schema/query/com.pearson.core.${query}${parameters}`).send(body);
const days = async (parameters: string) => {
  const { body } = await post(DETAIL, `?${parameters}`, { students_dcid: students });
  return (body.record ?? []).map(
    ({ tables }: { tables: Record<string, Record<string, string>> }) => tables.attendance!.att_date,
  );
};

test.each([
  ['$q=att_date=ge=2025-10-02', ['2025-10-02', '2025-10-03']],
  ['q=att_date=ge=2025-10-02', ['2025-10-02', '2025-10-03']],
  ['$q=att_date=ge=2025-10-02&q=att_date=le=2025-10-02', ['2025-10-02']],
  ['$q=attendance.att_comment==bus', ['2025-10-02']],
  ['$q=att_code==A', [DAY, '2025-10-03']],
  ['$q=attendance_code.presence_status_cd==Present', ['2025-10-02']],
  ['$q=att_mode_code==ATT_ModeTime', []],
  ['order=att_date;desc', ['2025-10-03', '2025-10-02', DAY]],
  ['order=attendance_code.att_code;desc,att_date;desc', ['2025-10-02', '2025-10-03', DAY]],
  ['sort=att_date&sortdescending=true', ['2025-10-03', '2025-10-02', DAY]],
  ['order=att_date;desc&pagesize=1&page=2', ['2025-10-02']],
  ['order=att_date;desc&pagesize=0', ['2025-10-03', '2025-10-02', DAY]],
])('%s answers the records of %j', async (parameters, right) => {
  expect(await days(parameters)).toEqual(right);
});

test('a count is of what the filter takes, on all pages', async () => {
  const { body } = await post(DETAIL, '?$q=att_code==A&count=true&pagesize=1', { students_dcid: students });
  expect([body.count, body.record.length]).toEqual([2, 1]);
});

test('/count says how many there are, as a client asks before it asks for them', async () => {
  const count = async (query: string, parameters: string, body: object) =>
    (await post(query, `/count${parameters}`, body)).body;
  expect(await count(DETAIL, '', { students_dcid: students })).toEqual({ count: 3 });
  expect(await count(DETAIL, '?$q=att_code==T', { students_dcid: students })).toEqual({ count: 1 });
  expect(await count(DETAIL, '?q=att_code==T', { students_dcid: students })).toEqual({ count: 1 });
  expect(await count(DETAIL, '', { students_dcid: [99_999_999] })).toEqual({ count: 0 });
  expect(await count('student.student_dcid_id_map', '', { students_dcid: students })).toEqual({ count: 2 });
  const school200 = { schoolid: '200', att_date: DAY };
  expect(await count('attendance.attendance_code_by_school_date', '', school200)).toEqual({ count: 5 });
  expect(await count('attendance.special_program', '', {})).toEqual({ count: 0 });
});

test('a projection has the columns that it names, and no table without one', async () => {
  const tables = async (projection: string) =>
    (await post(DETAIL, `?projection=${projection}&$q=att_date==${DAY}`, { students_dcid: students })).body.record[0]
      .tables;
  const whole = await tables('*');
  expect(Object.keys(whole)).toEqual(['attendance', 'attendance_code']);
  expect(await tables('att_date,att_code')).toEqual({
    attendance: { att_date: DAY },
    attendance_code: { att_code: 'A' },
  });
  expect(await tables('yearid')).toEqual({ attendance: { yearid: '35' }, attendance_code: { yearid: '35' } });
  expect(await tables('attendance.yearid')).toEqual({ attendance: { yearid: '35' } });
  expect(await tables('ATTENDANCE.*')).toEqual({ attendance: whole.attendance });
});

test('there are no special programs: a roster names none', async () => {
  const { body, status } = await post('attendance.special_program', '', { schoolid: '200' });
  expect([status, body]).toEqual([200, {}]);
});

test.each([
  ['?$q=colour==red', '$q', 'InvalidValue'],
  ['?q=colour==red', 'q', 'InvalidValue'],
  ['?order=colour', 'order', 'InvalidValue'],
  ['?projection=colour', 'projection', 'UnknownColumn'],
  ['?projection=attendance.att_code', 'projection', 'UnknownColumn'],
  ['?pagesize=101', 'pagesize', 'InvalidValue'],
  ['?count=yes', 'count', 'InvalidValue'],
  ['/count?$q=colour==red', '$q', 'InvalidValue'],
  ['/count?pagesize=0', 'pagesize', 'Unsupported'],
  ['/count?projection=att_date', 'projection', 'Unsupported'],
])('%s is refused, also where nothing would be found', async (parameters, field, code) => {
  for (const students_dcid of [students, [99_999_999]]) {
    const { status, body } = await post(DETAIL, parameters, { students_dcid });
    expect([status, body.errors]).toEqual([400, [expect.objectContaining({ field, code })]]);
  }
});

test.each([
  [DETAIL, { students_dcid: [1], attendance_att_date_begin: DAY }, 'attendance_att_date_begin'],
  ['attendance.daily_attendance_template', { studentid: 1, att_date: DAY, $dataversion: 1 }, '$dataversion'],
  ['attendance.special_program', { school: 1 }, 'school'],
])('%s has no other arguments than those that it takes: %j', async (query, body, field) => {
  for (const path of ['', '/count']) {
    const answer = await post(query, path, body);
    expect([answer.status, answer.body.errors]).toEqual([
      400,
      [expect.objectContaining({ field, code: 'UnknownArgument' })],
    ]);
  }
});

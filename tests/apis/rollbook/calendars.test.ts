import { type Api, openApi } from '../../api';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await openApi();
  const [school] = await api.world.database.knex('schools');
  path = `/calendars/${school.id}`;
});
afterEach(() => api.close());

const holiday = { date: '2025-11-27', school_day: false, reason: 'Thanksgiving' };
const saturday = { date: '2025-12-06', school_day: true, reason: '' };

test('the days that are not as their weekday has them are kept, and can be asked for by range', async () => {
  const put = await api.put(path).send({ days: [saturday, holiday] });
  expect([put.status, put.body.days]).toEqual([200, [holiday, saturday]]);
  expect((await api.get(`${path}?from=2025-12-01`)).body.days).toEqual([saturday]);
  expect((await api.get(`${path}?to=2025-11-30`)).body.school.name).toBe('Larkspur Middle School');
});

test('a list in CSV does the same, of which the last line for a date stands', async () => {
  const csv = 'Date,School_day,Reason\r\n2025-11-27,,Turkey\r\n2025-11-27,no,Thanksgiving\r\n2025-12-06,YES,\r\n';
  const put = await api.put(path).set('Content-Type', 'text/csv').send(csv);
  expect(put.body.days).toEqual([holiday, saturday]);
  const read = await api.get(path).set('Accept', 'text/csv');
  expect([read.headers['content-type'], read.text]).toEqual([
    'text/csv; charset=utf-8',
    'date,school_day,reason\r\n2025-11-27,false,Thanksgiving\r\n2025-12-06,true,\r\n',
  ]);
});

test('what is read in CSV comes in again as it was, whatever the reasons are, and no spreadsheet computes them', async () => {
  const reasons = ['=1+1', 'x;=1+1', 'x\t@y', "'=1", "x;'=1", '"=1"', 'a, -1', ' =1', 'x|＝1'];
  const days = reasons.map((reason, index) => ({ date: `2025-12-${10 + index}`, school_day: false, reason }));
  await api.put(path).send({ days });
  const { text } = await api.get(path).set('Accept', 'text/csv');
  expect(text).toContain(`2025-12-11,false,"x;'=1+1"\r\n`);
  expect(text.replaceAll('"', '')).not.toMatch(/(^|[;,\t|\r\n])\s*[=+\-@＝]/);
  await api.world.database.knex('calendar_days').delete();
  const put = await api.put(path).set('Content-Type', 'text/csv').send(text);
  expect(put.body.days).toEqual(days);
});

test.each([
  ['no day', { days: [holiday, { date: '2025-02-30' }] }, 'days.1.date must be a day, YYYY-MM-DD, not "2025-02-30"'],
  [
    'neither yes nor no',
    { days: [{ ...holiday, school_day: 'maybe' }] },
    'days.0.school_day must be true or false, not "maybe"',
  ],
  [
    'a reason that is a list',
    { days: [{ ...holiday, reason: [] }] },
    'days.0.reason must be a text of up to 200 characters, not []',
  ],
  ['nothing', { days: [] }, 'days must have at least 1 item, not []'],
])('%s changes nothing, and says what is wrong', async (_case, body, detail) => {
  const put = await api.put(path).send(body);
  expect([put.status, put.body.code, put.body.detail]).toEqual([400, 'BODY_INVALID', detail]);
  expect((await api.get(path)).body.days).toEqual([]);
});

test('only the office of the same district writes it', async () => {
  const teacher = await api.as({ person: api.world.people.noether });
  expect((await teacher.put(path).send({ days: [holiday] })).status).toBe(403);
  const reader = await api.as({ scopes: ['attendance:read'] });
  expect((await reader.put(path).send({ days: [holiday] })).status).toBe(403);
  const other = await api.as({ district: api.world.districts.elsewhere });
  expect((await other.put(path).send({ days: [holiday] })).status).toBe(404);
  expect((await other.get(path)).status).toBe(404);
  expect((await teacher.get(path)).body.days).toEqual([]);
});

const sundayToThursday = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday'];
const inOrder = ['monday', 'tuesday', 'wednesday', 'thursday', 'sunday'];
/** Sunday, Thursday, Friday and Saturday of one week. */
const week = ['2025-10-05', '2025-10-09', '2025-10-10', '2025-10-11'];

const countedDays = async () =>
  (await api.get('/reports/absence?by=day&from=2025-10-01&to=2025-10-31')).body.rows.map(
    ({ key }: { key: string }) => key,
  );

test('a school is open on Monday to Friday until somebody says otherwise, and then on those days in every report', async () => {
  const { enrollments, sections, people } = api.world;
  await api.mark(...week.map((date): [number, string, number] => [enrollments.ada, date, 2]));
  expect((await api.get(path)).body.weekdays).toEqual(['monday', 'tuesday', 'wednesday', 'thursday', 'friday']);
  expect(await countedDays()).toEqual(['2025-10-09', '2025-10-10']);

  const put = await api.put(path).send({ weekdays: sundayToThursday });
  expect([put.status, put.body.weekdays, put.body.days]).toEqual([200, inOrder, []]);
  expect(await countedDays()).toEqual(['2025-10-05', '2025-10-09']);
  const student = (await api.get(`/reports/students/${people.ada}?from=2025-10-01&to=2025-10-31`)).body;
  expect([student.enrolled_days, student.absent_days]).toEqual([2, 2]);
  const today = (await api.get('/reports/today?date=2025-10-10')).body.schools[0];
  expect([today.school_day, today.reason, today.absent]).toEqual([false, 'weekend', 0]);
  const month = (await api.get(`/reports/sections/${sections.biology}/month?month=2025-10`)).body.days;
  const days = month.map(({ date }: { date: string }) => date);
  expect([days.includes('2025-10-12'), days.includes('2025-10-17')]).toEqual([true, false]);
});

test('a week of six days has a Saturday, and a day that is set goes before its weekday', async () => {
  await api.put(path).send({ weekdays: [...inOrder.slice(0, 4), 'friday', 'saturday'], days: [{ date: week[3] }] });
  const calendar = (await api.get(path)).body;
  expect(calendar.weekdays).toHaveLength(6);
  await api.mark([api.world.enrollments.ada, '2025-10-04', 2], [api.world.enrollments.ada, week[3]!, 2]);
  expect(await countedDays()).toEqual(['2025-10-04']);
});

test('all schools of the district, or some, are changed at once, and no school of another one', async () => {
  const { knex } = api.world.database;
  const { larkspur, elsewhere } = api.world.districts;
  const school = async (district_id: number, sourced_id: string): Promise<number> =>
    (
      await knex('schools')
        .insert({ district_id, sourced_id, name: sourced_id, type: 'school', number: '' })
        .returning('id')
    )[0].id;
  const [second, foreign] = [await school(larkspur, 'second'), await school(elsewhere, 'foreign')];
  const body = { schools: 'all', weekdays: sundayToThursday, days: [holiday] };
  expect((await api.put('/calendars').send(body)).body.schools).toHaveLength(2);
  for (const each of [path, `/calendars/${second}`])
    expect((await api.get(each)).body).toMatchObject({ weekdays: inOrder, days: [holiday] });
  const other = await api.as({ district: elsewhere });
  expect((await other.get(`/calendars/${foreign}`)).body.days).toEqual([]);

  expect((await api.put('/calendars').send({ ...body, schools: [second, foreign] })).status).toBe(404);
  expect((await api.put('/calendars').send({ schools: [second], days: [saturday] })).body.schools).toEqual([second]);
  expect((await api.get(path)).body.days).toEqual([holiday]);
  expect((await api.get(`/calendars/${second}`)).body.days).toEqual([holiday, saturday]);
});

test.each([
  ['no day of the week', { weekdays: ['someday'] }],
  ['no weekday at all', { weekdays: [] }],
  ['nothing', {}],
])('%s is no school week, and changes nothing', async (_case, body) => {
  for (const [where, sent] of [
    [path, body],
    ['/calendars', { schools: 'all', ...body }],
  ] as const)
    expect((await api.put(where).send(sent)).status).toBe(400);
  expect((await api.get(path)).body).toMatchObject({ weekdays: expect.arrayContaining(['friday']), days: [] });
});

test('only the office sets the week', async () => {
  const teacher = await api.as({ person: api.world.people.noether });
  const body = { schools: 'all', weekdays: ['monday'] };
  expect((await teacher.put('/calendars').send(body)).status).toBe(403);
  expect((await (await api.as({ scopes: ['attendance:read'] })).put('/calendars').send(body)).status).toBe(403);
  expect((await api.get(path)).body.weekdays).toHaveLength(5);
});

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
  ['nothing', { days: [] }, 'days must NOT have fewer than 1 items, not []'],
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

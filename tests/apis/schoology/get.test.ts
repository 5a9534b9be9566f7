import { Status } from '../../../src/ledger/attendance';
import { type Api, openApi } from '../../api';

const { present, absent, late, excused } = Status;

let api: Api;
let path: string;
beforeAll(async () => {
  api = await openApi();
  const { ada, grace, alan } = api.world.enrollments;
  path = `/v1/sections/${api.world.sections.algebra}/attendance`;
  await api.mark([grace, '2025-10-07', late], [ada, '2025-10-07', absent, 'ill'], [alan, '2025-10-07', absent]);
  await api.mark([ada, '2025-10-06', excused], [ada, '2025-10-08', present]);
});
afterAll(() => api.close());

const mark = (enrollment_id: number, date: string, status: number, comment = '') => ({
  enrollment_id,
  date,
  status,
  comment,
});
const group = (status_code: number, ...attendance: object[]) => ({ status_code, attendances: { attendance } });
const sixth = () => ({
  date: '2025-10-06',
  statuses: { status: [group(excused, mark(api.world.enrollments.ada, '2025-10-06', excused))] },
});
const seventh = () => {
  const { ada, grace, alan } = api.world.enrollments;
  return {
    date: '2025-10-07',
    statuses: {
      status: [
        group(absent, mark(ada, '2025-10-07', absent, 'ill'), mark(alan, '2025-10-07', absent)),
        group(late, mark(grace, '2025-10-07', late)),
      ],
    },
  };
};
const totals = {
  total: [
    { status: absent, count: 2 },
    { status: late, count: 1 },
    { status: excused, count: 1 },
  ],
};

test('dates ascend, statuses within a date, enrollments within a status; ids are numbers', async () => {
  const { status, headers, body } = await api.get(path);
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', vary: 'Accept, Accept-Encoding' });
  expect(body).toEqual({ date: [sixth(), seventh()], totals });
});

test('the same in XML, with an empty element for an empty comment', async () => {
  const { ada, grace, alan } = api.world.enrollments;
  const { status, headers, text } = await api.get(path).set('Accept', 'text/xml');
  const attendance = (id: number, date: string, code: number, comment = '') =>
    `<attendance><enrollment_id>${id}</enrollment_id><date>${date}</date><status>${code}</status>` +
    `${comment ? `<comment>${comment}</comment>` : '<comment/>'}</attendance>`;
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/xml; charset=utf-8');
  expect(text).toBe(
    '<?xml version="1.0" encoding="utf-8" ?>\n<result>' +
      '<date><date>2025-10-06</date><statuses><status><status_code>4</status_code><attendances>' +
      attendance(ada, '2025-10-06', 4) +
      '</attendances></status></statuses></date>' +
      '<date><date>2025-10-07</date><statuses><status><status_code>2</status_code><attendances>' +
      attendance(ada, '2025-10-07', 2, 'ill') +
      attendance(alan, '2025-10-07', 2) +
      '</attendances></status><status><status_code>3</status_code><attendances>' +
      attendance(grace, '2025-10-07', 3) +
      '</attendances></status></statuses></date>' +
      '<totals><total><status>2</status><count>2</count></total><total><status>3</status><count>1</count></total>' +
      '<total><status>4</status><count>1</count></total></totals></result>',
  );
});

test.each([
  ['start=2025-10-07', ['2025-10-07']],
  ['end=2025-10-06', ['2025-10-06']],
  ['start=2025-10-06&end=2025-10-07', ['2025-10-06', '2025-10-07']],
  ['start=&end=&enrollment_id=', ['2025-10-06', '2025-10-07']],
  ['start=2025-10-08', []],
  ['nonsense=1', ['2025-10-06', '2025-10-07']],
  ['start=0&limit=20', ['2025-10-06', '2025-10-07']],
  ['start=0', ['2025-10-06', '2025-10-07']],
  ['start=1', ['2025-10-07']],
  ['start=99', []],
  ['limit=100000', ['2025-10-06', '2025-10-07']],
  ['taken=1', ['2025-10-06', '2025-10-07', '2025-10-08']],
  ['taken=1&start=2025-10-08', ['2025-10-08']],
])('?%s gives the dates %p', async (query, dates) => {
  const { status, body } = await api.get(`${path}?${query}`);
  expect(status).toBe(200);
  expect(body.date.map(({ date }: { date: string }) => date)).toEqual(dates);
});

test('nothing found is still an array of dates and of totals', async () => {
  expect((await api.get(`${path}?start=2025-12-01`)).body).toEqual({ date: [], totals: { total: [] } });
  expect((await api.get(`${path}?start=2025-12-01`).set('Accept', 'text/xml')).text).toMatch(
    /<result><totals\/><\/result>$/,
  );
});

test('?enrollment_id gives one student, and totals of what is filtered', async () => {
  const { ada } = api.world.enrollments;
  const { body } = await api.get(`${path}?start=&end=&enrollment_id=${ada}`);
  expect(body.date.map(({ date }: { date: string }) => date)).toEqual(['2025-10-06', '2025-10-07']);
  expect(body.totals).toEqual({
    total: [
      { status: absent, count: 1 },
      { status: excused, count: 1 },
    ],
  });
});

test('?taken=1 lists a date on which everybody was present with an empty status list', async () => {
  const { body } = await api.get(`${path}?taken=1`);
  expect(body.date.at(-1)).toEqual({ date: '2025-10-08', statuses: { status: [] } });
  const { text } = await api.get(`${path}?taken=1`).set('Accept', 'text/xml');
  expect(text).toContain('<date><date>2025-10-08</date><statuses/></date>');
});

test.each([1, 2, 3])('a walk in pages of %i sees every mark once, with the totals of all', async (limit) => {
  const seen: object[] = [];
  const dates = new Set<string>();
  let next = `${api.url}${path}?start=2025-10-01&end=&limit=${limit}&taken=1`;
  for (let pages = 0; next && pages < 10; pages++) {
    const { status, body } = await api.get(next.slice(api.url.length));
    expect(status).toBe(200);
    expect(body.totals).toEqual(totals);
    expect(body.links.self).toBe(next);
    for (const day of body.date) {
      dates.add(day.date);
      for (const each of day.statuses.status) seen.push(...each.attendances.attendance);
    }
    next = body.links.next;
  }
  const { ada, grace, alan } = api.world.enrollments;
  expect(seen).toHaveLength(4);
  expect(seen).toEqual(
    expect.arrayContaining([
      mark(ada, '2025-10-06', excused),
      mark(ada, '2025-10-07', absent, 'ill'),
      mark(grace, '2025-10-07', late),
      mark(alan, '2025-10-07', absent),
    ]),
  );
  expect([...dates]).toEqual(['2025-10-06', '2025-10-07', '2025-10-08']);
});

test('without limit the answer is complete and has no links', async () => {
  expect((await api.get(path)).body).not.toHaveProperty('links');
});

test.each([
  ['start=2023-02-30'],
  ['start=20230101x'],
  ['end=yesterday'],
  ['end=20230101'],
  ['start=2025-10-08&end=2025-10-07'],
  ['enrollment_id=abc'],
  ['enrollment_id=1.5'],
  ['limit=0'],
  ['limit=-1'],
  ['limit=x'],
  ['after=x&limit=2'],
  ['start=2025-10-07&start=2025-10-08'],
])('?%s is refused and says which parameter', async (query) => {
  const { status, headers, body } = await api.get(`${path}?${query}`);
  expect(status).toBe(400);
  expect(headers['content-type']).toBe('application/problem+json; charset=utf-8');
  expect(body).toMatchObject({ status: 400, code: 'QUERY_INVALID', errors: [{ field: query.split('=')[0] }] });
});

test('an enrollment that is not in the section is not found', async () => {
  const { adaInBiology, eve } = api.world.enrollments;
  for (const id of [adaInBiology, eve, 999_999, -1, '9223372036854775808'])
    expect((await api.get(`${path}?enrollment_id=${id}`)).body).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test.each(['0', '-1', '999999', 'abc', '1.5', '9223372036854775808', '1e400', '%00', '%E2%82'])(
  'there is no section %s',
  async (id) => {
    const { status, body } = await api.get(`/v1/sections/${id}/attendance`);
    expect([404, 400]).toContain(status);
    expect(body.code).toMatch(/NOT_FOUND|PATH_MALFORMED/);
  },
);

test('an unfinished escape in the path is a 400, not a 500', async () => {
  expect((await api.get('/v1/sections/%E0/attendance')).body).toMatchObject({ status: 400, code: 'PATH_MALFORMED' });
});

test("another district's section is as if it were not there", async () => {
  const theirs = await api.get(`/v1/sections/${api.world.sections.elsewhere}/attendance`);
  const nobodys = await api.get('/v1/sections/999999/attendance');
  expect(theirs.status).toBe(404);
  expect({ ...theirs.body, detail: '' }).toEqual({ ...nobodys.body, detail: '' });
});

test('a trailing slash, a Content-Type and a Content-Length of 0 are tolerated', async () => {
  const { status } = await api.get(`${path}/`).set('Content-Type', 'text/plain').set('Content-Length', '0');
  expect(status).toBe(200);
});

test('HEAD answers like GET without the body', async () => {
  const { status, headers, text } = await api.head(path);
  expect([status, headers['content-type'], text]).toEqual([200, 'application/json; charset=utf-8', undefined]);
});

test('OPTIONS names the methods, others are refused with them', async () => {
  const options = await api.options(path);
  expect([options.status, options.headers.allow]).toEqual([204, 'GET, HEAD, PUT, OPTIONS']);
  for (const method of ['post', 'patch', 'delete'] as const) {
    const { status, headers, body } = await api[method](path);
    expect([status, headers.allow, body.code]).toEqual([405, 'GET, HEAD, PUT, OPTIONS', 'METHOD_NOT_ALLOWED']);
  }
});

test('what is not acceptable is a 406 that lists what there is', async () => {
  const { status, body, headers } = await api.get(path).set('Accept', 'image/png');
  expect([status, body.code, headers['content-type']]).toEqual([
    406,
    'NOT_ACCEPTABLE',
    'application/problem+json; charset=utf-8',
  ]);
  expect(body.detail).toContain('application/json, text/xml, application/xml');
});

test('an error is XML where the answer would have been', async () => {
  const { status, headers, text } = await api.get(`${path}?start=x`).set('Accept', 'application/xml');
  expect([status, headers['content-type']]).toEqual([400, 'application/problem+xml; charset=utf-8']);
  expect(text).toContain('<problem xmlns="urn:ietf:rfc:7807">');
  expect(text).toContain('<errors><i><field>start</field>');
});

test('a conditional GET is answered 304 until something changes, and each format has its own ETag', async () => {
  const first = await api.get(path);
  const asXml = await api.get(path).set('Accept', 'text/xml');
  expect(first.headers.etag).not.toBe(asXml.headers.etag);
  const again = await api.get(path).set('If-None-Match', `"x", W/${first.headers.etag}`);
  expect([again.status, again.text]).toEqual([304, '']);
  expect((await api.get(path).set('If-None-Match', asXml.headers.etag!)).status).toBe(200);
  await api.mark([api.world.enrollments.ada, '2025-11-03', absent]);
  expect((await api.get(path).set('If-None-Match', first.headers.etag!)).status).toBe(200);
  await api.mark([api.world.enrollments.ada, '2025-11-03', present]);
});

test('links start with the base URL of the client, whatever service its Host header names', async () => {
  const next = async (host: string) =>
    new URL((await api.get(`${path}?limit=1`).set('Host', host)).body.links.next).host;
  const { port } = new URL(api.url);
  expect(await next(`localhost:${port}`)).toBe(`localhost:${port}`);
  expect(await next(`127.0.0.1:${port}`)).toBe(`127.0.0.1:${port}`);
  expect(await next('api.schoology.com')).toBe(`127.0.0.1:${port}`);
  expect(await next("evil'host")).toBe(`127.0.0.1:${port}`);
});

test('?taken=1 says of a date that its roll is not taken, in JSON and XML, on every page', async () => {
  const { ada, alan } = api.world.enrollments;
  const say = (enrollment: number, date: string) =>
    api.world.ledger.record([{ enrollment, date, status: 4 }], api.world.actor);
  await say(ada, '2025-10-09');
  await say(alan, '2025-10-09');
  const ofDay = (query: string) => api.get(`${path}?taken=1&start=2025-10-08&end=2025-10-09${query}`);
  type Dates = { date: { date: string; taken?: number }[]; links?: { next?: string } };
  const told = ({ date }: Dates) => date.map(({ date, taken }) => [date, taken]);
  const { body } = await ofDay('');
  expect(told(body)).toEqual([
    ['2025-10-08', undefined],
    ['2025-10-09', 0],
  ]);
  expect((await ofDay('').set('Accept', 'text/xml')).text).toContain('<date>2025-10-09</date><taken>0</taken>');
  const { body: first } = await ofDay('&limit=1');
  const { body: second } = await api.get(first.links.next.slice(api.url.length));
  expect([told(first).at(-1), told(second)]).toEqual([['2025-10-09', 0], [['2025-10-09', 0]]]);
  expect(told((await api.get(`${path}?start=2025-10-09&end=2025-10-09`)).body)).toEqual([['2025-10-09', undefined]]);
});

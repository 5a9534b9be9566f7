import { gzipSync } from 'node:zlib';
import { MAX_COMMENT } from '../../../src/ledger/placed';
import { type Api, openApi } from '../../api';

let api: Api;
let path: string;
beforeEach(async () => {
  api = await openApi();
  path = `/v1/sections/${api.world.sections.algebra}/attendance`;
});
afterEach(() => api.close());

const DAY = '2025-10-01';
const put = (attendance: unknown, at = path) => api.put(at).send({ attendances: { attendance } });
const marksNow = async () =>
  api.world.ledger.marks({ district: api.world.districts.larkspur, section: api.world.sections.algebra });
const untouched = async () => {
  expect(await marksNow()).toEqual([]);
  expect(await api.world.ledger.history({ district: api.world.districts.larkspur })).toEqual([]);
};

test('writes a roll in JSON and answers each item in the order sent', async () => {
  const { ada, grace } = api.world.enrollments;
  const { status, body } = await put([
    { enrollment_id: String(grace), date: DAY, status: '2', comment: 'ill' },
    { enrollment_id: ada, date: DAY, status: 1, section_id: 77, comment: 'here' },
  ]);
  expect(status).toBe(200);
  expect(body).toEqual({
    attendance: [
      { id: `${grace}20362`, response_code: 200 },
      { id: `${ada}20362`, response_code: 200 },
    ],
  });
  expect(await marksNow()).toEqual([{ enrollment_id: grace, date: DAY, status: 2, comment: 'ill' }]);
});

test('a single object stands for a list of one', async () => {
  const { body } = await put({ enrollment_id: api.world.enrollments.ada, date: DAY, status: 3 });
  expect(body.attendance).toHaveLength(1);
  expect(await marksNow()).toHaveLength(1);
});

test.each(['result', 'body', 'anything'])('writes a roll in XML, the root named %s', async (root) => {
  const { ada } = api.world.enrollments;
  const { status, text } = await api
    .put(path)
    .set('Content-Type', 'text/xml')
    .set('Accept', 'text/xml')
    .send(
      `<?xml version="1.0" encoding="utf-8" ?><${root}><attendances><attendance><enrollment_id>${ada}</enrollment_id>` +
        `<date>${DAY}</date><status>3</status><comment>bus &amp; rain &lt;3</comment></attendance></attendances></${root}>`,
    );
  expect(status).toBe(200);
  expect(text).toBe(
    '<?xml version="1.0" encoding="utf-8" ?>\n' +
      `<result><attendance><id>${ada}20362</id><response_code>200</response_code></attendance></result>`,
  );
  expect(await marksNow()).toEqual([{ enrollment_id: ada, date: DAY, status: 3, comment: 'bus & rain <3' }]);
});

test('attendances itself as the root, and an XML body answered in JSON', async () => {
  const { ada, grace } = api.world.enrollments;
  const item = (id: number) =>
    `<attendance><enrollment_id>${id}</enrollment_id><date>${DAY}</date><status>2</status></attendance>`;
  const { body } = await api
    .put(path)
    .set('Content-Type', 'application/xml')
    .send(`<attendances>${item(ada)}${item(grace)}</attendances>`);
  expect(body.attendance.map(({ response_code }: { response_code: number }) => response_code)).toEqual([200, 200]);
});

test('status 1 removes the mark and still answers 200 with the id', async () => {
  const item = { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 };
  const [absent] = (await put(item)).body.attendance;
  const [present] = (await put({ ...item, status: 1 })).body.attendance;
  expect(present).toEqual(absent);
  expect(await marksNow()).toEqual([]);
  expect((await api.get(`${path}?taken=1`)).body.date).toEqual([{ date: DAY, statuses: { status: [] } }]);
});

test('?start=0&limit=20 on a PUT is ignored', async () => {
  const { status } = await put(
    { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 },
    `${path}?start=0&limit=20`,
  );
  expect(status).toBe(200);
});

test('failed items are echoed with a code and a reason, the others go in', async () => {
  const { ada, grace, noether, adaInBiology, eve } = api.world.enrollments;
  const { status, body } = await put([
    { enrollment_id: ada, date: DAY, status: 2 },
    { enrollment_id: adaInBiology, date: DAY, status: 2 },
    { enrollment_id: eve, date: DAY, status: 2 },
    { enrollment_id: noether, date: DAY, status: 2 },
    { enrollment_id: grace, date: '2027-01-01', status: 2 },
    { enrollment_id: grace, date: DAY, status: 4 },
  ]);
  expect(status).toBe(200);
  expect(body.attendance).toEqual([
    { id: `${ada}20362`, response_code: 200 },
    { enrollment_id: adaInBiology, date: DAY, response_code: 404, message: expect.any(String) },
    { enrollment_id: eve, date: DAY, response_code: 404, message: expect.any(String) },
    { enrollment_id: noether, date: DAY, response_code: 403, message: expect.any(String) },
    { enrollment_id: grace, date: '2027-01-01', response_code: 400, message: expect.stringContaining('2026-06-12') },
    { id: `${grace}20362`, response_code: 200 },
  ]);
  expect((await marksNow()).map(({ enrollment_id }) => enrollment_id)).toEqual([ada, grace]);
});

test.each([
  ['status 5', { status: 5 }, 400],
  ['status 0', { status: 0 }, 400],
  ['status "late"', { status: 'late' }, 400],
  ['status null', { status: null }, 400],
  ['status 2.5', { status: 2.5 }, 400],
  ['status "2.5"', { status: '2.5' }, 400],
  ['status []', { status: [2] }, 400],
  ['no status', { status: undefined }, 400],
  ['a date that is none', { date: '2023-02-30' }, 400],
  ['a date without dashes', { date: '20230101' }, 400],
  ['an empty date', { date: '' }, 400],
  ['a date that is a number', { date: 20230101 }, 400],
  ['an instant', { date: '2025-10-01T00:00:00Z' }, 400],
  ['an id of 1e400', { enrollment_id: '1e400' }, 400],
  ['a negative id', { enrollment_id: -7 }, 404],
  ['an id of 2^63', { enrollment_id: '9223372036854775808' }, 404],
  ['an id that is an object', { enrollment_id: { '"><x': 1 } }, 400],
  ['no id', { enrollment_id: undefined }, 400],
  ['a comment of 100,000 characters', { comment: 'x'.repeat(100_000) }, 400],
  ['a comment with U+0000', { comment: 'a\u0000' }, 400],
  ['a comment with a lone surrogate', { comment: 'a\ud800' }, 400],
  ['a comment that is a number', { comment: 7 }, 400],
])('%s fails its item alone and changes nothing', async (_what, part, code) => {
  const item = { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2, ...part };
  for (const type of ['application/json', 'text/xml']) {
    const { status, text } = await put([item]).set('Accept', type);
    expect(status).toBe(200);
    expect(text).toMatch(new RegExp(`response_code[">]+:?${code}`));
  }
  await untouched();
});

test.each<{ item: unknown }>([
  { item: null },
  { item: 'text' },
  { item: 5 },
  { item: {} },
  { item: [] },
  { item: [[]] },
])('an item that is $item fails alone', async ({ item }) => {
  const { status, body } = await put([item, { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 }]);
  expect(status).toBe(200);
  expect(body.attendance.at(-1).response_code).toBe(200);
});

test('an item nested 50 deep fails alone', async () => {
  const deep = '['.repeat(50) + ']'.repeat(50);
  for (const name of ['enrollment_id', 'date', 'status', 'comment']) {
    const item = { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2, [name]: 'DEEP' };
    const { status, body } = await api
      .put(path)
      .set('Content-Type', 'application/json')
      .send(JSON.stringify({ attendances: { attendance: [item] } }).replace('"DEEP"', deep));
    expect([status, body.attendance[0].response_code]).toEqual([200, 400]);
  }
  await untouched();
});

test('an id that JSON reads as infinity fails alone', async () => {
  const { status, body } = await api
    .put(path)
    .set('Content-Type', 'application/json')
    .send(`{"attendances":{"attendance":[{"enrollment_id":1e400,"date":"${DAY}","status":2}]}}`);
  expect([status, body.attendance[0].response_code]).toEqual([200, 400]);
});

test('elements of an XML item that hold elements fail the item', async () => {
  const { status, text } = await api
    .put(path)
    .set('Content-Type', 'text/xml')
    .set('Accept', 'text/xml')
    .send(
      `<r><attendances><attendance><enrollment_id>1<b/></enrollment_id><date>${DAY}</date><status>2</status></attendance></attendances></r>`,
    );
  expect([status, text.includes('<response_code>400</response_code>')]).toEqual([200, true]);
});

test('the longest comment is kept whole, in any script', async () => {
  const comment = `${'é😀'.repeat(MAX_COMMENT / 3).slice(0, MAX_COMMENT - 2)}\t\n`;
  await put({ enrollment_id: api.world.enrollments.ada, date: DAY, status: 2, comment });
  expect((await marksNow())[0]?.comment).toBe(comment);
});

const json = 'application/json';
const xml = 'text/xml';
test.each([
  ['not JSON', json, 'nope', 400, 'BODY_MALFORMED'],
  ['nothing', json, '', 400, 'BODY_MALFORMED'],
  ['not XML', xml, 'nope', 400, 'BODY_MALFORMED'],
  ['nothing in XML', xml, '', 400, 'BODY_MALFORMED'],
  ['XML with a DTD', xml, '<!DOCTYPE r><r/>', 400, 'BODY_MALFORMED'],
  ['XML with entities', xml, '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', 400, 'BODY_MALFORMED'],
  ['no attendances', json, '{}', 400, 'BODY_INVALID'],
  ['null', json, 'null', 400, 'BODY_INVALID'],
  ['a list', json, '[]', 400, 'BODY_INVALID'],
  ['a string', json, '"x"', 400, 'BODY_INVALID'],
  ['attendances that are a list', json, '{"attendances":[]}', 400, 'BODY_INVALID'],
  ['attendances without an attendance', json, '{"attendances":{}}', 400, 'BODY_INVALID'],
  ['an empty list', json, '{"attendances":{"attendance":[]}}', 400, 'BODY_INVALID'],
  ['an attendance that is a string', json, '{"attendances":{"attendance":"x"}}', 400, 'BODY_INVALID'],
  ['no attendances in XML', xml, '<r/>', 400, 'BODY_INVALID'],
  ['empty attendances in XML', xml, '<r><attendances/></r>', 400, 'BODY_INVALID'],
  ['JSON nested 10,000 deep', json, `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`, 400, 'BODY_MALFORMED'],
  ['XML nested 10,000 deep', xml, '<a>'.repeat(10_000) + '</a>'.repeat(10_000), 400, 'BODY_MALFORMED'],
  [
    'attendances nested 100,000 deep',
    json,
    `{"attendances":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
    400,
    'BODY_MALFORMED',
  ],
  ['__proto__ keys', json, '{"__proto__":{"attendances":{"attendance":[]}}}', 400, 'BODY_INVALID'],
  ['11 MB', json, `{"attendances":"${'x'.repeat(11 * 1024 * 1024)}"}`, 413, 'BODY_TOO_LARGE'],
  ['a body of text', 'text/plain', 'x', 415, 'MEDIA_TYPE_UNSUPPORTED'],
  ['a form', 'application/x-www-form-urlencoded', 'a=b', 415, 'MEDIA_TYPE_UNSUPPORTED'],
])('%s is refused as a whole and changes nothing', async (_what, type, body, status, code) => {
  const answer = await api.put(path).set('Content-Type', type).send(body);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  expect(answer.body.detail).toEqual(expect.any(String));
  await untouched();
});

test('10,000 items go in, one more is too many', async () => {
  const items = (length: number) =>
    Array.from({ length }, () => ({ enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 }));
  expect((await put(items(10_001))).body).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  await untouched();
  expect((await put(items(10_000))).body.attendance).toHaveLength(10_000);
});

test('a compressed body is read, a compressed bomb is not', async () => {
  const body = { attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 } } };
  const send = (content: string | Buffer, encoding = 'gzip') =>
    fetch(api.url + path, {
      method: 'PUT',
      headers: { authorization: `Bearer ${api.token}`, 'content-type': json, 'content-encoding': encoding },
      body: content,
    });
  expect((await send(gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20)))).status).toBe(413);
  expect((await send('not gzip')).status).toBe(400);
  expect((await send('not Brotli', 'br')).status).toBe(400);
  await untouched();
  expect((await send(gzipSync(JSON.stringify(body)))).status).toBe(200);
});

test('the district whose SIS takes attendance is gone for both methods, and comes back with its marks', async () => {
  const item = { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 };
  await put(item);
  const set = (on: boolean) =>
    api.world.database.knex('districts').where({ id: api.world.districts.larkspur }).update({ sis_attendance_app: on });
  await set(true);
  expect((await put({ ...item, status: 1 })).body).toMatchObject({ status: 410, code: 'SIS_ATTENDANCE_APP' });
  expect((await api.get(path)).status).toBe(410);
  expect(await marksNow()).toHaveLength(1);
  await set(false);
  expect((await api.get(path)).body.totals).toEqual({ total: [{ status: 2, count: 1 }] });
});

test('If-Match writes only over the revision that was read', async () => {
  const { etag } = (await api.get(path)).headers;
  const write = (status: number, ifMatch: string) =>
    put({ enrollment_id: api.world.enrollments.ada, date: DAY, status }).set('If-Match', ifMatch);
  expect((await write(2, etag!)).status).toBe(200);
  expect((await write(3, etag!)).body).toMatchObject({ status: 412, code: 'REVISION_STALE' });
  expect((await write(3, 'W/"1.json"')).status).toBe(412);
  expect((await write(3, 'nonsense')).status).toBe(412);
  expect((await marksNow())[0]?.status).toBe(2);
  expect((await write(3, '*')).status).toBe(200);
  expect((await write(4, `"9.json", ${(await api.get(path)).headers.etag}`)).status).toBe(200);
});

test("another district's section takes nothing", async () => {
  const { status } = await put(
    { enrollment_id: api.world.enrollments.eve, date: DAY, status: 2 },
    `/v1/sections/${api.world.sections.elsewhere}/attendance`,
  );
  expect(status).toBe(404);
  expect(await api.world.ledger.history({ district: api.world.districts.elsewhere })).toEqual([]);
});

test('a client without the scope reads but does not write, one without any does neither', async () => {
  const { ada } = api.world.enrollments;
  const reader = await api.as({ scopes: ['attendance:read'] });
  const body = { attendances: { attendance: { enrollment_id: ada, date: DAY, status: 2 } } };
  expect((await reader.put(path).send(body)).body).toMatchObject({ status: 403, code: 'SCOPE_MISSING' });
  expect((await reader.get(path)).status).toBe(200);
  const roster = await api.as({ scopes: ['roster:read'] });
  expect((await roster.get(path)).status).toBe(403);
  await untouched();
});

test('a client bound to a teacher reaches the sections that they teach', async () => {
  const noether = await api.as({ person: api.world.people.noether });
  const mendel = await api.as({ person: api.world.people.mendel });
  const body = { attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 } } };
  expect((await mendel.get(path)).body).toMatchObject({ status: 403, code: 'SECTION_FORBIDDEN' });
  expect((await mendel.put(path).send(body)).status).toBe(403);
  await untouched();
  expect((await noether.put(path).send(body)).status).toBe(200);
  const [change] = await api.world.ledger.history({ district: api.world.districts.larkspur });
  expect(change).toMatchObject({ api: 'schoology', person_id: api.world.people.noether, to_status: 2 });
});

test('acting as a person needs the admin scope, and sees what they see', async () => {
  const { noether, mendel, eve } = api.world.people;
  const admin = await api.as({ scopes: ['attendance:read', 'admin'] });
  const runAs = (client: Api, person: unknown) => client.get(path).set('X-Schoology-Run-As', String(person));
  expect((await runAs(admin, noether)).status).toBe(200);
  expect((await runAs(admin, mendel)).status).toBe(403);
  const unknown = (await runAs(admin, 999_999)).status;
  expect(unknown).toBeGreaterThanOrEqual(400);
  expect((await runAs(admin, eve)).status).toBe(unknown);
  expect((await runAs(admin, 'x')).status).toBe(400);
  expect((await runAs(await api.as({ scopes: ['attendance:read'] }), noether)).body.code).toBe('SCOPE_MISSING');
});

describe('what takes the roll of a date', () => {
  const taken = async () => (await api.get(`${path}?taken=1`)).body.date.map(({ date }: { date: string }) => date);
  const isTaken = async (date = DAY) =>
    ((
      await api.world.ledger.meetings({
        district: api.world.districts.larkspur,
        section: api.world.sections.algebra,
        from: date,
        to: date,
      })
    )[0]?.taken_at ?? null) !== null;

  test.each(['', '?taken=', '?taken=1'])('a PUT%s does: "assume all enrollments are PRESENT"', async (query) => {
    await put({ enrollment_id: api.world.enrollments.ada, date: DAY, status: 1 }, path + query);
    expect([await isTaken(), await taken()]).toEqual([true, [DAY]]);
  });

  test('with taken=0 it says these statuses, and no more', async () => {
    const { ada, grace, katherine } = api.world.enrollments;
    const say = (enrollment_id: number, status: number) => put({ enrollment_id, date: DAY, status }, `${path}?taken=0`);
    expect((await say(ada, 1)).body.attendance).toEqual([{ id: `${ada}20362`, response_code: 200 }]);
    await say(grace, 4);
    expect([await isTaken(), (await api.get(path)).body.totals.total]).toEqual([false, [{ status: 4, count: 1 }]]);
    await say(katherine, 1); // the last of them
    expect(await isTaken()).toBe(true);
  });

  test.each(['2', 'yes', 'false'])('taken=%s is neither, and changes nothing', async (value) => {
    const { status, body } = await put(
      { enrollment_id: api.world.enrollments.ada, date: DAY, status: 2 },
      `${path}?taken=${value}`,
    );
    expect([status, body.code]).toEqual([400, 'QUERY_INVALID']);
    await untouched();
  });

  test('a date after today never is: its marks stand', async () => {
    await api.world.database.knex('enrollments').update({ end_date: '2100-01-01' });
    const { body } = await put({ enrollment_id: api.world.enrollments.ada, date: '2099-03-02', status: 4 });
    expect(body.attendance[0].response_code).toBe(200);
    expect([await isTaken('2099-03-02'), (await marksNow()).length]).toEqual([false, 1]);
  });

  test('a client of single marks takes none', async () => {
    const sis = await api.as({ marksOnly: true });
    const sent = { attendances: { attendance: { enrollment_id: api.world.enrollments.ada, date: DAY, status: 4 } } };
    expect((await sis.put(path).send(sent)).status).toBe(200);
    expect([await isTaken(), (await marksNow()).length]).toEqual([false, 1]);
    const { status, body } = await sis.put(`${path}?taken=1`).send(sent);
    expect([status, body.code, await isTaken()]).toEqual([403, 'MARKS_ONLY', false]);
  });

  test('a student whose item is refused does not become present by the others', async () => {
    const { ada, grace, alan } = api.world.enrollments;
    const { body } = await put([
      { enrollment_id: ada, date: DAY, status: 9 },
      { enrollment_id: grace, date: DAY, status: 3 },
    ]);
    expect(body.attendance.map(({ response_code }: { response_code: number }) => response_code)).toEqual([400, 200]);
    expect(body.attendance[0].message).toMatch(/For that, the roll of the day is not taken\.$/);
    expect(await isTaken()).toBe(false);
    await put([
      { enrollment_id: alan, date: DAY, status: 2 }, // is not on this roll yet
      { enrollment_id: grace, date: DAY, status: 3 },
    ]);
    expect(await isTaken()).toBe(true);
  });

  test('of two items for one enrollment and date the earlier is told that it was replaced', async () => {
    const { ada, grace } = api.world.enrollments;
    const { body } = await put([
      { enrollment_id: ada, date: DAY, status: 2 },
      { enrollment_id: grace, date: DAY, status: 2 },
      { enrollment_id: ada, date: DAY, status: 3 },
    ]);
    expect(body.attendance).toEqual([
      {
        id: `${ada}20362`,
        response_code: 200,
        message: 'Item 3 of this request, for the same enrollment and date, replaced this one.',
      },
      { id: `${grace}20362`, response_code: 200 },
      { id: `${ada}20362`, response_code: 200 },
    ]);
  });
});

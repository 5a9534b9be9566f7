import { request } from 'node:http';
import { type Api, openApi } from '../../api';

/** An answer of more marks than are held in memory at once: 60 students on 150 days. */
const STUDENTS = 60;
const DAYS = 150;
let api: Api;
let path: string;
let enrollments: number[];
const day = (index: number) => new Date(Date.UTC(2025, 8, 1) + index * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  api = await openApi();
  const { algebra } = api.world.sections;
  const { knex } = api.world.database;
  path = `/v1/sections/${algebra}/attendance`;
  const { id: _, sourced_id: __, ...person } = await knex('people').where({ id: api.world.people.ada }).first();
  const {
    id: ___,
    sourced_id: ____,
    ...enrollment
  } = await knex('enrollments').where({ id: api.world.enrollments.ada }).first();
  enrollments = [];
  for (let index = 0; index < STUDENTS; index++) {
    const [{ id: person_id }] = await knex('people').insert(person).returning('id');
    const row = { ...enrollment, person_id, begin_date: '2025-08-25', end_date: '2026-06-12' };
    enrollments.push(Number((await knex('enrollments').insert(row).returning('id'))[0].id));
  }
  const marks = Array.from({ length: DAYS }, (_, index) => day(index)).flatMap((date, index) =>
    // Every tenth day all are present.
    enrollments.map((enrollment, at) => [enrollment, date, index % 10 === 9 ? 1 : 2 + ((index + at) % 3)] as const),
  );
  await api.mark(...marks.map(([enrollment, date, status]): [number, string, number] => [enrollment, date, status]));
});
afterAll(() => api.close());

interface Day {
  date: string;
  statuses: { status: { status_code: number; attendances: { attendance: { enrollment_id: number }[] } }[] };
}

test('is complete, each date once, with totals of what it shows', async () => {
  const { body, headers } = await api.get(path);
  expect([headers['transfer-encoding'], headers.etag]).toEqual([
    'chunked',
    expect.stringMatching(/^"[0-9a-f]{16}\.\d+\.json\.gzip"$/),
  ]);
  const days: Day[] = body.date;
  expect(days.map(({ date }) => date)).toEqual(
    Array.from({ length: DAYS }, (_, index) => index).flatMap((index) => (index % 10 === 9 ? [] : [day(index)])),
  );
  for (const { statuses } of days) {
    const shown = statuses.status.flatMap(({ attendances }) =>
      attendances.attendance.map((each) => each.enrollment_id),
    );
    expect(shown.sort((one, other) => one - other)).toEqual(enrollments);
  }
  expect(body.totals.total).toEqual([2, 3, 4].map((status) => ({ status, count: 2_700 })));
});

test('has the days of all-present rolls where they are asked for', async () => {
  const { body } = await api.get(`${path}?taken=1`);
  expect(body.date.map(({ date }: Day) => date)).toEqual(Array.from({ length: DAYS }, (_, index) => day(index)));
});

test('says the same in XML, and again from the last of a page on', async () => {
  const { text } = await api.get(path).set('Accept', 'text/xml');
  expect(text.match(/<enrollment_id>/g)).toHaveLength(8_100);
  expect(text).toMatch(/^<\?xml version="1.0" encoding="utf-8" \?>\n<result><date><date>2025-09-01<\/date>/);
  expect(text).toMatch(/<totals>(<total><status>\d<\/status><count>2700<\/count><\/total>){3}<\/totals><\/result>$/);
  const { body } = await api.get(`${path}?limit=1`);
  const after = await api.get(body.links.next.slice(api.url.length).replace('limit=1&', ''));
  expect(
    after.body.date[0].statuses.status.flatMap((each: Day['statuses']['status'][0]) => each.attendances.attendance),
  ).toHaveLength(59);
  expect(after.body.totals.total).toEqual([2, 3, 4].map((status) => ({ status, count: 2_700 })));
});

test('a revision that the client has is not sent again, nor is a HEAD answered with a body', async () => {
  const { headers } = await api.get(path);
  expect((await api.get(path).set('If-None-Match', headers.etag!)).status).toBe(304);
  const head = await api.head(path);
  expect([head.status, head.text ?? '']).toEqual([200, '']);
});

test('a client that goes away in the middle does not disturb the next one', async () => {
  await new Promise<void>((resolve, reject) => {
    const call = request(api.url + path, { headers: { authorization: `Bearer ${api.token}` } }, (response) => {
      response.once('data', () => {
        response.destroy();
        resolve();
      });
    });
    call.on('error', reject);
    call.end();
  });
  expect((await api.get(path)).body.date).toHaveLength(135);
});

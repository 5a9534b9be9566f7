import supertest from 'supertest';
import { uuidOf } from '../../src/apis/wix/attendance';
import { idOn } from '../../src/days';
import { type Api, openApi } from '../api';
import { sampled } from '../sampled';
import { settled } from '../settled';
import { call, carrying } from './calling';
import { createFixtures, DAY, dailyOf, type Fixtures, type Ids } from './fixtures';
import { others, type Row, table } from './table';

/*
 * A teacher who left while their section went on: they read the days that they were there, and learn nothing of others.
 * It is the same whether their enrollment still has these days, or they were kept when the roster moved it.
 */
const [BEGIN, END] = ['2025-09-22', '2026-01-10'];
const days = { first: '2025-09-22', last: '2026-01-09' };
/** Days of the section, without them. */
const outside = ['2025-09-10', '2026-01-10', '2026-01-20'];

let api: Api;
let fixtures: Fixtures;
let ids: Ids;
let teacher: Api;
let office: Api;

/** The ids of the same things on another day. */
const on = (date: string): Ids => ({
  ...ids,
  meeting: idOn(ids.section, date),
  entry: idOn(ids.enrollment, date),
  event: uuidOf('meeting', { id: ids.section, date }),
  attendance: uuidOf('entry', { id: ids.enrollment, date }),
});

const asked = (row: Row, date: string): Row => ({
  ...row,
  ask: () => {
    const { path, body } = row.ask(on(date));
    const moved = (text: string) => text.replaceAll(DAY, date).replaceAll(DAY.slice(0, 7), date.slice(0, 7));
    return { path: moved(path), ...(body && { body: JSON.parse(moved(JSON.stringify(body))) }) };
  },
});

const reads = [...Object.entries(table), ...others].filter(([endpoint]) =>
  /^GET|\/(query|count)($|\/com)/.test(endpoint),
);
/**
 * Their own answers change with every write; all of the district sees when its roster was changed, and who is in it; and what
 * describes the APIs says the same to everybody, at length.
 */
const isOfSection = ([endpoint]: readonly [string, Row]) =>
  !/session|\/schools|district|calendars|openapi|\/errors|well-known/.test(endpoint);

/** It says how far all changes have been read, be they shown or not. */
const CURSOR = /"next":"[\w-]+"/;

/** What every read is answered of these days. */
async function answers(client: Api, dates: readonly string[]) {
  const all: [title: string, status: number, text: string][] = [];
  await settled(api.world.database);
  for (const [endpoint, row] of reads.filter(isOfSection))
    for (const date of dates) {
      const moved = asked(row, date);
      const { status, text } = await call(api, endpoint, moved, ids, carrying(moved.ask(ids).path, client.token));
      all.push([`${endpoint} of ${date}`, status, text.replace(CURSOR, '')]);
    }
  return all;
}

/** Writes all there is to say of a day, by every API. */
async function write(date: string): Promise<void> {
  const posted = JSON.parse(JSON.stringify(dailyOf(ids, 'Outside')).replaceAll(DAY, date));
  expect((await office.post('/ws/attendance/daily_time').send(posted)).body.insert_count).toBe(1);
  const there = on(date);
  const attendance = { bookingId: ids.booking, eventId: there.event, status: 'NOT_ATTENDED', numberOfAttendees: 7 };
  expect((await office.post('/bookings/v2/attendance/set').send({ attendance })).status).toBe(200);
  const osdi = await api
    .patch(`/osdi/api/v1/events/${there.meeting}/attendances/${there.entry}`)
    .unset('Authorization')
    .set('OSDI-API-Token', office.token)
    .send({ comment: 'Outside', action_date: '2026-02-01T00:00:00Z' });
  expect(osdi.status).toBe(200);
  const taken = await office.patch(`/rolls/${ids.section}/${date}`).send({ taken: true });
  expect(taken.status).toBe(200);
}

/** The teacher's enrollment, and the student's. */
const teaching = () => ({ section_id: ids.section, admin: true });
const learning = () => ({ section_id: ids.section, person_id: ids.student });

/** Sets the kept days of an enrollment. */
async function keep(enrollment: object, ranges: Ranges): Promise<void> {
  const { knex } = api.world.database;
  const { id: enrollment_id, district_id, section_id } = await knex('enrollments').where(enrollment).first();
  await knex('kept_days').where({ enrollment_id }).delete();
  for (const [begin_date, end_date] of ranges)
    await knex('kept_days').insert({ district_id, section_id, enrollment_id, begin_date, end_date });
}

const forbidden =
  `The person this client acts for taught this section from ${BEGIN} until before ${END}, and may read those days only. ` +
  'Of a range, name both ends within them.';
const osdi = (path: string) =>
  api.get(`/osdi/api/v1${path}`).unset('Authorization').set('OSDI-API-Token', teacher.token);

type Ranges = readonly (readonly [begin_date: string, end_date: string])[];
const variants: readonly [by: string, own: Ranges[number], kept: Ranges][] = [
  [
    'kept days alone',
    ['2026-03-01', '2026-03-01'],
    [
      [BEGIN, '2025-10-02'],
      ['2025-10-02', END],
    ],
  ],
  ['the days of their enrollment', [BEGIN, END], []],
  ['days of their enrollment and kept ones that adjoin them', [BEGIN, '2025-10-02'], [['2025-10-02', END]]],
];

describe.each(sampled(variants))('who taught by %s', (_by, [begin_date, end_date], kept) => {
  beforeAll(async () => {
    api = await openApi();
    fixtures = await createFixtures(api);
    ids = fixtures.aspen.ids;
    const person = ids.teacher;
    teacher = await api.as({ person });
    office = await api.as({});
    await api.world.database.knex('enrollments').where(teaching()).update({ begin_date, end_date });
    await keep(teaching(), kept);
  });
  afterAll(() => api.close());

  test('nothing that is answered depends on days without them, nor on who came after them', async () => {
    const dates = [DAY, ...outside];
    const before = await answers(teacher, dates);
    const seen = await answers(office, dates);
    expect(JSON.stringify(before)).not.toMatch(/Outside/);
    for (const date of outside) await write(date);
    const { knex } = api.world.database;
    const { id: _id, ...student } = await knex('people').where({ id: ids.student }).first();
    const [person] = await knex('people')
      .insert({ ...student, given_name: 'Outside', sourced_id: 'outside', email: 'outside@example.org' })
      .returning('id');
    await knex('enrollments').insert({
      ...{ district_id: fixtures.aspen.district, section_id: ids.section, person_id: person.id, sourced_id: 'outside' },
      ...{ admin: false, begin_date: END, end_date: '2099-06-12' },
    });
    expect(await answers(teacher, dates)).toEqual(before);
    // Whoever may see these days is told other things: the comparison above is one.
    const now = await answers(office, dates);
    expect(now.filter((answer, index) => answer[2] !== seen[index]![2]).length).toBeGreaterThan(50);
  }, 120_000);

  describe('Schoology', () => {
    const of = (query: string) => `/v1/sections/${ids.section}/attendance?${query}`;
    const dates = (body: { date: { date: string }[] }) => body.date.map(({ date }) => date);

    test('answers the days that they taught', async () => {
      const { status, body } = await teacher.get(of(`start=${days.first}&end=${days.last}`));
      expect([status, dates(body)]).toEqual([200, [DAY, '2025-10-02', '2025-10-03']]);
    });

    test.each([
      ['', 'all days'],
      [`start=${days.first}`, 'an open end'],
      [`end=${days.last}`, 'an open beginning'],
      ['start=2025-09-21&end=2025-10-10', 'a day before'],
      [`start=2025-10-01&end=${END}`, 'a day after'],
      ['start=2026-02-01&end=2026-02-05', 'days after'],
      [`start=${days.first}&end=${END}&after=2025-10-01.1.0123456789abcdef`, 'a next page'],
    ])('refuses %s, which is %s, and says which days they are', async (query) => {
      const { status, body } = await teacher.get(of(query));
      expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining(forbidden)]);
    });

    test('says the same to an administrator who acts as them, and in a session of theirs', async () => {
      const acting = (path: string) => office.get(path).set('X-Schoology-Run-As', String(ids.teacher));
      expect((await acting(of(`start=${days.first}&end=${days.last}`))).status).toBe(200);
      expect((await acting(of(''))).status).toBe(403);
      expect((await acting(of(`start=${END}&end=${END}`))).status).toBe(403);
      const { key, secret } = await api.clients.create({
        ...{ district: fixtures.aspen.district, name: 'Aspen', person: ids.teacher, scopes: ['attendance:read'] },
      });
      const session = await supertest(api.url).post('/sign-in').send({ key, secret });
      const cookie = session.get('Set-Cookie')![0]!.split(';')[0]!;
      const page = (path: string) => supertest(api.url).get(path).set('Cookie', cookie);
      expect((await page(`/rolls/${ids.section}/${DAY}`)).status).toBe(200);
      expect((await page(`/rolls/${ids.section}/${END}`)).status).toBe(403);
      expect((await page(of(`start=${days.first}&end=${days.last}`))).status).toBe(200);
    });

    test('lists the section with those that they have taught, and who was in it then', async () => {
      const { body } = await teacher.get(`/v1/users/${ids.teacher}/sections`);
      expect(body.section.map(({ id }: { id: string }) => Number(id))).toEqual([ids.section]);
      expect((await teacher.get(`/v1/sections/${ids.section}`)).status).toBe(200);
      const students = await teacher.get(`/v1/sections/${ids.section}/enrollments?type=member`);
      expect(students.body.enrollment.map(({ uid }: { uid: string }) => Number(uid))).toEqual([ids.student]);
    });
  });

  test('PowerSchool shows the records of their days, and fills no template of others', async () => {
    const query = (name: string, body: object) =>
      teacher.post(`/ws/schema/query/com.pearson.core.attendance.${name}`).send(body);
    const detail = await query('student_attendance_detail', { students_dcid: [ids.student] });
    const dates = detail.body.record.map(
      (record: { tables: { attendance: { att_date: string } } }) => record.tables.attendance.att_date,
    );
    expect(dates).toEqual([DAY, '2025-10-02', '2025-10-03']);
    const template = async (att_date: string) =>
      (await query('daily_attendance_template', { studentid: ids.student, att_date })).body.record?.length ?? 0;
    expect([await template('2026-01-09'), await template(END), await template('2025-09-10')]).toEqual([1, 0, 0]);
    const enrolled = await teacher.get(`/ws/v1/section/${ids.section}/section_enrollment`);
    expect(enrolled.body.section_enrollments.section_enrollment).toMatchObject([{ student_id: ids.student }]);
  });

  test('OSDI shows the events of their days, and the attendances of these', async () => {
    const events = (await osdi('/events')).body._embedded['osdi:events'];
    expect(events.map((event: { all_day_date: string }) => event.all_day_date)).toEqual([
      DAY,
      '2025-10-02',
      '2025-10-03',
    ]);
    for (const event of events)
      expect(event._links['osdi:creator'].href).toMatch(new RegExp(`/people/${ids.teacher}$`));
    const attendances = await osdi(`/people/${ids.student}/attendances`);
    expect(attendances.body.total_records).toBe(3);
    expect((await osdi(`/events/${ids.meeting}/attendances`)).status).toBe(200);
    for (const date of outside) {
      expect((await osdi(`/events/${on(date).meeting}`)).status).toBe(404);
      expect((await osdi(`/events/${on(date).meeting}/attendances`)).status).toBe(403);
    }
  });

  test('Wix finds the attendances of their days', async () => {
    const query = (filter: object) => teacher.post('/bookings/v2/attendance/query').send({ query: { filter } });
    const { body } = await query({ bookingId: ids.booking });
    const events = [DAY, '2025-10-02', '2025-10-03'].map((date) => on(date).event);
    expect(body.attendances.map(({ eventId }: { eventId: string }) => eventId).sort()).toEqual(events.sort());
    for (const date of outside) {
      expect((await query({ eventId: on(date).event })).body.attendances).toEqual([]);
      expect((await teacher.get(`/bookings/v2/attendance/${on(date).attendance}`)).status).toBe(404);
    }
  });

  describe("rollbook's own", () => {
    test('rolls, their changes and their list are of the days that they taught', async () => {
      const listed = async (date: string) => (await teacher.get(`/reports/rolls?date=${date}`)).body.rolls.length;
      expect((await teacher.get(`/rolls/${ids.section}/${DAY}`)).body.statuses).toHaveLength(1);
      expect((await teacher.get(`/reports/sections/${ids.section}/changes?date=${DAY}`)).status).toBe(200);
      expect(await listed(DAY)).toBe(1);
      for (const date of outside) {
        const { status, body } = await teacher.get(`/rolls/${ids.section}/${date}`);
        expect([status, JSON.stringify(body)]).toEqual([403, expect.stringContaining(forbidden)]);
        expect((await teacher.get(`/reports/sections/${ids.section}/changes?date=${date}`)).status).toBe(403);
        expect(await listed(date)).toBe(0);
      }
      expect((await teacher.get(`/reports/sections/${ids.section}/changes`)).status).toBe(403);
    });

    test('a month has no day that they did not teach', async () => {
      const month = (asked: string) => teacher.get(`/reports/sections/${ids.section}/month?month=${asked}`);
      const dates = async (asked: string) => (await month(asked)).body.days.map(({ date }: { date: string }) => date);
      expect((await dates('2025-09'))[0]).toBe(days.first);
      expect((await dates('2026-01')).at(-1)).toBe(days.last);
      const [student] = (await month('2025-10')).body.students;
      expect(student.marks.map(({ date }: { date: string }) => date)).toEqual([DAY, '2025-10-02', '2025-10-03']);
      expect([(await month('2026-02')).status, (await month('2025-08')).status]).toEqual([403, 403]);
    });

    test('marks are of the days that they taught', async () => {
      const dates = async (query: string) =>
        (await teacher.get(`/marks/?${query}`)).body.marks?.map(({ date }: { date: string }) => date);
      const own = [DAY, '2025-10-02', '2025-10-03'];
      expect(await dates('')).toEqual(own);
      expect(await dates(`section=${ids.section}&from=${days.first}&to=${days.last}`)).toEqual(own);
      expect((await teacher.get(`/marks/?section=${ids.section}`)).status).toBe(403);
    });

    test("a student's report has the days that they taught, also those of which nobody has said anything", async () => {
      const school = await office.patch(`/schools/${ids.school}`).send({ untaken: 'present' });
      expect(school.status).toBe(200);
      const report = async (client: Api) =>
        (await client.get(`/reports/students/${ids.student}?from=2026-01-05&to=2026-01-23`)).body;
      expect(await report(teacher)).toMatchObject({ enrolled_days: 5, days: [] });
      expect((await report(office)).enrolled_days).toBeGreaterThan(10);
    });
  });

  test('where they came back for some days, these are theirs too, and the days in between are not', async () => {
    const { knex } = api.world.database;
    const enrollment = { district_id: fixtures.aspen.district, section_id: ids.section, person_id: ids.teacher };
    const again = { ...enrollment, sourced_id: 'again', admin: true, begin_date: '2026-01-22', end_date: '2026-01-24' };
    await knex('enrollments').insert(again);
    await office.patch(`/rolls/${ids.section}/2026-01-20`).send({
      statuses: [{ enrollment_id: ids.enrollment, status: 2, comment: 'in between' }],
    });
    const { body } = await teacher.get(`/reports/sections/${ids.section}/month?month=2026-01`);
    const dates = body.days.map(({ date }: { date: string }) => date);
    expect(dates.filter((date: string) => date > '2026-01-08')).toEqual(['2026-01-09', '2026-01-22', '2026-01-23']);
    expect(JSON.stringify(body)).not.toMatch(/in between|2026-01-20/);
    const read = async (start: string, end: string) =>
      teacher.get(`/v1/sections/${ids.section}/attendance?start=${start}&end=${end}`);
    expect((await read('2026-01-22', '2026-01-23')).status).toBe(200);
    const across = await read('2026-01-05', '2026-01-23');
    const both = `from ${BEGIN} until before ${END} and from 2026-01-22 until before 2026-01-24`;
    expect([across.status, across.body.detail]).toEqual([403, expect.stringContaining(both)]);
    for (const begin_date of [END, '2026-01-05']) {
      await knex('enrollments').where({ sourced_id: 'again' }).update({ begin_date });
      expect((await read('2025-10-01', '2026-01-23')).status).toBe(200);
      const beyond = await read('2025-10-01', '2026-01-24');
      expect([beyond.status, beyond.body.detail]).toEqual([
        403,
        expect.stringContaining(`this section from ${BEGIN} until before 2026-01-24, and`),
      ]);
    }
    await knex('enrollments').where({ sourced_id: 'again' }).delete();
  });

  test('they see who was there with them, by days of the enrollment or by kept ones, and nobody else', async () => {
    const { knex } = api.world.database;
    const { begin_date, end_date } = await knex('enrollments').where(learning()).first();
    const seen = async (own: Ranges[number], kept: Ranges) => {
      await knex('enrollments').where(learning()).update({ begin_date: own[0], end_date: own[1] });
      await keep(learning(), kept);
      const members = await teacher.get(`/v1/sections/${ids.section}/enrollments?type=member`);
      const students = members.body.enrollment.map(({ uid }: { uid: string }) => Number(uid));
      return [students.includes(ids.student), (await teacher.get(`/reports/students/${ids.student}`)).status];
    };
    const none = ['2025-10-15', '2025-10-15'] as const;
    const later = ['2099-01-01', '2099-06-12'] as const;
    expect(await seen(later, [[DAY, '2025-10-02']])).toEqual([true, 200]);
    expect(await seen(none, [[DAY, '2025-10-02']])).toEqual([true, 200]);
    expect(
      await seen(none, [
        ['2025-08-25', BEGIN],
        [END, '2026-02-01'],
      ]),
    ).toEqual([false, 404]);
    expect(await seen(none, [])).toEqual([false, 404]);
    expect(await seen(['2025-08-25', BEGIN], [])).toEqual([false, 404]);
    expect(await seen([begin_date, end_date], [])).toEqual([true, 200]);
  });

  test('an enrollment that the SIS lists no longer has ended as well, whatever its last day', async () => {
    const { knex } = api.world.database;
    const stood = (await teacher.get(`/rolls/${ids.section}/${DAY}`)).body.taken_at;
    expect(stood).not.toBeNull();
    await knex('enrollments').where(teaching()).update({ active: false });
    expect((await teacher.get(`/rolls/${ids.section}/${END}`)).status).toBe(403);
    expect((await teacher.get(`/rolls/${ids.section}/${DAY}`)).status).toBe(200);
    await keep(teaching(), []);
    for (const end_date of [END, '2099-06-12']) {
      await knex('enrollments').where(teaching()).update({ begin_date: BEGIN, end_date });
      expect((await teacher.get(`/rolls/${ids.section}/${DAY}`)).status).toBe(200);
      expect((await teacher.patch(`/rolls/${ids.section}/${DAY}`).send({ taken: false })).status).toBe(403);
      expect((await teacher.get(`/rolls/${ids.section}/${DAY}`)).body.taken_at).toBe(stood);
    }
  });
});

import { idOn } from '../../src/days';
import type { Api } from '../api';
import { clockless } from '../clock';
import { openSchool, type School } from './powerschool/school';
import { attendance, booking, event } from './wix/school';

/** Teachers may change a roll for five days; in Los Angeles it is still the 7th. */
const NOW = '2025-10-08T05:30:00.000Z';
const [OPEN, CLOSED] = ['2025-10-02', '2025-10-01'];

let school: School;
let teacher: Api;
let path: string;
beforeEach(async () => {
  school = await openSchool();
  const { database, districts, people } = school.world;
  await database.knex('districts').where({ id: districts.larkspur }).update({ time_zone: 'America/Los_Angeles' });
  await database.knex('enrollments').insert({
    district_id: districts.larkspur,
    section_id: school.homeroom,
    person_id: people.noether,
    sourced_id: 'noether-homeroom',
    admin: true,
    begin_date: '2025-08-25',
    end_date: '2099-12-31',
  });
  path = `/schools/${(await database.knex('schools').first()).id}`;
  await school.patch(path).send({ edit_days: 5 }).expect(200);
  teacher = await school.as({ person: people.noether });
  jest.useFakeTimers({ now: new Date(NOW), doNotFake: [...clockless] });
});
afterEach(async () => {
  jest.useRealTimers();
  await school.close();
});

const reason = (date: string) => expect.stringMatching(`${date} is closed, the earliest day that is open is ${OPEN}`);
const osdi = (by: Api, verb: 'post' | 'put' | 'delete', at: string) =>
  by[verb](`/osdi/api/v1${at}`).unset('Authorization').set('OSDI-API-Token', by.token);
const ofAda = (date: string) => ({ enrollment_id: school.daily.ada, date, status: 2 });
const osdiPath = (date: string) => `/events/${idOn(school.homeroom, date)}/attendances/${idOn(school.daily.ada, date)}`;
const record = (date: string, columns = {}) => ({
  name: 'ATTENDANCE',
  record: [{ client_uid: '1', ...school.record({ att_date: date, ...columns }) }],
});

type Answer = { ok: boolean; status: number; body: unknown; text: string };
interface Write {
  readonly send: (by: Api, date: string) => PromiseLike<Answer>;
  /** What it answers of the day that is closed. */
  readonly closed: () => object;
}

const problem = () => ({
  status: 403,
  body: { code: 'DATE_CLOSED', errors: [{ field: 'date', message: reason(CLOSED) }] },
});
const osdiError = () => ({
  status: 403,
  body: { 'osdi:error': { resource_status: [{ error_descriptions: [{ description: reason(CLOSED) }] }] } },
});
const recordError = () => ({
  status: 200,
  body: {
    result: [
      {
        status: 'ERROR',
        error_message: {
          error: { field: 'attendance/att_date', error_code: 'NO_ACCESS', error_description: reason(CLOSED) },
        },
      },
    ],
  },
});
const application = () => ({
  status: 403,
  body: { details: { applicationError: { code: 'PERMISSION_DENIED', description: reason(CLOSED) } } },
});
const bulk = () => ({
  status: 200,
  body: {
    results: [{ itemMetadata: { success: false, error: { code: 'PERMISSION_DENIED', description: reason(CLOSED) } } }],
    bulkActionMetadata: { totalFailures: 1 },
  },
});
const wix = (date: string) => ({
  bookingId: booking(school.daily.ada),
  eventId: event(school.homeroom, date),
  status: 'NOT_ATTENDED',
});

const writes: Record<string, Write> = {
  'a PUT of Schoology': {
    send: (by, date) =>
      by.put(`/v1/sections/${school.homeroom}/attendance`).send({ attendances: { attendance: [ofAda(date)] } }),
    closed: () => ({
      status: 200,
      body: { attendance: [{ date: CLOSED, response_code: 403, message: reason(CLOSED) }] },
    }),
  },
  'a daily record of PowerSchool': {
    send: (by, date) => by.post('/ws/attendance/daily_time').send(record(date)),
    closed: recordError,
  },
  'a record of PowerSchool that makes no mark': {
    send: (by, date) =>
      by.post('/ws/attendance/daily_time').send(record(date, { attendance_codeid: String(school.code('P')) })),
    closed: recordError,
  },
  'a new attendance of OSDI': {
    send: (by, date) =>
      osdi(by, 'post', `/events/${idOn(school.homeroom, date)}/attendances`).send({
        _links: { 'osdi:person': { href: `${school.url}/osdi/api/v1/people/${school.world.people.ada}` } },
        attended: false,
      }),
    closed: osdiError,
  },
  'a changed attendance of OSDI': {
    send: (by, date) => osdi(by, 'put', osdiPath(date)).send({ attended: false }),
    closed: osdiError,
  },
  'a field of OSDI that is no status': {
    send: (by, date) => osdi(by, 'put', osdiPath(date)).send({ origin_system: 'elsewhere' }),
    closed: osdiError,
  },
  'a new event of OSDI': {
    send: (by, date) =>
      osdi(by, 'post', '/events').send({
        all_day_date: date,
        identifiers: [`rollbook:section:${school.homeroom}`],
      }),
    closed: osdiError,
  },
  'a deleted attendance of OSDI': { send: (by, date) => osdi(by, 'delete', osdiPath(date)), closed: osdiError },
  'an attendance that Wix sets': {
    send: (by, date) => by.post('/bookings/v2/attendance/set').send({ attendance: wix(date) }),
    closed: application,
  },
  'a bulk set of Wix': {
    send: (by, date) =>
      by.post('/bookings/v2/bulk/attendance/set').send({ attendanceDetails: [{ attendance: wix(date) }] }),
    closed: bulk,
  },
  'an attendance that Wix deletes': {
    send: (by, date) => by.delete(`/bookings/v2/attendance/${attendance(school.daily.ada, date)}`),
    closed: application,
  },
  'a bulk delete of Wix': {
    send: (by, date) =>
      by.post('/bookings/v2/bulk/attendance/delete').send({ attendanceIds: [attendance(school.daily.ada, date)] }),
    closed: bulk,
  },
  'a roll that is taken': {
    send: (by, date) => by.patch(`/rolls/${school.homeroom}/${date}`).send({ taken: true }),
    closed: problem,
  },
  'a roll that was not taken after all': {
    send: (by, date) => by.patch(`/rolls/${school.homeroom}/${date}`).send({ taken: false }),
    closed: problem,
  },
  'a status on a roll': {
    send: (by, date) =>
      by
        .patch(`/rolls/${school.homeroom}/${date}`)
        .send({ statuses: [{ enrollment_id: school.daily.ada, status: 2 }] }),
    closed: problem,
  },
  'a mark as CSV': {
    send: (by, date) =>
      by
        .post('/marks')
        .set('Content-Type', 'text/csv')
        .set('Accept', 'application/json')
        .send(`enrollment,date,status\n${school.daily.ada},${date},absent\n`),
    closed: () => ({ status: 200, body: { rows: [{ outcome: 'refused', message: reason(CLOSED) }] } }),
  },
  'a trial of marks': {
    send: (by, date) =>
      by.post('/marks?dry_run=yes').send({ marks: [{ enrollment: school.daily.ada, date, status: 'absent' }] }),
    closed: () => ({ status: 200, body: { rows: [{ outcome: 'refused', message: reason(CLOSED) }] } }),
  },
};

test.each(Object.keys(writes))(
  '%s is refused to a teacher of a day that is closed, and not of the next',
  async (name) => {
    const { send, closed } = writes[name]!;
    await school.mark([school.daily.ada, OPEN, 3, 'bus'], [school.daily.ada, CLOSED, 3, 'bus']);
    const before = await school.everything();
    const { status, body } = await send(teacher, CLOSED);
    expect({ status, body }).toMatchObject(closed());
    expect(await school.everything()).toEqual(before);

    for (const [by, date] of [
      [teacher, OPEN],
      [school, CLOSED],
    ] as const) {
      const { ok, text } = await send(by, date);
      expect([ok, text]).toEqual([true, expect.not.stringMatching(/closed|ERROR/)]);
    }
  },
);

test('a PUT of several days changes those that are open, and takes their rolls alone', async () => {
  const { status, body } = await teacher
    .put(`/v1/sections/${school.homeroom}/attendance`)
    .send({ attendances: { attendance: [ofAda(CLOSED), ofAda(OPEN)] } });
  expect([status, body.attendance]).toEqual([
    200,
    [
      { enrollment_id: school.daily.ada, date: CLOSED, response_code: 403, message: reason(CLOSED) },
      { id: expect.any(String), response_code: 200 },
    ],
  ]);
  const roll = async (date: string) => (await school.get(`/rolls/${school.homeroom}/${date}`)).body.taken_at;
  expect([await roll(CLOSED), await roll(OPEN)]).toEqual([null, expect.stringMatching(/Z$/)]);
});

test('a day is closed once it is over in the time zone of the district', async () => {
  const send = async (date: string) =>
    (await teacher.patch(`/rolls/${school.homeroom}/${date}`).send({ taken: true })).status;
  await school.patch(path).send({ edit_days: 0 });
  expect([await send('2025-10-06'), await send('2025-10-07')]).toEqual([403, 200]);
  jest.setSystemTime(new Date('2025-10-08T07:00:00.000Z'));
  expect([await send('2025-10-07'), await send('2025-10-08')]).toEqual([403, 200]);
});

test('a roll says since when its teacher may change it; the office, and a school without an end, hear of none', async () => {
  const from = async (by: Api) => (await by.get(`/rolls/${school.homeroom}/${CLOSED}`)).body.editable_from;
  expect([await from(teacher), await from(school)]).toEqual([OPEN, null]);
  await school.patch(path).send({ edit_days: null }).expect(200);
  expect(await from(teacher)).toBeNull();
  await teacher.patch(`/rolls/${school.homeroom}/${CLOSED}`).send({ taken: true }).expect(200);
});

test.each([-1, 367, 1.5, '5'])('%j is no number of days, and leaves the setting', async (edit_days) => {
  const { status, body } = await school.patch(path).send({ edit_days });
  expect([status, body.code]).toEqual([400, 'BODY_INVALID']);
  expect((await school.get(path)).body.edit_days).toBe(5);
});

import { Status } from '../../../src/ledger/attendance';
import { type Api, openApi } from '../../api';
import { attendance, booking, event, schedule } from './school';

const { present, absent, late, excused } = Status;
const DAY = '2025-10-07';
const service = '/bookings/v2/attendance';
const bulk = '/bookings/v2/bulk/attendance';

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

const algebra = () => ({ district: api.world.districts.larkspur, section: api.world.sections.algebra });
const marks = () => api.world.ledger.marks(algebra());
const journal = () => api.world.ledger.history({ district: api.world.districts.larkspur });
const kept = () => api.world.database.knex('wix_attendances');
const untouched = async () => {
  expect(await journal()).toEqual([]);
  expect(await api.world.ledger.meetings(algebra())).toEqual([]);
  expect(await kept()).toEqual([]);
};
/** A set of Ada on the day in Algebra, or of whatever else is said. */
const wish = (rest: object = {}) => ({
  bookingId: booking(api.world.enrollments.ada),
  eventId: event(api.world.sections.algebra, DAY),
  status: 'ATTENDED',
  ...rest,
});
const set = (rest: object = {}, from = api) => from.post(`${service}/set`).send({ attendance: wish(rest) });
const bulkSet = (attendances: unknown[], rest: object = {}, from = api) =>
  from.post(`${bulk}/set`).send({ attendanceDetails: attendances.map((attendance) => ({ attendance })), ...rest });
const get = (enrollment = api.world.enrollments.ada) => api.get(`${service}/${attendance(enrollment, DAY)}`);
const remove = (enrollment = api.world.enrollments.ada, from = api) =>
  from.delete(`${service}/${attendance(enrollment, DAY)}`);
const violationOf = (body: { details: { validationError: { fieldViolations: object[] } } }) =>
  body.details.validationError.fieldViolations[0];

const isMark = (status: number | null) => status !== null && status !== present;

describe('what is set over what stands: Wix keeps what it cannot say', () => {
  test.each([
    // wanted, before: null is a scheduled meeting; then the status that stands after, and what Wix reads
    ['ATTENDED', null, present, 'ATTENDED'],
    ['ATTENDED', present, present, 'ATTENDED'],
    ['ATTENDED', absent, present, 'ATTENDED'],
    ['ATTENDED', late, late, 'ATTENDED'],
    ['ATTENDED', excused, present, 'ATTENDED'],
    ['NOT_ATTENDED', null, absent, 'NOT_ATTENDED'],
    ['NOT_ATTENDED', present, absent, 'NOT_ATTENDED'],
    ['NOT_ATTENDED', absent, absent, 'NOT_ATTENDED'],
    ['NOT_ATTENDED', late, absent, 'NOT_ATTENDED'],
    ['NOT_ATTENDED', excused, excused, 'NOT_ATTENDED'],
    ['NOT_SET', null, null, 'NOT_SET'],
    ['NOT_SET', present, present, 'ATTENDED'],
    ['NOT_SET', absent, present, 'ATTENDED'],
    ['NOT_SET', late, present, 'ATTENDED'],
    ['NOT_SET', excused, present, 'ATTENDED'],
  ])('%s over %p leaves %p', async (status, before, after, read) => {
    const { ada } = api.world.enrollments;
    if (before === null) await schedule(api, api.world.sections.algebra, DAY);
    else await api.mark([ada, DAY, before, before === present ? '' : 'kept']);
    const answer = await set({ status });
    expect([answer.status, answer.body.attendance.status]).toEqual([200, read]);
    expect((await get()).body).toEqual(answer.body);
    const [entry] = await api.world.ledger.entries({ ...algebra(), enrollment: ada });
    expect(entry!.status).toBe(after);
    // A comment that is not sent stays, whatever becomes of an absence.
    expect(entry!.comment).toBe(isMark(before) && isMark(after) ? 'kept' : '');
    if (before === after) expect((await journal()).filter(({ api: name }) => name === 'wix')).toEqual([]);
  });
});

test.each([
  ['NOT_ATTENDED', absent],
  ['ATTENDED', present],
])('a set of %s on a day without a meeting says nothing of anybody else, who reads NOT_SET', async (status, stored) => {
  expect((await set({ status })).body.attendance.status).toBe(status);
  expect((await get()).body.attendance.status).toBe(status);
  expect((await get(api.world.enrollments.grace)).body.attendance.status).toBe('NOT_SET');
  expect((await api.world.ledger.meetings(algebra()))[0]!.taken_at).toBeNull();
  expect((await journal()).map(({ api: name, to_status }) => [name, to_status])).toEqual([['wix', stored]]);
});

test('where every booking of a session has been set, its roll is taken', async () => {
  const { ada, grace, alan, katherine } = api.world.enrollments;
  for (const enrollment of [ada, grace, alan, katherine]) {
    expect((await api.world.ledger.meetings(algebra()))[0]?.taken_at ?? null).toBeNull();
    await set({ bookingId: booking(enrollment) });
  }
  expect((await api.world.ledger.meetings(algebra()))[0]!.taken_at).not.toBeNull();
});

test('NOT_SET makes unknown what was set of a booking whose roll is not taken', async () => {
  for (const status of ['ATTENDED', 'NOT_ATTENDED']) {
    await set({ status });
    expect((await set({ status: 'NOT_SET' })).body.attendance.status).toBe('NOT_SET');
    expect((await get()).body.attendance.status).toBe('NOT_SET');
  }
  expect(await marks()).toEqual([]);
});

test('numberOfAttendees comes back, survives what does not name it, and is 1 where nothing is said', async () => {
  const { ada } = api.world.enrollments;
  expect((await set({ numberOfAttendees: 5 })).body.attendance.numberOfAttendees).toBe(5);
  await api.mark([ada, DAY, absent]);
  expect((await get()).body.attendance).toMatchObject({ status: 'NOT_ATTENDED', numberOfAttendees: 5 });
  expect((await set({ numberOfAttendees: 2_147_483_647 })).body.attendance.numberOfAttendees).toBe(2_147_483_647);
  expect((await set({ status: 'NOT_ATTENDED' })).body.attendance.numberOfAttendees).toBe(2_147_483_647);
  expect((await set({ numberOfAttendees: null })).body.attendance.numberOfAttendees).toBe(1);
  expect((await get()).body.attendance).toMatchObject({ status: 'ATTENDED', numberOfAttendees: 1 });
  expect(await kept()).toEqual([]);
});

test('sessionId stands for eventId, both may be the same, and what Wix has of its own is ignored', async () => {
  const eventId = event(api.world.sections.algebra, DAY);
  for (const rest of [
    { eventId: undefined, sessionId: eventId },
    { sessionId: eventId },
    { id: attendance(api.world.enrollments.ada, DAY), _id: 'y', colour: 1 },
    { eventId: eventId.toUpperCase() },
  ]) {
    const { status, body } = await set(rest);
    expect([status, body.attendance.eventId, body.attendance.sessionId]).toEqual([200, eventId, eventId]);
  }
  const noticed = await api
    .post(`${service}/set`)
    .send({ attendance: wish(), participantNotification: { notifyParticipants: true, message: 'x' } });
  expect(noticed.status).toBe(200);
});

test.each([
  ['on a taken roll, which makes present', true, 'ATTENDED'],
  ['on one that is not taken, which makes unknown', false, 'NOT_SET'],
])('a removal takes back the mark and the number %s, and is done once', async (_where, isTaken, read) => {
  if (isTaken) await api.mark([api.world.enrollments.grace, DAY, present]);
  await set({ status: 'NOT_ATTENDED', numberOfAttendees: 2 });
  const answer = await remove();
  expect([answer.status, answer.body]).toEqual([200, {}]);
  expect((await get()).body.attendance).toMatchObject({ status: read, numberOfAttendees: 1 });
  expect(await marks()).toEqual([]);
  const before = await journal();
  expect((await remove()).status).toBe(200);
  expect(await journal()).toEqual(before);
});

test('there is nothing to remove where there is no such attendance', async () => {
  const { ada, eve, noether } = api.world.enrollments;
  for (const id of [ada, eve, noether, 999_999]) {
    const { status, body } = await remove(id);
    expect([status, body.details.applicationError.code]).toEqual([404, 'ATTENDANCE_NOT_FOUND']);
  }
  await untouched();
});

describe('a set that is wrong is a 400 that names the field, and changes nothing', () => {
  test.each<[string, () => object, string, string]>([
    ['no bookingId', () => ({ bookingId: undefined }), 'attendance.bookingId', 'REQUIRED_FIELD'],
    ['bookingId null', () => ({ bookingId: null }), 'attendance.bookingId', 'REQUIRED_FIELD'],
    ['bookingId no GUID', () => ({ bookingId: 'x' }), 'attendance.bookingId', 'FORMAT'],
    ['bookingId a list', () => ({ bookingId: [booking(2)] }), 'attendance.bookingId', 'FORMAT'],
    ['bookingId of nobody', () => ({ bookingId: booking(999_999) }), 'attendance.bookingId', 'INVALID_REFERENCE'],
    [
      'bookingId of another service',
      () => ({ bookingId: 'ffffffff-ffff-4fff-8fff-ffffffffffff' }),
      'attendance.bookingId',
      'INVALID_REFERENCE',
    ],
    ['an event for a booking', () => ({ bookingId: event(1, DAY) }), 'attendance.bookingId', 'INVALID_REFERENCE'],
    [
      "another district's booking",
      () => ({ bookingId: booking(api.world.enrollments.eve), eventId: event(api.world.sections.elsewhere, DAY) }),
      'attendance.bookingId',
      'INVALID_REFERENCE',
    ],
    [
      "a teacher's booking",
      () => ({ bookingId: booking(api.world.enrollments.noether) }),
      'attendance.bookingId',
      'INVALID_REFERENCE',
    ],
    [
      'an event of another section',
      () => ({ eventId: event(api.world.sections.biology, DAY) }),
      'attendance.eventId',
      'INVALID_REFERENCE',
    ],
    ['an event of nobody', () => ({ eventId: 'x'.repeat(40) }), 'attendance.eventId', 'INVALID_REFERENCE'],
    [
      'a day before the enrollment',
      () => ({ eventId: event(api.world.sections.algebra, '2025-01-01') }),
      'attendance.eventId',
      'INVALID_REFERENCE',
    ],
    ['eventId too short', () => ({ eventId: 'x' }), 'attendance.eventId', 'FORMAT'],
    ['eventId too long', () => ({ eventId: 'x'.repeat(251) }), 'attendance.eventId', 'FORMAT'],
    [
      'two events',
      () => ({ sessionId: event(api.world.sections.biology, DAY) }),
      'attendance.sessionId',
      'ONE_OF_ALIGNMENT',
    ],
    ['no status', () => ({ status: undefined }), 'attendance.status', 'REQUIRED_FIELD'],
    ['status unknown', () => ({ status: 'LATE' }), 'attendance.status', 'INVALID_ENUM_VALUE'],
    ['status a number', () => ({ status: 1 }), 'attendance.status', 'INVALID_ENUM_VALUE'],
    ['nobody attended', () => ({ numberOfAttendees: 0 }), 'attendance.numberOfAttendees', 'OUT_OF_RANGE'],
    ['fewer than nobody', () => ({ numberOfAttendees: -1 }), 'attendance.numberOfAttendees', 'OUT_OF_RANGE'],
    ['half a person', () => ({ numberOfAttendees: 1.5 }), 'attendance.numberOfAttendees', 'OUT_OF_RANGE'],
    ['more than int32', () => ({ numberOfAttendees: 2_147_483_648 }), 'attendance.numberOfAttendees', 'OUT_OF_RANGE'],
    ['a number as text', () => ({ numberOfAttendees: '2' }), 'attendance.numberOfAttendees', 'OUT_OF_RANGE'],
  ])('%s', async (_title, rest, field, violatedRule) => {
    const { status, body } = await set(rest());
    expect([status, violationOf(body)]).toEqual([400, expect.objectContaining({ field, violatedRule })]);
    await untouched();
    const many = await bulkSet([wish(), wish(rest())]);
    if (violatedRule === 'INVALID_REFERENCE') {
      expect([many.status, many.body.bulkActionMetadata.totalFailures]).toEqual([200, 1]);
      expect(many.body.results[1].itemMetadata.error).toMatchObject({ code: 'INVALID_ARGUMENT', data: { field } });
    } else {
      expect([many.status, violationOf(many.body)]).toEqual([
        400,
        expect.objectContaining({ field: field.replace('attendance', 'attendanceDetails.1.attendance') }),
      ]);
      await untouched();
    }
  });

  test('nothing to unset', async () => {
    const { status, body } = await set({ status: 'NOT_SET' });
    expect([status, violationOf(body)]).toEqual([400, expect.objectContaining({ field: 'attendance.eventId' })]);
    expect((await bulkSet([wish({ status: 'NOT_SET' })])).body.bulkActionMetadata.totalFailures).toBe(1);
    await untouched();
  });

  test('neither eventId nor sessionId', async () => {
    const rest = { eventId: null };
    for (const { status, body } of [await set(rest), await bulkSet([wish(), wish(rest)])])
      expect([status, body.details.applicationError.code]).toEqual([400, 'SESSION_ID_NOT_PROVIDED']);
    await untouched();
  });

  test('a body that is none, or has no attendance', async () => {
    for (const body of [
      '',
      '{',
      '{}',
      '{"attendance":null}',
      '{"attendance":[]}',
      '[]',
      '{"__proto__":{"attendance":{}}}',
    ]) {
      const answer = await api.post(`${service}/set`).set('Content-Type', 'application/json').send(body);
      expect([answer.status, violationOf(answer.body)]).toEqual([
        400,
        expect.objectContaining({ field: expect.stringMatching(/^(body|attendance)$/) }),
      ]);
    }
    expect((await api.post(`${service}/set`).set('Content-Type', 'text/xml').send('<x/>')).status).toBe(415);
    await untouched();
  });
});

test('a client without the scope, and a person who does not teach the section, write nothing', async () => {
  const reader = await api.as({ scopes: ['attendance:read'] });
  const mendel = await api.as({ person: api.world.people.mendel });
  for (const { status, body } of [
    await set({}, reader),
    await bulkSet([wish()], {}, reader),
    await remove(2, reader),
    await set({}, mendel),
  ])
    expect([status, body.details.applicationError.code]).toEqual([403, 'PERMISSION_DENIED']);
  const { body } = await bulkSet([wish({ numberOfAttendees: 3 }), wish({ status: 'NOT_SET' })], {}, mendel);
  expect(
    body.results.map(({ itemMetadata }: { itemMetadata: { error: { code: string } } }) => itemMetadata.error.code),
  ).toEqual(['PERMISSION_DENIED', 'PERMISSION_DENIED']);
  expect((await remove(undefined, mendel)).status).toBe(404);
  await untouched();
});

describe('many at once', () => {
  test('what is right goes in, what does not fit is told item by item, in the order sent', async () => {
    const { grace, eve, ada } = api.world.enrollments;
    const { status, body } = await bulkSet([
      wish({ status: 'NOT_ATTENDED' }),
      wish({ bookingId: booking(eve) }),
      wish({ bookingId: booking(grace), numberOfAttendees: 2 }),
    ]);
    expect([status, body]).toEqual([
      200,
      {
        results: [
          { itemMetadata: { id: attendance(ada, DAY), originalIndex: 0, success: true } },
          {
            itemMetadata: {
              originalIndex: 1,
              success: false,
              error: {
                code: 'INVALID_ARGUMENT',
                description: 'There is no such booking.',
                data: { field: 'attendance.bookingId' },
              },
            },
          },
          { itemMetadata: { id: attendance(grace, DAY), originalIndex: 2, success: true } },
        ],
        bulkActionMetadata: { totalSuccesses: 2, totalFailures: 1, undetailedFailures: 0 },
      },
    ]);
    expect(await marks()).toEqual([{ enrollment_id: ada, date: DAY, status: absent, comment: '' }]);
    expect((await get(grace)).body.attendance.numberOfAttendees).toBe(2);
  });

  test('the same attendance twice: each is answered as it left it, the last stands', async () => {
    await api.mark([api.world.enrollments.ada, DAY, late]);
    const attendances = [
      wish({ numberOfAttendees: 4 }),
      wish({ status: 'NOT_ATTENDED' }),
      wish({ numberOfAttendees: 2 }),
    ];
    const { body } = await bulkSet(attendances, { returnFullEntity: true });
    expect(
      body.results.map(({ item }: { item: { status: string; numberOfAttendees: number } }) => [
        item.status,
        item.numberOfAttendees,
      ]),
    ).toEqual([
      ['ATTENDED', 4],
      ['NOT_ATTENDED', 4],
      ['ATTENDED', 2],
    ]);
    expect((await get()).body.attendance).toMatchObject({ status: 'ATTENDED', numberOfAttendees: 2 });
    expect(await marks()).toEqual([]); // no longer late: the second took that away
  });

  test('a thousand, and not one more', async () => {
    const many = Array.from({ length: 1_001 }, () => wish());
    const refused = await bulkSet(many);
    expect([refused.status, violationOf(refused.body)]).toEqual([
      400,
      expect.objectContaining({ field: 'attendanceDetails', violatedRule: 'MAX_SIZE' }),
    ]);
    await untouched();
    expect((await bulkSet(many.slice(1))).body.bulkActionMetadata.totalSuccesses).toBe(1_000);
  });

  test.each([{}, { attendanceDetails: null }, { attendanceDetails: [] }])('nothing to set: %j', async (body) => {
    const answer = await api.post(`${bulk}/set`).send(body);
    expect([answer.status, answer.body.details.applicationError.code]).toEqual([400, 'ATTENDANCES_MISSING_IN_REQUEST']);
  });

  test.each<[unknown, string, string]>([
    [{ attendanceDetails: 'x' }, 'attendanceDetails', 'FORMAT'],
    [{ attendanceDetails: [null] }, 'attendanceDetails.0', 'FORMAT'],
    [{ attendanceDetails: [{}] }, 'attendanceDetails.0.attendance', 'REQUIRED_FIELD'],
    [{ attendanceDetails: [{ attendance: 'x' }] }, 'attendanceDetails.0.attendance', 'REQUIRED_FIELD'],
    [{ attendanceDetails: [], returnFullEntity: 'yes' }, 'returnFullEntity', 'FORMAT'],
  ])('%j is refused', async (body, field, violatedRule) => {
    const answer = await api.post(`${bulk}/set`).send(body as object);
    expect([answer.status, violationOf(answer.body)]).toEqual([400, expect.objectContaining({ field, violatedRule })]);
  });

  test.each<[unknown, string, string]>([
    [{}, 'attendanceIds', 'REQUIRED_FIELD'],
    [{ attendanceIds: [] }, 'attendanceIds', 'MIN_SIZE'],
    [{ attendanceIds: 'x' }, 'attendanceIds', 'FORMAT'],
    [{ attendanceIds: [5] }, 'attendanceIds.0', 'FORMAT'],
    [{ attendanceIds: [attendance(2, DAY), 'x'] }, 'attendanceIds.1', 'FORMAT'],
    [{ attendanceIds: Array(1_001).fill('x') }, 'attendanceIds', 'MAX_SIZE'],
  ])('removing %j is refused', async (body, field, violatedRule) => {
    await api.mark([api.world.enrollments.ada, DAY, absent]);
    const answer = await api.post(`${bulk}/delete`).send(body as object);
    expect([answer.status, violationOf(answer.body)]).toEqual([400, expect.objectContaining({ field, violatedRule })]);
    expect(await marks()).toHaveLength(1);
  });

  test('removes many, under the other path too', async () => {
    const { ada, grace, eve } = api.world.enrollments;
    await api.mark([ada, DAY, absent], [grace, DAY, late]);
    const ids = [attendance(grace, DAY), attendance(eve, DAY), attendance(ada, DAY), attendance(ada, DAY)];
    const { body } = await api.post('/bookings/attendance/v2/bulk/attendance/delete').send({ attendanceIds: ids });
    expect(
      body.results.map(({ itemMetadata }: { itemMetadata: { id: string; success: boolean } }) => [
        itemMetadata.id,
        itemMetadata.success,
      ]),
    ).toEqual([
      [ids[0], true],
      [ids[1], false],
      [ids[2], true],
      [ids[3], true],
    ]);
    expect(await marks()).toEqual([]);
  });
});

test('sets at the same time wait for each other: of late and not attended, the last one stands whole', async () => {
  await api.mark([api.world.enrollments.ada, DAY, late]);
  await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      set({ status: index % 2 ? 'ATTENDED' : 'NOT_ATTENDED', numberOfAttendees: index + 2 }),
    ),
  );
  const rows = (await journal()).filter(({ api: name }) => name === 'wix').reverse();
  for (const [index, row] of rows.entries())
    expect(row.from_status).toBe(index === 0 ? late : rows[index - 1]!.to_status);
  expect(await kept()).toHaveLength(1);
});

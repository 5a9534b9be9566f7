import * as attendance from '@wix/auto_sdk_bookings_attendance';
import { ApiKeyStrategy, createClient } from '@wix/sdk';
import { type Api, openApi } from '../../api';
import { attendance as attendanceId, booking, event, takeRolls } from './school';

/** Wix's own client, as it is on npm, against the service: every method, both kinds of query, every error. */
let api: Api;
beforeEach(async () => {
  api = await openApi();
  await takeRolls(api);
});
afterEach(() => api.close());

const sdk = (token = api.token) =>
  createClient({
    modules: { attendance },
    auth: ApiKeyStrategy({ apiKey: token, siteId: 'any' }),
    fetch: ((url: string, init: RequestInit) => {
      const { pathname, search } = new URL(String(url));
      return fetch(new URL(pathname + search, api.url), init);
    }) as typeof fetch,
  }).attendance;

type Page = attendance.AttendancesQueryResult;
const idsOf = (page: Page) => page.items.map(({ _id }) => _id);
/** What the call is rejected with; an answer instead fails the assertion on it. */
const fails = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const nextDay = '2025-10-09';

test('sets an attendance and gets it by its id', async () => {
  const { grace } = api.world.enrollments;
  const eventId = event(api.world.sections.algebra, nextDay);
  const set = await sdk().setAttendance(
    { bookingId: booking(grace), eventId, status: 'ATTENDED', numberOfAttendees: 3 },
    { participantNotification: { notifyParticipants: true, message: 'see you' } },
  );
  expect(set.attendance).toEqual({
    _id: attendanceId(grace, nextDay),
    bookingId: booking(grace),
    eventId,
    sessionId: eventId,
    status: 'ATTENDED',
    numberOfAttendees: 3,
  });
  expect(await sdk().getAttendance(set.attendance!._id!)).toEqual(set.attendance);
});

test('sets many at once, each with its own result', async () => {
  const { ada, grace } = api.world.enrollments;
  const { algebra, biology } = api.world.sections;
  const { results, bulkActionMetadata } = await sdk().bulkSetAttendance({
    returnFullEntity: true,
    attendanceDetails: [
      { attendance: { bookingId: booking(ada), eventId: event(algebra, nextDay), status: 'NOT_ATTENDED' } },
      { attendance: { bookingId: booking(grace), eventId: event(biology, nextDay), status: 'ATTENDED' } },
    ],
  });
  expect(bulkActionMetadata).toEqual({ totalSuccesses: 1, totalFailures: 1, undetailedFailures: 0 });
  expect(results).toEqual([
    {
      item: expect.objectContaining({ _id: attendanceId(ada, nextDay), status: 'NOT_ATTENDED', numberOfAttendees: 1 }),
      itemMetadata: { _id: attendanceId(ada, nextDay), originalIndex: 0, success: true },
    },
    {
      itemMetadata: {
        originalIndex: 1,
        success: false,
        error: {
          code: 'INVALID_ARGUMENT',
          description: 'The booking is not part of such an event.',
          data: { field: 'attendance.eventId' },
        },
      },
    },
  ]);
});

test('deletes one attendance, and several', async () => {
  const { ada, alan } = api.world.enrollments;
  const ids = [attendanceId(ada, '2025-10-01'), attendanceId(alan, '2025-10-07')];
  await sdk().deleteAttendance(ids[0]!);
  expect((await sdk().getAttendance(ids[0]!)).status).toBe('ATTENDED');
  const { results, bulkActionMetadata } = await sdk().bulkDeleteAttendances([ids[1]!, attendanceId(ada, '2025-12-01')]);
  expect(bulkActionMetadata).toMatchObject({ totalSuccesses: 1, totalFailures: 1 });
  expect(results!.map(({ itemMetadata }) => [itemMetadata!._id, itemMetadata!.error?.code])).toEqual([
    [ids[1], undefined],
    [attendanceId(ada, '2025-12-01'), 'ATTENDANCE_NOT_FOUND'],
  ]);
  expect(
    await api.world.ledger.marks({ district: api.world.districts.larkspur, section: api.world.sections.algebra }),
  ).toEqual([{ enrollment_id: api.world.enrollments.grace, date: '2025-10-01', status: 3, comment: '' }]);
});

test('counts', async () => {
  expect(await sdk().countAttendances()).toEqual({ count: 12 });
  expect(await sdk().countAttendances({ filter: { status: 'NOT_ATTENDED' } })).toEqual({ count: 3 });
});

test('the builder walks to the end and back', async () => {
  const everything = await sdk().queryAttendance().limit(100).find();
  expect(everything.items).toHaveLength(12);
  expect([everything.hasNext(), everything.hasPrev()]).toEqual([false, false]);
  const pages = [await sdk().queryAttendance().ascending('_id').limit(5).find()];
  while (pages.at(-1)!.hasNext()) pages.push(await pages.at(-1)!.next());
  expect(pages.map(({ length }) => length)).toEqual([5, 5, 2]);
  expect(pages.flatMap(idsOf)).toEqual(idsOf(everything));
  let page = pages.at(-1)!;
  for (const expected of pages.slice(0, -1).reverse()) {
    page = await page.prev();
    expect(page.items).toEqual(expected.items);
  }
  expect(page.hasPrev()).toBe(false);
  await expect(page.prev()).rejects.toThrow('No previous page');
  const skipped = await sdk().queryAttendance().limit(7).skipTo(pages[0]!.cursors.next!).find();
  expect(idsOf(skipped)).toEqual(idsOf(everything).slice(5));
});

test('a booking across its meetings, a meeting across its bookings, a status across the district', async () => {
  const { ada, grace, katherine, alan, adaInBiology } = api.world.enrollments;
  const { algebra } = api.world.sections;
  const shown = (page: Page) => page.items.map(({ bookingId, eventId, status }) => [bookingId, eventId, status]);
  expect(shown(await sdk().queryAttendance().eq('bookingId', booking(ada)).find())).toEqual([
    [booking(ada), event(algebra, '2025-10-01'), 'NOT_ATTENDED'],
    [booking(ada), event(algebra, '2025-10-07'), 'ATTENDED'],
    [booking(ada), event(algebra, '2025-10-08'), 'NOT_SET'],
  ]);
  const ofMeeting = await sdk().queryAttendance().eq('sessionId', event(algebra, '2025-10-07')).find();
  expect(ofMeeting.items.map(({ bookingId, status }) => [bookingId, status])).toEqual([
    [booking(ada), 'ATTENDED'],
    [booking(grace), 'ATTENDED'],
    [booking(alan), 'NOT_ATTENDED'],
    [booking(katherine), 'ATTENDED'],
  ]);
  const absent = await sdk().queryAttendance().eq('status', 'NOT_ATTENDED').ascending('_id').limit(3).find();
  expect(idsOf(absent)).toEqual([
    attendanceId(ada, '2025-10-01'),
    attendanceId(alan, '2025-10-07'),
    attendanceId(adaInBiology, '2025-10-07'),
  ]);
});

test('everything else that the builder can say', async () => {
  const { ada, grace } = api.world.enrollments;
  const { algebra } = api.world.sections;
  const count = async (build: (query: attendance.AttendancesQueryBuilder) => attendance.AttendancesQueryBuilder) =>
    (await build(sdk().queryAttendance()).find()).items.length;
  await sdk().setAttendance({
    bookingId: booking(grace),
    eventId: event(algebra, '2025-10-01'),
    status: 'ATTENDED',
    numberOfAttendees: 4,
  });
  expect(await count((query) => query.ne('status', 'ATTENDED'))).toBe(7);
  expect(await count((query) => query.in('bookingId', [booking(ada), booking(grace)]))).toBe(6);
  expect(await count((query) => query.gt('numberOfAttendees', 1))).toBe(1);
  expect(await count((query) => query.ge('numberOfAttendees', 1).lt('numberOfAttendees', 4))).toBe(11);
  expect(await count((query) => query.le('numberOfAttendees', 4).ne('_id', attendanceId(ada, '2025-10-01')))).toBe(11);
  const sorted = await sdk().queryAttendance().descending('numberOfAttendees').limit(2).find();
  expect(sorted.items.map(({ numberOfAttendees }) => numberOfAttendees)).toEqual([4, 1]);
  expect((await (await sdk().queryAttendance().ascending('eventId').limit(9).find()).next()).length).toBe(3);
});

test('the typed query, and what its utility builds', async () => {
  const { ada, grace } = api.world.enrollments;
  const { Filter, QueryBuilder, Sort } = attendance.utils.query;
  const first = await sdk().queryAttendance({ filter: { bookingId: booking(ada) }, cursorPaging: { limit: 2 } });
  expect(first.attendances).toHaveLength(2);
  expect(first.pagingMetadata).toEqual({ cursors: { next: expect.any(String) }, hasNext: true });
  const second = await sdk().queryAttendance({ cursorPaging: { cursor: first.pagingMetadata!.cursors!.next! } });
  expect(second.attendances!.map(({ _id }) => _id)).toEqual([attendanceId(ada, '2025-10-08')]);
  expect(second.pagingMetadata).toEqual({ cursors: { prev: expect.any(String) }, hasNext: false });
  const built = QueryBuilder()
    .withFilter(
      Filter.and(
        Filter.or(Filter('bookingId').eq(booking(ada)), Filter('bookingId').eq(booking(grace))),
        Filter.not(Filter('status').eq('NOT_SET')),
        Filter('numberOfAttendees').gte(1).lt(5),
      ),
    )
    .withSorting(Sort('status').asc())
    .withPaging({ limit: 3 })
    .build();
  const some = { filter: { status: { $hasSome: ['NOT_SET', 'NOT_ATTENDED'] } } };
  expect((await sdk().queryAttendance(some as never)).attendances).toHaveLength(7);
  const { attendances } = await sdk().queryAttendance(built as never);
  expect(attendances!.map(({ _id, status }) => [_id, status])).toEqual([
    [attendanceId(ada, '2025-10-07'), 'ATTENDED'],
    [attendanceId(grace, '2025-10-01'), 'ATTENDED'],
    [attendanceId(grace, '2025-10-07'), 'ATTENDED'],
  ]);
});

test('says every error in the words that the SDK reads', async () => {
  const { ada } = api.world.enrollments;
  const eventId = event(api.world.sections.algebra, nextDay);
  const application = (code: string) => ({ applicationError: expect.objectContaining({ code }) });
  const violated = (field: string, violatedRule: string) => ({
    validationError: { fieldViolations: [expect.objectContaining({ field, violatedRule })] },
  });
  const reader = (await api.as({ scopes: ['attendance:read'] })).token;

  expect(await fails(sdk().getAttendance(attendanceId(ada, '2025-12-01')))).toMatchObject({
    status: 404,
    requestId: expect.stringMatching(/^[\da-f-]{36}$/),
    details: application('ATTENDANCE_NOT_FOUND'),
  });
  expect(await fails(sdk().deleteAttendance(attendanceId(ada, '2025-12-01')))).toMatchObject({
    status: 404,
    details: application('ATTENDANCE_NOT_FOUND'),
  });
  expect(await fails(sdk().getAttendance(undefined as never))).toMatchObject({
    status: 400,
    details: violated('attendanceId', 'FORMAT'),
  });
  expect(await fails(sdk().setAttendance({ bookingId: booking(ada), status: 'ATTENDED' }))).toMatchObject({
    status: 400,
    details: application('SESSION_ID_NOT_PROVIDED'),
  });
  expect(await fails(sdk().setAttendance({ eventId, status: 'ATTENDED' } as never))).toMatchObject({
    status: 400,
    message: expect.stringContaining('bookingId'),
    details: violated('attendance.bookingId', 'REQUIRED_FIELD'),
  });
  expect(await fails(sdk().bulkSetAttendance())).toMatchObject({
    status: 400,
    details: application('ATTENDANCES_MISSING_IN_REQUEST'),
  });
  expect(await fails(sdk().queryAttendance().limit(1_001).find())).toMatchObject({
    status: 400,
    // The builder itself puts `undefined` where we said `query`; the typed query says `query`.
    details: violated('undefined.cursorPaging.limit', 'OUT_OF_RANGE'),
  });
  expect(await fails(sdk().queryAttendance({ cursorPaging: { limit: 1_001 } }))).toMatchObject({
    status: 400,
    details: violated('query.cursorPaging.limit', 'OUT_OF_RANGE'),
  });
  expect(await fails(sdk('unknown').queryAttendance().find())).toMatchObject({
    status: 401,
    details: application('UNAUTHENTICATED'),
  });
  expect(await fails(sdk(reader).deleteAttendance(attendanceId(ada, '2025-10-01')))).toMatchObject({
    status: 403,
    details: application('PERMISSION_DENIED'),
  });
});

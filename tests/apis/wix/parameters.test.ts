import { type Api, openApi } from '../../api';
import { attendance, booking, event, takeRolls } from './school';

/*
 * The walk through what Wix documents of attendances: each field of each method's request is honoured, which an answer
 * shows, or refused with a violation that names it. A participantNotification is taken, and not kept. At each of the
 * addresses of the service.
 */

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await takeRolls(api);
});
afterAll(() => api.close());

const services = ['/bookings/bookings-attendance', '/bookings/v2/attendance', '/bookings/attendance/v2/attendance'];
const bulkServices = ['/bookings/v2/bulk/attendance', '/bookings/attendance/v2/bulk/attendance'];
const DAY = '2025-10-01';

const everything = () =>
  Promise.all(
    ['meetings', 'marks', 'presences', 'journal', 'wix_attendances'].map((table) =>
      api.world.database.knex(table).orderBy(1),
    ),
  );

/** The same, but for when. */
const kept = async (): Promise<unknown> =>
  JSON.parse(JSON.stringify(await everything(), (name, value: unknown) => (name.endsWith('_at') ? undefined : value)));

/** Refused by this name, and nothing is changed. */
async function refused(path: string, body: object, field: string, rule: string) {
  const before = await everything();
  const answer = await api.post(path).send(body);
  expect([path, answer.status, answer.body]).toEqual([
    path,
    400,
    {
      message: 'INVALID_ARGUMENT',
      details: {
        validationError: {
          fieldViolations: [
            { field, violatedRule: rule, description: expect.stringMatching(/./), data: expect.any(Object) },
          ],
        },
      },
    },
  ]);
  expect(await everything()).toEqual(before);
}

describe.each(services)('a query at %s', (service) => {
  const count = async (query: object) => {
    const { status, body } = await api.post(`${service}/query`).send({ query });
    return status === 200 ? (body.attendances.length as number) : body;
  };
  const ids = () => {
    const { ada } = api.world.enrollments;
    return {
      id: attendance(ada, DAY),
      bookingId: booking(ada),
      eventId: event(api.world.sections.algebra, DAY),
      sessionId: event(api.world.sections.algebra, DAY),
      status: 'NOT_ATTENDED',
      numberOfAttendees: 1,
    } as const;
  };
  const all = 12;
  const having = { id: 1, bookingId: 3, eventId: 3, sessionId: 3, status: 3, numberOfAttendees: all } as const;
  type Name = keyof typeof having;
  const names = Object.keys(having) as Name[];

  test.each(names)('filters by %s with each operator that it has', async (name) => {
    const value = ids()[name];
    const found = having[name];
    expect(await count({ filter: { [name]: value } })).toBe(found);
    expect(await count({ filter: { [name]: { $eq: value } } })).toBe(found);
    expect(await count({ filter: { [name]: { $in: [value] } } })).toBe(found);
    expect(await count({ filter: { [name]: { $hasSome: [value] } } })).toBe(found);
    expect(await count({ filter: { [name]: { $ne: value } } })).toBe(all - found);
    expect(await count({ filter: { [name]: { $nin: [value] } } })).toBe(all - found);
    expect(await count({ filter: { $not: { [name]: value } } })).toBe(all - found);
    expect(await count({ filter: { $and: [{ [name]: value }, { status: 'NOT_SET' }] } })).not.toBe(all);
  });

  test('filters by numberOfAttendees with the operators of an order', async () => {
    for (const [operator, expected] of [
      ['$lt', 0],
      ['$lte', all],
      ['$gt', 0],
      ['$gte', all],
    ] as const)
      expect([operator, await count({ filter: { numberOfAttendees: { [operator]: 1 } } })]).toEqual([
        operator,
        expected,
      ]);
  });

  test.each(names)('has no other operators of the query language for %s', async (name) => {
    const others = ['$exists', '$startsWith', '$contains', '$hasAll', '$isEmpty', '$urlized', '$matchItems'];
    const ordered = name === 'numberOfAttendees' ? [] : ['$lt', '$lte', '$gt', '$gte'];
    for (const operator of [...others, ...ordered])
      await refused(
        `${service}/query`,
        { query: { filter: { [name]: { [operator]: ids()[name] } } } },
        `query.filter.${name}.${operator}`,
        'FIELD_NOT_ALLOWED',
      );
  });

  test.each(['participantId', 'serviceId', '_id', 'createdDate'])('has no field %s', async (name) => {
    await refused(
      `${service}/query`,
      { query: { filter: { [name]: 'x' } } },
      `query.filter.${name}`,
      'FIELD_NOT_ALLOWED',
    );
  });

  test.each(names)('sorts by %s', async (fieldName) => {
    expect(await count({ sort: [{ fieldName, order: 'ASC' }] })).toBe(all);
    if (fieldName === 'numberOfAttendees') expect(await count({ sort: [{ fieldName, order: 'DESC' }] })).toBe(all);
    else
      await refused(
        `${service}/query`,
        { query: { sort: [{ fieldName, order: 'DESC' }] } },
        'query.sort.0.order',
        'INVALID_ENUM_VALUE',
      );
  });

  test('goes by pages, of either paging', async () => {
    expect(await count({ cursorPaging: { limit: 5 } })).toBe(5);
    expect(await count({ paging: { limit: 5 } })).toBe(5);
    expect(await count({ paging: { limit: 5, offset: 0 }, cursorPaging: { limit: 5 } })).toBe(5);
    const { body } = await api.post(`${service}/query`).send({ query: { cursorPaging: { limit: 5 } } });
    const { next: cursor } = body.pagingMetadata.cursors;
    expect(await count({ cursorPaging: { cursor, limit: 100 } })).toBe(all - 5);
    const path = `${service}/query`;
    await refused(path, { query: { paging: { offset: 1 } } }, 'query.paging.offset', 'FIELD_NOT_ALLOWED');
    const both = { paging: { limit: 5 }, cursorPaging: { limit: 6 } };
    await refused(path, { query: both }, 'query.paging.limit', 'ONE_OF_ALIGNMENT');
    for (const more of [{ filter: { status: 'NOT_SET' } }, { sort: [{ fieldName: 'id' }] }])
      await refused(
        path,
        { query: { ...more, cursorPaging: { cursor } } },
        'query.cursorPaging.cursor',
        'INVALID_CURSOR',
      );
  });

  test.each(['fields', 'fieldsets'])('has no projection by %s', async (name) => {
    await refused(`${service}/query`, { query: { [name]: ['status'] } }, `query.${name}`, 'FIELD_NOT_ALLOWED');
    expect(await count({ [name]: [] })).toBe(all);
  });

  test.each(['filter', 'sort', 'cursorPaging', 'paging', 'fields'])(
    'passes over no %s outside of query',
    async (name) => {
      await refused(`${service}/query`, { query: {}, [name]: { status: 'NOT_SET' } }, name, 'FIELD_NOT_ALLOWED');
    },
  );

  test.each(['Filter', 'FILTER', 'filters', 'where', 'Sort', 'cursorpaging', 'limit', 'cursor', '__proto__'])(
    'a query has no %s',
    async (name) => {
      const query = JSON.parse(`{ ${JSON.stringify(name)}: { "status": "NOT_SET" } }`) as object;
      await refused(`${service}/query`, { query }, `query.${name}`, 'FIELD_NOT_ALLOWED');
    },
  );

  test('a field that a query does not have may be there where it says nothing', async () => {
    for (const nothing of [null, {}, []]) expect(await count({ filters: nothing, where: nothing })).toBe(all);
  });

  test.each([
    ['cursorPaging.Limit', { cursorPaging: { Limit: 1 } }],
    ['cursorPaging.offset', { cursorPaging: { offset: 1 } }],
    ['cursorPaging.Cursor', { cursorPaging: { Cursor: 'x' } }],
    ['paging.cursor', { paging: { cursor: 'x' } }],
    ['paging.Offset', { paging: { Offset: 5 } }],
    ['sort.1.direction', { sort: [{ fieldName: 'id' }, { fieldName: 'eventId', direction: 'DESC' }] }],
    ['sort.0.Order', { sort: [{ fieldName: 'numberOfAttendees', Order: 'DESC' }] }],
    ['filter.Status', { filter: { Status: 'NOT_SET' } }],
  ])('a query has no %s', async (field, query) => {
    await refused(`${service}/query`, { query }, `query.${field}`, 'FIELD_NOT_ALLOWED');
  });

  test.each(['Query', 'queries', 'Filter', 'where'])('a body has no %s', async (name) => {
    await refused(`${service}/query`, { [name]: { filter: {} } }, name, 'FIELD_NOT_ALLOWED');
    await refused(`${service}/count`, { [name]: { status: 'NOT_SET' } }, name, 'FIELD_NOT_ALLOWED');
  });

  test('a count takes a filter, and nothing else', async () => {
    const { body } = await api.post(`${service}/count`).send({ filter: { bookingId: ids().bookingId } });
    expect(body).toEqual({ count: 3 });
    for (const name of ['query', 'sort', 'cursorPaging', 'paging', 'fields', 'fieldsets'])
      await refused(`${service}/count`, { [name]: { filter: {} } }, name, 'FIELD_NOT_ALLOWED');
  });

  test('an id that is said twice is the same id', async () => {
    const [one, other] = [ids().id, attendance(api.world.enrollments.grace, DAY)];
    expect((await api.get(`${service}/${one}?attendanceId=${one}`)).status).toBe(200);
    for (const call of [
      api.get(`${service}/${one}?attendanceId=${other}`),
      api.delete(`${service}/${one}?attendanceId=${other}`),
    ]) {
      const { status, body } = await call;
      expect([status, body.details.validationError.fieldViolations[0].field]).toEqual([400, 'attendanceId']);
    }
    for (const name of ['attendanceID', 'AttendanceId'])
      for (const call of [api.get(`${service}/${one}?${name}=x`), api.delete(`${service}/${one}?${name}=x`)]) {
        const { status, body } = await call;
        expect([status, body.details.validationError.fieldViolations[0].field]).toEqual([400, name]);
      }
    expect((await api.get(`${service}/${one}`)).body.attendance.status).toBe('NOT_ATTENDED');
  });
});

const wish = (more: object = {}) => ({
  bookingId: booking(api.world.enrollments.grace),
  eventId: event(api.world.sections.algebra, '2025-10-08'),
  status: 'NOT_ATTENDED',
  ...more,
});
const id = () => attendance(api.world.enrollments.grace, '2025-10-08');

/** How one is set at each address, and where it stands in the body. */
const setters: [path: string, prefix: string, body: (attendance: unknown, notification?: object | null) => object][] = [
  ...services.map((service): (typeof setters)[number] => [
    `${service}/set`,
    '',
    (attendance, participantNotification) => ({ attendance, participantNotification }),
  ]),
  ...bulkServices.map((service): (typeof setters)[number] => [
    `${service}/set`,
    'attendanceDetails.0.',
    (attendance, participantNotification) => ({
      attendanceDetails: [{ attendance, participantNotification }],
      returnFullEntity: true,
    }),
  ]),
];

describe.each(setters)('a set at %s', (path, prefix, bodyOf) => {
  const set = async (attendance: unknown, notification?: object | null) => {
    const { status, body } = await api.post(path).send(bodyOf(attendance, notification));
    expect(status).toBe(200);
    return body.attendance ?? body.results[0].item;
  };

  test('honours every field of an attendance', async () => {
    const full = wish({ id: id(), sessionId: wish().eventId, status: 'ATTENDED', numberOfAttendees: 3 });
    expect(await set(full)).toEqual(full);
    expect(await set(wish())).toEqual({ ...full, status: 'NOT_ATTENDED' });
    expect(await set(wish({ numberOfAttendees: null }))).toEqual({
      ...full,
      status: 'NOT_ATTENDED',
      numberOfAttendees: 1,
    });
    expect(await set(wish({ eventId: undefined, sessionId: wish().eventId }))).toMatchObject({
      eventId: wish().eventId,
    });
    expect((await set(wish({ status: 'NOT_SET' }))).status).toBe('NOT_SET');
  });

  test('refuses what is written in other letters, capital or small', async () => {
    for (const name of ['Id', 'SessionId', 'NumberOfAttendees', 'numberofattendees', 'STATUS', 'bookingid', 'eventID'])
      for (const value of [3, null])
        await refused(path, bodyOf(wish({ [name]: value })), `${prefix}attendance.${name}`, 'FIELD_NOT_ALLOWED');
    const body = bodyOf(wish(), {});
    const inBulk = 'attendanceDetails' in body;
    const others: [string, object][] = [
      [`${prefix}ParticipantNotification`, {}],
      ...(inBulk ? [] : [['Attendance', {}] as [string, object]]),
    ];
    for (const [field, value] of others) {
      const name = field.split('.').at(-1)!;
      const sent = inBulk ? { attendanceDetails: [{ attendance: wish(), [name]: value }] } : { ...body, [name]: value };
      await refused(path, sent, field, 'FIELD_NOT_ALLOWED');
    }
    if (inBulk) await refused(path, { ...body, ReturnFullEntity: true }, 'ReturnFullEntity', 'FIELD_NOT_ALLOWED');
  });

  test('refuses an id of another booking or event, and one that is none', async () => {
    const { ada, grace } = api.world.enrollments;
    for (const other of [attendance(ada, '2025-10-08'), attendance(grace, DAY)])
      await refused(path, bodyOf(wish({ id: other })), `${prefix}attendance.id`, 'INVALID_REFERENCE');
    await refused(path, bodyOf(wish({ id: 'x' })), `${prefix}attendance.id`, 'FORMAT');
  });

  test('takes a participantNotification and keeps nothing of it; what is beside it is set', async () => {
    const message = 'We missed you';
    for (const notification of [{ notifyParticipants: true, message }, { notifyParticipants: 'yes' }, {}, null]) {
      expect((await set(wish({ status: 'ATTENDED' }), notification)).status).toBe('ATTENDED');
      const without = await set(wish());
      const before = await kept();
      expect(await set(wish(), notification)).toEqual(without);
      expect(await kept()).toEqual(before);
    }
  });
});

test.each(bulkServices)('a bulk request at %s answers whole entities where it is asked to', async (service) => {
  const body = { attendanceDetails: [{ attendance: wish() }] };
  const { body: bare } = await api.post(`${service}/set`).send(body);
  expect(bare.results[0]).not.toHaveProperty('item');
  const { body: whole } = await api.post(`${service}/set`).send({ ...body, returnFullEntity: true });
  expect(whole.results[0].item).toMatchObject({ id: id() });
  const { body: removed } = await api.post(`${service}/delete`).send({ attendanceIds: [id()] });
  expect(removed.bulkActionMetadata).toEqual({ totalSuccesses: 1, totalFailures: 0, undetailedFailures: 0 });
});

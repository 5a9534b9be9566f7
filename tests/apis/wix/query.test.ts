import fc from 'fast-check';
import { uuidOf } from '../../../src/apis/wix/attendance';
import { type Api, openApi } from '../../api';
import { runs } from '../../runs';
import { attendance, booking, event, takeRolls } from './school';

let api: Api;
beforeAll(async () => {
  api = await openApi();
  await takeRolls(api);
  const { grace, alan } = api.world.enrollments;
  const { algebra } = api.world.sections;
  for (const [enrollment, date, number] of [
    [grace, '2025-10-01', 3],
    [alan, '2025-10-07', 2],
    [grace, '2025-10-08', 4],
  ] as const)
    await api.world.database.knex('wix_attendances').insert({
      district_id: api.world.districts.larkspur,
      enrollment_id: enrollment,
      date,
      number_of_attendees: number,
    });
  all = (await query({ cursorPaging: { limit: 100 } })).body.attendances;
  expect(all).toHaveLength(12);
  expect(all[0]!.eventId).toBe(event(algebra, '2025-10-01'));
});
afterAll(() => api.close());

interface Attendance {
  readonly id: string;
  readonly bookingId: string;
  readonly eventId: string;
  readonly sessionId: string;
  readonly status: string;
  readonly numberOfAttendees: number;
}
let all: Attendance[];

const services = ['/bookings/bookings-attendance', '/bookings/v2/attendance', '/bookings/attendance/v2/attendance'];
const query = (query: unknown, from: Api = api) => from.post(`${services[0]}/query`).send({ query } as object);
const found = async (filter: unknown) => (await query({ filter })).body.attendances as Attendance[];

test.each(services)('%s answers query, count and get, with the name of the request', async (service) => {
  const answers = [
    await api.post(`${service}/query`).send({}),
    await api.post(`${service}/count`).send({}),
    await api.get(`${service}/${all[0]!.id}?attendanceId=${all[0]!.id}`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(answers.map(({ body }) => body)).toEqual([
    { attendances: all, pagingMetadata: { cursors: {}, hasNext: false } },
    { count: 12 },
    { attendance: all[0] },
  ]);
  const names = answers.map(({ headers }) => headers['x-wix-request-id']);
  expect(new Set(names).size).toBe(3);
  for (const name of names) expect(name).toMatch(/^[\da-f-]{36}$/);
});

test.each([
  [{}],
  [{ query: null }],
  [{ query: {} }],
  [{ query: { filter: null, sort: null, cursorPaging: null, paging: null } }],
  [{ query: { cursorPaging: { cursor: '', limit: null } } }],
])('%j is the default query: everything by id, fifty a page', async (body) => {
  const answer = await api.post(`${services[1]}/query`).send(body);
  expect([answer.status, answer.body.attendances]).toEqual([200, all]);
});

test('fifty a page where nothing is said, a thousand at most', async () => {
  const { knex } = api.world.database;
  const { larkspur } = api.world.districts;
  const { biology } = api.world.sections;
  const days = Array.from({ length: 60 }, (_, day) => new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10));
  await knex('meetings').insert(
    days.map((date) => ({ district_id: larkspur, section_id: biology, date, taken_at: null })),
  );
  expect((await query({})).body.attendances).toHaveLength(50);
  expect((await query({ paging: { limit: 55 } })).body.attendances).toHaveLength(55);
  expect((await query({ cursorPaging: { limit: 1_000 } })).body.attendances).toHaveLength(72);
  await knex('meetings').where('date', '>=', '2026-01-01').delete();
});

test('a token alone, after Bearer, or none', async () => {
  const call = (authorization?: string) =>
    fetch(`${api.url}${services[0]}/count`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
    });
  expect((await call(api.token)).status).toBe(200);
  expect((await call(`Bearer ${api.token}`)).status).toBe(200);
  for (const authorization of [undefined, 'unknown', 'Bearer unknown', 'a b c']) {
    const refused = await call(authorization);
    expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([401, expect.stringContaining('Bearer')]);
    expect(await refused.json()).toMatchObject({
      details: { applicationError: { code: 'UNAUTHENTICATED', data: {} } },
    });
  }
});

test('a client without the scope is refused', async () => {
  const writer = await api.as({ scopes: ['attendance:write'] });
  for (const answer of [await query({}, writer), await writer.get(`${services[0]}/${all[0]!.id}`)]) {
    expect(answer.status).toBe(403);
    expect(answer.body.details.applicationError.code).toBe('PERMISSION_DENIED');
  }
});

test('a person sees what they teach; what they do not is not found', async () => {
  const mendel = await api.as({ person: api.world.people.mendel });
  const { adaInBiology, ada } = api.world.enrollments;
  const theirs = (await query({}, mendel)).body.attendances;
  expect(theirs.map(({ id }: Attendance) => id)).toEqual([attendance(adaInBiology, '2025-10-07')]);
  expect((await mendel.post(`${services[0]}/count`).send({})).body).toEqual({ count: 1 });
  expect((await mendel.get(`${services[0]}/${attendance(ada, '2025-10-01')}`)).status).toBe(404);
});

test('what is of another district, of another kind, or of nobody is not found', async () => {
  const { eve, ada, noether } = api.world.enrollments;
  const elsewhere = { ...api.world.actor, district: api.world.districts.elsewhere };
  await api.world.ledger.record([{ enrollment: eve, date: '2025-10-01', status: 2 }], elsewhere);
  const ids = [
    attendance(eve, '2025-10-01'),
    attendance(999_999, '2025-10-01'),
    attendance(ada, '2025-12-24'),
    attendance(noether, '2025-10-01'),
    booking(ada),
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ];
  for (const id of ids) {
    const answer = await api.get(`${services[0]}/${id}`);
    expect([answer.status, answer.body]).toEqual([
      404,
      {
        message: 'attendance not found',
        details: { applicationError: { code: 'ATTENDANCE_NOT_FOUND', description: 'attendance not found', data: {} } },
      },
    ]);
    expect(await found({ id })).toEqual([]);
  }
  expect(await found({ bookingId: booking(eve) })).toEqual([]);
  expect(await found({ eventId: 'somebody-elses-event-that-is-no-GUID-at-all' })).toEqual([]);
});

test.each(['GET', 'PUT', 'PATCH', 'DELETE'])('there is no %s of query', async (method) => {
  const answer = await fetch(`${api.url}${services[0]}/query`, { method, headers: { authorization: api.token } });
  expect(answer.status).toBe(405);
});

describe('what is wrong is a 400 that names the field and the rule', () => {
  const deep = (levels: number): object => (levels === 0 ? { status: 'ATTENDED' } : { $and: [deep(levels - 1)] });
  const notDeep = (levels: number): object => (levels === 0 ? {} : { $not: notDeep(levels - 1) });
  const many = Array.from({ length: 10_000 }, (_, index) => uuidOf('enrollment', { id: index + 1 }));
  const limit = 'query.cursorPaging.limit';
  const cursor = 'query.cursorPaging.cursor';

  test.each<[string, unknown, string, string]>([
    ['limit 0', { cursorPaging: { limit: 0 } }, limit, 'OUT_OF_RANGE'],
    ['limit -1', { cursorPaging: { limit: -1 } }, limit, 'OUT_OF_RANGE'],
    ['limit 1001', { cursorPaging: { limit: 1_001 } }, limit, 'OUT_OF_RANGE'],
    ['limit "abc"', { cursorPaging: { limit: 'abc' } }, limit, 'OUT_OF_RANGE'],
    ['limit "5"', { cursorPaging: { limit: '5' } }, limit, 'OUT_OF_RANGE'],
    ['limit 1.5', { cursorPaging: { limit: 1.5 } }, limit, 'OUT_OF_RANGE'],
    ['limit 1e400', { cursorPaging: { limit: Number.POSITIVE_INFINITY }, filter: 1 }, 'query.filter', 'FORMAT'],
    ['limit of paging', { paging: { limit: 0 } }, 'query.paging.limit', 'OUT_OF_RANGE'],
    ['offset', { paging: { limit: 5, offset: 5 } }, 'query.paging.offset', 'FIELD_NOT_ALLOWED'],
    ['query a string', 'status', 'query', 'FORMAT'],
    ['query a list', [], 'query', 'FORMAT'],
    ['cursorPaging a number', { cursorPaging: 5 }, 'query.cursorPaging', 'FORMAT'],
    ['filter a string', { filter: 'status' }, 'query.filter', 'FORMAT'],
    ['filter a list', { filter: [] }, 'query.filter', 'FORMAT'],
    ['unknown field', { filter: { colour: 'red' } }, 'query.filter.colour', 'FIELD_NOT_ALLOWED'],
    [
      'prototype',
      { filter: JSON.parse('{"__proto__":{"status":"ATTENDED"}}') },
      'query.filter.__proto__',
      'FIELD_NOT_ALLOWED',
    ],
    ['constructor', { filter: { constructor: 1 } }, 'query.filter.constructor', 'FIELD_NOT_ALLOWED'],
    ['unknown operator', { filter: { status: { $regex: 'A' } } }, 'query.filter.status.$regex', 'FIELD_NOT_ALLOWED'],
    [
      'inherited operator',
      { filter: { numberOfAttendees: { toString: 1 } } },
      'query.filter.numberOfAttendees.toString',
      'FIELD_NOT_ALLOWED',
    ],
    ['$gt of a status', { filter: { status: { $gt: 'A' } } }, 'query.filter.status.$gt', 'FIELD_NOT_ALLOWED'],
    ['no operator', { filter: { status: {} } }, 'query.filter.status', 'REQUIRED_FIELD'],
    ['unknown status', { filter: { status: 'LATE' } }, 'query.filter.status', 'INVALID_ENUM_VALUE'],
    ['a list as a value', { filter: { status: ['ATTENDED'] } }, 'query.filter.status', 'INVALID_ENUM_VALUE'],
    ['$in of no list', { filter: { status: { $in: 'ATTENDED' } } }, 'query.filter.status.$in', 'FORMAT'],
    ['$and of no list', { filter: { $and: {} } }, 'query.filter.$and', 'FORMAT'],
    ['$or of strings', { filter: { $or: ['x'] } }, 'query.filter.$or.0', 'FORMAT'],
    ['id no GUID', { filter: { id: '7' } }, 'query.filter.id', 'FORMAT'],
    ['bookingId a number', { filter: { bookingId: 7 } }, 'query.filter.bookingId', 'FORMAT'],
    ['eventId too short', { filter: { eventId: 'x' } }, 'query.filter.eventId', 'FORMAT'],
    ['eventId too long', { filter: { eventId: 'x'.repeat(251) } }, 'query.filter.eventId', 'FORMAT'],
    ['bookingId with NUL', { filter: { bookingId: '\u0000' } }, 'query.filter.bookingId', 'FORMAT'],
    ['a half attendee', { filter: { numberOfAttendees: 1.5 } }, 'query.filter.numberOfAttendees', 'FORMAT'],
    [
      'too many attendees',
      { filter: { numberOfAttendees: { $lt: 1e300 } } },
      'query.filter.numberOfAttendees.$lt',
      'FORMAT',
    ],
    ['10,000 values', { filter: { bookingId: { $in: many } } }, 'query.filter', 'MAX_SIZE'],
    ['10,000 conditions', { filter: { $or: many.map((bookingId) => ({ bookingId })) } }, 'query.filter', 'MAX_SIZE'],
    ['25 levels', { filter: deep(25) }, 'query.filter', 'MAX_DEPTH'],
    ['25 levels of not', { filter: notDeep(25) }, 'query.filter', 'MAX_DEPTH'],
    ['200 levels', { filter: deep(200) }, 'body', 'FORMAT'],
    ['unknown field to sort by', { sort: [{ fieldName: 'colour' }] }, 'query.sort.0.fieldName', 'INVALID_ENUM_VALUE'],
    ['nothing to sort by', { sort: [{}] }, 'query.sort.0.fieldName', 'INVALID_ENUM_VALUE'],
    ['sort a string', { sort: 'id' }, 'query.sort', 'FORMAT'],
    ['unknown order', { sort: [{ fieldName: 'id', order: 'UP' }] }, 'query.sort.0.order', 'INVALID_ENUM_VALUE'],
    [
      'DESC of a status',
      { sort: [{ fieldName: 'status', order: 'DESC' }] },
      'query.sort.0.order',
      'INVALID_ENUM_VALUE',
    ],
    [
      'DESC of an id',
      { sort: [{ fieldName: 'status' }, { fieldName: 'id', order: 'DESC' }] },
      'query.sort.1.order',
      'INVALID_ENUM_VALUE',
    ],
    ['cursor a number', { cursorPaging: { cursor: 5 } }, cursor, 'FORMAT'],
    ['cursor forged', { cursorPaging: { cursor: 'abc' } }, cursor, 'INVALID_CURSOR'],
    ['cursor of NUL', { cursorPaging: { cursor: '\u0000' } }, cursor, 'INVALID_CURSOR'],
    ['cursor too long', { cursorPaging: { cursor: 'a'.repeat(16_001) } }, cursor, 'MAX_LENGTH'],
  ])('%s', async (_title, given, field, violatedRule) => {
    const { status, body } = await query(given);
    expect([status, body]).toEqual([
      400,
      {
        message: 'INVALID_ARGUMENT',
        details: {
          validationError: {
            fieldViolations: [{ field, violatedRule, description: expect.any(String), data: expect.any(Object) }],
          },
        },
      },
    ]);
  });

  test('no body, no JSON, and JSON that is no object', async () => {
    for (const body of ['', '{', '[]', '"x"', '5', 'null']) {
      const answer = await api.post(`${services[0]}/query`).set('Content-Type', 'application/json').send(body);
      expect([answer.status, answer.body.details.validationError.fieldViolations[0].field]).toEqual([400, 'body']);
    }
  });

  test('count says where its filter is', async () => {
    const { status, body } = await api.post(`${services[0]}/count`).send({ filter: { colour: 'red' } });
    expect([status, body.details.validationError.fieldViolations[0].field]).toEqual([400, 'filter.colour']);
  });

  test.each(['undefined', 'queries', '1', '%00', 'zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz'])(
    'an id that is %s',
    async (id) => {
      const { status, body } = await api.get(`${services[0]}/${id}`);
      expect([status, body.details.validationError.fieldViolations[0]]).toEqual([
        400,
        expect.objectContaining({ field: 'attendanceId', violatedRule: 'FORMAT' }),
      ]);
    },
  );
});

/** What a filter says of an attendance, in the words of Wix: the whole of the specification. */
type Filter = { readonly [key: string]: unknown };
function holds(filter: Filter, row: Attendance): boolean {
  return Object.entries(filter).every(([name, value]) => {
    if (name === '$and') return (value as Filter[]).every((each) => holds(each, row));
    if (name === '$or') return (value as Filter[]).some((each) => holds(each, row));
    if (name === '$not') return !holds(value as Filter, row);
    const operators = typeof value === 'object' && value !== null ? value : { $eq: value };
    return Object.entries(operators).every(([operator, operand]) => compares(operator, operand, row[name as 'id']));
  });
}

function compares(operator: string, operand: unknown, value: string | number): boolean {
  const same = (other: unknown) => String(other).toLowerCase() === String(value).toLowerCase();
  if (operator === '$eq') return same(operand);
  if (operator === '$ne') return !same(operand);
  if (operator === '$in' || operator === '$hasSome') return (operand as unknown[]).some(same);
  if (operator === '$nin') return !(operand as unknown[]).some(same);
  if (operand === null) return false;
  const difference = (value as number) - (operand as number);
  return { $lt: difference < 0, $lte: difference <= 0, $gt: difference > 0, $gte: difference >= 0 }[operator]!;
}

const dates = ['2025-10-01', '2025-10-07', '2025-10-08', '2025-10-09'];
const date = fc.constantFrom(...dates);
const small = fc.integer({ min: 1, max: 9 });
const anyCase = (text: fc.Arbitrary<string>) =>
  fc.tuple(text, fc.boolean()).map(([id, up]) => (up ? id.toUpperCase() : id));
const values: Record<string, fc.Arbitrary<unknown>> = {
  id: anyCase(fc.tuple(small, date).map(([id, day]) => attendance(id, day))),
  bookingId: anyCase(small.map(booking)),
  eventId: fc.tuple(small, date).map(([id, day]) => event(id, day)),
  sessionId: fc.tuple(small, date).map(([id, day]) => event(id, day)),
  status: fc.constantFrom('NOT_SET', 'ATTENDED', 'NOT_ATTENDED'),
  numberOfAttendees: fc.integer({ min: 0, max: 5 }),
};
const leaf = fc.constantFrom(...Object.keys(values)).chain((name) => {
  const value = fc.option(values[name]!, { freq: 8 });
  const list = fc.array(value, { maxLength: 12 });
  const operators = fc.record(
    {
      $eq: value,
      $ne: value,
      $in: list,
      $nin: list,
      $hasSome: list,
      ...(name === 'numberOfAttendees' && { $lt: value, $lte: value, $gt: value, $gte: value }),
    },
    { requiredKeys: [] },
  );
  return fc
    .oneof(
      value,
      operators.filter((each) => Object.keys(each).length > 0),
    )
    .map((each): Filter => ({ [name]: each }));
});
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.tuple(leaf, leaf).map(([one, other]): Filter => ({ ...one, ...other })),
    fc.array(tie('filter'), { maxLength: 3 }).map(($and): Filter => ({ $and })),
    fc.array(tie('filter'), { maxLength: 3 }).map(($or): Filter => ({ $or })),
    tie('filter').map(($not): Filter => ({ $not })),
  ),
}));
const sort = fc.constantFrom(
  [],
  [{ fieldName: 'id' }],
  [{ fieldName: 'eventId', order: 'ASC' }],
  [{ fieldName: 'status' }, { fieldName: 'sessionId' }],
  [{ fieldName: 'numberOfAttendees', order: 'DESC' }],
  [{ fieldName: 'bookingId' }, { fieldName: 'bookingId' }, { fieldName: 'numberOfAttendees', order: 'ASC' }],
);
const sorted = (rows: readonly Attendance[], sort: readonly { fieldName: string; order?: string }[]) =>
  [...rows].sort((one, other) => {
    for (const { fieldName, order } of [...sort, { fieldName: 'id', order: 'ASC' }]) {
      const [a, b] = [one, other].map((row) => row[fieldName as 'id']);
      if (a !== b) return (a! < b! ? -1 : 1) * (order === 'DESC' ? -1 : 1);
    }
    return 0;
  });

test('any filter takes what it says and no more, in any order, and count agrees', async () => {
  await fc.assert(
    fc.asyncProperty(filter, sort, async (filter, sort) => {
      const expected = sorted(
        all.filter((row) => holds(filter, row)),
        sort,
      );
      const answer = await query({ filter, sort });
      expect([answer.status, answer.body.attendances]).toEqual([200, expected]);
      const count = await api.post(`${services[0]}/count`).send({ filter });
      expect(count.body).toEqual({ count: expected.length });
    }),
    { numRuns: runs(80) },
  );
});

test('a walk by cursors meets each row once, forward and back, in pages of any size', async () => {
  await fc.assert(
    fc.asyncProperty(filter, sort, fc.integer({ min: 1, max: 6 }), async (filter, sort, limit) => {
      const whole = (await query({ filter, sort })).body.attendances;
      const pages = [(await query({ filter, sort, cursorPaging: { limit } })).body];
      while (pages.at(-1).pagingMetadata.hasNext)
        pages.push((await query({ cursorPaging: { limit, cursor: pages.at(-1).pagingMetadata.cursors.next } })).body);
      expect(pages.flatMap(({ attendances }) => attendances)).toEqual(whole);
      expect(pages.map(({ pagingMetadata: { cursors } }) => ['prev' in cursors, 'next' in cursors])).toEqual(
        pages.map((_, index) => [index > 0, index < pages.length - 1]),
      );
      for (let index = pages.length - 1; index > 0; index--) {
        const { body } = await query({ cursorPaging: { limit, cursor: pages[index].pagingMetadata.cursors.prev } });
        expect(body.attendances).toEqual(pages[index - 1].attendances);
      }
    }),
    { numRuns: runs(20) },
  );
});

test('a filter of as many parts as there may be is answered', async () => {
  const parts = Array.from({ length: 250 }, (_, index) => ({ id: attendance(index + 1, '2025-10-01') }));
  expect(await found({ $or: parts })).toEqual(all.filter(({ eventId }) => eventId === all[0]!.eventId));
  let nested: Filter = { status: 'NOT_SET' };
  for (let depth = 0; depth < 18; depth++) nested = { $not: { $and: [nested, { numberOfAttendees: { $gt: 0 } }] } };
  expect((await query({ filter: { $and: [nested] } })).status).toBe(400);
});

describe('a cursor', () => {
  const first = async (given: object = {}) =>
    (await query({ cursorPaging: { limit: 3 }, ...given })).body.pagingMetadata.cursors.next as string;
  const follow = (cursor: string, rest: object = {}, from = api) => query({ cursorPaging: { cursor }, ...rest }, from);

  test('carries filter and order, and takes another limit', async () => {
    const cursor = await first({ filter: { status: 'ATTENDED' }, sort: [{ fieldName: 'eventId' }] });
    const expected = sorted(
      all.filter(({ status }) => status === 'ATTENDED'),
      [{ fieldName: 'eventId' }],
    );
    expect((await follow(cursor)).body.attendances).toEqual(expected.slice(3));
    expect((await query({ cursorPaging: { cursor, limit: 1 } })).body.attendances).toEqual(expected.slice(3, 4));
  });

  test('is good under every path, with an empty filter or sort beside it, and with padding', async () => {
    const cursor = await first();
    const padded = cursor + '='.repeat((4 - (cursor.length % 4)) % 4);
    for (const each of [
      follow(cursor, { filter: {} }),
      follow(cursor, { filter: null, sort: [] }),
      follow(padded),
      api.post(`${services[2]}/query`).send({ query: { cursorPaging: { cursor } } }),
    ])
      expect((await each).body.attendances).toEqual(all.slice(3));
  });

  test('is refused with a filter or a sort beside it', async () => {
    const cursor = await first();
    for (const rest of [{ filter: { status: 'ATTENDED' } }, { sort: [{ fieldName: 'id' }] }, { filter: 'x' }])
      expect((await follow(cursor, rest)).body.details.validationError.fieldViolations[0].violatedRule).toBe(
        'INVALID_CURSOR',
      );
  });

  test('is refused where it was edited, cut short, or comes from another district', async () => {
    const cursor = await first();
    const flipped = (at: number) => cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
    const edited = [0, 20, 43, 50, cursor.length - 1].map(flipped);
    for (const each of [...edited, cursor.slice(0, -1), cursor.slice(0, 40), `${cursor}A`, cursor.toLowerCase()]) {
      const { status, body } = await follow(each);
      expect([status, body.details.validationError.fieldViolations[0].violatedRule]).toEqual([400, 'INVALID_CURSOR']);
    }
    const elsewhere = await api.as({ district: api.world.districts.elsewhere });
    expect((await follow(cursor, {}, elsewhere)).status).toBe(400);
    expect((await follow(cursor)).status).toBe(200);
  });

  test('shows a bound person no more than they teach, whoever was handed it', async () => {
    const mendel = await api.as({ person: api.world.people.mendel });
    const { body } = await follow(await first(), {}, mendel);
    expect(body.attendances.map(({ id }: Attendance) => id)).toEqual([
      attendance(api.world.enrollments.adaInBiology, '2025-10-07'),
    ]);
  });

  test('leads back to the first page where all rows before its place have gone', async () => {
    const { ada } = api.world.enrollments;
    const cursor = (await query({ filter: { bookingId: booking(ada) }, cursorPaging: { limit: 1 } })).body
      .pagingMetadata.cursors.next;
    const second = await query({ cursorPaging: { cursor, limit: 1 } });
    const back = second.body.pagingMetadata.cursors.prev;
    const meeting = { section_id: api.world.sections.algebra, date: '2025-10-01' };
    const { knex } = api.world.database;
    const [mark, row] = [await knex('marks').where(meeting), await knex('meetings').where(meeting)];
    await knex('marks').where(meeting).delete();
    await knex('meetings').where(meeting).delete();
    const { attendances, pagingMetadata } = (await follow(back)).body;
    expect([attendances, pagingMetadata.hasNext]).toEqual([[], true]);
    expect((await query({ cursorPaging: { cursor: pagingMetadata.cursors.next, limit: 1 } })).body.attendances).toEqual(
      second.body.attendances,
    );
    await knex('meetings').insert(row);
    await knex('marks').insert(mark);
  });

  test.each([[[]], [[{ fieldName: 'eventId' }]]])(
    'leads back from an empty page, all of whose rows have gone, to the row before it (sort %j)',
    async (sort) => {
      const { ada } = api.world.enrollments;
      const meeting = { section_id: api.world.sections.algebra, date: '2025-10-08' };
      const { knex } = api.world.database;
      const filter = { bookingId: booking(ada) };
      const two = await query({ filter, sort, cursorPaging: { limit: 2 } });
      const row = await knex('meetings').where(meeting);
      await knex('meetings').where(meeting).delete();
      const { attendances, pagingMetadata } = (await follow(two.body.pagingMetadata.cursors.next)).body;
      expect([attendances, pagingMetadata.cursors.next]).toEqual([[], undefined]);
      expect((await follow(pagingMetadata.cursors.prev)).body.attendances).toEqual(two.body.attendances);
      await knex('meetings').insert(row);
    },
  );

  test('fits in 16,000 characters whatever the filter', async () => {
    const ids = Array.from({ length: 500 }, (_, index) =>
      uuidOf('entry', { id: 900_000_000_000_000 + index * 7_919_113, date: dates[index % 4]! }),
    );
    const cursor = await first({ filter: { id: { $nin: ids } } });
    expect(cursor.length).toBeLessThan(16_000);
    expect((await follow(cursor)).body.attendances).toEqual(all.slice(3));
  });
});

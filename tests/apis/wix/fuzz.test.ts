import fc from 'fast-check';
import { type Api, openApi } from '../../api';
import { runs } from '../../runs';
import { attendance, booking, event, takeRolls } from './school';

/** Whatever is sent: an answer of our own in one of Wix's forms, never a fault; a refusal changes nothing. */
let api: Api;
beforeAll(async () => {
  api = await openApi();
  await takeRolls(api);
});
afterAll(() => api.close());

const hostile = fc.oneof(
  fc.constantFrom(
    '',
    '\u0000',
    '\ud800',
    '__proto__',
    '$where',
    'undefined',
    'a'.repeat(300),
    1e308,
    -0,
    2 ** 63,
    null,
    true,
  ),
  fc.constantFrom(attendance(2, '2025-10-01'), booking(2), event(1, '2025-10-01'), 'ATTENDED', 'NOT_SET', 'ASC', 1, 5),
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const some = (keys: string[], value: fc.Arbitrary<unknown>) =>
  fc.dictionary(fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...keys) }, fc.string({ maxLength: 4 })), value, {
    maxKeys: 3,
  });
const operators = some(
  ['$eq', '$ne', '$in', '$nin', '$hasSome', '$lt', '$gte'],
  fc.oneof(hostile, fc.array(hostile, { maxLength: 4 })),
);
const { filter } = fc.letrec<{ filter: unknown }>((tie) => ({
  filter: fc.oneof(
    { depthSize: 'small' },
    hostile,
    some(['id', 'bookingId', 'eventId', 'status', 'numberOfAttendees'], fc.oneof(hostile, operators)),
    some(['$and', '$or', '$not'], fc.oneof(tie('filter'), fc.array(tie('filter'), { maxLength: 3 }))),
  ),
}));
const paging = some(['limit', 'cursor', 'offset'], hostile);
const sort = fc.oneof(hostile, fc.array(some(['fieldName', 'order'], hostile), { maxLength: 3 }));
const query = fc.oneof(
  hostile,
  fc.record({ filter, sort, cursorPaging: fc.oneof(hostile, paging), paging }, { requiredKeys: [] }),
);
const wish = fc.oneof(
  hostile,
  fc.record(
    { bookingId: hostile, eventId: hostile, sessionId: hostile, status: hostile, numberOfAttendees: hostile },
    { requiredKeys: [] },
  ),
);
const list = (item: fc.Arbitrary<unknown>) => fc.oneof(hostile, fc.array(item, { maxLength: 3 }));
const request = fc.oneof(
  query.map((query) => ['/v2/attendance/query', { query }] as const),
  filter.map((filter) => ['/v2/attendance/count', { filter }] as const),
  wish.map((attendance) => ['/v2/attendance/set', { attendance }] as const),
  list(wish.map((attendance) => ({ attendance }))).map(
    (attendanceDetails) => ['/v2/bulk/attendance/set', { attendanceDetails }] as const,
  ),
  list(hostile).map((attendanceIds) => ['/v2/bulk/attendance/delete', { attendanceIds }] as const),
  fc.jsonValue().map((json) => ['/v2/attendance/query', json] as const),
);

test('any body is answered, and a refusal says which field or why, and changes nothing', async () => {
  const ledger = () => api.world.ledger.history({ district: api.world.districts.larkspur, limit: 1 });
  await fc.assert(
    fc.asyncProperty(request, async ([path, body]) => {
      const before = await ledger();
      const answer = await fetch(`${api.url}/bookings${path}`, {
        method: 'POST',
        headers: { authorization: api.token, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const said = (await answer.json()) as {
        details: { validationError?: { fieldViolations: object[] }; applicationError?: object };
      };
      expect(answer.status).toBeLessThan(500);
      if (answer.status === 200) return;
      expect(Object.keys(said)).toEqual(['message', 'details']);
      const { validationError, applicationError } = said.details;
      if (validationError)
        for (const violation of validationError.fieldViolations)
          expect(violation).toEqual({
            field: expect.any(String),
            description: expect.any(String),
            violatedRule: expect.stringMatching(/^[A-Z_]+$/),
            data: expect.any(Object),
          });
      else
        expect(applicationError).toEqual({
          code: expect.stringMatching(/^[A-Z_]+$/),
          description: expect.any(String),
          data: {},
        });
      expect(await ledger()).toEqual(before);
    }),
    { numRuns: runs(150) },
  );
});

import fc from 'fast-check';
import { type Fields, parseFilter } from '../../../src/apis/osdi/filter';
import { Problem } from '../../../src/lib/problem';
import { DAY, errorOf, type Osdi, openOsdi, scheduled } from './osdi';

const fields: Fields = {
  status: { column: 's', kind: 'text' },
  attended: { column: 'a', kind: 'boolean' },
  total: { column: 't', kind: 'integer' },
  'birthdate.month': { column: 'm', kind: 'integer' },
  day: { column: 'd', kind: 'day' },
  at: { column: 'i', kind: 'instant' },
  mail: { column: 'e', kind: 'mail' },
  word: { column: 'w', kind: 'text', alike: { yes: ['yea', 'aye'] } },
  names: { kind: 'list', among: (text) => is('n', 'eq', text) as never },
  ghost: { kind: 'none', why: 'there are none' },
};
const is = (column: string, is: string, value: unknown) => ({ column, is, value });
const second = { all: [is('i', 'ge', '2025-10-01T08:00:00.000Z'), is('i', 'le', '2025-10-01T08:00:00.999Z')] };

test.each([
  ["status eq 'x'", is('s', 'eq', 'x')],
  ["status eq ''''", is('s', 'eq', "'")],
  ['attended ne false', is('a', 'ne', false)],
  ['total ge -5', is('t', 'ge', -5)],
  ['birthdate.month eq 5', is('m', 'eq', 5)],
  ['birthdate/month eq 5', is('m', 'eq', 5)],
  ["day lt '2025-10-01'", is('d', 'lt', '2025-10-01')],
  ["at gt '2025-10-01T08:00:00+02:00'", is('i', 'gt', '2025-10-01T06:00:00.999Z')],
  ["at le '2025-10-01'", is('i', 'le', '2025-10-01T00:00:00.999Z')],
  ['at le 2025-10-01', is('i', 'le', '2025-10-01T00:00:00.999Z')],
  ['at gt 2025-10-01T08:00:00Z', is('i', 'gt', '2025-10-01T08:00:00.999Z')],
  ['at gt 2025-10-01T08:00:00.123Z', is('i', 'gt', '2025-10-01T08:00:00.999Z')],
  ['at gt 2025-10-01T08:00:00-05', is('i', 'gt', '2025-10-01T13:00:00.999Z')],
  ["at gt '2025-10-01T08:00:00-0530'", is('i', 'gt', '2025-10-01T13:30:00.999Z')],
  ["at gt '2025-10-01T08:00:00'", is('i', 'gt', '2025-10-01T08:00:00.999Z')],
  ['at gt 2025-10-01T08:00 and total eq 1', { all: [is('i', 'gt', '2025-10-01T08:00:00.999Z'), is('t', 'eq', 1)] }],
  ['at ge 2025-10-01T08:00:00.123Z', is('i', 'ge', '2025-10-01T08:00:00.000Z')],
  ['at lt 2025-10-01T08:00:00.123Z', is('i', 'lt', '2025-10-01T08:00:00.000Z')],
  ['at eq 2025-10-01T08:00:00Z', second],
  ['at ne 2025-10-01T08:00:00Z', { not: second }],
  ['day eq 2025-10-01', is('d', 'eq', '2025-10-01')],
  ["mail eq 'Ada@Example.org'", is('e', 'eq', 'ada@example.org')],
  ["word eq 'no'", is('w', 'eq', 'no')],
  ["word eq 'yes'", { column: 'w', in: ['yes', 'yea', 'aye'] }],
  ["word ne 'yes'", { not: { column: 'w', in: ['yes', 'yea', 'aye'] } }],
  ["word gt 'yes'", is('w', 'gt', 'yes')],
  ["word eq 'constructor'", is('w', 'eq', 'constructor')],
  ["names eq 'a:1'", is('n', 'eq', 'a:1')],
  ["names ne 'a:1'", { not: is('n', 'eq', 'a:1') }],
  [
    'total eq 1 or total eq 2 and total eq 3 or total eq 4',
    { any: [is('t', 'eq', 1), { all: [is('t', 'eq', 2), is('t', 'eq', 3)] }, is('t', 'eq', 4)] },
  ],
  [
    '(total eq 1 or total eq 2) and total eq 3',
    { all: [{ any: [is('t', 'eq', 1), is('t', 'eq', 2)] }, is('t', 'eq', 3)] },
  ],
])('%s', (filter, condition) => {
  expect(parseFilter(filter, fields)).toEqual(condition);
});

test.each([
  ['', 1, 'expected a field, not the end'],
  ['status', 7, 'expected one of eq, ne, gt, ge, lt, le, not the end'],
  ['status eq', 10, "expected a text in quotes, like 'late', not the end"],
  ["status eq 'x", 11, 'this text has no closing quote'],
  ['status eq late', 11, "expected a text in quotes, like 'late', not late"],
  ["status is 'x'", 8, 'expected one of eq, ne, gt, ge, lt, le, not is'],
  ["status 'eq' 'x'", 8, 'expected one of'],
  ["status EQ 'x'", 8, 'expected one of'],
  ["status eq 'x' and", 18, 'expected a field, not the end'],
  ["status eq 'x' or or", 18, 'there is no field or'],
  ["status eq 'x' status eq 'y'", 15, 'expected "and", "or" or the end, not status'],
  ["(status eq 'x'", 15, 'expected "and", "or" or ")", not the end'],
  ["status eq 'x')", 14, 'expected "and", "or" or the end, not )'],
  ["not status eq 'x'", 1, 'there is no field not'],
  [
    "state eq 'x'",
    1,
    'there is no field state; there are status, attended, total, birthdate.month, day, at, mail, word, names',
  ],
  ["ghost eq 'x'", 1, 'nothing here has ghost: there are none; there are status, '],
  ["ghost.name eq 'x'", 1, 'nothing here has ghost.name: there are none; there are status, '],
  ["names gt 'x'", 7, 'expected one of eq, ne, not gt'],
  ['names eq 5', 10, "expected a text in quotes, like 'late', not 5"],
  ['mail eq 5', 9, 'expected an address in quotes'],
  ['status eq 2025-10-01', 11, "expected a text in quotes, like 'late', not 2025-10-01"],
  ['total eq 2025-10-01', 10, 'expected an integer, not 2025-10-01'],
  ['at eq 2025-02-30', 7, 'expected an instant, '],
  ['at eq 2025-10-01T08:00:00 02:00', 29, '":" cannot stand here'],
  ["   state eq 'x'", 4, 'there is no field state'],
  ["__proto__ eq 'x'", 1, 'there is no field __proto__'],
  ["constructor.name eq 'x'", 1, 'there is no field constructor.name'],
  ["'status' eq 'x'", 1, "expected a field, not 'status'"],
  ['attended eq 1', 13, 'expected true or false, not 1'],
  ["attended eq 'true'", 13, "expected true or false, not 'true'"],
  ["total eq '5'", 10, "expected an integer, not '5'"],
  ['total eq 5.5', 10, '"5" cannot stand here'],
  ['total eq 99999999999999999999', 10, '99999999999999999999 is beyond every number here'],
  ["day eq '2025-02-30'", 8, "expected a day, like '2025-10-01', not '2025-02-30'"],
  ["at eq 'yesterday'", 7, 'expected an instant, '],
  ["at eq '2025-02-30T00:00:00Z'", 7, 'expected an instant, '],
  ["status eq 'x' ; drop table marks", 15, '";" cannot stand here'],
  ["status eq '\0'", 11, 'no text has a NUL character'],
  ['"status" eq 1', 1, '"\\"" cannot stand here'],
  [`${'('.repeat(21)}status eq 'x'`, 21, 'parentheses are nested at most 20 deep'],
  [`status eq '${'x'.repeat(2_000)}'`, 2_001, 'a filter has at most 2000 characters'],
])('%s is wrong at character %i', (filter, at, message) => {
  expect(() => parseFilter(filter, fields)).toThrow(`filter at character ${at}: ${message}`);
});

test('whatever is sent is a condition or is refused at a character of it', () => {
  const word = fc.constantFrom(
    'status',
    'attended',
    'total',
    'eq',
    'and',
    'or',
    '(',
    ')',
    "'x'",
    "'",
    '5',
    'true',
    '.',
    '/',
    '2025-10-01T08:00:00Z',
    '2025-10-01',
    'at',
    'names',
  );
  const filter = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.array(word, { maxLength: 12 }).map((w) => w.join(' ')),
  );
  fc.assert(
    fc.property(filter, (text) => {
      try {
        expect(parseFilter(text, fields)).toEqual(expect.any(Object));
      } catch (error) {
        expect(error).toBeInstanceOf(Problem);
        const [, at] = /^filter at character (\d+): /.exec((error as Problem).message)!;
        expect(Number(at)).toBeLessThanOrEqual(text.length + 1);
      }
    }),
    { numRuns: 2_000 },
  );
});

describe('at the wire', () => {
  let osdi: Osdi;
  beforeAll(async () => {
    osdi = await openOsdi();
  });
  afterAll(() => osdi.api.close());

  test.each(['events', 'people', 'attendances'])('a wrong filter of %s is 400, and says where', async (name) => {
    const path = name === 'attendances' ? `${await scheduled(osdi, DAY)}/attendances` : `/${name}`;
    const { status, body } = await osdi.get(`${path}?filter=${encodeURIComponent("  shoe_size eq '5'")}`);
    expect(status).toBe(400);
    expect(errorOf(body)).toEqual({
      error_code: 'FILTER_INVALID',
      description: expect.stringContaining('filter at character 3: there is no field shoe_size; there are '),
      properties: ['filter'],
      hint: expect.any(String),
    });
  });

  test('as many comparisons as fit are answered', async () => {
    const filter = Array.from({ length: 99 }, () => 'attended eq true').join(' or ');
    const { status } = await osdi.get(`${await scheduled(osdi, DAY)}/attendances?filter=${encodeURIComponent(filter)}`);
    expect(status).toBe(200);
  });
});

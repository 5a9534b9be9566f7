import fc from 'fast-check';
import { isUuid, type Kind, namedBy, uuidOf } from '../../../src/apis/wix/attendance';

const id = fc.integer({ min: 1, max: 2 ** 52 - 1 });
const date = fc.integer({ min: 0, max: 99_998 }).map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const kind = fc.constantFrom<Kind>('meeting', 'entry');

test('what a UUID names is read back from it, in either case', () => {
  fc.assert(
    fc.property(kind, id, date, (kind, id, date) => {
      const uuid = uuidOf(kind, { id, date });
      // RFC 9562, 4.1 and 4.2: variant 10, version 8.
      expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      expect(namedBy(kind, uuid.toUpperCase())).toEqual({ id, date });
      expect(namedBy('enrollment', uuidOf('enrollment', { id }))).toEqual({ id });
    }),
  );
});

test('the order of texts is the order of ids, then of days', () => {
  const place = fc.tuple(fc.oneof(fc.integer({ min: 1, max: 20 }), id), date);
  fc.assert(
    fc.property(kind, place, place, (kind, [id, date], [otherId, otherDate]) => {
      const one = uuidOf(kind, { id, date });
      const other = uuidOf(kind, { id: otherId, date: otherDate });
      const expected =
        id === otherId ? Math.sign(date < otherDate ? -1 : Number(date > otherDate)) : Math.sign(id - otherId);
      expect(one < other ? -1 : Number(one > other)).toBe(expected);
    }),
  );
});

test('a UUID of another kind, of anybody else, or out of range names nothing', () => {
  const entry = uuidOf('entry', { id: 7, date: '2025-10-01' });
  for (const kind of ['meeting', 'enrollment'] as const) expect(namedBy(kind, entry)).toBeUndefined();
  fc.assert(
    fc.property(fc.uuid({ version: [1, 3, 4, 5, 7] }), (uuid) => expect(namedBy('entry', uuid)).toBeUndefined()),
  );
  expect(namedBy('entry', '03000000-0000-8007-8fff-ff0000000000')).toBeUndefined();
  expect(namedBy('enrollment', '01000000-0000-8007-8000-010000000000')).toBeUndefined();
  expect(namedBy('entry', `${entry.slice(0, -1)}1`)).toBeUndefined();
});

test.each(['', 'undefined', '1', 'zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz', '03000000000080078000010000000000', '\u0000'])(
  '%j is no UUID',
  (text) => {
    expect(isUuid(text)).toBe(false);
    expect(namedBy('entry', text)).toBeUndefined();
  },
);

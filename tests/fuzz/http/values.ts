import fc from 'fast-check';
import { uuidOf } from '../../../src/apis/wix/attendance';
import { idOn } from '../../../src/days';
import { DAY } from '../../apis/powerschool/school';

/** What is where it should not be: limits of types, words of languages, what JSON, XML, SQL and paths trip over. */
export const hostileTexts = [
  ...['', ' ', '0', '-1', '1.5', '1e400', '2147483648', '9007199254740993', '9223372036854775808', 'NaN', '٣'],
  ...['\u0000', '\ud800', '\ufffe', '\u0007', '😀', 'e\u0301', '\u202e', 'İ'],
  ...[
    "'",
    '"',
    '\\',
    '--',
    "' or 1=1 --",
    '%',
    '_',
    '$1',
    ':district',
    '?',
    '<!-- ',
    ']]>',
    '&#0;',
    '&amp;',
    '\r\nX-Y: 1',
  ],
  ...['__proto__', 'constructor', 'hasOwnProperty', 'toString', 'null', 'undefined', 'true', '[]', '{}', '*', '$eq'],
  ...[
    '.',
    '..',
    '../..',
    '/',
    '//',
    '%2e%2e%2f',
    '%00',
    '%E0',
    '%c0%af',
    ';',
    'a,b',
    'a'.repeat(300),
    'x'.repeat(3_000),
  ],
  ...['2025-02-30', '0000-00-00', '1969-12-31', '2243-10-16', '9999-12-31', '10/01/2025', `${DAY}T08:00:00Z`],
  ...[
    "status eq 'late'",
    '(((((',
    "all_day_date ge '2025-10-01' and not",
    '2025-10-01.1',
    '2025-10-01.999999999999999',
  ],
];

const days = [DAY, '2025-10-02', '2025-10-06', '2025-10-10', '1970-01-01'];
const ids = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
const words = [
  'ATTENDED',
  'NOT_SET',
  'late',
  'accepted',
  'ATT_ModeTime',
  'client_credentials',
  '200',
  '35',
  'rollbook:2',
];

/** What names something in the small school, or could: ids of every kind that any API has. */
export const knownId = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...ids.slice(0, 5).map(String)) },
  fc.constantFrom(...ids.map(String)),
  fc.constantFrom(...ids.slice(0, 6).flatMap((id) => days.map((date) => String(idOn(id, date))))),
  fc.constantFrom(...ids.slice(1, 5).flatMap((id) => days.map((date) => uuidOf('entry', { id, date })))),
);
const knownText = fc.constantFrom(
  ...ids.slice(0, 6).map((id) => uuidOf('enrollment', { id })),
  ...ids.slice(0, 3).flatMap((id) => days.map((date) => uuidOf('meeting', { id, date }))),
  ...days,
  ...words,
);

export const text = fc.oneof(
  { weight: 3, arbitrary: knownId },
  { weight: 2, arbitrary: knownText },
  { weight: 4, arbitrary: fc.constantFrom(...hostileTexts) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
);

/** Any value of JSON. */
export const value: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 3, arbitrary: fc.constantFrom(0, -0, -1, 1.5, 1e308, 2 ** 31, 2 ** 53, null, true, false, [], {}) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 12 }) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** The text percent-encoded; half of a surrogate pair, which UTF-8 cannot say, as U+FFFD. */
export const percentEncoded = (text: string): string => encodeURIComponent(Buffer.from(text).toString());

/** Nothing, but for one time in so many. */
export const seldom = <T>(arbitrary: fc.Arbitrary<T>, times = 20): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

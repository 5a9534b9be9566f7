import fc from 'fast-check';
import { type Fields, passes, readFilter } from '../../../src/apis/powerschool/filter';
import { type Expression, type Operator, parseFiql } from '../../../src/apis/powerschool/fiql';
import { Problem } from '../../../src/lib/problem';

/** What `q` is made of; what the lists make of it is in search.test.ts. */
const read = (text: string) => parseFiql('q', text);
const fault = (text: string): string => {
  try {
    read(text);
  } catch (error) {
    if (error instanceof Problem) return `${error.code} ${error.violations[0]?.field} ${error.message}`;
    throw error;
  }
  return 'none';
};

const operators: Operator[] = ['==', '!=', '=gt=', '=ge=', '=lt=', '=le='];
const value = fc.stringMatching(/^[\p{L}\p{N}_*'. -]{0,12}[\p{L}\p{N}*]$/u).filter((text) => text.trim() === text);
const comparison: fc.Arbitrary<Expression> = fc.record({
  field: fc.stringMatching(/^[a-z_]{1,8}(\.[a-z_]{1,8})?$/),
  operator: fc.constantFrom(...operators),
  values: fc.array(value, { minLength: 1, maxLength: 3 }),
});
const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    comparison,
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((all) => ({ all })),
    fc.array(tie('expression'), { minLength: 2, maxLength: 3 }).map((any) => ({ any })),
  ),
}));

function written(each: Expression): string {
  if ('all' in each) return `(${each.all.map(written).join(';')})`;
  if ('any' in each) return `(${each.any.map(written).join(',')})`;
  const [first] = each.values;
  return `${each.field}${each.operator}${each.values.length === 1 ? first : `(${each.values.join(',')})`}`;
}

/** Parentheses beside one comparison, or beside the same word, say nothing. */
const countOf = (each: Expression): number =>
  'all' in each
    ? each.all.reduce((sum, one) => sum + countOf(one), 0)
    : 'any' in each
      ? each.any.reduce((sum, one) => sum + countOf(one), 0)
      : 1;

test('what was written is what is read, however it is nested', () => {
  fc.assert(
    fc.property(expression, (each) => {
      fc.pre(countOf(each) <= 50);
      expect(read(written(each))).toEqual(each);
    }),
  );
});

test('whatever else comes is read or refused, and is no mistake of ours', () => {
  const soup = fc.array(fc.constantFrom('(', ')', ';', ',', '==', '=gt=', '=', '!', '"', '*', ' ', 'a.b', '\0', 'é'), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary' }),
        soup.map((parts) => parts.join('')),
      ),
      (text) => {
        expect(fault(text)).toMatch(/^none$|^QUERY_INVALID q q, at character \d+: /);
      },
    ),
  );
});

test.each([
  ['local_id==204156', { field: 'local_id', operator: '==', values: ['204156'] }],
  ['name.last_name == van der Berg', { field: 'name.last_name', operator: '==', values: ['van der Berg'] }],
  ["name.last_name==O'Brien", { field: 'name.last_name', operator: '==', values: ["O'Brien"] }],
  ['name.last_name=="Smith, Jr."', { field: 'name.last_name', operator: '==', values: ['Smith, Jr.'] }],
  ['a==(A,P)', { field: 'a', operator: '==', values: ['A', 'P'] }],
  ['a==(A)', { field: 'a', operator: '==', values: ['A'] }],
  ['a==x=y', { field: 'a', operator: '==', values: ['x=y'] }],
])('%s is read', (text, right) => {
  expect(read(text)).toEqual(right);
});

test('a semicolon binds more than a comma', () => {
  const one = (field: string) => ({ field, operator: '==', values: ['1'] });
  expect(read('a==1;b==1,c==1')).toEqual({ any: [{ all: [one('a'), one('b')] }, one('c')] });
  expect(read('a==1;(b==1,c==1)')).toEqual({ all: [one('a'), { any: [one('b'), one('c')] }] });
});

test.each([
  ['', 1, 'expected a field, not the end'],
  ['local_id', 9, 'expected one of == != =gt= =ge= =lt= =le=, not the end'],
  ['local_id=1', 9, 'expected one of == != =gt= =ge= =lt= =le=, not "=1"'],
  ['local_id==', 11, 'a value is missing before the end'],
  ['local_id==;a==1', 11, 'a value is missing before ";a==1"'],
  ['local_id== ', 12, 'a value is missing before the end'],
  ['local_id==""', 13, 'a value is missing before the end'],
  ['local_id=="x', 11, 'this value has no closing quote'],
  ['a==1;', 6, 'expected a field, not the end'],
  ['a==Smith, Jr.', 14, 'expected one of == != =gt= =ge= =lt= =le=, not the end'],
  ['(a==1', 6, 'expected ; , or ), not the end'],
  ['a==1)', 5, 'expected ; , or the end, not ")"'],
  ['a==(1', 6, 'expected , or ), not the end'],
  ['a==1\0', 5, 'no value has a NUL character'],
  [`${'('.repeat(11)}a==1${')'.repeat(11)}`, 11, 'parentheses are nested at most 10 deep'],
  [Array(51).fill('a==1').join(';'), 251, 'an expression has at most 50 comparisons'],
  [`a==(${Array(1_001).fill('1').join(',')})`, 2_005, 'a list has at most 1000 values'],
  [`a==${'x'.repeat(6_000)}`, 6_001, 'an expression has at most 6000 characters'],
])('%# is refused at its character', (text, at, why) => {
  expect(fault(text)).toBe(`QUERY_INVALID q q, at character ${at}: ${why}`);
});

describe('a row', () => {
  const fields: Fields = {
    name: { kind: 'name' },
    code: { kind: 'code' },
    number: { kind: 'integer' },
    day: { kind: 'day' },
    status: { kind: 'code', choices: ['A', 'I'] },
  };
  const row: Record<string, string> = {
    name: 'Ada Lovelace',
    code: '0042',
    number: '7',
    day: '2025-10-01',
    status: 'A',
  };
  const takes = (text: string, of = row) => passes(readFilter('q', text, fields), (field) => of[field]!);

  test.each([
    'name==ada lovelace',
    'name==ADA*',
    'name==*LOVE*',
    'name==*lace',
    'name==*a*a*a*',
    'name==a*e',
    'NAME==Ada*',
    'name==(Grace,Ada*)',
    'name!=Ada',
    'code==0042',
    'code!=42',
    'number==7',
    'number==07',
    'number=ge=7;number=le=7;number=gt=-1;number=lt=8',
    'day=ge=2025-10-01;day=lt=2025-10-02',
    'status==a',
    'status!=I',
  ])('passes %s', (text) => {
    expect(takes(text)).toBe(true);
  });

  test.each([
    'name==Ada',
    'name==*Ada',
    'name==ada*ada lovelace',
    'name==%',
    'name==A_a Lovelace',
    'code==42',
    'number==70',
    'number=gt=7',
    'day=gt=2025-10-01',
    'status==I',
  ])('does not pass %s', (text) => {
    expect(takes(text)).toBe(false);
  });

  test('without a value is neither less nor greater than any, and equal to none', () => {
    const none = { name: '', code: '', number: '', day: '', status: '' };
    for (const text of ['number==0', 'number=lt=1', 'number=ge=0', 'day=lt=2025-10-01', 'name==a*', 'status==A'])
      expect([text, takes(text, none)]).toEqual([text, false]);
    for (const text of ['number!=0', 'day!=2025-10-01', 'name!=Ada', 'name==*'])
      expect([text, takes(text, none)]).toEqual([text, true]);
  });

  test.each([
    ['colour==red', 'there is no field "colour"; there are name, code, number, day, status'],
    ['constructor==1', 'there is no field "constructor"; there are name, code, number, day, status'],
    ['number==x', 'number is a whole number, not "x"'],
    ['number==1*', 'number is a whole number, not "1*"'],
    ['number==9999999999999999', 'number is a whole number, not "9999999999999999"'],
    ['day==2025-02-30', 'day is a day, YYYY-MM-DD, not "2025-02-30"'],
    ['day==10/01/2025', 'day is a day, YYYY-MM-DD, not "10/01/2025"'],
    ['code==4*', 'code is searched by the whole value, without *, not "4*"'],
    ['code=gt=4', 'code is searched by == and !=, not by =gt='],
    ['name=lt=B', 'name is searched by == and !=, not by =lt='],
    ['name==*a*a*a*a*a*', 'name is a text with at most 5 *, not "*a*a*a*a*a*"'],
    ['number=gt=(1,2)', '=gt= takes one value, not a list'],
    ['status==X', 'status is one of A, I, not "X"'],
  ])('is not searched by %s', (text, why) => {
    expect(() => takes(text)).toThrow(`q: ${why}`);
  });
});

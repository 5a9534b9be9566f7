import type { ColumnType, Engine } from '../../database/database';
import { isSchoolDay } from '../../days';
import type { Parameters } from '../../ledger/entries';
import { preview } from '../../lib/preview';
import { type Expression, invalidParameter, type Operator, parseFiql } from './fiql';

/*
 * What a list, a table or a query is searched by. An expression that has been read is a test, which is done in SQL where
 * the list is large, and on the rows themselves where it is not; both come to the same.
 */

/**
 * How the values of a field are compared. A name is the same in capital letters (of ASCII) and in small ones, and `*` in it
 * stands for any text; a code is exactly what it is.
 */
export type FieldKind = 'name' | 'code' | 'integer' | 'day';

export interface Field {
  readonly kind: FieldKind;
  /** The only values that there can be; in capital letters, though they are taken in any. */
  readonly choices?: readonly string[];
}

/** By their names in small letters. */
export type Fields = Readonly<Record<string, Field>>;

/** A field of rows that are searched by SQL: what it is there. */
export interface SqlField extends Field {
  readonly sql: string;
  /** SQL that is true of a row where a condition is true of any of the values that it has, if it can have several. */
  readonly any?: (condition: string) => string;
}

type Operand = string | number;

interface FieldTest {
  readonly field: string;
  readonly kind: FieldKind;
  readonly operator: Operator;
  readonly values: readonly Operand[];
}

/** An expression whose fields are known and whose values are of their kinds. */
export type FilterTest = { readonly all: readonly FilterTest[] } | { readonly any: readonly FilterTest[] } | FieldTest;

/** What is true of every row. */
export const EVERYTHING: FilterTest = { all: [] };

/** How many `*` a value may have. */
const MAX_STARS = 5;

/** The name of a column in small letters, without that of its table before it. */
export function columnOf(name: string, table = ''): string {
  const column = name.toLowerCase();
  return table !== '' && column.startsWith(`${table}.`) ? column.slice(table.length + 1) : column;
}

/**
 * Reads a parameter; throws QUERY_INVALID for a field that cannot be searched by, and a value that is none of it. A column of a
 * table may have its name before it.
 */
export function readFilter(parameter: string, text: string | undefined, fields: Fields, table?: string): FilterTest {
  if (!text) return EVERYTHING;
  const invalid = (what: string) => invalidParameter(parameter, `${parameter}: ${what}`);

  function checked(expression: Expression): FilterTest {
    if ('all' in expression) return { all: expression.all.map(checked) };
    if ('any' in expression) return anyOf(expression.any.map(checked));
    const { operator, values } = expression;
    const name = columnOf(expression.field, table);
    if (!Object.hasOwn(fields, name))
      throw invalid(`there is no field ${preview(expression.field)}; there are ${Object.keys(fields).join(', ')}`);
    const { kind, choices } = fields[name]!;
    const isOrdered = operator !== '==' && operator !== '!=';
    if (isOrdered && (kind === 'name' || kind === 'code'))
      throw invalid(`${name} is searched by == and !=, not by ${operator}`);
    if (isOrdered && values.length > 1) throw invalid(`${operator} takes one value, not a list`);
    return { field: name, kind, operator, values: values.map((value) => operandOf(name, kind, choices, value)) };
  }

  function operandOf(name: string, kind: FieldKind, choices: readonly string[] | undefined, value: string): Operand {
    const wrong = (right: string) => invalid(`${name} is ${right}, not ${preview(value)}`);
    if (choices) {
      const choice = choices.find((each) => each.toLowerCase() === value.toLowerCase());
      if (choice === undefined) throw wrong(`one of ${choices.join(', ')}`);
      return choice;
    }
    if (kind === 'integer') {
      if (!/^-?\d{1,15}$/.test(value)) throw wrong('a whole number');
      return Number(value);
    }
    if (kind === 'day') {
      if (!isSchoolDay(value)) throw wrong('a day, YYYY-MM-DD');
      return value;
    }
    const stars = value.split('*').length - 1;
    if (kind === 'code' && stars > 0) throw wrong('searched by the whole value, without *');
    if (stars > MAX_STARS) throw wrong(`a text with at most ${MAX_STARS} *`);
    return kind === 'name' ? folded(value) : value;
  }

  return checked(parseFiql(parameter, text));
}

/** Any of several; `a==1,a==2` is `a==(1,2)`, by which rows are found without reading all of them. */
function anyOf(tests: readonly FilterTest[]): FilterTest {
  const [first] = tests;
  if (!first || !('field' in first)) return { any: tests };
  const values = tests.flatMap((test) =>
    'field' in test && test.field === first.field && test.operator === '==' ? [test.values] : [],
  );
  return values.length === tests.length ? { ...first, values: values.flat() } : { any: tests };
}

/** What passes both of two. */
export const and = (one: FilterTest, other: FilterTest): FilterTest => ({ all: [one, other] });

/** The tests of a field that every row has to pass. */
function testsOf(test: FilterTest, field: string): FieldTest[] {
  if ('all' in test) return test.all.flatMap((each) => testsOf(each, field));
  return 'field' in test && test.field === field ? [test] : [];
}

/** The values that a field has to have one of, where the filter says so. */
export const pinned = (test: FilterTest, field: string): readonly Operand[] | undefined =>
  testsOf(test, field).find(({ operator }) => operator === '==')?.values;

/** The first and the last value that a field can have, where the filter says so. */
export function boundsOf(test: FilterTest, field: string): { from: Operand | undefined; to: Operand | undefined } {
  const tests = testsOf(test, field);
  const ends = (...operators: Operator[]) =>
    tests.filter(({ operator }) => operators.includes(operator)).flatMap(({ values }) => [...values].sort(byValue));
  return {
    from: ends('==', '=ge=', '=gt=').sort(byValue)[0],
    to: ends('==', '=le=', '=lt=').sort(byValue).at(-1),
  };
}

const byValue = (one: Operand, other: Operand): number => (one < other ? -1 : one > other ? 1 : 0);

/** Whether the filter says anything of a field. */
export function mentions(test: FilterTest, field: string): boolean {
  if ('all' in test) return test.all.some((each) => mentions(each, field));
  if ('any' in test) return test.any.some((each) => mentions(each, field));
  return test.field === field;
}

/** Whether a row passes; `textOf` is the text of a field, an empty one where it has no value. */
export function passes(test: FilterTest, textOf: (field: string) => string): boolean {
  if ('all' in test) return test.all.every((each) => passes(each, textOf));
  if ('any' in test) return test.any.some((each) => passes(each, textOf));
  const { kind, operator, values } = test;
  const value = comparable(kind, textOf(test.field));
  const isEqual = () => value !== undefined && values.some((each) => equals(kind, value, each));
  if (operator === '==') return isEqual();
  if (operator === '!=') return !isEqual();
  const order = value === undefined ? Number.NaN : byValue(value, values[0]!);
  return { '=gt=': order > 0, '=ge=': order >= 0, '=lt=': order < 0, '=le=': order <= 0 }[operator];
}

/** What a text is compared as; undefined where the field has no value. */
export function comparable(kind: FieldKind, text: string): Operand | undefined {
  if (kind === 'name') return folded(text);
  if (text === '') return kind === 'code' ? '' : undefined;
  return kind === 'integer' ? Number(text) : text;
}

const equals = (kind: FieldKind, value: Operand, wanted: Operand): boolean =>
  kind === 'name' ? fits(String(wanted).split('*'), String(value)) : value === wanted;

/** Whether a text is these parts, with any text between them. */
function fits([first = '', ...rest]: readonly string[], text: string): boolean {
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || text.length < first.length + last.length || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** A text with its capital letters small, those of ASCII alone, which is what SQLite knows of letters. */
const folded = (text: string): string => text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** A longer list is one parameter. */
const FEW = 8;
const ordering = { '=gt=': '>', '=ge=': '>=', '=lt=': '<', '=le=': '<=' } as const;
const types: Record<FieldKind, ColumnType> = { name: 'text', code: 'text', integer: 'bigint', day: 'date' };

/** SQL that is true of the rows that pass, and the values that it names. */
export function filterSql(
  engine: Pick<Engine, 'folded' | 'rows'>,
  test: FilterTest,
  fields: Readonly<Record<string, SqlField>>,
  parameters: Parameters,
): string {
  const joined = (tests: readonly FilterTest[], word: 'and' | 'or'): string =>
    tests.length === 0 ? String(word === 'and') : `(${tests.map(sqlOf).join(` ${word} `)})`;

  function sqlOf(each: FilterTest): string {
    if ('all' in each) return joined(each.all, 'and');
    if ('any' in each) return joined(each.any, 'or');
    const { operator, kind, values } = each;
    const { sql, any = (condition) => condition } = fields[each.field]!;
    // Not cast to a day: SQLite, which has no such type, would make a number of it.
    const add = (value: Operand): string =>
      kind === 'day' ? `:${parameters.add(value)}` : `cast(:${parameters.add(value)} as ${types[kind]})`;
    if (operator === '==') return any(kind === 'name' ? named(sql, values) : equal(sql, kind, values, add));
    // Exactly the rows that do not pass `==`, also those without a value.
    if (operator === '!=') return `not coalesce(${sqlOf({ ...each, operator: '==' })}, false)`;
    return any(`${sql} ${ordering[operator]} ${add(values[0]!)}`);
  }

  function equal(sql: string, kind: FieldKind, values: readonly Operand[], add: (value: Operand) => string): string {
    if (values.length === 1) return `${sql} = ${add(values[0]!)}`;
    if (values.length <= FEW) return `${sql} in (${values.map(add).join(', ')})`;
    const list = parameters.add(JSON.stringify(values.map((value) => [value])));
    return `${sql} in (select listed.value from ${engine.rows(list, { value: types[kind] })} as listed)`;
  }

  function named(sql: string, values: readonly Operand[]): string {
    const text = engine.folded(sql);
    const tests = values.map((value) =>
      String(value).includes('*')
        ? `${text} like cast(:${parameters.add(pattern(String(value)))} as text) escape '!'`
        : `${text} = cast(:${parameters.add(value)} as text)`,
    );
    return `(${tests.join(' or ')})`;
  }

  return sqlOf(test);
}

const pattern = (value: string): string => value.replace(/[!%_]/g, '!$&').replaceAll('*', '%');

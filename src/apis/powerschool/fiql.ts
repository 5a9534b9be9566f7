import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';

/*
 * The modified FIQL by which PowerSchool's lists, tables and queries are searched: `name.last_name==Ada*;local_id==126`. It is
 * read here, whatever is searched; `filter.ts` knows the fields.
 *
 *     either     = both *("," both)                             any of them
 *     both       = one *(";" one)                               all of them
 *     one        = "(" either ")" / comparison
 *     comparison = field operator (value / "(" value *("," value) ")")
 *     value      = 1*(any character but ; , ( ) and NUL) / DQUOTE *(any character but DQUOTE and NUL) DQUOTE
 */

const operators = ['==', '!=', '=gt=', '=ge=', '=lt=', '=le='] as const;
export type Operator = (typeof operators)[number];

export interface Comparison {
  /** As it was written. */
  readonly field: string;
  readonly operator: Operator;
  /** One, or those of a list in parentheses: `school_enrollment.enroll_status==(A,P)`. */
  readonly values: readonly string[];
}

export type Expression = { readonly all: readonly Expression[] } | { readonly any: readonly Expression[] } | Comparison;

/** Longer ones are refused before they are read; a URL holds not much more. */
const MAX_LENGTH = 6_000;
/** How deep parentheses may be nested, and what one expression may have. */
const MAX_DEPTH = 10;
const MAX_COMPARISONS = 50;
const MAX_VALUES = 1_000;

const FIELD = /[A-Za-z_][\w.]*/y;
const OPERATOR = /==|!=|=(?:gt|ge|lt|le)=/y;
const QUOTED = /"([^"]*)"/y;
const PLAIN = /[^;,()]+/y;

/** Reads an expression; throws QUERY_INVALID, which names the parameter it came in and the character that is wrong. */
export function parseFiql(parameter: string, text: string): Expression {
  let at = 0;
  let comparisons = 0;
  const fault = (where: number, what: string) =>
    invalidParameter(parameter, `${parameter}, at character ${where + 1}: ${what}`);
  const found = () => (at < text.length ? preview(text.slice(at, at + 20)) : 'the end');

  function match(pattern: RegExp): RegExpExecArray | undefined {
    while (text[at] === ' ') at++;
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return undefined;
    at = pattern.lastIndex;
    return match;
  }
  const takes = (mark: RegExp): boolean => match(mark) !== undefined;

  function either(depth: number): Expression {
    const some = [both(depth)];
    while (takes(/,/y)) some.push(both(depth));
    return some.length === 1 ? some[0]! : { any: some };
  }

  function both(depth: number): Expression {
    const some = [one(depth)];
    while (takes(/;/y)) some.push(one(depth));
    return some.length === 1 ? some[0]! : { all: some };
  }

  function one(depth: number): Expression {
    if (!takes(/\(/y)) return comparison();
    if (depth === MAX_DEPTH) throw fault(at - 1, `parentheses are nested at most ${MAX_DEPTH} deep`);
    const inner = either(depth + 1);
    if (!takes(/\)/y)) throw fault(at, `expected ; , or ), not ${found()}`);
    return inner;
  }

  function comparison(): Comparison {
    if (++comparisons > MAX_COMPARISONS) throw fault(at, `an expression has at most ${MAX_COMPARISONS} comparisons`);
    const field = match(FIELD)?.[0];
    if (field === undefined) throw fault(at, `expected a field, not ${found()}`);
    const operator = match(OPERATOR)?.[0];
    if (operator === undefined) throw fault(at, `expected one of ${operators.join(' ')}, not ${found()}`);
    return { field, operator: operator as Operator, values: values() };
  }

  function values(): string[] {
    if (!takes(/\(/y)) return [value()];
    const list = [value()];
    while (takes(/,/y)) {
      if (list.length === MAX_VALUES) throw fault(at, `a list has at most ${MAX_VALUES} values`);
      list.push(value());
    }
    if (!takes(/\)/y)) throw fault(at, `expected , or ), not ${found()}`);
    return list;
  }

  /** Never an empty one: a client that has no id to look somebody up by would be given everybody without one. */
  function value(): string {
    const quoted = match(QUOTED)?.[1];
    if (quoted !== undefined && quoted.trim() !== '') return quoted;
    if (text[at] === '"') throw fault(at, 'this value has no closing quote');
    const plain = quoted === undefined ? match(PLAIN)?.[0].trimEnd() : undefined;
    if (!plain) throw fault(at, `a value is missing before ${found()}`);
    return plain;
  }

  if (text.length > MAX_LENGTH) throw fault(MAX_LENGTH, `an expression has at most ${MAX_LENGTH} characters`);
  if (text.includes('\0')) throw fault(text.indexOf('\0'), 'no value has a NUL character');
  const expression = either(0);
  if (text.slice(at).trim() !== '') throw fault(at, `expected ; , or the end, not ${found()}`);
  return expression;
}

/** A parameter of a query that is not as it should be. */
export const invalidParameter = (parameter: string, message: string, rule = 'InvalidValue'): Problem =>
  new Problem('QUERY_INVALID', message, { violations: [{ field: parameter, rule, message }] });

import type { Comparison, Condition } from '../../ledger/condition';
import { shown } from '../../shown';
import { violation } from './errors';
import { type Field, fields } from './fields';
import { isObject } from './values';

/** How deep `$and`, `$or` and `$not` may be nested. */
const MAX_DEPTH = 20;
/** How many parts and values a filter may have in all: a cursor, which carries it, has at most 16,000 characters. */
const MAX_VALUES = 500;

const comparisons: Record<string, Comparison> = { $lt: 'lt', $lte: 'le', $gt: 'gt', $gte: 'ge' };
const lists = ['$in', '$nin', '$hasSome'];

/**
 * Reads a filter of Wix's API Query Language, all of it. The page says "Only a single filter is supported per query.
 * If you define multiple filters in the same query, only the first is processed", which its own client contradicts;
 * obeying it would answer with rows that nobody asked for.
 * @param path of the filter in the body, for what is said of it
 */
export function conditionOf(filter: unknown, path: string): Condition {
  let values = 0;

  /** Several keys of one object all hold. */
  function read(filter: unknown, at: string, depth: number): Condition {
    if (!isObject(filter)) throw violation(at, `must be an object, not ${shown(filter)}`, 'FORMAT');
    if (depth > MAX_DEPTH)
      throw violation(path, `is nested more than ${MAX_DEPTH} deep`, 'MAX_DEPTH', { max: MAX_DEPTH });
    return {
      all: Object.entries(filter).map(([name, value]) => member(name, value, `${at}.${name.slice(0, 60)}`, depth + 1)),
    };
  }

  function member(name: string, value: unknown, at: string, depth: number): Condition {
    if (name === '$not') return { not: read(value, at, depth) };
    if (name === '$and' || name === '$or') {
      const parts = spend(list(value, at)).map((each, index) => read(each, `${at}.${index}`, depth));
      return name === '$and' ? { all: parts } : { any: parts };
    }
    if (!Object.hasOwn(fields, name))
      throw violation(at, `is no field; there are ${Object.keys(fields).join(', ')}`, 'FIELD_NOT_ALLOWED');
    return ofField(fields[name]!, value, at);
  }

  /** `{"field": value}` is short for `{"field": {"$eq": value}}`. */
  function ofField(field: Field, value: unknown, at: string): Condition {
    const operators = isObject(value) ? Object.entries(value) : [['$eq', value] as const];
    if (operators.length === 0) throw violation(at, 'names no operator', 'REQUIRED_FIELD');
    return { all: operators.map(([operator, operand]) => compared(field, operator, operand, at)) };
  }

  function compared(field: Field, operator: string, operand: unknown, at: string): Condition {
    if (operator === '$eq') return among(field, [operand], at);
    if (operator === '$ne') return { not: among(field, [operand], at) };
    if (lists.includes(operator)) {
      const some = among(field, list(operand, `${at}.${operator}`), `${at}.${operator}`);
      return operator === '$nin' ? { not: some } : some;
    }
    if (!field.compare || !Object.hasOwn(comparisons, operator))
      throw violation(
        `${at}.${operator.slice(0, 60)}`,
        `is no operator here; there are ${operatorsOf(field)}`,
        'FIELD_NOT_ALLOWED',
      );
    spend([operand]);
    return operand === null ? { any: [] } : field.compare(comparisons[operator]!, operand, `${at}.${operator}`);
  }

  /** Null is equal to nothing: no attendance has one. */
  function among(field: Field, operands: readonly unknown[], at: string): Condition {
    spend(operands);
    return field.among(
      operands.filter((operand) => operand !== null),
      at,
    );
  }

  function list(value: unknown, at: string): readonly unknown[] {
    if (!Array.isArray(value)) throw violation(at, `must be a list, not ${shown(value)}`, 'FORMAT');
    return value;
  }

  function spend(operands: readonly unknown[]): readonly unknown[] {
    values += operands.length;
    if (values > MAX_VALUES)
      throw violation(path, `has more than ${MAX_VALUES} parts and values`, 'MAX_SIZE', { max: MAX_VALUES });
    return operands;
  }

  return read(filter ?? {}, path, 0);
}

const operatorsOf = ({ compare }: Field): string =>
  ['$eq', '$ne', ...lists, ...(compare ? Object.keys(comparisons) : [])].join(', ');

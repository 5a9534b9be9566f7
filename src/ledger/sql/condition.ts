import type { ColumnType, Engine } from '../../database/database';
import type { Value } from '../../database/query';
import type { Comparison, Condition, Operand } from '../condition';
import { type Columns, isIndexed } from './columns';

const operators: Record<Comparison, string> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
const opposites: Record<Comparison, Comparison> = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' };

/** A longer list is one parameter; a planner sees more of a shorter one. */
const FEW = 8;

/** The values that the text of one statement names, in the order they were met. */
export class Parameters {
  readonly values: Record<string, Value> = {};
  #count = 0;

  /** Its name in the text. The same statement with other values has the same names. */
  add(value: Operand): string {
    const name = `value_${++this.#count}`;
    this.values[name] = typeof value === 'boolean' ? Number(value) : value;
    return name;
  }
}

/**
 * A test, and what it is where it comes to null. Of tests that no index answers, PostgreSQL would guess that next to no
 * row passes, and rather sort all rows than walk until the page is full; of a coalesce it expects half of them.
 */
export const evenOdds = (sql: string, ofNull: boolean): string => `coalesce(${sql}, ${ofNull})`;

/** Compiles conditions over these columns to SQL. */
export function conditionSql(engine: Engine, columns: Columns, parameters: Parameters) {
  /** No NOT is left in the text, so that a NULL, which is not true, is as good as false. */
  function compile(condition: Condition, negated = false): string {
    if ('not' in condition) return compile(condition.not, !negated);
    if ('all' in condition) return joined(condition.all, negated ? 'or' : 'and', negated);
    if ('any' in condition) return joined(condition.any, negated ? 'and' : 'or', negated);
    if ('columns' in condition) return among(condition.columns, condition.in, negated);
    if ('in' in condition) return oneOf(condition.column, condition.in, negated);
    return compared(condition.column, negated ? opposites[condition.is] : condition.is, condition.value, negated);
  }

  function joined(conditions: readonly Condition[], word: 'and' | 'or', negated: boolean): string {
    if (conditions.length === 0) return String(word === 'and');
    return `(${conditions.map((each) => compile(each, negated)).join(` ${word} `)})`;
  }

  function compared(name: string, is: Comparison, value: Operand, negated: boolean): string {
    const { sql } = columns.get(name);
    if (value === null && is !== 'eq' && is !== 'ne') return `${negated}`;
    if (value === null) return test(name, `${sql} is ${is === 'eq' ? '' : 'not '}null`, false);
    return test(name, `${sql} ${operators[is]} :${parameters.add(value)}`, is === 'ne' || (negated && is !== 'eq'));
  }

  function oneOf(name: string, values: readonly Operand[], negated: boolean): string {
    const some = values.filter((value) => value !== null);
    if (some.length === 0)
      return values.length > 0 ? compared(name, negated ? 'ne' : 'eq', null, negated) : `${negated}`;
    return test(name, listed(name, some, negated), values.includes(null) !== negated);
  }

  function listed(name: string, values: readonly Operand[], negated: boolean): string {
    const rows = values.map((value) => [value]);
    if (values.length > FEW) return among([name], rows, negated);
    const list = values.map((value) => `:${parameters.add(value)}`).join(', ');
    return `${columns.get(name).sql} ${negated ? 'not in' : 'in'} (${list})`;
  }

  const test = (name: string, sql: string, ofNull: boolean): string => (isIndexed(name) ? sql : evenOdds(sql, ofNull));

  function among(names: readonly string[], rows: readonly (readonly Operand[])[], negated: boolean): string {
    const typed = Object.fromEntries(names.map((name): [string, ColumnType] => [name, columns.get(name).type]));
    const list = engine.rows(parameters.add(JSON.stringify(rows, numeric)), typed);
    const isIn = (some: readonly string[]) =>
      `${tuple(some.map((name) => columns.get(name).sql))} ${negated ? 'not in' : 'in'} (
        select ${some.map((name) => `listed.${name}`).join(', ')} from ${list} as listed)`;
    // Said of the first alone as well: the columns of an index, where not all of them lie in one table.
    return negated || names.length === 1 ? isIn(names) : `(${isIn(names.slice(0, 1))} and ${isIn(names)})`;
  }

  return compile;
}

const tuple = (columns: readonly string[]): string => (columns.length === 1 ? columns[0]! : `(${columns.join(', ')})`);

const numeric = (_key: string, value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

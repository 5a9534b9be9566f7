import type { Order, Place } from '../query';
import type { Columns } from './columns';
import type { Parameters } from './condition';

/**
 * SQL that is true behind a place in the order. Each column has a bound of its own beside the whole, in terms of
 * those before it, so that it can be tested where its table is read.
 */
export function placeSql(order: readonly Order[], place: Place, columns: Columns, parameters: Parameters): string[] {
  const keys = order.map(({ column, descending }, index) => ({
    column: columns.ordered(column),
    beyond: descending ? '<' : '>',
    name: parameters.add(place[index]!),
  }));
  const behind = (some: typeof keys, equal: string): string => {
    const { column, beyond, name } = some[0]!;
    if (some.length === 1) return `${column} ${beyond}${equal} :${name}`;
    return `(${column} ${beyond} :${name} or (${column} = :${name} and ${behind(some.slice(1), equal)}))`;
  };
  const bounds = keys.map((_, index) => behind(keys.slice(0, index + 1), index < keys.length - 1 ? '=' : ''));
  if (order[0]!.column !== 'section_id') return bounds;
  // PostgreSQL carries an equality over to the other table of a join, but not a bound.
  return [`entries.same_section_id ${keys[0]!.beyond}= :${keys[0]!.name}`, ...bounds];
}

import type { Order, Place } from '../query';
import type { Columns } from './columns';
import { evenOdds, type Parameters } from './condition';

/**
 * SQL that is true behind a place in the order. Each column has a bound of its own beside the whole, in terms of
 * those before it, so that it can be tested where its table is read; an index is entered by the first.
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
  return keys.map((_, index) => {
    const bound = behind(keys.slice(0, index + 1), index < keys.length - 1 ? '=' : '');
    return index === 0 ? bound : evenOdds(bound, false);
  });
}

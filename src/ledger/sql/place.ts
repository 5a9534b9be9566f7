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
  const bounds = keys.map((_, index) => behind(keys.slice(0, index + 1), index < keys.length - 1 ? '=' : ''));
  return [...entrance(order[0]!.column, keys[0]!), ...bounds.slice(1).map((bound) => evenOdds(bound, false))];
}

/**
 * The bound by which an index is entered. Behind a `select` PostgreSQL cannot see the place, and plans alike for all:
 * near the end of a walk it would rather sort what is left. It carries an equality over to the other table of a join,
 * but not a bound.
 */
function entrance(name: string, key: { column: string; beyond: string; name: string }): string[] {
  const bound = (column: string) => `${column} ${key.beyond}= (select cast(:${key.name} as bigint))`;
  if (name === 'section_id') return [bound(key.column), bound('entries.same_section_id')];
  return name === 'enrollment_id' ? [bound(key.column)] : [];
}

import type { Order } from '../../ledger/query';
import { shown } from '../../shown';
import { violation } from './errors';
import { byId, fields } from './fields';

/** As sent. Without an order it is ascending. */
export interface Sorting {
  readonly fieldName?: string;
  readonly order?: 'ASC' | 'DESC' | null;
}

/** "`id` sorted in `ASC` order" where nothing is said; it is also the last thing that every order goes by. */
export function orderOf(sort: readonly Sorting[] | null | undefined): Order[] {
  const order = [...(sort ?? []).flatMap(columnsOf), ...byId];
  return order.filter(({ column }, index) => order.findIndex((each) => each.column === column) === index);
}

function columnsOf({ fieldName, order }: Sorting, index: number): Order[] {
  const field = fieldName !== undefined && Object.hasOwn(fields, fieldName) ? fields[fieldName] : undefined;
  if (!field) {
    const known = Object.keys(fields).join(', ');
    throw violation(
      `query.sort.${index}.fieldName`,
      `must be one of ${known}, not ${shown(fieldName)}`,
      'INVALID_ENUM_VALUE',
    );
  }
  // "numberOfAttendees: ascending(), descending()"; the others have ascending() alone.
  if (order === 'DESC' && !field.compare)
    throw violation(
      `query.sort.${index}.order`,
      `must be ASC for ${fieldName}; only numberOfAttendees sorts DESC`,
      'INVALID_ENUM_VALUE',
    );
  return field.columns.map((column) => ({ column, descending: order === 'DESC' }));
}

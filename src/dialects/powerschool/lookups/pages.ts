import { Problem } from '../../../errors';
import type { Slice } from '../../../roster/roster';

/** The largest page, which `/ws/v1/metadata` names. */
export const MAX_PAGE = 100;

/** The query of a list, as sent. */
export interface PageQuery {
  readonly page?: string;
  readonly pagesize?: string;
  readonly count?: string;
}

/** A page from 1. More than the largest is refused rather than cut: clients count their pages by the size they ask for. */
export function sliceOf({ page, pagesize }: PageQuery): Slice {
  const limit = whole('pagesize', pagesize, MAX_PAGE, MAX_PAGE);
  return { offset: (whole('page', page, 1, 1_000_000) - 1) * limit, limit };
}

/** The same of a query's records, where `pagesize=0` asks for all of them. */
export function pageOf<Row>(rows: readonly Row[], query: PageQuery): readonly Row[] {
  if (query.pagesize === '0') return rows;
  const { offset, limit } = sliceOf(query);
  return rows.slice(offset, offset + limit);
}

function whole(field: string, value: string | undefined, usual: number, most: number): number {
  if (!value) return usual;
  const number = /^\d{1,10}$/.test(value) ? Number(value) : 0;
  if (number >= 1 && number <= most) return number;
  const message = `${field} must be a whole number from 1 to ${most}, not ${value.slice(0, 60)}`;
  throw new Problem('QUERY_INVALID', message, { violations: [{ field, rule: 'InvalidValue', message }] });
}

import { dateOf, dayNumber } from '../../days';
import type { Call, Endpoint } from '../../http/endpoint';
import type { EntryRow, Order, Place } from '../../ledger/query';
import type { House } from '../house';
import { type AttendanceRow, attendanceOf, beside } from './attendance';
import { cursorsBy, type Walk } from './cursor';
import { conditionOf } from './filter';
import { limitOf, type Query, walkOf } from './paging';

type QueryCall = Call<object, object, { readonly query?: Query | null }>;
type CountCall = Call<object, object, { readonly filter?: unknown }>;
type Row = EntryRow & AttendanceRow;

/** `query` and `count`. */
export function queryEndpoints(service: string, { ledger, signer }: House): Endpoint[] {
  const cursors = cursorsBy(signer);
  const query: Endpoint<QueryCall> = {
    method: 'POST',
    path: `${service}/query`,
    scope: 'attendance:read',
    heavy: true,
    schemas: { body: 'wix/query.body', reply: 'wix/query.reply' },
    async handle(call) {
      const { body, caller } = call;
      const limit = limitOf(body.query ?? {});
      const walk = walkOf(body.query ?? {}, cursors, call);
      // One row more than asked for tells whether there is another page.
      const found = await ledger.query<Row>({ ...walk, actor: caller, beside, limit: limit + 1 });
      const { rows, next, prev } = pageOf(found, walk, limit);
      const written = (place: Partial<Walk> | undefined) =>
        place && cursors.write(call, { condition: walk.condition, order: walk.order, ...place });
      // The SDK walks on as long as there is a next cursor: none on the last page, no previous one on the first.
      const pagingMetadata = { cursors: { next: written(next), prev: written(prev) }, hasNext: next !== undefined };
      return { status: 200, body: { attendances: rows.map(attendanceOf), pagingMetadata } };
    },
  };
  const count: Endpoint<CountCall> = {
    method: 'POST',
    path: `${service}/count`,
    scope: 'attendance:read',
    heavy: true,
    schemas: { body: 'wix/count.body', reply: 'wix/count.reply' },
    async handle({ body, caller }) {
      const condition = conditionOf(body.filter, 'filter');
      return { status: 200, body: { count: await ledger.count({ actor: caller, condition, beside }) } };
    },
  };
  return [query, count];
}

/** The rows of a page, and the places where its neighbours begin, where it has any. */
function pageOf(found: readonly Row[], { order, after, before }: Walk, limit: number) {
  const more = found.length > limit;
  const rows = before ? found.slice(-limit) : found.slice(0, limit);
  const [first, last] = [rows[0], rows.at(-1)];
  const hasNext = before !== undefined || more;
  const hasPrev = before !== undefined ? more && first !== undefined : after !== undefined;
  return {
    rows,
    // Where all rows before a place have gone, the next page is the first.
    next: hasNext ? { after: last && placeOf(last, order) } : undefined,
    // Where all rows after a place have gone, the page before it ends with the row at that place.
    prev: hasPrev ? { before: first ? placeOf(first, order) : behind(after!) } : undefined,
  };
}

const placeOf = (row: Row, order: readonly Order[]): Place =>
  order.map(({ column }) => (row as unknown as Record<string, string | number>)[column]!);

/** The place right behind another: every order ends with a key of enrollment, or of its day. */
const behind = (place: Place): Place =>
  place.map((value, index) => {
    if (index < place.length - 1) return value;
    return typeof value === 'number' ? value + 1 : (dateOf(dayNumber(value) + 1) ?? value);
  });

import { AttendanceReply, AttendancesReply } from '../../../schemas/osdi/attendances';
import { CollectionQuery, type Link } from '../../../schemas/osdi/parts';
import { partsOf } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import type { Condition, Place } from '../../ledger/entries';
import { Problem } from '../../lib/problem';
import type { Dependencies } from '../dependencies';
import {
  type AttendanceRow,
  attendanceFields,
  attendanceId,
  attendanceOf,
  attendanceReply,
  extension,
  ofId,
  order,
  parents,
  type Scopes,
} from './attendance';
import { type Fields, parseFilter } from './filter';
import { curiesOf, documentReply, idOf } from './hal';
import { type ListSlice, neighboursOf, offsetOf, pageOf, type Window, windowOf } from './lists';

/** A collection of resources that have ids and are listed in their order. */
interface Collection<Rel extends string, Row, Item> {
  /** What it is called in `_links` and `_embedded`. */
  readonly rel: Rel;
  readonly fields: Fields;
  rows(slice: ListSlice): Promise<Row[]>;
  count(condition: Condition): Promise<number>;
  idOf(row: Row): number;
  /** The values of its key in the row with this id. */
  placeOf(id: number): Place;
  print(row: Row): Item;
}

/** One page of it, embedded and linked, that leads on to the next and back to the one before. */
export async function collectionReply<
  const Rel extends string,
  Row,
  Item extends { readonly _links: { readonly self: Link } },
>(call: Call<object, CollectionQuery>, collection: Collection<Rel, Row, Item>) {
  const { rel, print } = collection;
  const window = windowOf(call.query, call.epoch);
  const { total, found } = await read(call.query, window, collection);
  const page = pageOf(found, window);
  const [first, last] = [page[0], page.at(-1)].map((row) => row && collection.idOf(row));
  const more = found.length > window.size;
  const items = page.map(print);
  const selves = items.map(({ _links: { self } }) => self);
  return documentReply(200, {
    total_pages: Math.ceil(total / window.size),
    per_page: window.size,
    page: window.page,
    total_records: total,
    _links: {
      ...linksOf(call, neighboursOf(call.query, window, { total, more, first, last }, call.epoch)),
      ...named(rel, selves),
      curies: curiesOf(call),
    },
    // Clients take the first key, and read until it is empty.
    _embedded: named(rel, items),
  });
}

/** An object with this one property. */
const named = <Rel extends string, Value>(rel: Rel, value: Value) => ({ [rel]: value }) as Record<Rel, Value>;

/** How many items there are in all, and those of the page with one more, to know whether it is the last. */
async function read<Row>(
  { filter }: CollectionQuery,
  window: Window,
  { fields, placeOf, ...list }: Pick<Collection<string, Row, unknown>, 'fields' | 'placeOf' | 'count' | 'rows'>,
) {
  const condition = filter ? parseFilter(filter, fields) : { all: [] };
  const [after, before] = [window.after, window.before].map((id) => (id === undefined ? undefined : placeOf(id)));
  const total = await list.count(condition);
  const found = await list.rows({ condition, after, before, offset: offsetOf(window), limit: window.size + 1 });
  return { total, found };
}

function linksOf(call: Call<object, CollectionQuery>, { next, previous }: ReturnType<typeof neighboursOf>) {
  const path = call.path.replace(/\/+$/, '');
  const link = (query?: Record<string, string>): Link => ({ href: call.link(path, query) });
  return {
    self: link(asked(call.query)),
    ...(next && { next: link(next) }),
    // The specification says `previous`; clients follow `prev` (IANA's link relations have both).
    ...(previous && { previous: link(previous), prev: link(previous) }),
  };
}

/** What of the query is ours, and not the token. */
function asked({ page, per_page, filter, after, before }: CollectionQuery): Record<string, string> | undefined {
  const given = Object.entries({ page, per_page, filter, after, before }).filter(([, value]) => value);
  return given.length > 0 ? Object.fromEntries(given as [string, string][]) : undefined;
}

/** `attendances` of an event and of a person, read. */
export function attendanceEndpoints({ ledger }: Dependencies, scopes: Scopes): Endpoint[] {
  return parents.flatMap((path) => [
    endpoint({
      method: 'GET',
      path: `${path}/attendances`,
      scope: 'attendance:read',
      schemas: { query: CollectionQuery, reply: AttendancesReply },
      async handle(call) {
        const all = await scopes.attendances(call);
        const actor = call.caller;
        const within = (condition: Condition): Condition => ({ all: [all, condition] });
        return collectionReply(call, {
          rel: 'osdi:attendances',
          fields: attendanceFields,
          count: (condition) => ledger.count({ actor, extension, condition: within(condition) }),
          rows: ({ condition, ...slice }) =>
            ledger.query({ ...slice, actor, extension, order, condition: within(condition) }),
          idOf: attendanceId,
          placeOf: (id) => Object.values(partsOf(id)),
          print: (row: AttendanceRow) => attendanceOf(row, call),
        });
      },
    }),
    endpoint({
      method: 'GET',
      path: `${path}/attendances/:attendance`,
      scope: 'attendance:read',
      schemas: { reply: AttendanceReply },
      async handle(call) {
        const condition = { all: [await scopes.attendances(call), ofId(idOf(call.params.attendance))] };
        const [row] = await ledger.query({ actor: call.caller, extension, order, condition, limit: 1 });
        return attendanceReply(known(row, call), call);
      },
    }),
  ]);
}

export function known<Row>(row: Row | undefined, { params }: Call<{ attendance: string }>): Row {
  if (!row) throw new Problem('NOT_FOUND', `There is no attendance ${params.attendance} here.`);
  return row;
}

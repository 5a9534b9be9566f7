import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { CountBody, CountReply, type Query, QueryBody, QueryReply, type Sorting } from '../../../schemas/wix/query';
import { readOnDays } from '../../audit/read';
import type { Signer } from '../../clients/signer';
import { dateOf, dayNumber } from '../../days';
import { type Call, type Endpoint, endpoint } from '../../http/endpoint';
import { saysNothing, strayName } from '../../http/names';
import type { Comparison, Condition, EntryRow, Order, Place } from '../../ledger/entries';
import { preview } from '../../lib/preview';
import type { Dependencies } from '../dependencies';
import {
  type AttendanceRow,
  attendanceOf,
  event,
  extension,
  guid,
  isObject,
  type Named,
  statuses,
  statusName,
  wholeNumber,
} from './attendance';
import { violation } from './errors';

/** A field of an attendance as filters and sorts know it. */
export interface Field {
  /** What it is sorted by. */
  readonly columns: readonly string[];
  /** True where it equals one of the values, none of which is null. */
  among(values: readonly unknown[], path: string): Condition;
  /** Only of a field that has an order: `lt() le() gt() ge() descending()`. */
  compare?(is: Comparison, value: unknown, path: string): Condition;
}

const key = ['enrollment_id', 'date'];
const meeting = ['section_id', 'date'];

const eventField: Field = {
  columns: meeting,
  among: (values, path) =>
    named(
      meeting,
      values.map((value) => event(value, path)),
    ),
};

/** "PROPERTY / SUPPORTED FILTERS & SORTING" */
export const fields: Readonly<Record<string, Field>> = {
  id: {
    columns: key,
    among: (values, path) =>
      named(
        key,
        values.map((value) => guid('entry', value, path)),
      ),
  },
  bookingId: {
    columns: ['enrollment_id'],
    among: (values, path) =>
      named(
        ['enrollment_id'],
        values.map((value) => guid('enrollment', value, path)),
      ),
  },
  eventId: eventField,
  sessionId: eventField,
  status: {
    columns: ['attendance_status'],
    among: (values, path) => ({
      column: 'status',
      in: [...new Set(values.flatMap((value) => statuses[statusName(value, path)] as readonly (number | null)[]))],
    }),
  },
  numberOfAttendees: {
    columns: ['number_of_attendees'],
    among: (values, path) => ({ column: 'number_of_attendees', in: values.map((value) => wholeNumber(value, path)) }),
    compare: (is, value, path) => ({ column: 'number_of_attendees', is, value: wholeNumber(value, path) }),
  },
};

/** Ids that name nothing of ours equal no row. */
function named(columns: readonly string[], found: readonly (Named | undefined)[]): Condition {
  const rows = found
    .filter((each) => each !== undefined)
    .map(({ id, date }) => (date === undefined ? [id] : [id, date]));
  if (rows.length !== 1) return { columns, in: rows };
  return { all: columns.map((column, index) => ({ column, is: 'eq', value: rows[0]![index]! })) };
}

/** The order of ids: that of their texts too. */
export const byId: readonly Order[] = key.map((column) => ({ column }));

/** Which attendances, in which order, and from which place on: from the start where none is said. A cursor carries it. */
export interface PageQuery {
  readonly condition: Condition;
  readonly order: readonly Order[];
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
}

/** Who is handed a cursor, or brings one. */
type CursorCall = Pick<Call, 'caller' | 'epoch'>;

export type Cursors = ReturnType<typeof cursorsBy>;

/**
 * "Pointer to the next or previous page": it carries filter and order, and is good in its own district alone, and in
 * its own database, since a place in a restored one may have other rows before it.
 */
export function cursorsBy(signer: Signer) {
  const purposeOf = ({ epoch, caller }: CursorCall) => `wix cursor in ${caller.district} of ${epoch}`;
  return {
    write: (call: CursorCall, query: PageQuery): string => signer.sign(purposeOf(call), packed(JSON.stringify(query))),

    read(call: CursorCall, cursor: string): PageQuery {
      const payload = signer.verify(purposeOf(call), cursor);
      if (payload) return JSON.parse(unpacked(payload));
      throw invalid('is not one that was handed out here');
    },
  };
}

/** To deflate a short text takes as long as to read a page of attendances. */
const LONG = 500;
/** What a short one begins with, as it is; no raw deflate stream does: it would have a block of a reserved type (RFC 1951, 3.2.3). */
const AS_IS = Buffer.from([0b111]);

const packed = (text: string): Buffer =>
  text.length < LONG ? Buffer.concat([AS_IS, Buffer.from(text)]) : deflateRawSync(text);

const unpacked = (payload: Buffer): string =>
  (payload[0] === AS_IS[0] ? payload.subarray(1) : inflateRawSync(payload)).toString();

export const invalid = (message: string) => violation('query.cursorPaging.cursor', message, 'INVALID_CURSOR');

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
      `must be one of ${known}, not ${preview(fieldName)}`,
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
    if (!isObject(filter)) throw violation(at, `must be an object, not ${preview(filter)}`, 'FORMAT');
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
    if (!Array.isArray(value)) throw violation(at, `must be a list, not ${preview(value)}`, 'FORMAT');
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

/** "`cursorPaging.limit` set to `50`"; "Maximum: `1000`". */
const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 1_000;

export function limitOf({ cursorPaging, paging }: Query): number {
  if (paging?.offset)
    throw violation('query.paging.offset', 'is not supported; pages are walked by cursors', 'FIELD_NOT_ALLOWED');
  // "oneof": `pagingMethod` is the one or the other.
  if (paging?.limit != null && cursorPaging?.limit != null && paging.limit !== cursorPaging.limit)
    throw violation('query.paging.limit', 'must not differ from query.cursorPaging.limit', 'ONE_OF_ALIGNMENT');
  const [name, limit] = cursorPaging?.limit == null ? ['paging', paging?.limit] : ['cursorPaging', cursorPaging.limit];
  if (limit === undefined || limit === null) return DEFAULT_LIMIT;
  if (Number.isInteger(limit) && (limit as number) >= 1 && (limit as number) <= MAX_LIMIT) return limit as number;
  throw violation(`query.${name}.limit`, `must be between 1 and ${MAX_LIMIT}, not ${preview(limit)}`, 'OUT_OF_RANGE', {
    min: 1,
    max: MAX_LIMIT,
  });
}

/** "For following requests, specify the retrieved `cursorPaging.cursor` token and not `query.filter` or `query.sort`." */
export function pageQueryOf({ filter, sort, cursorPaging }: Query, cursors: Cursors, call: CursorCall): PageQuery {
  const cursor = cursorPaging?.cursor;
  if (!cursor) return { condition: conditionOf(filter, 'query.filter'), order: orderOf(sort) };
  const isFiltered = filter != null && !(isObject(filter) && Object.keys(filter).length === 0);
  if (isFiltered || sort?.length) throw invalid('carries filter and sort; neither may be sent with it');
  return cursors.read(call, cursor);
}

/** Where Wix has each of these: a filter that is looked for elsewhere would answer with rows that nobody asked for. */
const places = {
  query: ['filter', 'sort', 'cursorPaging', 'paging'],
  count: ['query', 'sort', 'cursorPaging', 'paging'],
} as const;

/** "Field projection" of the API Query Language. */
const projections = ['fields', 'fieldsets'];

/** Throws where a body has something that would not be heeded where it stands, or as it is called. */
function checkPlaces(method: keyof typeof places, body: object): void {
  const right = method === 'query' ? 'belongs into query' : 'is not supported; a count takes a filter';
  refuseSent(body, [...places[method], ...projections], '', right);
  if (method === 'query')
    refuseSent(Object((body as QueryBody).query), projections, 'query.', 'is not supported; attendances come whole');
  const stray = strayName(method === 'query' ? QueryBody : CountBody, body, (_, __, value) => !saysNothing(value));
  if (stray) throw violation(stray.field, `is no field here; there are ${stray.known.join(', ')}`, 'FIELD_NOT_ALLOWED');
}

function refuseSent(object: object, names: readonly string[], before: string, right: string): void {
  const sent = object as Readonly<Record<string, unknown>>;
  const name = names.find((each) => !saysNothing(sent[each]));
  if (name) throw violation(`${before}${name}`, right, 'FIELD_NOT_ALLOWED');
}

type Row = EntryRow & AttendanceRow;

/** `query` and `count`. */
export function queryEndpoints(service: string, { ledger, signer }: Dependencies): Endpoint[] {
  const cursors = cursorsBy(signer);
  const query = endpoint({
    method: 'POST',
    path: `${service}/query`,
    summary: 'Queries attendances',
    scope: 'attendance:read',
    heavy: true,
    schemas: { body: QueryBody, reply: QueryReply },
    async handle(call) {
      const { body, caller } = call;
      checkPlaces('query', body);
      const limit = limitOf(body.query ?? {});
      const asked = pageQueryOf(body.query ?? {}, cursors, call);
      // One row more than asked for tells whether there is another page.
      const found = await ledger.query({ ...asked, actor: caller, extension, limit: limit + 1 });
      const { rows, next, prev } = pageOf(found, asked, limit);
      const cursorAt = (place: Pick<PageQuery, 'after' | 'before'>) =>
        cursors.write(call, { condition: asked.condition, order: asked.order, ...place });
      // The SDK reads on as long as there is a next cursor: none on the last page, no previous one on the first.
      const neighbours = { ...(next && { next: cursorAt(next) }), ...(prev && { prev: cursorAt(prev) }) };
      const pagingMetadata = { cursors: neighbours, hasNext: next !== undefined };
      return { status: 200, body: { attendances: rows.map(attendanceOf), pagingMetadata }, reads: readOnDays(rows) };
    },
  });
  const count = endpoint({
    method: 'POST',
    path: `${service}/count`,
    summary: 'Counts attendances',
    scope: 'attendance:read',
    heavy: true,
    schemas: { body: CountBody, reply: CountReply },
    async handle({ body, caller }) {
      checkPlaces('count', body);
      const condition = conditionOf(body.filter, 'filter');
      const records = await ledger.count({ actor: caller, condition, extension });
      return { status: 200, body: { count: records }, reads: [{ records }] };
    },
  });
  return [query, count];
}

/** The rows of a page, and the places where its neighbours begin, where it has any. */
function pageOf(found: readonly Row[], { order, after, before }: PageQuery, limit: number) {
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

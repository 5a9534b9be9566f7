import type { TObject, TSchema } from '@sinclair/typebox';
import { CountQuery, TableMetadataQuery, TableQuery, TableRowQuery } from '../../../schemas/powerschool/lists';
import { RecordCountReply } from '../../../schemas/powerschool/queries';
import { TableMetadataReply, TableReply, TableRowReply } from '../../../schemas/powerschool/tables';
import { type Read, readOf } from '../../audit/read';
import type { Caller, Scope } from '../../clients/client';
import { type Endpoint, endpoint } from '../../http/endpoint';
import { Problem } from '../../lib/problem';
import type { List, Slice } from '../../roster/roster';
import { boundsOf, type Fields, type FilterTest, passes, readFilter } from './filter';
import {
  type ColumnOrder,
  expansionsOf,
  inOrder,
  orderOf,
  projected,
  projectionOf,
  sliceOf,
  withExamples,
} from './parameters';

/** Columns by their names, each as a text. */
export type TableColumns = Readonly<Record<string, string>>;

/** A row of a table. */
export interface TableRow {
  readonly id: number | string;
  readonly columns: TableColumns;
}

/** Which rows are asked for. */
export interface AskedRows {
  readonly filter: FilterTest;
  readonly order: readonly ColumnOrder[];
  readonly slice: Slice;
}

/** A table of PowerSchool's schema, as far as there is one here. */
export interface SchemaTable {
  /** In small letters. */
  readonly name: string;
  readonly scope: Scope;
  /** Its columns, by which it is searched. */
  readonly fields: Fields;
  /** The columns that its rows can be put in order by; all of them, where nothing is said. */
  readonly ordered?: readonly string[];
  /** A search of it and some of its columns, for who reads the document. */
  readonly examples: { readonly q: string; readonly projection: string };
  /** What a search has to be by, where the whole table is never read. */
  readonly searchedBy?: string;
  /** Whether all of it may have to be read. */
  readonly heavy?: boolean;
  rows(caller: Caller, asked: AskedRows): Promise<List<TableRow>>;
  /** The row with an id that is a number, where rows have such. */
  row?(caller: Caller, id: number): Promise<TableRow | undefined>;
}

/** The rows that are asked for, of all that there are. */
export function chosenOf(
  rows: readonly TableRow[],
  { filter, order, slice }: AskedRows,
  fields: Fields,
): List<TableRow> {
  const found = rows.filter(({ columns }) => passes(filter, (field) => columns[field] ?? ''));
  const ordered = inOrder(found, order, fields, ({ columns }, field) => columns[field] ?? '');
  return { total: found.length, rows: ordered.slice(slice.offset, slice.offset + slice.limit) };
}

/** `/ws/schema/table/{name}`, the name in any case: a table's rows, how many they are, its columns, and one row by its id. */
export function tableEndpoints(table: SchemaTable): Endpoint[] {
  const { name, scope, fields, heavy = false } = table;
  const path = `/schema/table/${name}`;
  const { q, projection } = table.examples;
  const RowsQuery = needing(table, withExamples(TableQuery, { q, projection }));
  const RowCountQuery = needing(table, withExamples(CountQuery, { q }));
  const read = { method: 'GET', scope, anyCase: true } as const;
  const columns = { [name]: Object.keys(fields) };
  const sortable = Object.fromEntries(
    Object.entries(fields).filter(([column]) => table.ordered?.includes(column) ?? true),
  );
  return [
    endpoint({
      ...read,
      heavy,
      path,
      summary: `Lists the rows of the table ${name}`,
      schemas: { query: RowsQuery, reply: TableReply },
      async handle({ caller, query }) {
        const projection = projectionOf(query.projection, columns);
        const asked = {
          filter: readFilter('q', query.q, fields, name),
          order: orderOf(query, sortable, name),
          slice: sliceOf(query),
        };
        const { rows } = await table.rows(caller, asked);
        const record = rows.map((row) => ({
          id: row.id,
          name,
          tables: projected({ [name]: row.columns }, projection),
        }));
        const reads = isOfStudents(fields) ? readOf(studentsOf(rows), daysOf(asked.filter)) : [];
        return { status: 200, body: { name, record }, reads };
      },
    }),
    endpoint({
      ...read,
      heavy,
      path: `${path}/count`,
      summary: `Counts the rows of the table ${name}`,
      schemas: { query: RowCountQuery, reply: RecordCountReply },
      async handle({ caller, query }) {
        const filter = readFilter('q', query.q, fields, name);
        const { total } = await table.rows(caller, { filter, order: [], slice: { offset: 0, limit: 0 } });
        const reads = isOfStudents(fields) ? [{ ...daysOf(filter), records: total }] : [];
        return { status: 200, body: { count: total }, reads };
      },
    }),
    endpoint({
      ...read,
      path: `${path}/metadata`,
      summary: `Lists the columns of the table ${name}`,
      schemas: { query: TableMetadataQuery, reply: TableMetadataReply },
      async handle({ query }) {
        const access = expansionsOf(query, ['access']).has('access') && { access: 'ViewOnly' as const };
        const all = Object.keys(fields).map((column) => ({ name: column.toUpperCase(), ...access }));
        return { status: 200, body: { name: name.toUpperCase(), primaryKey: 'ID', columns: all } };
      },
    }),
    ...(table.row ? [rowEndpoint(table, columns)] : []),
  ];
}

/** A query that has to have `q`, where a table is not read without. */
function needing<Query extends TObject>({ searchedBy }: SchemaTable, query: Query): Query {
  if (searchedBy === undefined) return query;
  const q = { ...(query.properties.q as TSchema), mustBe: searchedBy };
  return { ...query, properties: { ...query.properties, q }, required: ['q'] };
}

/** Whether it is a table of students; whatever columns of it are asked for. */
const isOfStudents = (fields: Fields): boolean => Object.hasOwn(fields, 'studentid');
const studentsOf = (rows: readonly TableRow[]): number[] => rows.map(({ columns }) => Number(columns.studentid));

/** The days that are asked for, where rows have days. */
function daysOf(filter: FilterTest): Pick<Read, 'from' | 'to'> {
  const { from, to } = boundsOf(filter, 'att_date');
  return { from: from === undefined ? from : String(from), to: to === undefined ? to : String(to) };
}

const rowEndpoint = (table: SchemaTable, columns: Readonly<Record<string, readonly string[]>>): Endpoint =>
  endpoint({
    method: 'GET',
    scope: table.scope,
    anyCase: true,
    path: `/schema/table/${table.name}/:id`,
    summary: `Reads a row of the table ${table.name}`,
    schemas: { query: withExamples(TableRowQuery, table.examples), reply: TableRowReply },
    async handle({ caller, params: { id }, query }) {
      const projection = projectionOf(query.projection, columns);
      const row = /^\d{1,15}$/.test(id) ? await table.row!(caller, Number(id)) : undefined;
      if (!row) throw new Problem('NOT_FOUND', `There is no row ${id.slice(0, 60)} in ${table.name}.`);
      const tables = projected({ [table.name]: row.columns }, projection);
      const body = { id: row.id, name: table.name.toUpperCase(), tables };
      const { att_date: date } = row.columns;
      const reads = isOfStudents(table.fields) ? readOf(studentsOf([row]), { from: date, to: date }) : [];
      return { status: 200, body, reads };
    },
  });

import { PageCountQuery, PageQuery } from '../../../schemas/powerschool/lists';
import { ProgramsBody, ProgramsReply, RecordCountReply } from '../../../schemas/powerschool/queries';
import { type Call, type Endpoint, endpoint, type Reply } from '../../http/endpoint';
import { preview } from '../../lib/preview';
import { Problem } from '../../lib/problem';
import { columnKinds, namedTwice } from './columns';
import { and, type Field, passes, readFilter } from './filter';
import { inOrder, orderOf, pageOf, projected, projectionOf, withExamples } from './parameters';

/*
 * What every named query has beside its arguments: `$q`, `order` and `projection` over the columns that it answers, pages of
 * them, and its `/count`.
 */

type Tables = Readonly<Record<string, Readonly<Record<string, string>>>>;
interface QueryRecord {
  readonly tables: Tables;
}
interface QueryBody {
  readonly name: string;
  readonly record: readonly QueryRecord[];
}

/** The query, as far as a client asks for it, and how many records it has. */
export function powerQuery(query: Endpoint): Endpoint[] {
  const tables = tablesOf(query);
  const fields = fieldsOf(tables);
  const known = Object.keys(query.schemas!.body!.properties);
  const examples = examplesOf(fields);

  /** All records that the filter takes, and what they are called. */
  async function found(call: Call<object, PageQuery>) {
    checkArguments(call.body as object, known);
    const { $q, q } = call.query;
    const filter = and(readFilter('$q', $q, fields), readFilter('q', q, fields));
    const { body, reads } = await query.handle(call);
    const { name, record } = body as QueryBody;
    return { name, reads, records: record.filter((each) => passes(filter, (field) => textOf(each, field))) };
  }

  const page = async (call: Call): Promise<Reply> => {
    const asked = call.query as PageQuery;
    const columns = projectionOf(asked.projection, tables);
    const order = orderOf(asked, fields);
    const isCounted = saysYes('count', asked.count);
    const { name, reads = [], records } = await found(call as Call<object, PageQuery>);
    const ordered = inOrder(records, order, fields, textOf);
    const record = pageOf(ordered, asked).map((each) => ({ ...each, tables: projected(each.tables, columns) }));
    // Where there are none, there is nothing to name: `SchemaRecordList` says "record, optional", and clients read `record || []`.
    if (record.length === 0 && !isCounted) return { status: 200, body: {}, reads };
    const body = { name, ...(isCounted && { count: records.length }), record };
    return { status: 200, body, reads };
  };

  return [
    { ...query, schemas: { ...query.schemas, query: withExamples(PageQuery, examples) }, handle: page },
    {
      ...query,
      path: `${query.path}/count`,
      summary: `${query.summary}: how many there are`,
      schemas: { ...query.schemas, query: withExamples(PageCountQuery, examples), reply: RecordCountReply },
      handle: async (call) => {
        const { reads = [], records } = await found(call as Call<object, PageQuery>);
        return { status: 200, body: { count: records.length }, reads };
      },
    },
  ];
}

/** Examples of the parameters, of columns that the query has: its days, where it has such, else the first. */
function examplesOf(fields: Readonly<Record<string, Field>>) {
  const columns = Object.keys(fields).filter((name) => !name.includes('.'));
  const column = columns.find((name) => fields[name]!.kind === 'day') ?? columns[0]!;
  const { kind } = fields[column]!;
  const q = kind === 'day' ? `${column}=ge=2025-10-01` : `${column}==${kind === 'integer' ? '126' : 'A'}`;
  return { $q: q, q, projection: columns.slice(0, 2).join(','), order: `${column};desc`, sort: column };
}

/** "400: returned if some error with the query, such as invalid argument". An argument that was misspelt would ask for all. */
function checkArguments(sent: object, known: readonly string[]): void {
  const unknown = Object.keys(sent).find((name) => !known.includes(name.toLowerCase()));
  if (unknown !== undefined) {
    const field = unknown.slice(0, 60);
    const takes = known.length > 0 ? `the query takes ${known.join(', ')}` : 'the query takes none';
    throw wrongArgument(field, 'UnknownArgument', `there is no argument ${preview(field)}; ${takes}`);
  }
  const twice = namedTwice(sent);
  if (twice) throw wrongArgument(twice.name, 'TooMany', `one ${twice.name}, not ${twice.sent}`);
}

const wrongArgument = (field: string, rule: string, message: string) =>
  new Problem('BODY_INVALID', message, { violations: [{ field, rule, message }] });

/** Whether a parameter that is true or false is true. */
function saysYes(name: string, value: string | undefined): boolean {
  if (!value || /^(true|false)$/i.test(value)) return value?.toLowerCase() === 'true';
  const message = `${name} is true or false, not ${preview(value)}`;
  throw new Problem('QUERY_INVALID', message, { violations: [{ field: name, rule: 'InvalidValue', message }] });
}

/** The columns that a query answers, table by table, as its schema has them. */
function tablesOf({ schemas }: Endpoint): Record<string, string[]> {
  const tables: Record<string, { properties: object }> =
    schemas!.reply!.properties.record.items.properties.tables.properties;
  return Object.fromEntries(Object.entries(tables).map(([name, { properties }]) => [name, Object.keys(properties)]));
}

/** A column that several tables have is that of the first, unless it is called by its table: `attendance_code.yearid`. */
function fieldsOf(tables: Readonly<Record<string, readonly string[]>>): Record<string, Field> {
  return Object.fromEntries(
    Object.entries(tables).flatMap(([table, columns]) =>
      columns.flatMap((column): [string, Field][] => [
        [column, columnKinds[column]!],
        [`${table}.${column}`, columnKinds[column]!],
      ]),
    ),
  );
}

function textOf({ tables }: QueryRecord, field: string): string {
  const [table, column] = field.split('.') as [string, string?];
  if (column !== undefined) return tables[table]?.[column] ?? '';
  const first = Object.values(tables).find((columns) => Object.hasOwn(columns, field));
  return first?.[field] ?? '';
}

/** "The list of valid programs can be queried using com.pearson.core.attendance.special_program." No roster names any. */
export const programsQuery = endpoint({
  method: 'POST',
  path: '/schema/query/com.pearson.core.attendance.special_program',
  summary: 'Queries special programs',
  scope: 'attendance:read',
  schemas: { query: PageQuery, body: ProgramsBody, reply: ProgramsReply },
  handle: async () => ({ status: 200, body: { name: 'special_program' as const, record: [] } }),
});

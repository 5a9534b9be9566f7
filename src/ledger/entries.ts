import type { ColumnType, Engine, Executor } from '../database/database';
import { adHocQueries, type Value, type Values } from '../database/query';
import { type Description, day, instant, integer, nullable, oneOf, string } from '../database/rows';
import { mayReadOn, scopeOf } from '../roster/access';
import { enrolledOn } from '../roster/enrolled';
import type { Actor } from './actor';
import { status } from './attendance';
import { type Column, Columns, type ColumnsOf, describe, type RowOfColumns } from './columns';

/** What a condition compares with; an instant is ISO 8601 in UTC, a day `YYYY-MM-DD`. */
export type Operand = string | number | boolean | null;

export type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';

/**
 * Which entries are asked for: what APIs parse their query languages into. It is either true or false of an entry:
 * `not` and `ne` are exact opposites, null equals null, and is neither less nor greater than anything. Operands are
 * of the column's type. `all` of nothing is true, `any` of nothing false.
 */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly column: string; readonly is: Comparison; readonly value: Operand }
  | { readonly column: string; readonly in: readonly Operand[] }
  /** Several columns that are never null, e.g. the enrollment and date of entries. */
  | { readonly columns: readonly string[]; readonly in: readonly (readonly Operand[])[] };

/** The columns that must equal a value, or one of a list, for the whole to be true. */
export function equalColumns(condition: Condition): string[] {
  if ('all' in condition) return condition.all.flatMap(equalColumns);
  if ('columns' in condition) return [...condition.columns];
  return 'in' in condition || ('is' in condition && condition.is === 'eq') ? [condition.column] : [];
}

/** An extension table: what one API keeps of entries, by the key (district_id, enrollment_id, date), and adds to a row. */
export interface Extension<Extended = unknown> {
  readonly table: string;
  readonly columns: ColumnsOf<Extended>;
  readonly row: Description<EntryRow> & Description<Extended>;
}

export const extensionTable = <Extended>(table: string, columns: ColumnsOf<Extended>): Extension<Extended> => ({
  table,
  columns,
  row: { ...entryRow, ...describe(columns) },
});

/** The entries of a district, as far as the actor may see them. */
export interface Selection<Extended = unknown> {
  readonly actor: Actor;
  readonly condition?: Condition;
  readonly extension?: Extension<Extended>;
}

export interface Order {
  readonly column: string;
  readonly descending?: boolean;
}

/** The values of the columns of the order in one row. */
export type Place = readonly (string | number)[];

/** The rows after a place in the order, or the last ones before it, so that no write shifts the pages. */
export interface EntryQuery<Extended = unknown> extends Selection<Extended> {
  /** Columns that are never null; those of the key, enrollment_id and date, must be among them. */
  readonly order: readonly Order[];
  readonly after?: Place | undefined;
  readonly before?: Place | undefined;
  /** How many to pass over: what goes by places needs none. */
  readonly offset?: number;
  readonly limit: number;
}

/**
 * An entry with all that a condition or an order can name. The columns of an extension can also name
 * `entries.meeting_created_at` and `entries.meeting_changed_at`: when its meeting was made, and when something of it changed.
 */
const entries = {
  enrollment_id: { type: 'bigint', sql: 'entries.enrollment_id', holds: integer, indexed: true },
  person_id: { type: 'bigint', sql: 'entries.person_id', holds: integer, indexed: true },
  section_id: { type: 'bigint', sql: 'entries.section_id', holds: integer, indexed: true },
  date: { type: 'date', sql: 'entries.date', holds: day, indexed: true },
  /** Whether the roll of its meeting has been taken. */
  taken: { type: 'smallint', sql: 'entries.taken', holds: oneOf(0, 1) },
  status: { type: 'smallint', sql: 'entries.status', holds: nullable(status) },
  comment: { type: 'text', sql: 'entries.comment', holds: string },
  /** The school's code by which its mark was written; null where there is none. */
  code_id: { type: 'bigint', sql: 'entries.code_id', holds: nullable(integer) },
  /** When its mark, or its presence on a meeting that is not taken, was last written; null where there is neither. */
  changed_at: { type: 'timestamptz', sql: 'entries.changed_at', holds: nullable(instant) },
} satisfies Readonly<Record<string, Column>>;
const entryRow = describe<RowOfColumns<typeof entries>>(entries);
export type EntryRow = RowOfColumns<typeof entries>;

/** The columns of entries, with those of an extension table. */
export const entryColumns = (extension: Extension | undefined): Columns =>
  new Columns({ ...entries, ...extension?.columns });

const operators: Record<Comparison, string> = { eq: '=', ne: '<>', lt: '<', le: '<=', gt: '>', ge: '>=' };
const opposites: Record<Comparison, Comparison> = { eq: 'ne', ne: 'eq', lt: 'ge', le: 'gt', gt: 'le', ge: 'lt' };

/** A longer list is one parameter; a planner sees more of a shorter one. */
const FEW = 8;

/** The values that the text of one statement names, in the order they were met. */
export class Parameters {
  readonly values: Record<string, Value> = {};
  #count = 0;

  /** Its name in the text. The same statement with other values has the same names. */
  add(value: Operand): string {
    const name = `value_${++this.#count}`;
    this.values[name] = typeof value === 'boolean' ? Number(value) : value;
    return name;
  }
}

/**
 * A test, and what it is where it comes to null. Of tests that no index answers, PostgreSQL would guess that next to no
 * row passes, and rather sort all rows than read on until the page is full; of a coalesce it expects half of them.
 */
export const evenOdds = (sql: string, ofNull: boolean): string => `coalesce(${sql}, ${ofNull})`;

/** Compiles conditions over these columns to SQL. */
export function conditionSql(engine: Engine, columns: Columns, parameters: Parameters) {
  /** No NOT is left in the text, so that a NULL, which is not true, is as good as false. */
  function compile(condition: Condition, negated = false): string {
    if ('not' in condition) return compile(condition.not, !negated);
    if ('all' in condition) return joined(condition.all, negated ? 'or' : 'and', negated);
    if ('any' in condition) return joined(condition.any, negated ? 'and' : 'or', negated);
    if ('columns' in condition) return among(condition.columns, condition.in, negated);
    if ('in' in condition) return anyOf(condition.column, condition.in, negated);
    return compared(condition.column, negated ? opposites[condition.is] : condition.is, condition.value, negated);
  }

  function joined(conditions: readonly Condition[], word: 'and' | 'or', negated: boolean): string {
    if (conditions.length === 0) return String(word === 'and');
    return `(${conditions.map((each) => compile(each, negated)).join(` ${word} `)})`;
  }

  function compared(name: string, is: Comparison, value: Operand, negated: boolean): string {
    const { sql } = columns.get(name);
    if (value === null && is !== 'eq' && is !== 'ne') return `${negated}`;
    if (value === null) return test(name, `${sql} is ${is === 'eq' ? '' : 'not '}null`, false);
    return test(name, `${sql} ${operators[is]} :${parameters.add(value)}`, is === 'ne' || (negated && is !== 'eq'));
  }

  function anyOf(name: string, values: readonly Operand[], negated: boolean): string {
    const some = values.filter((value) => value !== null);
    if (some.length === 0)
      return values.length > 0 ? compared(name, negated ? 'ne' : 'eq', null, negated) : `${negated}`;
    return test(name, listed(name, some, negated), values.includes(null) !== negated);
  }

  function listed(name: string, values: readonly Operand[], negated: boolean): string {
    const rows = values.map((value) => [value]);
    if (values.length > FEW) return among([name], rows, negated);
    const list = values.map((value) => `:${parameters.add(value)}`).join(', ');
    return `${columns.get(name).sql} ${negated ? 'not in' : 'in'} (${list})`;
  }

  /** An index is entered by a bare test; of a null, which comes to null, that is as good as false. */
  const test = (name: string, sql: string, ofNull: boolean): string => {
    const { indexed, holds } = columns.get(name);
    return indexed && !(ofNull && holds.holds(null)) ? sql : evenOdds(sql, ofNull);
  };

  function among(names: readonly string[], rows: readonly (readonly Operand[])[], negated: boolean): string {
    const typed = Object.fromEntries(names.map((name): [string, ColumnType] => [name, columns.get(name).type]));
    const list = engine.rows(parameters.add(JSON.stringify(rows, numeric)), typed);
    const isIn = (some: readonly string[]) =>
      `${tuple(some.map((name) => columns.get(name).sql))} ${negated ? 'not in' : 'in'} (
        select ${some.map((name) => `listed.${name}`).join(', ')} from ${list} as listed)`;
    // Said of the first alone as well: the columns of an index, where not all of them lie in one table.
    return negated || names.length === 1 ? isIn(names) : `(${isIn(names.slice(0, 1))} and ${isIn(names)})`;
  }

  return compile;
}

const tuple = (columns: readonly string[]): string => (columns.length === 1 ? columns[0]! : `(${columns.join(', ')})`);

const numeric = (_key: string, value: unknown): unknown => (typeof value === 'boolean' ? Number(value) : value);

/**
 * SQL that is true behind a place in the order. Each column has a bound of its own besides the whole, in terms of
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
 * for the last pages it would rather sort what is left. It carries an equality over to the other table of a join,
 * but not a bound.
 */
function entrance(name: string, key: { column: string; beyond: string; name: string }): string[] {
  const bound = (column: string) => `${column} ${key.beyond}= (select cast(:${key.name} as bigint))`;
  if (name === 'section_id') return [bound(key.column), bound('entries.same_section_id')];
  return name === 'enrollment_id' ? [bound(key.column)] : [];
}

/** A statement with the values it is to run with. */
export interface Statement {
  readonly sql: string;
  readonly values: Values;
}

const everything = { all: [] };

/** A page of the entries that a condition takes. */
export function pageSql(engine: Engine, query: EntryQuery): Statement {
  const { condition = everything, order, after, before, limit, offset } = query;
  const columns = entryColumns(query.extension);
  const parameters = new Parameters();
  const direction = before ? order.map(reversed) : order;
  const list = direction.map(({ column, descending }) => `${columns.ordered(column)}${descending ? ' desc' : ''}`);
  const place = after ?? before;
  const where = [
    conditionSql(engine, columns, parameters)(condition),
    ...(place ? placeSql(direction, place, columns, parameters) : []),
  ];
  return {
    sql: `select ${columns.list}
      from ${source(query, joinedByRow(engine), order[0])}
      where ${where.join(' and ')}
      order by ${list.join(', ')}
      limit :limit${offset ? ' offset :offset' : ''}`,
    values: { ...scopeOf(query.actor), ...parameters.values, limit, ...(offset && { offset }) },
  };
}

/** How many entries a condition takes. */
export function countSql(engine: Engine, selection: Selection): Statement {
  const parameters = new Parameters();
  const where = conditionSql(engine, entryColumns(selection.extension), parameters)(selection.condition ?? everything);
  return {
    sql: `select count(*) as count from ${source(selection, JOINED)} where ${where}`,
    values: { ...scopeOf(selection.actor), ...parameters.values },
  };
}

const reversed = ({ column, descending }: Order): Order => ({ column, descending: !descending });

/** The row of an enrollment on a meeting, in marks or presences. */
const its = (
  table: string,
) => `${table}.district_id = meetings.district_id and ${table}.section_id = meetings.section_id
      and ${table}.date = meetings.date and ${table}.enrollment_id = enrollments.id`;
/** Its presence: a taken roll implies present, and has none. */
const ITS_PRESENCE = `meetings.taken_at is null and ${its('presences')}`;

/**
 * Joins both, row by row for a page. The planner of PostgreSQL would rather sort all marks of a district for a
 * page of fifty where it knows little of a part. Presences are joined once, not looked up wherever the status is
 * named: planning that for each part of the table took five times as long as the rows of a roll.
 */
const joinedByRow = ({ leftLookUp }: Engine) =>
  `${leftLookUp('marks', its('marks'))} ${leftLookUp('presences', ITS_PRESENCE)}`;
const JOINED = `left join marks on ${its('marks')} left join presences on ${ITS_PRESENCE}`;

/**
 * The entries themselves. `cross join` holds SQLite to the order in which tables are read: the enrollments in the
 * order of their ids, each with the meetings of its section by date, and nothing has to be sorted; or the other way
 * round where the rows are wanted section by section. The plus keeps it from entering by the district where
 * something narrower is known.
 */
function source({ condition = everything, extension }: Selection, joins: string, first?: Order): string {
  const equal = equalColumns(condition);
  const isOfStudent = ['enrollment_id', 'person_id'].some((column) => equal.includes(column));
  const bySection = first?.column === 'section_id' && !isOfStudent;
  const [outer, inner] = bySection ? ['meetings', 'enrollments'] : ['enrollments', 'meetings'];
  const isNarrow = bySection || isOfStudent || equal.includes('section_id');
  return `(
    select enrollments.id as enrollment_id, enrollments.person_id, ${outer}.section_id,
      ${inner}.section_id as same_section_id, meetings.date,
      case when meetings.taken_at is null then 0 else 1 end as taken,
      meetings.created_at as meeting_created_at, meetings.changed_at as meeting_changed_at,
      case when marks.status is not null then marks.status
        when meetings.taken_at is not null or presences.changed_at is not null then 1 end as status,
      coalesce(marks.comment, '') as comment, marks.code_id,
      case when marks.status is not null then marks.changed_at else presences.changed_at end as changed_at
    from ${outer}
    cross join ${inner}
    ${joins}
    where enrollments.section_id = meetings.section_id and meetings.district_id = :district
      and ${isNarrow ? '+' : ''}enrollments.district_id = :district and not enrollments.admin
      and ${mayReadOn(`${outer}.section_id`, 'meetings.date')}
      and (marks.status is not null
        or ${enrolledOn('enrollments', 'meetings.date')})) as entries
    ${extensionSql(extension)}`;
}

const extensionSql = (extension: Extension | undefined): string =>
  extension
    ? `left join ${extension.table} as extension
      on extension.district_id = :district and extension.enrollment_id = entries.enrollment_id and extension.date = entries.date`
    : '';

/** How the entries of a district are read. */
export interface Entries {
  /** Those that a condition takes, in any order, a page of them; with the columns of the extension table. */
  query<Extended>(query: EntryQuery<Extended>): Promise<(EntryRow & Extended)[]>;
  count(selection: Selection): Promise<number>;
}

const counted = { count: integer };

/** Reads entries by whichever executor: as they were last committed, or within a transaction. */
export function entryReader(engine: Engine): (executor: Executor) => Entries {
  const adHoc = adHocQueries(engine.knex);
  return (executor) => ({
    async query<Extended>(query: EntryQuery<Extended>) {
      const { sql, values } = pageSql(engine, query);
      // Without an extension the rows have nothing more.
      const row = (query.extension?.row ?? entryRow) as Description<EntryRow & Extended>;
      const rows = await executor.all(adHoc(sql, row), values);
      return query.before ? rows.reverse() : rows;
    },

    async count(selection) {
      const { sql, values } = countSql(engine, selection);
      return (await executor.all(adHoc(sql, counted), values))[0]!.count;
    },
  });
}

import type { Engine } from '../../database/database';
import type { Values } from '../../database/query';
import { teaches, yesterday } from '../../roster/teaches';
import { pinned } from '../condition';
import type { Beside, Column, EntryQuery, Order, Place, Selection } from '../query';
import { conditionSql, Parameters } from './condition';

/** A statement with the values it is to run with. */
export interface Statement {
  readonly sql: string;
  readonly values: Values;
}

const everything = { all: [] };

const columns: Record<string, Column> = {
  enrollment_id: { type: 'bigint', sql: 'entries.enrollment_id' },
  person_id: { type: 'bigint', sql: 'entries.person_id' },
  section_id: { type: 'bigint', sql: 'entries.section_id' },
  date: { type: 'date', sql: 'entries.date' },
  taken: { type: 'smallint', sql: 'entries.taken' },
  status: { type: 'smallint', sql: 'entries.status', nullable: true },
  comment: { type: 'text', sql: 'entries.comment' },
  changed_at: { type: 'timestamptz', sql: 'entries.changed_at', nullable: true },
};

/** A page of the entries that a condition takes. */
export function pageSql(engine: Engine, query: EntryQuery): Statement {
  const { order, after, before, limit, beside } = query;
  const parameters = new Parameters();
  const known = { ...columns, ...beside?.columns };
  const direction = before ? order.map(reversed) : order;
  const list = direction.map(({ column, descending }) => `${known[column]!.sql}${descending ? ' desc' : ''}`);
  const selected = Object.entries(known).map(([name, { sql }]) => `${sql} as ${name}`);
  const where = whereOf(engine, query, parameters, known);
  const bounds = boundsOf(direction, after ?? before, known, parameters);
  return {
    sql: `select ${selected.join(', ')}
      from ${source(query, order[0])}
      where ${[where, ...bounds].join(' and ')}
      order by ${list.join(', ')}
      limit :limit`,
    values: { ...scopeOf(query), ...parameters.values, limit },
  };
}

/** How many entries a condition takes. */
export function countSql(engine: Engine, selection: Selection): Statement {
  const parameters = new Parameters();
  const where = whereOf(engine, selection, parameters, { ...columns, ...selection.beside?.columns });
  return {
    sql: `select count(*) as count from ${source(selection)} where ${where}`,
    values: { ...scopeOf(selection), ...parameters.values },
  };
}

const reversed = ({ column, descending }: Order): Order => ({ column, descending: !descending });

const scopeOf = ({ actor: { district, person } }: Selection): Values => ({ district, person, yesterday: yesterday() });

function whereOf(
  engine: Engine,
  { condition = everything }: Selection,
  parameters: Parameters,
  known: Readonly<Record<string, Column>>,
): string {
  return conditionSql(engine, known, parameters)(condition);
}

/**
 * Behind a place in the order. Each column has a bound of its own beside the whole, in terms of those before it, so
 * that it can be tested where its table is read.
 */
function boundsOf(
  order: readonly Order[],
  place: Place | undefined,
  known: Readonly<Record<string, Column>>,
  parameters: Parameters,
): string[] {
  if (!place) return [];
  const keys = order.map(({ column, descending }, index) => ({
    column: known[column]!.sql,
    beyond: descending ? '<' : '>',
    name: parameters.add(place[index]!),
  }));
  const behind = (some: typeof keys, equal: string): string => {
    const { column, beyond, name } = some[0]!;
    if (some.length === 1) return `${column} ${beyond}${equal} :${name}`;
    return `(${column} ${beyond} :${name} or (${column} = :${name} and ${behind(some.slice(1), equal)}))`;
  };
  return keys.map((_, index) => behind(keys.slice(0, index + 1), index < keys.length - 1 ? '=' : ''));
}

/**
 * The entries themselves. `cross join` holds SQLite to the order in which tables are read: the enrollments in the
 * order of their ids, each with the meetings of its section by date, and nothing has to be sorted; or the other way
 * round where the rows are wanted section by section. The plus keeps it from entering by the district where
 * something narrower is known.
 */
function source({ condition = everything, beside }: Selection, first?: Order): string {
  const pins = pinned(condition);
  const isPinned = ['enrollment_id', 'person_id'].some((column) => pins.includes(column));
  const bySection = first?.column === 'section_id' && !isPinned;
  const [outer, inner] = bySection ? ['meetings', 'enrollments'] : ['enrollments', 'meetings'];
  const isNarrow = bySection || isPinned || pins.includes('section_id');
  return `(
    select enrollments.id as enrollment_id, enrollments.person_id, ${outer}.section_id, meetings.date,
      case when meetings.taken_at is null then 0 else 1 end as taken,
      case when marks.status is not null then marks.status when meetings.taken_at is not null then 1 end as status,
      coalesce(marks.comment, '') as comment, marks.changed_at
    from ${outer}
    cross join ${inner}
    left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
      and marks.date = meetings.date and marks.enrollment_id = enrollments.id
    where enrollments.section_id = meetings.section_id and meetings.district_id = :district
      and ${isNarrow ? '+' : ''}enrollments.district_id = :district and not enrollments.admin
      and (cast(:person as bigint) is null or ${teaches(`${outer}.section_id`)})
      and (marks.status is not null
        or (enrollments.begin_date <= meetings.date and enrollments.end_date > meetings.date))) as entries
    ${besideSql(beside)}`;
}

const besideSql = (beside: Beside | undefined): string =>
  beside
    ? `left join ${beside.table} as beside
      on beside.enrollment_id = entries.enrollment_id and beside.date = entries.date`
    : '';

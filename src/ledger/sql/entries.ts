import type { Engine } from '../../database/database';
import type { Values } from '../../database/query';
import { enrolledOn } from '../../roster/enrolled';
import { teaches, yesterday } from '../../roster/teaches';
import { pinned } from '../condition';
import type { Beside, EntryQuery, Order, Selection } from '../query';
import { entryColumns } from './columns';
import { conditionSql, Parameters } from './condition';
import { placeSql } from './place';
import { known, presenceOf } from './read';

/** A statement with the values it is to run with. */
export interface Statement {
  readonly sql: string;
  readonly values: Values;
}

const everything = { all: [] };

/** A page of the entries that a condition takes. */
export function pageSql(engine: Engine, query: EntryQuery): Statement {
  const { condition = everything, order, after, before, limit, offset } = query;
  const columns = entryColumns(query.beside);
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
      from ${source(query, order[0])}
      where ${where.join(' and ')}
      order by ${list.join(', ')}
      limit :limit${offset ? ' offset :offset' : ''}`,
    values: { ...scopeOf(query), ...parameters.values, limit, ...(offset && { offset }) },
  };
}

/** How many entries a condition takes. */
export function countSql(engine: Engine, selection: Selection): Statement {
  const parameters = new Parameters();
  const where = conditionSql(engine, entryColumns(selection.beside), parameters)(selection.condition ?? everything);
  return {
    sql: `select count(*) as count from ${source(selection)} where ${where}`,
    values: { ...scopeOf(selection), ...parameters.values },
  };
}

const reversed = ({ column, descending }: Order): Order => ({ column, descending: !descending });

const scopeOf = ({ actor: { district, person } }: Selection): Values => ({ district, person, yesterday: yesterday() });

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
    select enrollments.id as enrollment_id, enrollments.person_id, ${outer}.section_id,
      ${inner}.section_id as same_section_id, meetings.date,
      case when meetings.taken_at is null then 0 else 1 end as taken,
      ${known('meetings', 'enrollments.id')} as status,
      coalesce(marks.comment, '') as comment, marks.code_id,
      case when marks.status is not null then marks.changed_at
        when meetings.taken_at is null then ${presenceOf('presences.changed_at', 'meetings', 'enrollments.id')}
        end as changed_at
    from ${outer}
    cross join ${inner}
    left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
      and marks.date = meetings.date and marks.enrollment_id = enrollments.id
    where enrollments.section_id = meetings.section_id and meetings.district_id = :district
      and ${isNarrow ? '+' : ''}enrollments.district_id = :district and not enrollments.admin
      and (cast(:person as bigint) is null or ${teaches(`${outer}.section_id`)})
      and (marks.status is not null
        or ${enrolledOn('enrollments', 'meetings.date')})) as entries
    ${besideSql(beside)}`;
}

const besideSql = (beside: Beside | undefined): string =>
  beside
    ? `left join ${beside.table} as beside
      on beside.district_id = :district and beside.enrollment_id = entries.enrollment_id and beside.date = entries.date`
    : '';

import type { Database } from '../database/database';
import { text } from '../database/query';
import { day, instant, integer, nullable, type RowOf, string } from '../database/rows';
import { daysBetween, earlier, FIRST_SCHOOL_DAY, later, plusDays, today } from '../days';
import { daysOfYear, openSchoolYears, type SchoolYear } from '../roster/school-years';
import { everOfSchool } from '../roster/section-schools';

/** A school in which students who are not marked count as present on past days, though nobody took the roll. */
export interface Assuming {
  readonly school: number;
  /** The last of these days: the district's yesterday. */
  readonly until: string;
  /** The last day that was counted so without a gap; null where none was. */
  readonly counted: string | null;
  /** From when on a student counts as present whose enrollment begins on this day. */
  since(begin: string): string;
}

const schoolRow = {
  school: integer,
  time_zone: string,
  created_at: instant,
  erased: nullable(integer),
  counted: nullable(day),
};
type SchoolRow = RowOf<typeof schoolRow>;

/** Days of which something has changed. */
export interface Stretch {
  readonly from_date: string;
  /** Exclusive. */
  readonly to_date: string;
}

/** Finds those schools of a district, or whether one school is one of them. */
export function openAssuming(database: Database) {
  const sql = assumingSql(database);
  const schoolYears = openSchoolYears(database);
  return async (district: number, school: number | null = null): Promise<Map<number, Assuming>> => {
    const rows = await database.all(sql.schools, { district, school });
    const isErased = rows.some(({ erased }) => erased !== null);
    const years = isErased ? await schoolYears(district) : [];
    return new Map(rows.map((row) => [row.school, assumingOf(row, years)]));
  };
}

function assumingOf(
  { school, time_zone, created_at, erased, counted }: SchoolRow,
  years: readonly SchoolYear[],
): Assuming {
  const known = today(time_zone, new Date(created_at));
  // What was erased does not come back as present.
  const first = erased === null ? FIRST_SCHOOL_DAY : daysOfYear(erased, years).to;
  return {
    school,
    until: plusDays(today(time_zone), -1),
    counted,
    since(begin) {
      return later(begin < FIRST_SCHOOL_DAY ? known : begin, first);
    },
  };
}

/**
 * The days to count in such a school: those that have passed since it was counted last, and those of changes of its roster, whose
 * ends are open where they begin or end on no day that an id can hold. All days, not school days alone: calendars change.
 */
export function openDaysToAssume(database: Database) {
  const sql = assumingSql(database);
  return async (district: number, { school, until, counted, since }: Assuming, changed: readonly Stretch[]) => {
    const isOpen = ({ from_date }: Stretch) => from_date < FIRST_SCHOOL_DAY;
    const first =
      counted === null || changed.some(isOpen) ? await firstOf(district, school, since, until) : FIRST_SCHOOL_DAY;
    const next = plusDays(until, 1);
    const passed = { from_date: counted === null ? first : plusDays(counted, 1), to_date: next };
    return unionOf(
      [passed, ...changed]
        .map((days) => ({ from: isOpen(days) ? first : days.from_date, to: earlier(days.to_date, next) }))
        .filter(({ from, to }) => from < to),
    );
  };

  async function firstOf(district: number, school: number, since: Assuming['since'], until: string): Promise<string> {
    const [row] = await database.all(sql.bounds, {
      district,
      school,
    });
    const { begins, begins_known, counted } = row!;
    const days = [begins && since(begins), begins_known && since(begins_known), counted, until];
    return days.filter((each) => each !== null).sort()[0]!;
  }
}

/** Every day of these, whose ends are exclusive, once. */
function unionOf(ranges: readonly { from: string; to: string }[]): string[] {
  const days: string[] = [];
  for (const { from, to } of ranges.toSorted((one, other) => (one.from < other.from ? -1 : 1))) {
    const last = days.at(-1);
    const start = last !== undefined && last >= from ? plusDays(last, 1) : from;
    for (const day of daysBetween(start, plusDays(to, -1))) days.push(day);
  }
  return days;
}

/** The statements about schools in which students who are not marked count as present. */
export const assumingSql = ({ knex }: Pick<Database, 'knex'>) => ({
  schools: text(
    knex,
    `select schools.id as school, districts.time_zone, districts.created_at,
      (select max(erased_years.year) from erased_years where erased_years.district_id = :district) as erased,
      (select counted_days.date from counted_days
        where counted_days.district_id = :district and counted_days.school_id = schools.id and counted_days.assumed
        order by counted_days.date desc limit 1) as counted
    from schools
    join districts on districts.id = schools.district_id
    where schools.district_id = :district and schools.untaken = 'present'
      and (cast(:school as bigint) is null or schools.id = :school)`,
    schoolRow,
  ),
  /** The first day on which somebody was in a section, whose begin is known or not, and the first that was counted. */
  bounds: text(
    knex,
    `select min(stays.begin_date) as begins,
      min(case when stays.begin_date >= '${FIRST_SCHOOL_DAY}' then stays.begin_date end) as begins_known,
      (select counted_days.date from counted_days
        where counted_days.district_id = :district and counted_days.school_id = :school and counted_days.assumed
        order by counted_days.date limit 1) as counted
    from (
      select enrollments.begin_date
      from sections
      cross join enrollments
      where ${everOfSchool}
        and enrollments.section_id = sections.id and +enrollments.district_id = :district and not enrollments.admin
      union all
      select kept_days.begin_date
      from sections
      cross join kept_days
      join enrollments on enrollments.district_id = kept_days.district_id and enrollments.id = kept_days.enrollment_id
      where ${everOfSchool}
        and kept_days.section_id = sections.id and +kept_days.district_id = :district and not enrollments.admin
    ) as stays`,
    { begins: nullable(day), begins_known: nullable(day), counted: nullable(day) },
  ),
});

import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { instant, integer, string } from '../../database/rows';
import { FIRST_DAY, LAST_DAY, today as todayIn } from '../../days';
import { commonDays, type Days, daysBeside, daysRow } from '../enrolled';
import { countedFrom } from '../past';

/** The days before an import on which any student counted as present in a school, though nobody took the roll. */
export interface CountedBefore {
  /** By their schools: those that count untaken days. */
  readonly ofSchools: ReadonlyMap<number, readonly Days[]>;
  /** The day on which the district began: from then on those count of whom nobody knows when they came. */
  readonly since: string;
  /** The greatest id of an enrollment: those after it are of the import. */
  readonly last: number;
}

/**
 * Reads them as they are before an import, since what the import itself brings has not been counted: a first import, in
 * whatever chunks and files, counts from the begin of the term.
 */
export async function countedBefore(database: Database, district: number, today: string): Promise<CountedBefore> {
  const sql = countedBeforeSql(database);
  const [begun] = await database.all(sql.begun, { district });
  const last = (await database.all(sql.last, { district }))[0]!.last;
  const since = todayIn(begun!.time_zone, new Date(begun!.created_at));
  const found = new Map<number, Days[]>();
  for (const { school, placed_begin, placed_end, ...days } of await database.all(sql.stays, { district, today })) {
    const placed = { begin_date: placed_begin, end_date: placed_end };
    const over = { begin_date: FIRST_DAY, end_date: today };
    const counted = commonDays(commonDays([countedFrom(since, days)], [placed]), [over]);
    found.set(school, [...(found.get(school) ?? []), ...counted]);
  }
  const none = { begin_date: FIRST_DAY, end_date: FIRST_DAY };
  return { since, last, ofSchools: new Map([...found].map(([school, days]) => [school, daysBeside(none, days)])) };
}

const countedBeforeSql = ({ knex }: Pick<Database, 'knex'>) => ({
  begun: text(knex, 'select districts.created_at, districts.time_zone from districts where districts.id = :district', {
    created_at: instant,
    time_zone: string,
  }),
  last: text(
    knex,
    'select coalesce(max(enrollments.id), 0) as last from enrollments where enrollments.district_id = :district',
    { last: integer },
  ),
  /** Of many students the same: each once. */
  stays: text(
    knex,
    `with placed as (
      select sections.id as section_id, sections.school_id as school, coalesce((
          select max(former_schools.end_date) from former_schools
          where former_schools.district_id = :district and former_schools.section_id = sections.id
        ), '${FIRST_DAY}') as begin_date, '${LAST_DAY}' as end_date
      from schools
      join sections on sections.district_id = :district and sections.school_id = schools.id
      where schools.district_id = :district and schools.untaken = 'present'
      union all
      select former_schools.section_id, former_schools.school_id, former_schools.begin_date, former_schools.end_date
      from schools
      join former_schools on former_schools.district_id = :district and former_schools.school_id = schools.id
      where schools.district_id = :district and schools.untaken = 'present')
    select distinct placed.school, placed.begin_date as placed_begin, placed.end_date as placed_end,
      enrollments.begin_date, enrollments.end_date
    from placed
    join enrollments on enrollments.section_id = placed.section_id
    where +enrollments.district_id = :district and not enrollments.admin
      and enrollments.begin_date < enrollments.end_date and enrollments.begin_date < :today
    union
    select placed.school, placed.begin_date, placed.end_date, kept_days.begin_date, kept_days.end_date
    from placed
    join kept_days on kept_days.district_id = :district and kept_days.section_id = placed.section_id
    join enrollments on enrollments.district_id = kept_days.district_id and enrollments.id = kept_days.enrollment_id
    where +enrollments.district_id = :district and not enrollments.admin`,
    { school: integer, placed_begin: daysRow.begin_date, placed_end: daysRow.end_date, ...daysRow },
  ),
});

import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { day, integer, oneOf, string } from '../../database/rows';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { daysRow, enrolledOn } from '../enrolled';
import { schoolOn } from '../section-schools';

/** The statements by which changes of the roster are held against what is known of past days. */
export function pastSql({ knex, rows }: Database) {
  const days = { id: 'bigint', begin_date: 'date', end_date: 'date' } as const;
  const former = (section: string) => `exists (
    select 1 from former_schools
    where former_schools.district_id = :district and former_schools.section_id = ${section})`;
  /** Enrollments, from before the import, of students in other sections than those in which they are to be (`own`). */
  const elsewhere = `${rows('rows', { person: 'bigint', section: 'bigint', begin: 'date', assumed: 'bigint' })} as asked
    cross join sections as own
    cross join enrollments
    cross join sections`;
  const isElsewhere = `own.id = asked.section and +own.district_id = :district
    and enrollments.person_id = asked.person and +enrollments.district_id = :district and enrollments.id <= :last
    and not enrollments.admin and sections.id = enrollments.section_id and sections.id <> own.id`;
  const homerooms = `(own.class_type = 'homeroom' and sections.class_type = 'homeroom')`;
  const otherSchools = `(asked.assumed = 1 and (coalesce(sections.school_id, 0) <> coalesce(own.school_id, 0)
    or ${former('sections.id')} or ${former('own.id')}))`;
  const told = (table: string) => `exists (
    select 1 from ${table}
    where ${table}.district_id = :district and ${table}.section_id = meetings.section_id
      and ${table}.date = meetings.date and ${table}.enrollment_id = enrollments.id)`;
  return {
    any: text(
      knex,
      `select case when exists (
          select 1 from meetings
          where meetings.district_id = :district and meetings.date <= :today) then 1 else 0 end as rolls,
        case when exists (
          select 1 from schools
          where schools.district_id = :district and schools.untaken = 'present') then 1 else 0 end as assumes`,
      { rolls: oneOf(0, 1), assumes: oneOf(0, 1) },
    ),
    /** Where a section is now, it has been since it was in the last of its former schools. */
    assumed: text(
      knex,
      `select sections.id as section, sections.school_id as school, coalesce((
          select max(former_schools.end_date) from former_schools
          where former_schools.district_id = :district and former_schools.section_id = sections.id
        ), '${FIRST_DAY}') as begin_date, '${LAST_DAY}' as end_date
      from ${rows('ids', { id: 'bigint' })} as asked
      cross join sections
      join schools on schools.id = sections.school_id and schools.untaken = 'present'
      where sections.id = asked.id and +sections.district_id = :district
      union all
      select former_schools.section_id, former_schools.school_id, former_schools.begin_date, former_schools.end_date
      from ${rows('ids', { id: 'bigint' })} as asked
      cross join former_schools
      join schools on schools.id = former_schools.school_id and schools.untaken = 'present'
      where former_schools.district_id = :district and former_schools.section_id = asked.id`,
      { section: integer, school: integer, ...daysRow },
    ),
    taken: text(
      knex,
      `select meetings.section_id as section, meetings.date
      from ${rows('ids', { id: 'bigint' })} as asked
      cross join meetings
      where meetings.district_id = :district and meetings.section_id = asked.id and meetings.date <= :today
        and meetings.taken_at is not null
      order by meetings.section_id, meetings.date`,
      { section: integer, date: day },
    ),
    told: text(
      knex,
      ['marks', 'presences']
        .map(
          (table) => `select ${table}.enrollment_id as enrollment, ${table}.date
            from ${rows('ids', { id: 'bigint' })} as asked
            cross join enrollments
            join ${table} on ${table}.district_id = :district and ${table}.section_id = enrollments.section_id
              and ${table}.enrollment_id = enrollments.id and ${table}.date <= :today
            where enrollments.id = asked.id and +enrollments.district_id = :district`,
        )
        .join(' union '),
      { enrollment: integer, date: day },
    ),
    /** The days on which they were on a roll that was taken, or something was said of them, where that may bar another. */
    rollsElsewhere: text(
      knex,
      `select asked.person, asked.section, case when ${homerooms} then 1 else 0 end as homerooms,
        ${schoolOn('meetings.date')} as school, meetings.date
      from ${elsewhere}
      cross join meetings
      where ${isElsewhere} and (${homerooms} or ${otherSchools})
        and meetings.district_id = :district and meetings.section_id = sections.id
        and meetings.date >= asked.begin and meetings.date <= :today
        and (meetings.taken_at is not null or ${told('marks')} or ${told('presences')})
        and ${enrolledOn('enrollments', 'meetings.date')}`,
      { person: integer, section: integer, homerooms: oneOf(0, 1), school: integer, date: day },
    ),
    /** The days that they have in sections that were in some school, and whether that counts untaken days. */
    staysElsewhere: text(
      knex,
      `with stays as (
        select asked.person, asked.section, sections.id as other, sections.school_id as school,
          enrollments.begin_date, enrollments.end_date
        from ${elsewhere}
        where ${isElsewhere} and ${otherSchools} and enrollments.begin_date < :today
          and enrollments.end_date > asked.begin and enrollments.begin_date < enrollments.end_date
        union
        select asked.person, asked.section, sections.id, sections.school_id, kept_days.begin_date, kept_days.end_date
        from ${elsewhere}
        cross join kept_days
        where ${isElsewhere} and ${otherSchools} and kept_days.enrollment_id = enrollments.id
          and +kept_days.district_id = :district and kept_days.end_date > asked.begin),
      placed as (
        select stays.*, coalesce((
            select max(former_schools.end_date) from former_schools
            where former_schools.district_id = :district and former_schools.section_id = stays.other
          ), '${FIRST_DAY}') as placed_begin, '${LAST_DAY}' as placed_end
        from stays
        union all
        select stays.person, stays.section, stays.other, former_schools.school_id, stays.begin_date, stays.end_date,
          former_schools.begin_date, former_schools.end_date
        from stays
        join former_schools on former_schools.district_id = :district and former_schools.section_id = stays.other)
      select placed.person, placed.section, coalesce(placed.school, 0) as school,
        case when schools.untaken = 'present' then 1 else 0 end as assumes,
        placed.placed_begin, placed.placed_end, placed.begin_date, placed.end_date
      from placed
      left join schools on schools.id = placed.school`,
      {
        person: integer,
        section: integer,
        school: integer,
        assumes: oneOf(0, 1),
        placed_begin: day,
        placed_end: day,
        ...daysRow,
      },
    ),
    days: text(
      knex,
      `update enrollments set begin_date = moved.begin_date, end_date = moved.end_date
      from ${rows('rows', days)} as moved
      where enrollments.id = moved.id and enrollments.district_id = :district`,
    ),
    settle: text(
      knex,
      `update enrollments set begin_date = settled.begin_date, end_date = settled.end_date,
        inherits_begin = settled.inherits_begin, inherits_end = settled.inherits_end
      from ${rows('rows', { ...days, inherits_begin: 'boolean', inherits_end: 'boolean' })} as settled
      where enrollments.id = settled.id and enrollments.district_id = :district`,
    ),
    detach: text(
      knex,
      `update enrollments set sourced_id = null, active = false, begin_date = moved.begin_date, end_date = moved.end_date
      from ${rows('rows', days)} as moved
      where enrollments.id = moved.id and enrollments.district_id = :district`,
    ),
    moveAliases: text(
      knex,
      `update enrollment_aliases set enrollment_id = enrollments.id
      from ${rows('rows', { id: 'bigint', sourced_id: 'text' })} as moved
      cross join enrollments
      where enrollment_aliases.district_id = :district and enrollment_aliases.enrollment_id = moved.id
        and enrollments.district_id = :district and enrollments.sourced_id = moved.sourced_id`,
    ),
    named: text(
      knex,
      `select enrollments.id, enrollments.sourced_id
      from ${rows('ids', { sourced_id: 'text' })} as asked
      cross join enrollments
      where enrollments.district_id = :district and enrollments.sourced_id = asked.sourced_id`,
      { id: integer, sourced_id: string },
    ),
    forgetKept: text(
      knex,
      `delete from kept_days
      where kept_days.district_id = :district
        and kept_days.enrollment_id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)`,
    ),
    keep: text(
      knex,
      `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      select :district, kept.section_id, kept.enrollment_id, kept.begin_date, kept.end_date
      from ${rows('rows', { section_id: 'bigint', enrollment_id: 'bigint', begin_date: 'date', end_date: 'date' })} as kept`,
    ),
  };
}

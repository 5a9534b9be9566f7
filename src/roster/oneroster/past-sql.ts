import type { Database } from '../../database/database';
import { text } from '../../database/query';
import { day, integer, oneOf, string } from '../../database/rows';
import { FIRST_DAY, LAST_DAY } from '../../days';
import { daysRow, enrolledOn } from '../enrolled';
import { schoolOn } from '../section-schools';

/** The statements by which changes of the roster are held against what is known of past days. */
export function pastSql({ knex, rows }: Database) {
  const days = { id: 'bigint', begin_date: 'date', end_date: 'date' } as const;
  /** Enrollments, from before the import, of students. */
  const ofStudents = `enrollments.person_id = asked.person
        and sections.district_id = enrollments.district_id and sections.id = enrollments.section_id`;
  /** First of all: PostgreSQL would begin with the meetings of the district. */
  const standing = `standing as materialized (
      select enrollments.id, enrollments.district_id, enrollments.section_id, enrollments.person_id,
        enrollments.begin_date, enrollments.end_date
      from (select distinct listed.person from ${rows('rows', { person: 'bigint' })} as listed) as students
      cross join enrollments
      where enrollments.person_id = students.person and +enrollments.district_id = :district
        and enrollments.id <= :last and not enrollments.admin)`;
  const inSchools = rows('rows', { person: 'bigint', school: 'bigint', begin_date: 'date' });
  const inSections = rows('rows', { person: 'bigint', section: 'bigint', begin_date: 'date' });
  const inOtherSchools = `(coalesce(sections.school_id, 0) <> asked.school or exists (
    select 1 from former_schools
    where former_schools.district_id = :district and former_schools.section_id = sections.id))`;
  const told = (table: string) => `exists (
    select 1 from ${table}
    where ${table}.district_id = :district and ${table}.section_id = meetings.section_id
      and ${table}.date = meetings.date and ${table}.enrollment_id = enrollments.id)`;
  /** On a roll that was taken, or something was said of the student. */
  const isKnown = `meetings.district_id = :district and meetings.section_id = sections.id
    and meetings.date >= asked.begin_date and meetings.date <= :today
    and (meetings.taken_at is not null or ${told('marks')} or ${told('presences')})
    and ${enrolledOn('enrollments', 'meetings.date')}`;
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
      join schools on schools.district_id = sections.district_id
        and schools.id = sections.school_id and schools.untaken = 'present'
      where sections.id = asked.id and +sections.district_id = :district
      union all
      select former_schools.section_id, former_schools.school_id, former_schools.begin_date, former_schools.end_date
      from ${rows('ids', { id: 'bigint' })} as asked
      cross join former_schools
      join schools on schools.district_id = former_schools.district_id
        and schools.id = former_schools.school_id and schools.untaken = 'present'
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
    /** The days of students in other homerooms than those in which they are to be. */
    homeroomDays: text(
      knex,
      `with ${standing}
      select distinct asked.person, asked.section, meetings.date
      from ${inSections} as asked
      cross join sections as own
      cross join standing as enrollments
      cross join sections
      cross join meetings
      where own.id = asked.section and +own.district_id = :district and own.class_type = 'homeroom'
        and ${ofStudents} and sections.id <> own.id and sections.class_type = 'homeroom' and ${isKnown}`,
      { person: integer, section: integer, date: day },
    ),
    /** The days of students in other schools than those in which they are to be; school -1 asks for all. */
    schoolDays: text(
      knex,
      `with ${standing}
      select distinct asked.person, asked.school as asked, ${schoolOn('meetings.date')} as school, meetings.date
      from ${inSchools} as asked
      cross join standing as enrollments
      cross join sections
      cross join meetings
      where ${ofStudents} and ${inOtherSchools} and ${isKnown}`,
      { person: integer, asked: integer, school: integer, date: day },
    ),
    /** The enrollments of the same, while their sections were in these schools, and whether these count untaken days. */
    schoolStays: text(
      knex,
      `with ${standing},
      stays as (
        select asked.person, asked.school as asked, sections.id as section_id, sections.school_id as school,
          enrollments.begin_date, enrollments.end_date
        from ${inSchools} as asked
        cross join standing as enrollments
        cross join sections
        where ${ofStudents} and ${inOtherSchools} and enrollments.begin_date < :today
          and enrollments.end_date > asked.begin_date and enrollments.begin_date < enrollments.end_date
        union all
        select asked.person, asked.school, sections.id, sections.school_id, kept_days.begin_date, kept_days.end_date
        from ${inSchools} as asked
        cross join standing as enrollments
        cross join sections
        cross join kept_days
        where ${ofStudents} and ${inOtherSchools} and kept_days.enrollment_id = enrollments.id
          and kept_days.district_id = enrollments.district_id and kept_days.end_date > asked.begin_date),
      placed as (
        select stays.person, stays.asked, stays.school, stays.begin_date, stays.end_date, coalesce((
            select max(former_schools.end_date) from former_schools
            where former_schools.district_id = :district and former_schools.section_id = stays.section_id
          ), '${FIRST_DAY}') as placed_begin, '${LAST_DAY}' as placed_end
        from stays
        union
        select stays.person, stays.asked, former_schools.school_id, stays.begin_date, stays.end_date,
          former_schools.begin_date, former_schools.end_date
        from stays
        join former_schools on former_schools.district_id = :district and former_schools.section_id = stays.section_id)
      select placed.person, placed.asked, coalesce(placed.school, 0) as school,
        case when schools.untaken = 'present' then 1 else 0 end as assumes,
        placed.placed_begin, placed.placed_end, placed.begin_date, placed.end_date
      from placed
      left join schools on schools.district_id = :district and schools.id = placed.school`,
      {
        person: integer,
        asked: integer,
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

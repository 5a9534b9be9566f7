import type { Engine } from '../database/database';
import { text } from '../database/query';
import { countedSql } from './counted-sql';

/** The statements that count what was written, school by school and day by day. */
export function countingSql({ knex, rows }: Engine) {
  const ids = rows('ids', { id: 'bigint' });
  return {
    /** Sections that were written to since they were counted, with the last journal row that was. */
    changed: text(
      knex,
      `select sections.id as section, coalesce(sections.school_id, 0) as school, sections.revision,
        sections.counted_journal as after
      from sections
      where sections.district_id = :district and sections.revision <> sections.counted_revision
      order by sections.id`,
    ),
    recounts: text(
      knex,
      `select recounts.id, recounts.section_id as section, recounts.from_date, recounts.to_date,
        coalesce(recounts.school_id, sections.school_id, 0) as school
      from recounts
      join sections on sections.id = recounts.section_id
      where recounts.district_id = :district
      order by recounts.id
      limit :limit`,
    ),
    /** The days on which sections were written to, and the last row that says so. */
    written: text(
      knex,
      `select journal.section_id as section, journal.date, max(journal.id) as last
      from ${rows('sections', { section: 'bigint', after: 'bigint' })} as asked
      cross join journal
      where journal.section_id = asked.section and journal.id > asked.after and +journal.district_id = :district
      group by journal.section_id, journal.date`,
    ),
    /** The days on which sections met. */
    met: text(
      knex,
      `select distinct meetings.date
      from ${rows('stretches', { section: 'bigint', from_date: 'date', to_date: 'date' })} as asked
      cross join meetings
      where meetings.district_id = :district and meetings.section_id = asked.section
        and meetings.date >= asked.from_date and meetings.date < asked.to_date`,
    ),
    /** The newest row of the journal of sections that were never counted. */
    newest: text(
      knex,
      `select asked.id as section,
        (select coalesce(max(journal.id), 0) from journal
          where journal.section_id = asked.id and +journal.district_id = :district) as last
      from ${ids} as asked`,
    ),
    /** The meetings of a school in a range of days, and whether their rolls are taken. */
    meetings: text(
      knex,
      `select meetings.section_id as section, meetings.date, case when meetings.taken_at is null then 0 else 1 end as taken
      from sections
      cross join meetings
      where sections.district_id = :district and coalesce(sections.school_id, 0) = :school
        and meetings.district_id = :district and meetings.section_id = sections.id
        and meetings.date >= :from and meetings.date <= :to`,
    ),
    sections: text(
      knex,
      `select sections.id as section, case when sections.class_type = 'homeroom' then 1 else 0 end as homeroom
      from sections
      where sections.district_id = :district and coalesce(sections.school_id, 0) = :school`,
    ),
    /** Who is in sections in a range of days. */
    enrolled: text(
      knex,
      `select enrollments.section_id as section, enrollments.id as enrollment, enrollments.person_id as person,
        enrollments.begin_date, enrollments.end_date
      from ${ids} as asked
      cross join enrollments
      where enrollments.section_id = asked.id and +enrollments.district_id = :district and not enrollments.admin
        and enrollments.begin_date <= :to and enrollments.end_date > :from
      union all
      select kept_days.section_id, kept_days.enrollment_id, enrollments.person_id, kept_days.begin_date, kept_days.end_date
      from ${ids} as asked
      cross join kept_days
      join enrollments on enrollments.id = kept_days.enrollment_id
      where kept_days.section_id = asked.id and +kept_days.district_id = :district and not enrollments.admin
        and kept_days.begin_date <= :to and kept_days.end_date > :from`,
    ),
    exceptions: text(
      knex,
      `select marks.enrollment_id as enrollment, marks.date, marks.status
      from ${rows('rolls', { section: 'bigint', date: 'date' })} as asked
      cross join marks
      where marks.district_id = :district and marks.section_id = asked.section and marks.date = asked.date`,
    ),
    presences: text(
      knex,
      `select presences.enrollment_id as enrollment, presences.date, 1 as status
      from ${rows('rolls', { section: 'bigint', date: 'date' })} as asked
      cross join presences
      where presences.district_id = :district and presences.section_id = asked.section and presences.date = asked.date`,
    ),
    ...keepingSql({ knex, rows }),
    // In this order, as writers hold them, so that nobody waits in a circle.
    hold: text(
      knex,
      knex('sections')
        .select('sections.id')
        .whereRaw(`+sections.district_id = :district and sections.id in (select asked.id from ${ids} as asked)`)
        .orderBy('sections.id')
        .forUpdate()
        .toQuery(),
    ),
    done: text(
      knex,
      `update sections set counted_revision = asked.revision, counted_journal = asked.last
      from ${rows('sections', { section: 'bigint', revision: 'bigint', last: 'bigint' })} as asked
      where sections.id = asked.section and +sections.district_id = :district`,
    ),
    forget: text(
      knex,
      `delete from recounts
      where recounts.district_id = :district and recounts.id in (select asked.id from ${ids} as asked)`,
    ),
  };
}

/** What is kept of a school. */
function keepingSql({ knex, rows }: Pick<Engine, 'knex' | 'rows'>) {
  return {
    lines: countedSql({ knex }).lines,
    version: text(
      knex,
      `select counted_schools.version from counted_schools
      where counted_schools.district_id = :district and counted_schools.school_id = :school`,
    ),
    /** Returns a row if nobody has counted in the school since it was at this version, 0 where it was at none. */
    claim: text(
      knex,
      `insert into counted_schools (district_id, school_id, version)
      select :district, :school, 1
      where true
      on conflict (district_id, school_id) do update set version = counted_schools.version + 1
      where counted_schools.version = :version
      returning version`,
    ),
    keepLines: text(
      knex,
      `insert into counted_students (district_id, year, school_id, person_id, days)
      select :district, :year, :school, asked.person, asked.line
      from ${rows('lines', { person: 'bigint', line: 'text' })} as asked
      where true
      on conflict (district_id, year, school_id, person_id) do update set days = excluded.days`,
    ),
    keepDays: text(
      knex,
      `insert into counted_days (district_id, date, school_id, rolls, students, absent, excused, late, partial, assumed)
      select :district, asked.date, :school, asked.rolls, asked.students, asked.absent, asked.excused, asked.late,
        asked.partial, asked.assumed
      from ${rows('days', {
        date: 'date',
        rolls: 'bigint',
        students: 'bigint',
        absent: 'bigint',
        excused: 'bigint',
        late: 'bigint',
        partial: 'bigint',
        assumed: 'boolean',
      })} as asked
      where true
      on conflict (district_id, date, school_id) do update set rolls = excluded.rolls,
        students = excluded.students, absent = excluded.absent, excused = excluded.excused, late = excluded.late,
        partial = excluded.partial, assumed = excluded.assumed`,
    ),
  };
}

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
      order by recounts.id`,
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
    rolls: text(knex, `select count(*) as rolls from ${takenRolls}`),
    /** For each student of the rolls that were taken, how many there were, and in how many they were not simply there. */
    students: text(
      knex,
      `select enrollments.person_id as person, count(*) as rolls,
        sum(case when marks.status = 2 then 1 else 0 end) as absent,
        sum(case when marks.status = 3 then 1 else 0 end) as late,
        sum(case when marks.status = 4 then 1 else 0 end) as excused
      from (select sections.id from ${takenRolls}) as rolls
      cross join enrollments
      left join marks on marks.district_id = :district and marks.section_id = rolls.id
        and marks.date = :date and marks.enrollment_id = enrollments.id
      where enrollments.section_id = rolls.id and not enrollments.admin
        and enrollments.begin_date <= :date and enrollments.end_date > :date
      group by enrollments.person_id`,
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

const takenRolls = `sections
  cross join meetings
  where sections.district_id = :district and coalesce(sections.school_id, 0) = :school
    and meetings.district_id = :district and meetings.section_id = sections.id
    and meetings.date = :date and meetings.taken_at is not null`;

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
      `insert into counted_days (district_id, date, school_id, rolls, students, absent, excused, late)
      select :district, asked.date, :school, asked.rolls, asked.students, asked.absent, asked.excused, asked.late
      from ${rows('days', {
        date: 'date',
        rolls: 'bigint',
        students: 'bigint',
        absent: 'bigint',
        excused: 'bigint',
        late: 'bigint',
      })} as asked
      where true
      on conflict (district_id, date, school_id) do update set rolls = excluded.rolls,
        students = excluded.students, absent = excluded.absent, excused = excluded.excused, late = excluded.late`,
    ),
  };
}

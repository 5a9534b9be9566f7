import type { Engine } from '../database/database';
import { text } from '../database/query';

/** The statements that count what was written, school by school and day by day. */
export function countingSql({ knex, rows }: Engine) {
  const asked = { section: 'bigint', after: 'bigint' } as const;
  return {
    /** Sections that were written to since they were counted, with the last journal row that was. */
    changed: text(
      knex,
      `select sections.id as section, coalesce(sections.school_id, 0) as school, sections.revision,
        coalesce(counted_sections.journal_id, 0) as after
      from sections
      left join counted_sections on counted_sections.district_id = :district and counted_sections.section_id = sections.id
      where sections.district_id = :district and sections.revision > coalesce(counted_sections.revision, 0)
      order by sections.id`,
    ),
    /** The days on which each of them was, and the last row that says so. */
    written: text(
      knex,
      `select journal.section_id as section, journal.date, max(journal.id) as last
      from ${rows('sections', asked)} as asked
      cross join journal
      where journal.section_id = asked.section and journal.id > asked.after and +journal.district_id = :district
      group by journal.section_id, journal.date`,
    ),
    forget: text(
      knex,
      `delete from counted_absences
      where counted_absences.district_id = :district and counted_absences.school_id = :school
        and counted_absences.date = :date`,
    ),
    /**
     * A student is absent on a day when absent or excused in at least half of the rolls taken for them; excused where
     * all of it was. Late is who was late in any of them and not absent.
     */
    count: text(
      knex,
      `insert into counted_absences (district_id, school_id, date, person_id, status)
      select :district, :school, :date, days.person_id,
        case when 2 * days.away < days.rolls then 3 when days.absent > 0 then 2 else 4 end
      from (
        select enrollments.person_id, count(*) as rolls,
          sum(case when marks.status in (2, 4) then 1 else 0 end) as away,
          sum(case when marks.status = 2 then 1 else 0 end) as absent,
          sum(case when marks.status = 3 then 1 else 0 end) as late
        from (select sections.id from ${takenRolls}) as rolls
        join enrollments on enrollments.section_id = rolls.id and not enrollments.admin
          and enrollments.begin_date <= :date and enrollments.end_date > :date
        left join marks on marks.district_id = :district and marks.section_id = rolls.id
          and marks.date = :date and marks.enrollment_id = enrollments.id
        group by enrollments.person_id) as days
      where (days.away > 0 and 2 * days.away >= days.rolls) or days.late > 0
      on conflict (district_id, school_id, date, person_id) do update set status = excluded.status`,
    ),
    countDay: text(
      knex,
      `insert into counted_days (district_id, school_id, date, rolls)
      select :district, :school, :date, (select count(*) from ${takenRolls})
      where true
      on conflict (district_id, school_id, date) do update set rolls = excluded.rolls`,
    ),
    done: text(
      knex,
      `insert into counted_sections (district_id, section_id, revision, journal_id)
      select :district, asked.section, asked.revision, asked.last
      from ${rows('sections', { section: 'bigint', revision: 'bigint', last: 'bigint' })} as asked
      where true
      on conflict (district_id, section_id)
        do update set revision = excluded.revision, journal_id = excluded.journal_id`,
    ),
  };
}

const takenRolls = `sections
  join meetings on meetings.district_id = :district and meetings.section_id = sections.id
    and meetings.date = :date and meetings.taken_at is not null
  where sections.district_id = :district and coalesce(sections.school_id, 0) = :school`;

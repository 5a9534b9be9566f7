import type { Engine } from '../database/database';
import { text } from '../database/query';

const anySchool = (column: string): string => `(cast(:school as bigint) is null or ${column} = :school)`;

/** The statements that read what was counted. */
export function daysSql({ knex, rows }: Engine) {
  const days = rows('days', { school: 'bigint', date: 'date' });
  return {
    schools: text(
      knex,
      `select schools.id, schools.name from schools where schools.district_id = :district order by schools.name, schools.id`,
    ),
    counted: text(
      knex,
      `select counted_days.school_id as school, counted_days.date
      from counted_days
      where counted_days.district_id = :district and counted_days.date >= :from and counted_days.date <= :to
        and counted_days.rolls > 0 and ${anySchool('counted_days.school_id')}
      order by counted_days.date, counted_days.school_id`,
    ),
    /** Each student's time in a school, from the first of their sections to the last. */
    stays: text(
      knex,
      `select stays.school, stays.begin_date, stays.end_date, count(*) as students
      from (${stays}) as stays
      group by stays.school, stays.begin_date, stays.end_date`,
    ),
    statuses: text(
      knex,
      `select asked.school, asked.date, counted_absences.status, count(*) as students
      from ${days} as asked
      cross join counted_absences
      where counted_absences.district_id = :district and counted_absences.school_id = asked.school
        and counted_absences.date = asked.date
      group by asked.school, asked.date, counted_absences.status`,
    ),
    /** Who was absent at all, on how many of the days, with their time in the school. */
    absentees: text(
      knex,
      `select away.person, away.school, away.days, stays.begin_date, stays.end_date
      from (
        select counted_absences.person_id as person, asked.school, count(*) as days
        from ${days} as asked
        cross join counted_absences
        where counted_absences.district_id = :district and counted_absences.school_id = asked.school
          and counted_absences.date = asked.date and counted_absences.status in (2, 4)
        group by counted_absences.person_id, asked.school) as away
      join (${stays}) as stays on stays.person = away.person and stays.school = away.school`,
    ),
    named: text(
      knex,
      `select people.id, people.given_name, people.preferred_name, people.family_name, people.grades
      from people
      where people.district_id = :district
        and people.id in (select asked.id from ${rows('ids', { id: 'bigint' })} as asked)`,
    ),
  };
}

const stays = `
  select coalesce(sections.school_id, 0) as school, enrollments.person_id as person,
    min(enrollments.begin_date) as begin_date, max(enrollments.end_date) as end_date
  from enrollments
  join sections on sections.id = enrollments.section_id
  where enrollments.district_id = :district and enrollments.end_date > :from and enrollments.begin_date <= :to
    and not enrollments.admin and ${anySchool('coalesce(sections.school_id, 0)')}
  group by coalesce(sections.school_id, 0), enrollments.person_id`;

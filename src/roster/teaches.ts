import type { Actor } from '../actor';

/**
 * SQL that is true where the person `:person` of the `:district` teaches the section in `column`: the SIS lists them as its teacher,
 * and they have not left it early. Who taught it to its end may still look at it. `:yesterday` leaves a day of
 * grace, since a day ends at another instant in every time zone.
 */
export const teaches = (column: string): string => `exists (
  select 1 from enrollments as teaching
  where teaching.section_id = ${column} and teaching.person_id = :person and +teaching.district_id = :district
    and teaching.admin and teaching.active
    and (teaching.end_date > :yesterday or teaching.end_date >= (
      select max(classmates.end_date) from enrollments as classmates
      where classmates.section_id = ${column} and +classmates.district_id = :district)))`;

/** The value of `:yesterday`. */
export const yesterday = (now = new Date()): string => new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);

/** The values of all that SQL says of who may see what. */
export const scopeOf = ({ district, person }: Actor) => ({ district, person, yesterday: yesterday() });

import type { Actor } from '../ledger/actor';

const listed = (column: string, andWhen: string): string => `exists (
  select 1 from enrollments as teaching
  where teaching.section_id = ${column} and teaching.person_id = :person and +teaching.district_id = :district
    and teaching.admin and teaching.active and ${andWhen})`;

/** A day of grace, since a day ends at another instant in every time zone. */
const goesOn = 'teaching.end_date > :yesterday';

/**
 * SQL that is true where the person `:person` of the `:district` may read what the section in `column` has: the SIS lists them as
 * its teacher, and they have not left it early. Who taught it to its end may still look at it.
 */
export const teaches = (column: string): string =>
  listed(
    column,
    `(${goesOn} or teaching.end_date >= (
      select max(classmates.end_date) from enrollments as classmates
      where classmates.section_id = ${column} and +classmates.district_id = :district))`,
  );

/** The same of who may also write there: their enrollment as its teacher has not ended. */
export const stillTeaches = (column: string): string => listed(column, goesOn);

/** The value of `:yesterday`. */
export const yesterday = (now = new Date()): string => new Date(now.getTime() - 86_400_000).toISOString().slice(0, 10);

/** The values of all that SQL says of who may see what. */
export const scopeOf = ({ district, person }: Actor) => ({ district, person, yesterday: yesterday() });

const anyPerson = 'cast(:person as bigint) is null';
/** Everything for a client of the district; for a person, what belongs to the sections they teach. */
export const permittedSection = `(${anyPerson} or ${teaches('sections.id')})`;
/** The same for writing. */
export const writableSection = `(${anyPerson} or ${stillTeaches('sections.id')})`;
export const permittedCourse = `(${anyPerson} or exists (
  select 1 from sections as taught where taught.course_id = courses.id and ${teaches('taught.id')}))`;
export const permittedPerson = `(${anyPerson} or people.id = :person or exists (
  select 1 from enrollments as member where member.person_id = people.id and ${teaches('member.section_id')}))`;

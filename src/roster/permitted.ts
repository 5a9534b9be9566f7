import { stillTeaches, teaches } from './teaches';

const anyPerson = 'cast(:person as bigint) is null';
/** Everything for a client of the district; for a person, what belongs to the sections they teach. */
export const permittedSection = `(${anyPerson} or ${teaches('sections.id')})`;
/** The same for writing. */
export const writableSection = `(${anyPerson} or ${stillTeaches('sections.id')})`;
export const permittedCourse = `(${anyPerson} or exists (
  select 1 from sections as taught where taught.course_id = courses.id and ${teaches('taught.id')}))`;
export const permittedPerson = `(${anyPerson} or people.id = :person or exists (
  select 1 from enrollments as member where member.person_id = people.id and ${teaches('member.section_id')}))`;

import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { FIRST_DAY, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { Problem } from '../lib/problem';
import { type Days, daysRow, hasDays, joined } from './enrolled';

/*
 * Who may see what: a client of the district everything, the office of one school all that is in its school now, a person what
 * they teach and taught, and what they take for somebody else, on the days for which that is theirs. While their enrollment goes
 * on, a teacher reads and writes all that the section has. Once it has ended they write nothing; they read the days that
 * they taught, which are those of their enrollment and those that were kept of it, or all days where the section has ended
 * with it.
 */

/** Whether the actor sees all of the district: neither what one person teaches, nor one school. */
export const seesDistrict = ({ person, school = null }: Pick<Actor, 'person' | 'school'>): boolean =>
  person === null && school === null;

/** The same in SQL. */
const ofDistrict = '(cast(:person as bigint) is null and cast(:own_school as bigint) is null)';

/** The actor is of the office of the school in which the section is. */
const ofOwnSchool = (section: string): string => `(not cast(:own_school as bigint) is null and exists (
  select 1 from sections as own_section
  where own_section.id = ${section} and +own_section.district_id = :district and own_section.school_id = :own_school))`;

/** All days of the section are the actor's. */
const ofOffice = (section: string): string => `${ofDistrict} or ${ofOwnSchool(section)}`;

const isTeacher = (section: string): string => `teaching.section_id = ${section} and teaching.person_id = :person
    and +teaching.district_id = :district and teaching.admin`;

const teaches = (section: string, when: string): string => `exists (
  select 1 from enrollments as teaching where ${isTeacher(section)} and ${when})`;

/** The SIS lists it, with a day of grace, since a day ends at another instant in every time zone. */
const goesOn = '(teaching.active and teaching.end_date > :yesterday)';
/** An enrollment that the SIS lists no longer has ended, and its days stay. */
const hasOwnDays = 'teaching.begin_date < teaching.end_date';
const toItsEnd = `(${hasOwnDays} and teaching.end_date >= (
  select max(classmates.end_date) from enrollments as classmates
  where classmates.section_id = teaching.section_id and +classmates.district_id = :district))`;
/** All days, also those before they came: who teaches the section has to know them, and so has who taught it to its end. */
const hasAll = `(${goesOn} or ${toItsEnd})`;
/** All days, or such that they taught; what costs more comes later. */
const hasAllOr = (taught: string): string => `(${goesOn} or ${taught} or ${toItsEnd})`;

/** The person takes the section in somebody else's place; with the same day of grace. */
const isSubstitute = (section: string): string => `standing.section_id = ${section} and standing.person_id = :person
    and +standing.district_id = :district and standing.ended_at is null and standing.end_date > :yesterday`;

const within = (from: string, to: string): string => `standing.begin_date <= ${from} and standing.end_date > ${to}`;

const substitutes = (section: string, when = 'true'): string => `exists (
  select 1 from substitutions as standing where ${isSubstitute(section)} and ${when})`;

/** SQL that is true where the actor may read that the section in a column is there, and what it is. */
export const mayRead = (section: string): string =>
  `(${ofOffice(section)} or ${teaches(section, `(${goesOn} or ${hasDays('teaching')})`)} or ${substitutes(section)})`;

/**
 * The same of what a section has on a day, or on all days of a range; both ends are included. It does not join ranges:
 * where a range is asked for, `openReadableDays` has the last word.
 */
export const mayReadOn = (section: string, from: string, to = from): string =>
  `(${ofOffice(section)} or ${teaches(
    section,
    hasAllOr(hasDays('teaching', (days) => `${days}.begin_date <= ${from} and ${days}.end_date > ${to}`)),
  )} or ${substitutes(section, within(from, to))})`;

/** The same of an enrollment: who has left saw those who were there with them. */
export const mayReadEnrollment = (enrollments: string): string => {
  const together = hasDays('teaching', (taught) =>
    hasDays(
      enrollments,
      (days) => `${taught}.begin_date < ${days}.end_date and ${taught}.end_date > ${days}.begin_date`,
    ),
  );
  const met = hasDays(
    enrollments,
    (days) => `standing.begin_date < ${days}.end_date and standing.end_date > ${days}.begin_date`,
  );
  const section = `${enrollments}.section_id`;
  return `(${ofOffice(section)} or ${teaches(section, hasAllOr(together))} or ${substitutes(section, met)})`;
};

/**
 * The same of who may also write in the section on all days of a range; both ends are included. Who teaches it may on any day,
 * a substitute on the days for which it is theirs.
 */
export const mayWriteOn = (section: string, from: string, to = from): string =>
  `(${ofOffice(section)} or ${teaches(section, goesOn)} or ${substitutes(section, within(from, to))})`;

/** The same on some day. */
export const mayWrite = (section: string): string =>
  `(${ofOffice(section)} or ${teaches(section, goesOn)} or ${substitutes(section)})`;

/** SQL of how far the actor may write in a section. */
export const rightToWrite = (section: string): string => `case
  when ${ofOffice(section)} or ${teaches(section, goesOn)} then ${WRITES}
  when ${substitutes(section)} then ${WRITES_ON_DAYS} else 0 end`;
/** On any day; on those alone that `substitutedDays` has. */
export const WRITES = 1;
export const WRITES_ON_DAYS = 2;

/** The days for which sections are the person's who takes them for somebody else. */
export const substitutedDays = ({ knex, rows }: Pick<Database, 'knex' | 'rows'>) =>
  text(knex, daysOfSubstitute(rows('sections', { id: 'bigint' })), { section: integer, ...daysRow });

const daysOfSubstitute = (sections: string): string => `
    select standing.section_id as section, standing.begin_date, standing.end_date
    from ${sections} as asked
    cross join substitutions as standing
    where ${isSubstitute('asked.id')}`;

/** SQL of the sections that the person teaches, taught, or takes for somebody else. */
export const ownSections = `(
  select taught.section_id from enrollments as taught
  where taught.person_id = :person and +taught.district_id = :district
  union all
  select standing.section_id from substitutions as standing
  where standing.person_id = :person and +standing.district_id = :district and standing.ended_at is null)`;

/** SQL that is true where the actor is a person who teaches the section now. */
export const teachesNow = (section: string): string => teaches(section, goesOn);

export const permittedSection = mayRead('sections.id');
export const permittedCourse = `(${ofDistrict} or exists (
  select 1 from sections as taught
  where taught.course_id = courses.id and +taught.district_id = courses.district_id and ${mayRead('taught.id')}))`;
export const permittedPerson = `(${ofDistrict} or people.id = :person or people.school_id = :own_school or exists (
  select 1 from enrollments as member
  where member.person_id = people.id and +member.district_id = people.district_id and ${mayReadEnrollment('member')}))`;

/** The value of `:yesterday`. */
export function yesterday(now = Date.now()): string {
  const day = Math.floor(now / DAY) - 1;
  if (lastAsked.day !== day) lastAsked = { day, text: new Date(day * DAY).toISOString().slice(0, 10) };
  return lastAsked.text;
}

/** Milliseconds. */
const DAY = 86_400_000;
/** Each request asks; to write the date anew took 2 % of the time of a read. */
let lastAsked = { day: Number.NaN, text: '' };

/** The values of all that SQL says of who may see what. */
export const scopeOf = ({ district, person, school = null }: Actor) => ({
  ...{ district, person, own_school: school },
  yesterday: yesterday(),
});

/**
 * The school that somebody of the office of one school asks about: their own, also where none is named. Everybody else asks
 * about whichever they name. Throws OFFICE_ONLY.
 */
export function schoolAsked({ school: own = null }: Pick<Actor, 'school'>, asked: number | null): number | null {
  if (own === null || asked === own) return asked;
  if (asked === null) return own;
  throw new Problem('OFFICE_ONLY', 'Another school is for its own office, and for that of the district.');
}

const EVERY_DAY: readonly Days[] = [{ begin_date: FIRST_DAY, end_date: LAST_DAY }];

/** Reads the days of sections that the actor may read, as `mayReadOn` has them, in their order and none twice. */
export function openReadableDays(database: Database) {
  const teaching = `${database.rows('sections', { id: 'bigint' })} as asked
    cross join enrollments as teaching`;
  const find = text(
    database.knex,
    `select teaching.section_id as section, case when ${hasAll} then '${FIRST_DAY}' else teaching.begin_date end as begin_date,
      case when ${hasAll} then '${LAST_DAY}' else teaching.end_date end as end_date
    from ${teaching}
    where ${isTeacher('asked.id')} and (${goesOn} or ${hasOwnDays})
    union all
    select teaching.section_id, kept_days.begin_date, kept_days.end_date
    from ${teaching}
    cross join kept_days
    where ${isTeacher('asked.id')} and kept_days.enrollment_id = teaching.id and kept_days.district_id = :district
    union all ${daysOfSubstitute(database.rows('sections', { id: 'bigint' }))}`,
    { section: integer, ...daysRow },
  );
  const ofSchool = text(
    database.knex,
    `select asked.id from ${database.rows('sections', { id: 'bigint' })} as asked where ${ofOwnSchool('asked.id')}`,
    { id: integer },
  );
  return async (actor: Actor, sections: Iterable<number>): Promise<(section: number) => readonly Days[]> => {
    if (seesDistrict(actor)) return () => EVERY_DAY;
    const asked = [...new Set(sections)];
    const rows = JSON.stringify(asked.map((id) => [id]));
    if (actor.person === null) {
      const own = new Set((await database.all(ofSchool, { ...scopeOf(actor), sections: rows })).map(({ id }) => id));
      return (section) => (own.has(section) ? EVERY_DAY : []);
    }
    const found = await database.all(find, { ...scopeOf(actor), sections: rows });
    const days = new Map(asked.map((id) => [id, joined(found.filter(({ section }) => section === id))]));
    return (section) => days.get(section) ?? [];
  };
}

/** For whoever asks for other days of a section than those that they may read. */
export function daysForbidden(days: readonly Days[]): Problem {
  const ranges = days.map(({ begin_date, end_date }) => `from ${begin_date} until before ${end_date}`).join(' and ');
  return new Problem(
    'SECTION_FORBIDDEN',
    `The person this client acts for taught this section ${ranges}, and may read those days only. Of a range, name both ends within them.`,
  );
}

import type { Engine } from '../database/database';
import { adHocQueries, type Query, text, type Value } from '../database/query';
import { bit, type Description, day, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { LAST_DAY } from '../days';
import {
  mayReadEnrollment,
  mayReadOn,
  mayWriteOn,
  permittedCourse,
  permittedPerson,
  permittedSection,
  teachesNow,
} from './access';
import { isEnrollment } from './enrolled';
import { isOfSchools } from './schools';

/** What the lists of the roster hold. */

const personRow = {
  id: integer,
  sourced_id: nullable(string),
  school_id: nullable(integer),
  role: string,
  username: string,
  email: string,
  given_name: string,
  middle_name: string,
  family_name: string,
  preferred_name: string,
  identifier: string,
  /** When what is known of them was last changed. */
  modified_at: nullable(instant),
  grades: string,
  active: bit,
  time_zone: string,
};
export type PersonRow = RowOf<typeof personRow>;

const sectionRow = {
  id: integer,
  sourced_id: nullable(string),
  school_id: nullable(integer),
  course_id: nullable(integer),
  title: string,
  section_code: string,
  location: string,
  periods: string,
  subjects: string,
  grades: string,
  active: bit,
  course_title: nullable(string),
  course_code: nullable(string),
  course_subjects: nullable(string),
  course_grades: nullable(string),
  /** When the last of its terms ends; null where it has none. */
  over_on: nullable(day),
  /** Whether the person for whom is asked teaches it. */
  teaches: bit,
};
export type SectionRow = RowOf<typeof sectionRow>;

const courseRow = {
  id: integer,
  sourced_id: nullable(string),
  school_id: nullable(integer),
  title: string,
  course_code: string,
  subjects: string,
  grades: string,
};
export type CourseRow = RowOf<typeof courseRow>;

const schoolRow = { id: integer, name: string, number: string };
export type SchoolRow = RowOf<typeof schoolRow>;

const termRow = { id: integer, title: string, begin_date: day, end_date: day };
export type TermRow = RowOf<typeof termRow>;

/** A student of a section, from a day (inclusive) to a day (exclusive). */
const studentOfSectionRow = {
  id: integer,
  section_id: integer,
  person_id: integer,
  begin_date: day,
  end_date: day,
  active: bit,
};
export type StudentOfSectionRow = RowOf<typeof studentOfSectionRow>;

const enrollmentRow = {
  id: integer,
  sourced_id: nullable(string),
  given_name: string,
  middle_name: string,
  family_name: string,
  preferred_name: string,
  person_id: integer,
  admin: bit,
  /** 1: it runs, 2: it is over, 5: the SIS lists it no longer. */
  status: oneOf(1, 2, 5),
};
export type EnrollmentRow = RowOf<typeof enrollmentRow>;

/** A list that can be read in pages, and how long it is. */
export interface ListQuery<Row, Asked extends string> extends ListQueries<Row> {
  /** The parameters that it has beside those of the caller and of the page. */
  readonly asked: readonly Asked[];
  /** The same of those of which a further condition is true, in SQL over the tables of the list. */
  readonly narrowed: (condition: string) => ListQueries<Row>;
}

interface ListQueries<Row> {
  readonly rows: Query<Row>;
  readonly count: Query<{ count: number }>;
}

const counted = { count: integer };

type Sql = ReturnType<typeof rosterSql>;
/** The lists that the roster has: what their rows are, and what they are asked by. */
export type Lists = {
  readonly [Name in keyof Sql as Sql[Name] extends Pick<ListQuery<never, string>, 'asked'> ? Name : never]: ListOf<
    Sql[Name]
  >;
};
type ListOf<Of> =
  Of extends ListQuery<infer Row, infer Asked>
    ? { readonly row: Row; readonly values: { readonly [Name in Asked]: Value } }
    : never;

/** What a request about a section's attendance has to know first. */
const accessRow = {
  id: integer,
  revision: integer,
  sis_takes_attendance: bit,
  time_zone: string,
  /** Whether the caller may read what the section is, what it has on all days that are asked for, and write there. */
  permitted: bit,
  readable: bit,
  writable: bit,
};
export type AccessRow = RowOf<typeof accessRow>;

/** SQL of the number by which a SIS's clients know a person: what the SIS calls it, else its id. An index has the same. */
export const personNumber =
  "coalesce(nullif(people.identifier, ''), nullif(people.sourced_id, ''), cast(people.id as text))";

/** SQL that is true of the person in `people` who goes to a class as a student, whatever else they are. */
export const isStudent = `(people.role = 'student' or exists (
  select 1 from enrollments as learning
  where learning.person_id = people.id and +learning.district_id = people.district_id and not learning.admin))`;

/** SQL that is true of who works in a school: by the roles of OneRoster 1.1 and 1.2, or since they teach. */
const isStaff = `(people.role in ('administrator', 'aide', 'counselor', 'districtadministrator', 'principal', 'proctor',
    'siteadministrator', 'systemadministrator', 'teacher')
  or exists (
    select 1 from enrollments as working
    where working.person_id = people.id and +working.district_id = people.district_id and working.admin))`;

/** The role of who has one that schools usually have; `other` of everybody else. */
const usualRole = `case when people.role in ('student', 'teacher', 'administrator', 'aide') then people.role else 'other' end`;

/** The first day on which all of a section's terms are over. */
const overOn = `(
  select max(terms.end_date) from section_terms
  join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
  where section_terms.district_id = sections.district_id and section_terms.section_id = sections.id)`;
/** SQL that is true of a section whose terms are over. That of one without terms nobody has said. */
const isPast = `coalesce(${overOn} <= :today, false)`;
/** What the SIS lists and is not over; where the past is asked for, also what was not listed any more once it was over. */
const isListed = `case when :include_past = 1 then (sections.active or ${isPast}) else (sections.active and not ${isPast}) end`;

/** All SQL of look-ups in the roster, compiled once for an engine. */
export function rosterSql(engine: Engine) {
  const { knex } = engine;
  const adHoc = adHocQueries(knex);
  const list = <Row, Asked extends string>(
    row: Description<Row>,
    columns: string,
    source: string,
    order: string,
    asked: readonly Asked[],
  ): ListQuery<Row, Asked> => {
    const rowsOf = (from: string) => `select ${columns} from ${from} order by ${order} limit :limit offset :offset`;
    const countOf = (from: string) => `select count(*) as count from ${from}`;
    return {
      asked,
      rows: text(knex, rowsOf(source), row),
      count: text(knex, countOf(source), counted),
      narrowed: (condition) => ({
        rows: adHoc(rowsOf(`${source} and ${condition}`), row),
        count: adHoc(countOf(`${source} and ${condition}`), counted),
      }),
    };
  };
  const among = (column: string, name: string) =>
    `${column} in (select asked.value from ${engine.rows(name, { value: 'text' })} as asked)`;

  const section = `sections.id, sections.sourced_id, sections.school_id, sections.course_id, sections.title,
    sections.section_code, sections.location, sections.periods, sections.subjects, sections.grades, sections.active,
    courses.title as course_title, courses.course_code, courses.subjects as course_subjects,
    courses.grades as course_grades, ${overOn} as over_on, ${teachesNow('sections.id')} as teaches`;
  const sections = <Asked extends string = never>(where: string, ...asked: readonly Asked[]) =>
    list(
      sectionRow,
      section,
      `sections left join courses on courses.district_id = sections.district_id and courses.id = sections.course_id
      where sections.district_id = :district and ${permittedSection} and ${where}`,
      'sections.id',
      asked,
    );
  const person = `people.id, people.sourced_id, people.school_id, people.role, people.username, people.email,
    people.given_name, people.middle_name, people.family_name, people.preferred_name, people.identifier, people.grades,
    people.active, people.modified_at, districts.time_zone`;
  const people = <Asked extends string = never>(where: string, ...asked: readonly Asked[]) =>
    list(
      personRow,
      person,
      `people join districts on districts.id = people.district_id
      where people.district_id = :district and ${permittedPerson} and ${where}`,
      'people.id',
      asked,
    );
  const course = `courses.id, courses.sourced_id, courses.school_id, courses.title, courses.course_code, courses.subjects,
    courses.grades`;
  const courses = <Asked extends string = never>(where: string, ...asked: readonly Asked[]) =>
    list(
      courseRow,
      course,
      `courses where courses.district_id = :district and ${permittedCourse} and ${where}`,
      'courses.id',
      asked,
    );
  const schools = <Asked extends string = never>(where: string, ...asked: readonly Asked[]) =>
    list(
      schoolRow,
      'schools.id, schools.name, schools.number',
      `schools where schools.district_id = :district and ${where}`,
      'schools.id',
      asked,
    );
  const terms = <Asked extends string = never>(where: string, ...asked: readonly Asked[]) =>
    list(
      termRow,
      'terms.id, terms.title, terms.begin_date, terms.end_date',
      `terms where terms.district_id = :district and ${where}`,
      'terms.id',
      asked,
    );
  /** Of a school, and with a role, where that is asked for. */
  const ofSchool = (table: string) => `(:any_school = 1 or ${table}.school_id = :school)`;
  const ofRole = `(:any_role = 1 or ${among(usualRole, 'roles')})`;
  const status = 'case when not enrollments.active then 5 when enrollments.end_date <= :today then 2 else 1 end';
  const enrollments = <Asked extends string = never>(where: string, ...asked: readonly Asked[]) =>
    list(
      enrollmentRow,
      `enrollments.id, enrollments.admin, ${status} as status, people.id as person_id, people.sourced_id,
      people.given_name, people.middle_name, people.family_name, people.preferred_name`,
      `enrollments join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      where +enrollments.district_id = :district and enrollments.section_id = :section
        and ${isEnrollment('enrollments')} and ${mayReadEnrollment('enrollments')} and ${where}`,
      'enrollments.id',
      ['section', 'today', ...asked] as const,
    );
  const access = (permitted: string, readable: string, writable: string) =>
    text(
      knex,
      `select sections.id, sections.revision, districts.sis_attendance_app as sis_takes_attendance, districts.time_zone,
        ${permitted} as permitted, ${readable} as readable, ${writable} as writable
      from sections
      join districts on districts.id = sections.district_id
      where sections.id = :id and sections.district_id = :district`,
      accessRow,
    );

  return {
    access: access(
      permittedSection,
      mayReadOn('sections.id', ':from', ':to'),
      mayWriteOn('sections.id', ':from', ':to'),
    ),
    // Whoever acts for the district may do so anywhere: theirs is a third of the statement's time.
    accessOfDistrict: access('true', 'true', 'true'),
    enrollment: text(
      knex,
      `select enrollments.person_id from enrollments
      where enrollments.id = :id and enrollments.section_id = :section and enrollments.district_id = :district
        and ${isEnrollment('enrollments')}`,
      { person_id: integer },
    ),
    district: text(
      knex,
      `select districts.id, districts.name, districts.time_zone, districts.language,
        districts.sis_attendance_app as sis_takes_attendance
      from districts where districts.id = :district`,
      { id: integer, name: string, time_zone: string, language: string, sis_takes_attendance: bit },
    ),
    termsOfSections: text(
      knex,
      `select section_terms.section_id, terms.id, terms.title, terms.begin_date, terms.end_date
      from section_terms
      join terms on terms.district_id = section_terms.district_id and terms.id = section_terms.term_id
      where section_terms.district_id = :district
        and section_terms.section_id in (select asked.id from ${engine.rows('ids', { id: 'bigint' })} as asked)
      order by section_terms.section_id, section_terms.term_id`,
      { section_id: integer, ...termRow },
    ),
    studentsAmong: people(
      `${isStudent}
      and people.id in (select asked.id from ${engine.rows('ids', { id: 'bigint' })} as asked)`,
      'ids',
    ),
    // Those too that the SIS lists no longer.
    students: people(isStudent),
    studentsOfSchool: people(`${isStudent} and ${isOfSchools('schools.id = :id')}`, 'id'),
    staffOfSchool: people(
      `people.active and ${isStaff} and (people.school_id = :id or exists (
      select 1 from enrollments as teaching_there
      join sections as taught_there on taught_there.district_id = teaching_there.district_id
        and taught_there.id = teaching_there.section_id and taught_there.school_id = :id
      where teaching_there.person_id = people.id and +teaching_there.district_id = people.district_id
        and teaching_there.active and teaching_there.admin))`,
      'id',
    ),
    memberOfStaff: people(`people.id = :id and ${isStaff}`, 'id'),
    student: people(`people.id = :id and ${isStudent}`, 'id'),
    sectionsOfSchool: sections('sections.active and sections.school_id = :id', 'id'),
    studentsOfSection: list(
      studentOfSectionRow,
      'enrollments.id, enrollments.section_id, enrollments.person_id, enrollments.begin_date, enrollments.end_date, enrollments.active',
      `enrollments where +enrollments.district_id = :district and enrollments.section_id = :section
        and not enrollments.admin and ${isEnrollment('enrollments')} and ${mayReadEnrollment('enrollments')}`,
      'enrollments.id',
      ['section'],
    ),
    // Held while a person is looked for and, where there is none, added: two requests do not add the same one twice.
    // Who merely refers to the district is not held back by it.
    holdDistrict: text(
      knex,
      knex('districts').select('districts.id').whereRaw('districts.id = :district').forNoKeyUpdate().toQuery(),
      { id: integer },
    ),
    addStudent: text(
      knex,
      `insert into people (district_id, school_id, role, username, email, given_name, middle_name, family_name,
        preferred_name, identifier, grades, modified_at)
      select sections.district_id, sections.school_id, 'student', '', :email, :given_name, :middle_name, :family_name, '', '', '', :now
      from sections
      where sections.id = :section and sections.district_id = :district
      returning id`,
      { id: integer },
    ),
    touchPerson: text(
      knex,
      'update people set modified_at = :now where people.id = :person and people.district_id = :district',
    ),
    // The last roll from a day on that was taken, and until when (exclusive) who is not marked counts though none was.
    pastSince: text(
      knex,
      `select districts.time_zone, (
          select max(meetings.date) from meetings
          where meetings.district_id = :district and meetings.section_id = sections.id and meetings.date >= :date
            and meetings.taken_at is not null) as last_roll,
        case when schools.untaken = 'present' then '${LAST_DAY}' else (
          select max(former_schools.end_date) from former_schools
          join schools as former on former.district_id = former_schools.district_id
            and former.id = former_schools.school_id and former.untaken = 'present'
          where former_schools.district_id = :district and former_schools.section_id = sections.id
            and former_schools.end_date > :date) end as assumed_until
      from sections
      join districts on districts.id = sections.district_id
      left join schools on schools.district_id = sections.district_id and schools.id = sections.school_id
      where sections.id = :section and sections.district_id = :district`,
      { time_zone: string, last_roll: nullable(day), assumed_until: nullable(day) },
    ),
    // To the end of the section, as its other students are; for ever where that is not known. Not from later than that.
    enroll: text(
      knex,
      `insert into enrollments (district_id, section_id, person_id, admin, begin_date, end_date)
      select ending.district_id, ending.id, :student, false,
        case when ending.end_date < :begin then ending.end_date else :begin end, ending.end_date
      from (
        select sections.district_id, sections.id, coalesce(
          (select max(classmates.end_date) from enrollments as classmates
            where classmates.section_id = sections.id and +classmates.district_id = sections.district_id and classmates.end_date > :date), '${LAST_DAY}') as end_date
        from sections
        where sections.id = :section and sections.district_id = :district) as ending
      returning id`,
      { id: integer },
    ),
    keepDay: text(
      knex,
      `insert into kept_days (district_id, section_id, enrollment_id, begin_date, end_date)
      values (:district, :section, :enrollment, :date, :next)`,
    ),
    people: people(
      `people.active and ${ofSchool('people')} and ${ofRole}`,
      'any_school',
      'school',
      'any_role',
      'roles',
    ),
    person: people('people.id = :id', 'id'),
    personWithCode: people(among('people.sourced_id', 'codes'), 'codes'),
    peopleBySourcedId: people(
      `people.active and ${among('people.sourced_id', 'codes')} and ${ofSchool('people')} and ${ofRole}`,
      'codes',
      'any_school',
      'school',
      'any_role',
      'roles',
    ),
    formerPeople: people('not people.active'),
    formerPerson: people('people.id = :id and not people.active', 'id'),
    schools: schools('schools.active'),
    school: schools('schools.id = :id', 'id'),
    courses: courses(`courses.active and ${ofSchool('courses')}`, 'any_school', 'school'),
    course: courses('courses.id = :id', 'id'),
    coursesOfSchool: courses(
      `courses.active and (courses.school_id = :id or exists (
      select 1 from sections as given
      where given.course_id = courses.id and +given.district_id = courses.district_id and given.school_id = :id
        and given.active))`,
      'id',
    ),
    terms: terms(
      `terms.active and (:any_title = 1 or terms.title = :title
        or (:starts_with = 1 and substr(terms.title, 1, length(cast(:title as text))) = :title))`,
      'any_title',
      'title',
      'starts_with',
    ),
    term: terms('terms.id = :id', 'id'),
    section: sections('sections.id = :id', 'id'),
    sectionWithCode: sections(among('sections.sourced_id', 'codes'), 'codes'),
    sectionsBySourcedId: sections(
      `${among('sections.sourced_id', 'codes')} and ${isListed}`,
      'codes',
      'include_past',
      'today',
    ),
    sectionsOfCourse: sections(`sections.course_id = :id and ${isListed}`, 'id', 'include_past', 'today'),
    sectionsOfPerson: sections(
      `exists (
      select 1 from enrollments
      where enrollments.section_id = sections.id and +enrollments.district_id = sections.district_id
        and enrollments.person_id = :id
        and ${isEnrollment('enrollments')}) and ${isListed}`,
      'id',
      'include_past',
      'today',
    ),
    enrollments: enrollments(
      `(:any_person = 1 or ${among('cast(people.id as text)', 'people')})
      and (:any_status = 1 or ${among(`cast(${status} as text)`, 'statuses')})
      and (:any_type = 1 or ${among("case when enrollments.admin then 'admin' else 'member' end", 'types')})`,
      'any_person',
      'people',
      'any_status',
      'statuses',
      'any_type',
      'types',
    ),
    enrollmentOf: enrollments('enrollments.id = :id', 'id'),
  };
}

import type { RollSummary } from '../../schemas/rollbook/reports';
import type { Database, Engine } from '../database/database';
import { type Query, text } from '../database/query';
import { day, each, instant, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { exception, status } from '../ledger/attendance';
import { yieldToEventLoop } from '../lib/event-loop';
import { mayReadOn, ownSections, permittedSection, schoolAsked, scopeOf } from '../roster/access';
import { enrolledOn, enrolledWithin } from '../roster/enrolled';
import { betweenTerms } from '../roster/gaps';
import { calledName, namesRow } from '../roster/names';
import { ofSchoolOn, schoolOn } from '../roster/section-schools';
import { authorNames, authorRow } from './authors';
import { type DayOf, openCalendar, type SchoolOn } from './calendar';

/** What the roll of a section is before it is counted. */
const sectionRow = {
  section_id: integer,
  title: string,
  section_code: string,
  periods: string,
  class_type: string,
  school_id: nullable(integer),
  school: string,
  taken_at: nullable(instant),
  students: integer,
};
type SectionRow = RowOf<typeof sectionRow>;

/** What is known of a student in one roll. */
const rollRow = {
  enrollment: integer,
  date: day,
  section_id: integer,
  section: string,
  periods: string,
  school: integer,
  homeroom: oneOf(0, 1),
  status,
  comment: string,
  /** A mark stands though the SIS has moved the days of the enrollment since; it is shown, but counts in no rate. */
  enrolled: oneOf(0, 1),
};
export type RollRow = RowOf<typeof rollRow>;

/** Days of the student in a class. */
const stayRow = {
  enrollment: integer,
  section: integer,
  /** In which the class is now, 0 for none. */
  school: integer,
  begin_date: day,
  /** Exclusive. */
  end_date: day,
};

/** What was known of a student, and by whom it was said; without a student, the names of one are null. */
const changeRow = {
  id: integer,
  at: instant,
  date: day,
  enrollment_id: nullable(integer),
  api: string,
  from_status: nullable(status),
  from_comment: string,
  to_status: nullable(status),
  to_comment: string,
  ...each(['given_name', 'preferred_name', 'family_name', 'student_number'], nullable(string)),
  ...authorRow,
  by_teacher: oneOf(0, 1),
};

/** The statements about the rolls of a day, of a section and of a student. */
export function rollsSql({ knex, rows }: Engine) {
  const sections = rows('sections', { id: 'bigint' });
  return {
    /** Sections of a school, 0 for none, that have students on the day. */
    inSession: text(knex, inSession(`${ofSchool} and ${isAsked}`), sectionRow),
    /** Those that the person teaches, in any school or in one; the plus keeps SQLite from entering by the district. */
    taught: text(
      knex,
      inSession(`+sections.district_id = :district and ${mayReadOn('sections.id', ':date')}
        and sections.id in ${ownSections}
        and (cast(:school as bigint) is null or ${schoolOn(':date')} = :school) and ${isAsked}`),
      sectionRow,
    ),
    /** How many sections of a school have students on the day, and how many of their rolls are taken. */
    taken: text(
      knex,
      `select count(*) as rolls, coalesce(sum(case when meetings.taken_at is not null then 1 else 0 end), 0) as taken
      from ${onDay(ofSchool)}`,
      { rolls: integer, taken: integer },
    ),
    /** The schools of a district; those of its sections that are or were in none, if there are any, come last, as school 0. */
    schools: text(
      knex,
      `select schools.id, schools.name, 0 as place from schools where schools.district_id = :district
      union all
      select 0, '', 1
      where exists (select 1 from sections
        where sections.district_id = :district and coalesce(sections.school_id, 0) = 0)
        or exists (select 1 from former_schools
          where former_schools.district_id = :district and former_schools.school_id = 0)
      order by place, name, id`,
      { id: integer, name: string, place: integer },
    ),
    /** How many students of a school are marked, or told to be present, on rolls of the day that are not taken. */
    markedAhead: text(
      knex,
      `select count(distinct enrollments.person_id) as marked
      from sections
      cross join meetings
      cross join enrollments
      where ${ofSchool} and ${wasListed} and meetings.district_id = :district
        and meetings.section_id = sections.id and meetings.date = :date and meetings.taken_at is null
        and ${isStudentOn}
        and (exists (select 1 from marks
            where marks.district_id = :district and marks.section_id = sections.id and marks.date = :date
              and marks.enrollment_id = enrollments.id)
          or exists (select 1 from presences
            where presences.district_id = :district and presences.section_id = sections.id and presences.date = :date
              and presences.enrollment_id = enrollments.id))`,
      { marked: integer },
    ),
    presences: text(
      knex,
      `select presences.section_id, count(*) as count
      from ${sections} as asked
      cross join presences
      join enrollments on enrollments.district_id = presences.district_id and enrollments.id = presences.enrollment_id
        and ${enrolledOn('enrollments', ':date')}
      where presences.district_id = :district and presences.section_id = asked.id and presences.date = :date
      group by presences.section_id`,
      { section_id: integer, count: integer },
    ),
    marks: text(
      knex,
      `select marks.section_id, marks.status, count(*) as count
      from ${sections} as asked
      cross join marks
      join enrollments on enrollments.district_id = marks.district_id and enrollments.id = marks.enrollment_id
        and ${enrolledOn('enrollments', ':date')}
      where marks.district_id = :district and marks.section_id = asked.id and marks.date = :date
      group by marks.section_id, marks.status`,
      { section_id: integer, status: exception, count: integer },
    ),
    /** Each once, in the order in which they were listed. */
    teachers: text(
      knex,
      `select enrollments.section_id, people.given_name, people.preferred_name, people.family_name
      from ${sections} as asked
      cross join enrollments
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      where enrollments.section_id = asked.id and +enrollments.district_id = :district and enrollments.admin
        and ${enrolledOn('enrollments', ':date')}
      group by enrollments.section_id, people.id, people.given_name, people.preferred_name, people.family_name
      order by enrollments.section_id, min(enrollments.id)`,
      { section_id: integer, ...namesRow },
    ),
    /** Who was in the section in these days, or of whom something stands that the SIS has moved them away from. */
    students: text(
      knex,
      `select enrollments.id as enrollment_id, enrollments.person_id, enrollments.begin_date, enrollments.end_date,
        people.given_name, people.preferred_name, people.family_name, people.identifier as student_number, people.grades
      from enrollments
      join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
      where enrollments.section_id = :section and +enrollments.district_id = :district and not enrollments.admin
        and (${enrolledWithin('enrollments', ':from', ':to')}
          or exists (select 1 from marks
            where marks.district_id = :district and marks.section_id = :section and marks.date >= :from
              and marks.date <= :to and marks.enrollment_id = enrollments.id))
      order by enrollments.id`,
      {
        enrollment_id: integer,
        person_id: integer,
        begin_date: day,
        end_date: day,
        ...namesRow,
        student_number: string,
        grades: string,
      },
    ),
    section: text(
      knex,
      `select sections.id, sections.title, sections.section_code, sections.school_id
      from sections
      where sections.id = :section and sections.district_id = :district`,
      { id: integer, title: string, section_code: string, school_id: nullable(integer) },
    ),
    /** Of whom in a section somebody said that they were present, on a roll that is not taken. */
    presencesOfSection: text(
      knex,
      `select presences.enrollment_id, presences.date
      from presences
      where presences.district_id = :district and presences.section_id = :section and presences.date >= :from
        and presences.date <= :to
      order by presences.date, presences.enrollment_id`,
      { enrollment_id: integer, date: day },
    ),
    /** What is known of a student, roll by roll, on the days of sections that the caller may see. */
    ofStudent: text(
      knex,
      `select meetings.date, sections.id as section_id, sections.title as section, sections.periods,
        ${schoolOn('meetings.date')} as school, coalesce(marks.status, 1) as status,
        coalesce(marks.comment, '') as comment, enrollments.id as enrollment,
        case when sections.class_type = 'homeroom' then 1 else 0 end as homeroom,
        case when ${enrolledOn('enrollments', 'meetings.date')} then 1 else 0 end
          as enrolled
      from enrollments
      join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
      join meetings on meetings.district_id = :district and meetings.section_id = sections.id
        and meetings.date >= :from and meetings.date <= :to and ${mayReadOn('sections.id', 'meetings.date')}
      left join marks on marks.district_id = :district and marks.section_id = sections.id
        and marks.date = meetings.date and marks.enrollment_id = enrollments.id
      where enrollments.person_id = :student and +enrollments.district_id = :district and not enrollments.admin
        and (marks.status is not null
          or (${enrolledOn('enrollments', 'meetings.date')}
            and (meetings.taken_at is not null
              or exists (select 1 from presences
                where presences.district_id = :district and presences.section_id = sections.id
                  and presences.date = meetings.date and presences.enrollment_id = enrollments.id))))
      order by meetings.date desc, enrollments.id`,
      rollRow,
    ),
    /** The student's stays in classes, as far as the caller may see them. */
    staysOfStudent: text(
      knex,
      `select enrollments.id as enrollment, enrollments.begin_date, enrollments.end_date, sections.id as section,
        coalesce(sections.school_id, 0) as school
      from enrollments
      join sections on sections.district_id = enrollments.district_id
        and sections.id = enrollments.section_id and ${permittedSection}
      where enrollments.person_id = :student and +enrollments.district_id = :district and not enrollments.admin
        and enrollments.begin_date <= :to and enrollments.end_date > :from
      union all
      select enrollments.id, kept_days.begin_date, kept_days.end_date, sections.id, coalesce(sections.school_id, 0)
      from enrollments
      join kept_days on kept_days.district_id = enrollments.district_id and kept_days.enrollment_id = enrollments.id
      join sections on sections.district_id = enrollments.district_id
        and sections.id = enrollments.section_id and ${permittedSection}
      where enrollments.person_id = :student and +enrollments.district_id = :district and not enrollments.admin
        and kept_days.begin_date <= :to and kept_days.end_date > :from
      order by enrollment, begin_date`,
      stayRow,
    ),
    changes: text(
      knex,
      `select journal.id, journal.at, journal.date, journal.enrollment_id, journal.api, journal.client_id,
        journal.from_status, journal.from_comment, journal.to_status, journal.to_comment,
        students.given_name, students.preferred_name, students.family_name, students.identifier as student_number,
        ${authorNames},
        case when authors.id is null then 0 else 1 end as by_teacher
      from journal
      left join enrollments on enrollments.district_id = journal.district_id and enrollments.id = journal.enrollment_id
      left join people as students on students.district_id = enrollments.district_id
        and students.id = enrollments.person_id
      left join people as authors on authors.district_id = journal.district_id and authors.id = journal.person_id
      where journal.section_id = :section and +journal.district_id = :district and journal.date = :date
      order by journal.id desc
      limit :limit`,
      changeRow,
    ),
  };
}

type Sql = ReturnType<typeof rollsSql>;
/** What one of them returns. */
export type RowsOf<Name extends keyof Sql> = Sql[Name] extends Query<infer Row> ? Row : never;

const ofSchool = ofSchoolOn(':date');

/** SQL that is true of rolls that are taken, or not, as it is asked for; of all where it is null. */
const isAsked =
  '(cast(:taken as bigint) is null or case when meetings.taken_at is null then 0 else 1 end = cast(:taken as bigint))';

const inSession = (where: string): string => `
  select sections.id as section_id, sections.title, sections.section_code, sections.periods, sections.class_type,
    nullif(${schoolOn(':date')}, 0) as school_id, coalesce(schools.name, '') as school, meetings.taken_at,
    (select count(*) from enrollments where ${isStudentOn}) as students
  from ${onDay(where)}
  order by sections.id`;

const onDay = (where: string): string => `sections
  left join schools on schools.district_id = sections.district_id and schools.id = ${schoolOn(':date')}
  left join meetings on meetings.district_id = :district and meetings.section_id = sections.id
    and meetings.date = :date
  where ${where} and ${wasListed} and exists (select 1 from enrollments where ${isStudentOn})
    and (meetings.section_id is not null or not ${betweenTerms(':date')})`;

/** SQL: the SIS listed the section on `:date`; of one that it does no longer list, a roll that was taken says so too. */
export const wasListed = `(sections.active or meetings.taken_at is not null or sections.inactive_from > :date)`;

const isStudentOn = `enrollments.section_id = sections.id and +enrollments.district_id = sections.district_id
  and not enrollments.admin
  and ${enrolledOn('enrollments', ':date')}`;

/** Which rolls of a day: of all schools where none is named, and both taken and not where that is not said. */
interface RollsAsked {
  readonly date: string;
  readonly school: number | null;
  readonly taken?: boolean | undefined;
}

/** The rolls of a day: of each section that has students then, as far as the actor may see them. */
export function openRolls(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);

  /** School by school: a district has too many of them for one statement. */
  async function* inSession(actor: Actor, { date, school: named, taken }: RollsAsked) {
    const { district, person } = actor;
    const school = schoolAsked(actor, named);
    const asked = { district, date, taken: taken === undefined ? null : Number(taken) };
    if (person !== null) yield await database.all(sql.taught, { ...asked, ...scopeOf(actor), school });
    else if (school !== null) yield await database.all(sql.inSession, { ...asked, school });
    else
      for (const { id } of await database.all(sql.schools, { district })) {
        await yieldToEventLoop();
        yield await database.all(sql.inSession, { ...asked, school: id });
      }
  }

  async function summaries(district: number, date: string, rows: readonly SectionRow[], dayOf: CalendarOf) {
    const asked = { district, date, sections: JSON.stringify(rows.map(({ section_id }) => [section_id])) };
    const open = JSON.stringify(rows.flatMap(({ section_id, taken_at }) => (taken_at ? [] : [[section_id]])));
    const [marks, presences, teachers] = await Promise.all([
      database.all(sql.marks, asked),
      open === '[]' ? [] : database.all(sql.presences, { ...asked, sections: open }),
      database.all(sql.teachers, asked),
    ]);
    const counts = new Map(marks.map(({ section_id, status, count }) => [`${section_id} ${status}`, count]));
    const present = new Map(presences.map(({ section_id, count }) => [section_id, count]));
    const names = new Map<number, string[]>();
    for (const row of teachers) names.set(row.section_id, [...(names.get(row.section_id) ?? []), calledName(row)]);
    return rows.map((row): RollSummary => {
      const count = (status: number) => counts.get(`${row.section_id} ${status}`) ?? 0;
      const [absent, late, excused] = [count(2), count(3), count(4)];
      const told = absent + late + excused + (present.get(row.section_id) ?? 0);
      return {
        ...row,
        teachers: (names.get(row.section_id) ?? []).join(', '),
        absent,
        late,
        excused,
        marked: row.taken_at ? 0 : told,
        ...dayOf({ school: row.school_id ?? 0, date }),
      };
    });
  }

  return async function* (actor: Actor, asked: RollsAsked): AsyncGenerator<RollSummary[]> {
    const { date } = asked;
    const dayOf = await calendar(actor.district, date, date);
    for await (const rows of inSession(actor, asked))
      if (rows.length > 0) yield summaries(actor.district, date, rows, dayOf);
  };
}

type CalendarOf = (day: SchoolOn) => DayOf;

import type { Absentee, SchoolCode } from '../../schemas/rollbook/absentees';
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { instant, integer, nullable, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { exception, Status } from '../ledger/attendance';
import { openCodes } from '../ledger/codes';
import { mayReadOn, scopeOf } from '../roster/access';
import { openBellSchedules, type Period } from '../roster/bell-schedules';
import { calledName, namesRow, openNameOrder } from '../roster/names';
import { openSchoolYears, schoolYearOn } from '../roster/school-years';
import { ofSchoolOn } from '../roster/section-schools';
import { authorNames, authorRow, openAuthors } from './authors';

/** A school on a day: the id of the school, and the day. */
interface SchoolDay {
  readonly school: number;
  readonly date: string;
}

/** Who is absent, late or excused at a school on a day, class by class, and by what the school's day is told apart. */
export function openAbsentees(database: Database) {
  const sql = absenteesSql(database);
  const codesOf = openCodes(database);
  const bells = openBellSchedules(database);
  const schoolYears = openSchoolYears(database);
  const nameOrder = openNameOrder(database);
  const authors = openAuthors(database);

  return async (
    actor: Actor,
    { school, date }: SchoolDay,
  ): Promise<{ codes: SchoolCode[]; periods: string[]; marks: Absentee[] }> => {
    const { district } = actor;
    const year = schoolYearOn(date, await schoolYears(district));
    const [rows, stored, periods, { people, text }] = await Promise.all([
      database.all(sql.marks, { ...scopeOf(actor), school, date }),
      codesOf.stored(district, school, year),
      actor.person === null ? bells.order(actor, school, year) : bells.of(actor, school, year).then(named),
      nameOrder(district),
    ]);
    const nameOfAuthor = await authors(database, district, rows);
    const codes = stored.length > 0 ? stored : codesOf.offered(school, year);
    // What it says is that the student is absent, and no more.
    const plain = codes.find(({ status }) => status === Status.absent)?.code ?? '';
    const placeOf = new Map(periods.map((period, index) => [period, index]));
    const place = ({ periods: of }: { periods: string }) => placeOf.get(of.split(',')[0]!.trim()) ?? periods.length;
    const ordered = [...rows].sort(
      (one, other) =>
        people(one, other) ||
        one.person_id - other.person_id ||
        place(one) - place(other) ||
        text(one.section, other.section) ||
        one.enrollment_id - other.enrollment_id,
    );
    return {
      codes: codes.map(({ code, description, status }) => ({ code, description, status })),
      periods,
      marks: ordered.map(({ given_name, preferred_name, family_name, ...row }) => {
        const { author_given_name, author_preferred_name, author_family_name, client_id, ...mark } = row;
        return {
          ...mark,
          name: calledName({ given_name, preferred_name, family_name }),
          unexplained: mark.status === Status.absent && mark.comment === '' && ['', plain].includes(mark.code),
          by: nameOfAuthor(row),
        };
      }),
    };
  };
}

/** What a teacher sees does not tell of classes that are not theirs. */
const named = (schedule: readonly Period[]): string[] => schedule.map(({ period }) => period);

/** All SQL of who is away on a day. */
export const absenteesSql = ({ knex }: Pick<Engine, 'knex'>) => ({
  /** The marks of a school's day, section by section: as many look-ups as it has sections. */
  marks: text(
    knex,
    `select people.id as person_id, people.identifier as student_number, people.given_name, people.preferred_name,
      people.family_name, people.grades, sections.id as section_id, sections.title as section, sections.periods,
      marks.enrollment_id, marks.status, coalesce(codes.code, '') as code, marks.comment,
      marks.client_id, ${authorNames}, marks.changed_at as at, meetings.taken_at
    from sections
    cross join marks
    join meetings on meetings.district_id = marks.district_id and meetings.section_id = marks.section_id
      and meetings.date = marks.date
    join enrollments on enrollments.district_id = marks.district_id and enrollments.id = marks.enrollment_id
    join people on people.district_id = enrollments.district_id and people.id = enrollments.person_id
    left join people as authors on authors.district_id = marks.district_id and authors.id = marks.person_id
    left join attendance_codes as codes on codes.district_id = marks.district_id and codes.id = marks.code_id
    where ${ofSchoolOn(':date')} and ${mayReadOn('sections.id', ':date')}
      and marks.district_id = :district and marks.section_id = sections.id and marks.date = :date`,
    {
      person_id: integer,
      student_number: string,
      ...namesRow,
      grades: string,
      section_id: integer,
      section: string,
      periods: string,
      enrollment_id: integer,
      status: exception,
      code: string,
      comment: string,
      ...authorRow,
      at: instant,
      taken_at: nullable(instant),
    },
  ),
});

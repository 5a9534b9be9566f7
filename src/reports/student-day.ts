import type { StudentRoll } from '../../schemas/rollbook/students';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { instant, integer, nullable, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { status } from '../ledger/attendance';
import { knownStatus } from '../ledger/read-sql';
import { mayReadOn, scopeOf } from '../roster/access';
import { openBellSchedules, type Period, periodsOf, timeOf } from '../roster/bell-schedules';
import { enrolledOn } from '../roster/enrolled';
import { betweenTerms } from '../roster/gaps';
import { calledName } from '../roster/names';
import { openSchoolYears, schoolYearOn } from '../roster/school-years';
import { schoolOn } from '../roster/section-schools';
import { openCalendar } from './calendar';
import { rollsSql, wasListed } from './rolls';

/** All classes of a student on a day, taken or not, in the order of the periods, as far as the actor may read them. */
export function openStudentDay(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const bells = openBellSchedules(database);
  const schoolYears = openSchoolYears(database);
  const rolls = text(
    database.knex,
    `select sections.id as section_id, sections.title as section, sections.periods, ${schoolOn(':date')} as school,
      enrollments.id as enrollment_id, meetings.taken_at, ${knownStatus('meetings', 'enrollments.id')} as status,
      coalesce(codes.code, '') as code, coalesce(marks.comment, '') as comment
    from enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    left join meetings on meetings.district_id = sections.district_id and meetings.section_id = sections.id
      and meetings.date = :date
    left join marks on marks.district_id = sections.district_id and marks.section_id = sections.id
      and marks.date = :date and marks.enrollment_id = enrollments.id
    left join attendance_codes as codes on codes.district_id = marks.district_id and codes.id = marks.code_id
    where enrollments.person_id = :student and +enrollments.district_id = :district and not enrollments.admin
      and ${mayReadOn('sections.id', ':date')}
      and (marks.status is not null
        or (${enrolledOn('enrollments', ':date')} and ${wasListed}
          and (meetings.section_id is not null or not ${betweenTerms(':date')})))
    order by sections.id, enrollments.id`,
    {
      section_id: integer,
      section: string,
      periods: string,
      school: integer,
      enrollment_id: integer,
      taken_at: nullable(instant),
      status: nullable(status),
      code: string,
      comment: string,
    },
  );

  return async (actor: Actor, student: number, date: string): Promise<StudentRoll[]> => {
    const { district } = actor;
    const rows = await database.all(rolls, { ...scopeOf(actor), student, date });
    const sections = JSON.stringify(rows.map(({ section_id }) => [section_id]));
    const [teachers, dayOf, years] = await Promise.all([
      database.all(sql.teachers, { district, date, sections }),
      calendar(district, date, date),
      schoolYears(district),
    ]);
    const year = schoolYearOn(date, years);
    const schedules = new Map<number, Period[]>();
    for (const school of new Set(rows.map(({ school }) => school)))
      schedules.set(school, await bells.of(actor, school, year));
    const timed = rows.map(({ school, ...row }) => {
      const own = periodsOf(row);
      const times = schedules.get(school)!.filter(({ period }) => own.includes(period));
      const [starts, ends] = [times[0], times.at(-1)];
      return {
        ...row,
        starts: starts ? timeOf(starts.start_time) : null,
        ends: ends ? timeOf(ends.end_time) : null,
        teachers: teachers
          .filter(({ section_id }) => section_id === row.section_id)
          .map(calledName)
          .join(', '),
        ...dayOf({ school, date }),
      };
    });
    return timed.sort(
      (one, other) =>
        (one.starts ?? LAST).localeCompare(other.starts ?? LAST) || byNumber.compare(one.periods, other.periods),
    );
  };
}

/** After every time of a day: what has no time comes last. */
const LAST = '99:99';
/** Period `2` comes before `10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

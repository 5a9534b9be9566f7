import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, day, integer, nullable, string } from '../database/rows';
import { daysBetween } from '../days';
import type { Actor } from '../ledger/actor';
import { yieldToEventLoop } from '../lib/event-loop';
import { preview } from '../lib/preview';
import { Problem } from '../lib/problem';
import { openCalendar } from '../reports/calendar';
import { mayWrite, scopeOf } from '../roster/access';
import { openBellSchedules, type Period, periodsOf } from '../roster/bell-schedules';
import { daysRow, enrolledWithin, isEnrolled, isWithin, openKeptDays } from '../roster/enrolled';
import { openGaps } from '../roster/gaps';
import { openSchoolYears, schoolYearOn } from '../roster/school-years';
import { openFormerSchools, schoolAt } from '../roster/section-schools';
import type { Student } from './students';

/** A part of a school day: some of its periods, or from a time to another, in seconds since midnight. */
export type PartOfDay =
  | { readonly periods: readonly string[] }
  | {
      readonly from_time: number;
      readonly to_time: number;
      /** The field that asks for it. */
      readonly field: string;
      /** Whether classes outside of it are wanted, too: `held` says when they are. */
      readonly isWholeDay?: boolean;
    };

/** Days of students, both ends included; all of each day where no part of it is named. */
export interface Stretch {
  readonly students: readonly Student[];
  readonly from: string;
  readonly to: string;
  readonly part?: PartOfDay | undefined;
}

/** A student in a class on a school day. */
export interface Lesson {
  readonly student: Student;
  readonly enrollment: number;
  readonly section: number;
  readonly title: string;
  readonly periods: string;
  /** In which the class is on that day, 0 for none. */
  readonly school: number;
  /** The school year of the day, by the year it starts in. */
  readonly year: number;
  /** Where a part of the day is named by its time: the periods of the class that have one in the bell schedule. */
  readonly held?: readonly Period[] | undefined;
  readonly date: string;
}

/** Classes that are written in one transaction, others of their sections waiting meanwhile. */
const MOST_LESSONS = 5_000;

const enrolledRow = {
  id: integer,
  person: integer,
  section: integer,
  ...daysRow,
  title: string,
  periods: string,
  school: integer,
  active: bit,
  inactive_from: nullable(day),
};

/** Finds the classes that students have on days, as far as the actor may write in them: on school days of the school alone, and not between the terms of a class. */
export function openConcerned(database: Database) {
  const calendar = openCalendar(database);
  const bells = openBellSchedules(database);
  const keptDays = openKeptDays(database);
  const formerSchools = openFormerSchools(database);
  const gaps = openGaps(database);
  const schoolYears = openSchoolYears(database);
  const enrolled = text(
    database.knex,
    `select enrollments.id, enrollments.person_id as person, enrollments.section_id as section,
      enrollments.begin_date, enrollments.end_date, sections.title, sections.periods,
      coalesce(sections.school_id, 0) as school, sections.active, sections.inactive_from
    from ${database.rows('students', { id: 'bigint' })} as asked
    cross join enrollments
    join sections on sections.district_id = enrollments.district_id and sections.id = enrollments.section_id
    where enrollments.person_id = asked.id and +enrollments.district_id = :district and not enrollments.admin
      and ${enrolledWithin('enrollments', ':from', ':to')} and ${mayWrite('enrollments.section_id')}
    order by enrollments.id`,
    enrolledRow,
  );

  return async (actor: Actor, { students, from, to, part }: Stretch): Promise<Lesson[]> => {
    const { district } = actor;
    const byId = new Map(students.map((student) => [student.id, student]));
    const asked = { ...scopeOf(actor), students: JSON.stringify(students.map(({ id }) => [id])), from, to };
    const rows = await database.all(enrolled, asked);
    const sections = [...new Set(rows.map(({ section }) => section))];
    const kept = await keptDays(
      database,
      district,
      rows.map(({ id }) => id),
    );
    const [former, between, dayOf, years] = await Promise.all([
      formerSchools(database, district, sections),
      gaps.ofSections(database, district, sections),
      calendar(district, from, to),
      schoolYears(district),
    ]);
    const within = partOf(district, part);
    const lessons: Lesson[] = [];
    const schools = new Map<string, { readonly school: number; readonly year: number }>();
    for (const date of daysBetween(from, to)) {
      await yieldToEventLoop();
      const year = schoolYearOn(date, years);
      for (const row of rows) {
        const { id, person, section, title, periods, active, inactive_from } = row;
        const school = schoolAt(date, row.school, former.get(section));
        const isListed = Boolean(active) || (inactive_from !== null && inactive_from > date);
        if (!isListed || !isEnrolled(date, row, kept.get(id))) continue;
        if (!dayOf({ school, date }).school_day || between.get(section)?.some((days) => isWithin(date, days))) continue;
        schools.set(`${school} ${year}`, { school, year });
        const { isIn, held } = await within({ school, year, periods });
        if (!isIn) continue;
        if (lessons.length === MOST_LESSONS) throw tooMany();
        lessons.push({ student: byId.get(person)!, enrollment: id, section, title, periods, school, year, date, held });
      }
    }
    if (part && 'periods' in part) await refuseOthers(district, part.periods, [...schools.values()], rows);
    return lessons;
  };

  /** A period that none of these schools and classes has is refused: nothing would be said of it. */
  async function refuseOthers(
    district: number,
    periods: readonly string[],
    schools: readonly { readonly school: number; readonly year: number }[],
    rows: readonly { readonly periods: string }[],
  ): Promise<void> {
    if (schools.length === 0) return; // no school day
    const orders = await Promise.all(schools.map(({ school, year }) => bells.order({ district }, school, year)));
    const known = [...new Set([...orders.flat(), ...rows.flatMap(periodsOf)])];
    const index = periods.findIndex((period) => !known.includes(period));
    if (index === -1) return;
    const field = `periods.${index}`;
    const message = `must be a period of the school, ${known.join(', ')}, not ${preview(periods[index])}`;
    throw new Problem('BODY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });
  }

  /**
   * Whether a class is in the part of the day that is asked for, and when it is held, where that is a part by its time. A
   * class whose time nobody has said is in no stretch of time.
   */
  function partOf(district: number, part: PartOfDay | undefined): (of: ClassOf) => Promise<InPart> {
    if (!part) return async () => ({ isIn: true });
    if ('periods' in part)
      return async ({ periods }) => ({
        isIn: periodsOf({ periods }).some((period) => part.periods.includes(period)),
      });
    const met = new Map<string, Promise<Period[]>>();
    const scheduleOf = (school: number, year: number) => {
      const key = `${school} ${year}`;
      if (!met.has(key)) met.set(key, bells.of({ district }, school, year));
      return met.get(key)!;
    };
    return async ({ school, year, periods }) => {
      const schedule = await scheduleOf(school, year);
      if (schedule.length === 0 && school !== 0) throw withoutTimes(part.field);
      const own = periodsOf({ periods });
      const held = schedule.filter(({ period }) => own.includes(period));
      return { isIn: part.isWholeDay || held.some((period) => secondsIn(part, period) > 0), held };
    };
  }
}

type ClassOf = Pick<Lesson, 'school' | 'year' | 'periods'>;
type InPart = Pick<Lesson, 'held'> & { readonly isIn: boolean };

/** Seconds of a period that are in a stretch of time; none where it is not above 0. */
export const secondsIn = (
  part: { readonly from_time: number; readonly to_time: number },
  { start_time, end_time }: Period,
): number => Math.min(part.to_time, end_time) - Math.max(part.from_time, start_time);

const tooMany = () =>
  new Problem(
    'BODY_TOO_LARGE',
    `These are more than ${MOST_LESSONS} classes. Enter fewer days, or fewer students, at a time.`,
  );

function withoutTimes(field: string): Problem {
  const message = 'needs the times of the school’s periods, which nobody has said: name periods instead';
  return new Problem('BODY_INVALID', `${field} ${message}.`, { violations: [{ field, message }] });
}

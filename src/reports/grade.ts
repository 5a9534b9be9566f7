import type { Database } from '../database/database';
import { daysBetween, idOn } from '../days';
import { Status, statusWords } from '../ledger/attendance';
import type { Ledger } from '../ledger/ledger';
import { isEnrolled, isWithin, openKeptDays } from '../roster/enrolled';
import { openGaps } from '../roster/gaps';
import { openSchoolYears, startOfYear } from '../roster/school-years';
import type { GradeRule } from '../roster/schools';
import { openFormerSchools, schoolAt } from '../roster/section-schools';
import { openAssuming } from './assuming';
import { openCalendar } from './calendar';
import { rollsSql } from './rolls';

/** How often a student was present, late, absent and excused in a section, on days that count. */
export interface Tally {
  readonly present: number;
  readonly late: number;
  readonly absent: number;
  readonly excused: number;
}

/** What a student's tally comes to: percent, rounded to tenths; undefined where nothing counts. */
export function gradeOf({ present, late, absent, excused }: Tally, { grade_late, grade_excused }: GradeRule) {
  const asPresent = grade_excused === 'present' ? excused : 0;
  const counted = present + late + absent + asPresent;
  if (counted === 0) return undefined;
  return Math.round((1_000 * (present + asPresent + (late * grade_late) / 100)) / counted) / 10;
}

const nothing: Tally = { present: 0, late: 0, absent: 0, excused: 0 };

/**
 * The tallies of all students of a section, by person, up to a day, in the school year in which it last met. They count as reports do:
 * what is known of each student on school days; on past days that nobody took also who is not marked, in schools in which that
 * means present. A student who misses a part of a day misses the classes of that part: each class has its own grade.
 */
export function openTallies(database: Database, ledger: Ledger) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const keptDays = openKeptDays(database);
  const assumingIn = openAssuming(database);
  const { ofSections } = openGaps(database);
  const formerSchools = openFormerSchools(database);
  const schoolYears = openSchoolYears(database);

  return async (district: number, section: number, to: string): Promise<Map<number, Tally>> => {
    const met = (await ledger.meetings({ district, section, to })).map(
      ({ date, taken_at }) => [date, taken_at] as const,
    );
    const last = met.at(-1)?.[0];
    if (last === undefined) return new Map();
    const years = await schoolYears(district);
    const from = startOfYear(last, years);
    const taken = new Map(met.filter(([date]) => date >= from));
    const asked = { district, section, from, to };
    const [students, marks, presences, dayOf, former, gaps, assuming] = await Promise.all([
      database.all(sql.students, asked),
      ledger.marks(asked),
      database.all(sql.presencesOfSection, asked),
      calendar(district, from, to),
      formerSchools(database, district, [section]),
      ofSections(database, district, [section]),
      assumingIn(district),
    ]);
    const [found] = await database.all(sql.section, { district, section });
    const schoolOn = (date: string) => schoolAt(date, found!.school_id ?? 0, former.get(section));
    const kept = await keptDays(
      database,
      district,
      students.map(({ enrollment_id }) => enrollment_id),
    );
    const told = new Map<number, Status>(
      presences.map(({ enrollment_id, date }) => [idOn(enrollment_id, date), Status.present]),
    );
    for (const { enrollment_id, date, status } of marks) told.set(idOn(enrollment_id, date), status);

    /** Whether who is not marked was present that day, though nobody took the roll. */
    const isAssumed = (date: string, begin: string): boolean => {
      const rule = assuming.get(schoolOn(date));
      return (
        rule !== undefined &&
        date <= rule.until &&
        date >= rule.since(begin) &&
        !gaps.get(section)?.some((days) => isWithin(date, days))
      );
    };

    const tallies = new Map(students.map(({ person_id }): [number, Tally] => [person_id, nothing]));
    const dates = assuming.size > 0 ? daysBetween(from, to) : [...taken.keys()];
    for (const date of dates.filter((each) => dayOf({ school: schoolOn(each), date: each }).school_day))
      for (const { enrollment_id, person_id, ...days } of students) {
        if (!isEnrolled(date, days, kept.get(enrollment_id))) continue;
        const isPresent = Boolean(taken.get(date)) || isAssumed(date, days.begin_date);
        const status = told.get(idOn(enrollment_id, date)) ?? (isPresent ? Status.present : undefined);
        if (status === undefined) continue;
        const tally = tallies.get(person_id)!;
        tallies.set(person_id, { ...tally, [statusWords[status]]: tally[statusWords[status]] + 1 });
      }
    return tallies;
  };
}

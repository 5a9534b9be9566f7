import type { Database } from '../database/database';
import type { SchoolOn } from './calendar';
import { openCounting } from './counting';
import { daysSql } from './days-sql';
import { openSchoolDays, type Span } from './school-days';

/** Who misses a tenth of school is chronically absent, excused or not (Attendance Works; U.S. Department of Education). */
const CHRONIC = 0.1;

/** A student who was absent, in one school. */
export interface Absentee {
  readonly person_id: number;
  readonly school: number;
  /** Days of school while they were enrolled. */
  readonly enrolled_days: number;
  readonly absent_days: number;
  readonly rate: number;
}

interface AbsenteeRow {
  readonly person: number;
  readonly school: number;
  readonly days: number;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
}

/** The chronically absent students, those who miss most first; of whom there are `students` who were enrolled at all. */
export function openChronic(database: Database) {
  const sql = daysSql(database);
  const count = openCounting(database);
  const schoolDays = openSchoolDays(database);

  return async (span: Span): Promise<{ absentees: Absentee[]; students: number }> => {
    await count(span.district);
    const days = await schoolDays(span);
    const asked = JSON.stringify(days.map(({ school, date }) => [school, date]));
    const [rows, stays] = await Promise.all([
      database.all<AbsenteeRow>(sql.absentees, { ...span, days: asked }),
      database.all<{ students: number }>(sql.stays, { ...span }),
    ]);
    const daysBetween = counter(days);
    const absentees = rows
      .map(({ person, school, days: absent_days, begin_date, end_date }) => {
        const enrolled_days = daysBetween(school, begin_date, end_date);
        return { person_id: person, school, enrolled_days, absent_days, rate: absent_days / enrolled_days };
      })
      .filter(({ rate }) => rate >= CHRONIC)
      .sort((one, other) => other.rate - one.rate || one.person_id - other.person_id || one.school - other.school);
    return { absentees, students: stays.reduce((sum, { students }) => sum + students, 0) };
  };
}

/** Counts the days of a school from a day (inclusive) to a day (exclusive). */
function counter(days: readonly SchoolOn[]) {
  const bySchool = new Map<number, string[]>();
  for (const { school, date } of days) bySchool.set(school, [...(bySchool.get(school) ?? []), date]);
  const known = new Map<string, number>();
  return (school: number, begin: string, end: string): number => {
    const key = `${school} ${begin} ${end}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const count = (bySchool.get(school) ?? []).filter((date) => begin <= date && date < end).length;
    known.set(key, count);
    return count;
  };
}

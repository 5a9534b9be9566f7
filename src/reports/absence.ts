import type { Database } from '../database/database';
import type { SchoolOn } from './calendar';
import { openCounting } from './counting';
import { daysSql } from './days-sql';
import { openSchoolDays, type Span } from './school-days';

/** The students of a school on a day, and what became of them. */
export interface Cell extends SchoolOn {
  /** How many were enrolled. */
  readonly students: number;
  /** Away, excused or not. */
  readonly absent: number;
  readonly excused: number;
  readonly late: number;
}

/** Students who were in a school for the same time. */
interface Stay {
  readonly school: number;
  readonly begin_date: string;
  /** Exclusive. */
  readonly end_date: string;
  readonly students: number;
}

interface StatusCount extends SchoolOn {
  readonly status: 2 | 3 | 4;
  readonly students: number;
}

/** How many students were away, school by school and day by day. */
export function openAbsence(database: Database) {
  const sql = daysSql(database);
  const count = openCounting(database);
  const schoolDays = openSchoolDays(database);

  return async (span: Span): Promise<Cell[]> => {
    await count(span.district);
    const days = await schoolDays(span);
    const asked = JSON.stringify(days.map(({ school, date }) => [school, date]));
    const [stays, statuses] = await Promise.all([
      database.all<Stay>(sql.stays, { ...span }),
      database.all<StatusCount>(sql.statuses, { district: span.district, days: asked }),
    ]);
    const enrolled = enrolledOn(stays);
    const away = new Map(
      statuses.map(({ school, date, status, students }) => [`${school} ${date} ${status}`, students]),
    );
    return days.map(({ school, date }) => {
      const [absent, late, excused] = [2, 3, 4].map((status) => away.get(`${school} ${date} ${status}`) ?? 0);
      return {
        school,
        date,
        students: enrolled(school, date),
        absent: absent! + excused!,
        excused: excused!,
        late: late!,
      };
    });
  };
}

/** How many students a school has on a day. There are few kinds of stays: most begin and end with the year. */
function enrolledOn(stays: readonly Stay[]): (school: number, date: string) => number {
  const bySchool = new Map<number, Stay[]>();
  for (const stay of stays) bySchool.set(stay.school, [...(bySchool.get(stay.school) ?? []), stay]);
  return (school, date) =>
    (bySchool.get(school) ?? [])
      .filter(({ begin_date, end_date }) => begin_date <= date && date < end_date)
      .reduce((sum, { students }) => sum + students, 0);
}

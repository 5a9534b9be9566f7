import type { Database } from '../database/database';
import { openCalendar, type SchoolOn } from './calendar';
import { daysSql } from './days-sql';

/** Which part of a district is reported on; days are inclusive. */
export interface Span {
  readonly district: number;
  readonly from: string;
  readonly to: string;
  /** One school of it; null for all. */
  readonly school: number | null;
}

/** The days of schools that count in rates: rolls were taken, and the calendar has them as school days. */
export function openSchoolDays(database: Database) {
  const sql = daysSql(database);
  const calendar = openCalendar(database);
  return async (span: Span): Promise<SchoolOn[]> => {
    const [counted, dayOf] = await Promise.all([
      database.all<SchoolOn>(sql.counted, { ...span }),
      calendar(span.district, span.from, span.to),
    ]);
    return counted.filter((day) => dayOf(day).school_day);
  };
}

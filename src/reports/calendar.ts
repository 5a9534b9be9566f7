import type { Database } from '../database/database';
import { text } from '../database/query';

/** A school on a day. */
export interface SchoolOn {
  readonly school: number;
  readonly date: string;
}

/** Whether a day is a school day, and why it is, or is not. */
export interface DayOf {
  readonly school_day: boolean;
  readonly reason: string;
}

interface CalendarRow extends SchoolOn {
  readonly school_day: boolean | 0 | 1;
  readonly reason: string;
}

/** What the schools of a district make of the days in a range, both ends included. */
export function openCalendar(database: Database) {
  const find = text(
    database.knex,
    `select calendar_days.school_id as school, calendar_days.date, calendar_days.school_day, calendar_days.reason
    from calendar_days
    where calendar_days.district_id = :district and calendar_days.date >= :from and calendar_days.date <= :to`,
  );
  return async (district: number, from: string, to: string): Promise<(day: SchoolOn) => DayOf> => {
    const rows = await database.all<CalendarRow>(find, { district, from, to });
    const said = new Map(rows.map((row) => [keyOf(row), { school_day: Boolean(row.school_day), reason: row.reason }]));
    return (day) => said.get(keyOf(day)) ?? usual(day.date);
  };
}

const keyOf = ({ school, date }: SchoolOn): string => `${school} ${date}`;

/** Monday to Friday: what a day is where no calendar says anything of it. */
const usual = (date: string): DayOf =>
  isWeekday(date) ? { school_day: true, reason: '' } : { school_day: false, reason: 'weekend' };

export function isWeekday(date: string): boolean {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekday >= 1 && weekday <= 5;
}

import type { Database } from '../database/database';
import { text } from '../database/query';
import { bit, day, integer, string } from '../database/rows';
import { isOpenOn, USUAL_WEEK } from '../roster/calendars';

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

/** What the calendars of schools make of days. */
export interface Calendar {
  (day: SchoolOn): DayOf;
  /** Whether the school is open on the weekday of the date, whatever was set of the date itself. */
  isOpen(day: SchoolOn): boolean;
}

/** What the schools of a district make of the days in a range, both ends included. */
export function openCalendar(database: Database) {
  const find = text(
    database.knex,
    `select calendar_days.school_id as school, calendar_days.date, calendar_days.school_day, calendar_days.reason
    from calendar_days
    where calendar_days.district_id = :district and calendar_days.date >= :from and calendar_days.date <= :to`,
    { school: integer, date: day, school_day: bit, reason: string },
  );
  const weeks = text(
    database.knex,
    `select schools.id, schools.weekdays from schools
    where schools.district_id = :district and schools.weekdays <> '${USUAL_WEEK}'`,
    { id: integer, weekdays: string },
  );
  return async (district: number, from: string, to: string): Promise<Calendar> => {
    const rows = await database.all(find, { district, from, to });
    const said = new Map(rows.map((row) => [keyOf(row), { school_day: Boolean(row.school_day), reason: row.reason }]));
    const found = await database.all(weeks, { district });
    const open = new Map(found.map(({ id, weekdays }) => [id, weekdays]));
    const isOpen = ({ school, date }: SchoolOn) => isOpenOn(open.get(school) ?? USUAL_WEEK, date);
    return Object.assign((day: SchoolOn) => said.get(keyOf(day)) ?? usual(isOpen(day)), { isOpen });
  };
}

const keyOf = ({ school, date }: SchoolOn): string => `${school} ${date}`;

/** What a day is where no calendar says anything of it. */
const usual = (isOpen: boolean): DayOf =>
  isOpen ? { school_day: true, reason: '' } : { school_day: false, reason: 'weekend' };

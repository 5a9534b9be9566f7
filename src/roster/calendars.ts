import type { Actor } from '../actor';
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { FIRST_DAY, LAST_DAY } from '../days';
import { storedWeek, USUAL_WEEK, type Weekday, weekOf } from './weekdays';

/** A day that is not as its weekday has it. */
export interface CalendarDay {
  readonly date: string;
  readonly school_day: boolean;
  /** Why, in a word: `Thanksgiving`. */
  readonly reason: string;
}

export interface Range {
  readonly from?: string | undefined;
  /** Inclusive. */
  readonly to?: string | undefined;
}

/** What is set of the calendars of schools; what is not said stays as it is. */
export interface CalendarChange {
  /** The last of several for the same date stands. */
  readonly days?: readonly CalendarDay[] | undefined;
  readonly weekdays?: readonly Weekday[] | undefined;
}

export type Calendars = ReturnType<typeof openCalendars>;

/** Which days are school days, school by school: the weekdays on which it is open, but for the days that are set. */
export function openCalendars(database: Database) {
  const sql = calendarSql(database);
  return {
    /** The days that are not as their weekday has them, by date. */
    async days({ district }: Pick<Actor, 'district'>, school: number, { from, to }: Range): Promise<CalendarDay[]> {
      const range = { from: from ?? FIRST_DAY, to: to ?? LAST_DAY };
      const rows = await database.all<CalendarDay>(sql.days, { district, school, ...range });
      return rows.map((row) => ({ ...row, school_day: Boolean(row.school_day) }));
    },

    /** The weekdays on which a school is open. */
    async weekdays({ district }: Pick<Actor, 'district'>, school: number): Promise<Weekday[]> {
      const [row] = await database.all<{ weekdays: string }>(sql.weekdays, { district, school });
      return weekOf(row?.weekdays ?? USUAL_WEEK);
    },

    /** Changes the calendars of all these schools, or of none. */
    async set(
      { district }: Pick<Actor, 'district'>,
      schools: readonly number[],
      { days = [], weekdays }: CalendarChange,
    ): Promise<void> {
      const last = [...new Map(days.map((day) => [day.date, day])).values()];
      const rows = JSON.stringify(last.map(({ date, school_day, reason }) => [date, school_day, reason]));
      const dates = JSON.stringify(last.map(({ date }) => [date]));
      const of = { district, schools: JSON.stringify(schools.map((school) => [school])) };
      await database.transaction(async (tx) => {
        if (weekdays) await tx.all(sql.open, { ...of, weekdays: storedWeek(weekdays) });
        if (last.length === 0) return;
        await tx.all(sql.forget, { ...of, dates });
        await tx.all(sql.put, { ...of, days: rows });
      });
    },
  };
}

/** All SQL of calendars. */
export function calendarSql({ knex, rows }: Engine) {
  const schools = `${rows('schools', { id: 'bigint' })} as schools`;
  return {
    days: text(
      knex,
      `select calendar_days.date, calendar_days.school_day, calendar_days.reason
      from calendar_days
      where calendar_days.district_id = :district and calendar_days.school_id = :school
        and calendar_days.date >= :from and calendar_days.date <= :to
      order by calendar_days.date`,
    ),
    weekdays: text(
      knex,
      'select schools.weekdays from schools where schools.district_id = :district and schools.id = :school',
    ),
    open: text(
      knex,
      `update schools set weekdays = :weekdays
      where district_id = :district and id in (select schools.id from ${schools})`,
    ),
    forget: text(
      knex,
      `delete from calendar_days
      where calendar_days.district_id = :district and calendar_days.school_id in (select schools.id from ${schools})
        and calendar_days.date in (select asked.date from ${rows('dates', { date: 'date' })} as asked)`,
    ),
    put: text(
      knex,
      `insert into calendar_days (district_id, school_id, date, school_day, reason)
      select :district, schools.id, asked.date, asked.school_day, asked.reason
      from ${rows('days', { date: 'date', school_day: 'boolean', reason: 'text' })} as asked
      cross join ${schools}`,
    ),
  };
}

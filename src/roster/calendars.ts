import type { Actor } from '../actor';
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { FIRST_DAY, LAST_DAY } from '../days';

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

export type Calendars = ReturnType<typeof openCalendars>;

/** Which days are school days, school by school. Without an entry Monday to Friday are, Saturday and Sunday are not. */
export function openCalendars(database: Database) {
  const sql = calendarSql(database);
  return {
    /** The days that are not as their weekday has them, by date. */
    async days({ district }: Pick<Actor, 'district'>, school: number, { from, to }: Range): Promise<CalendarDay[]> {
      const range = { from: from ?? FIRST_DAY, to: to ?? LAST_DAY };
      const rows = await database.all<CalendarDay>(sql.days, { district, school, ...range });
      return rows.map((row) => ({ ...row, school_day: Boolean(row.school_day) }));
    },

    /** Sets each of these days, the last of several for the same date. */
    async set({ district }: Pick<Actor, 'district'>, school: number, days: readonly CalendarDay[]): Promise<void> {
      const last = [...new Map(days.map((day) => [day.date, day])).values()];
      const rows = JSON.stringify(last.map(({ date, school_day, reason }) => [date, school_day, reason]));
      const dates = JSON.stringify(last.map(({ date }) => [date]));
      await database.transaction(async (tx) => {
        await tx.all(sql.forget, { district, school, dates });
        await tx.all(sql.put, { district, school, days: rows });
      });
    },
  };
}

/** All SQL of calendars. */
export function calendarSql({ knex, rows }: Engine) {
  return {
    days: text(
      knex,
      `select calendar_days.date, calendar_days.school_day, calendar_days.reason
      from calendar_days
      where calendar_days.district_id = :district and calendar_days.school_id = :school
        and calendar_days.date >= :from and calendar_days.date <= :to
      order by calendar_days.date`,
    ),
    forget: text(
      knex,
      `delete from calendar_days
      where calendar_days.district_id = :district and calendar_days.school_id = :school
        and calendar_days.date in (select asked.date from ${rows('dates', { date: 'date' })} as asked)`,
    ),
    put: text(
      knex,
      `insert into calendar_days (district_id, school_id, date, school_day, reason)
      select :district, :school, asked.date, asked.school_day, asked.reason
      from ${rows('days', { date: 'date', school_day: 'boolean', reason: 'text' })} as asked`,
    ),
  };
}

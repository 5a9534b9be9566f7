import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { bit, day, integer, string } from '../database/rows';
import { FIRST_DAY, isSchoolDay, LAST_DAY } from '../days';
import type { Actor } from '../ledger/actor';
import { preview } from '../lib/preview';
import { Problem, type Violation } from '../lib/problem';
import { type Author, openSettingChanges } from './setting-changes';

/** The days of the week in the order of ISO 8601, in which 1 is Monday. */
export const weekdayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdayNames)[number];

/** On which a school is open where nobody says otherwise: `12345`, Monday to Friday. */
export const USUAL_WEEK = '12345';

/** The names of the days in a week as it is stored: `17` is Monday and Sunday. */
export const weekOf = (stored: string): Weekday[] => [...stored].map((digit) => weekdayNames[Number(digit) - 1]!);

/** A week as it is stored; each day once, in their order. */
export const storedWeek = (days: readonly Weekday[]): string =>
  weekdayNames.flatMap((name, index) => (days.includes(name) ? [index + 1] : [])).join('');

/** Whether the school is open on the weekday of the date. */
export const isOpenOn = (stored: string, date: string): boolean =>
  stored.includes(String(new Date(`${date}T00:00:00Z`).getUTCDay() || 7));

/** The days that `sun-thu`, `mon,tue,sat` or `Monday-Saturday` names; undefined where it names none. */
export function readWeek(text: string): Weekday[] | undefined {
  const days = new Set<Weekday>();
  for (const part of text.toLowerCase().split(',')) {
    const ends = part.split('-').map((name) => numberOf(name.trim()));
    if (ends.length > 2 || ends.includes(undefined)) return undefined;
    const to = ends.at(-1)!;
    for (let at = ends[0]!; ; at = (at + 1) % 7) {
      days.add(weekdayNames[at]!);
      if (at === to) break;
    }
  }
  return weekdayNames.filter((name) => days.has(name));
}

/** From 0; a name may be cut to no less than two letters. */
function numberOf(name: string): number | undefined {
  const number = name.length < 2 ? -1 : weekdayNames.findIndex((known) => known.startsWith(name));
  return number < 0 ? undefined : number;
}

/** A day as it is sent: in CSV everything is text. */
export interface SentDay {
  readonly date?: unknown;
  readonly school_day?: unknown;
  readonly reason?: unknown;
  /** The number of a school, in a list for several. */
  readonly school?: unknown;
}

const REASON_LENGTH = 200;
/** What a message can hold. */
const MOST_VIOLATIONS = 100;

/** All of the days, or BODY_INVALID with what is wrong with each that is: `days.3.date`. */
export function readDays(sent: readonly SentDay[]): CalendarDay[] {
  const violations: Violation[] = [];
  const read = <T>(value: T | undefined, field: string, right: string, wrong: unknown): T => {
    if (value === undefined) violations.push({ field, message: `must be ${right}, not ${preview(wrong)}` });
    return value as T;
  };
  const days = sent.map(({ date, school_day, reason }, index) => ({
    date: read(isSchoolDay(date) ? date : undefined, `days.${index}.date`, 'a day, YYYY-MM-DD', date),
    school_day: read(yesOrNo(school_day), `days.${index}.school_day`, 'true or false', school_day),
    reason: read(reasonOf(reason), `days.${index}.reason`, `a text of up to ${REASON_LENGTH} characters`, reason),
  }));
  if (violations.length === 0) return days;
  const { field, message } = violations[0]!;
  throw new Problem('BODY_INVALID', `${field} ${message}`, { violations: violations.slice(0, MOST_VIOLATIONS) });
}

/** Missing means no: lists of holidays often have nothing but dates. */
function yesOrNo(sent: unknown = false): boolean | undefined {
  const word = String(sent).toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  return ['false', 'no', '0', ''].includes(word) ? false : undefined;
}

function reasonOf(sent: unknown = ''): string | undefined {
  const isSayable = typeof sent === 'string' && sent.length <= REASON_LENGTH && !sent.includes('\u0000');
  return isSayable ? sent : undefined;
}

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
  const changes = openSettingChanges(database);
  return {
    /** The days that are not as their weekday has them, by date. */
    async days({ district }: Pick<Actor, 'district'>, school: number, { from, to }: Range): Promise<CalendarDay[]> {
      const range = { from: from ?? FIRST_DAY, to: to ?? LAST_DAY };
      const rows = await database.all(sql.days, { district, school, ...range });
      return rows.map((row) => ({ ...row, school_day: Boolean(row.school_day) }));
    },

    /** The weekdays on which a school is open. */
    async weekdays({ district }: Pick<Actor, 'district'>, school: number): Promise<Weekday[]> {
      const [row] = await database.all(sql.weekdays, { district, school });
      return weekOf(row?.weekdays ?? USUAL_WEEK);
    },

    /** Changes the calendars of all these schools, or of none; it is kept who changed which. */
    async set(by: Author, schools: readonly number[], { days = [], weekdays }: CalendarChange): Promise<void> {
      const { district } = by;
      const last = [...new Map(days.map((day) => [day.date, day])).values()];
      const rows = JSON.stringify(last.map(({ date, school_day, reason }) => [date, school_day, reason]));
      const dates = JSON.stringify(last.map(({ date }) => [date]));
      const of = { district, schools: JSON.stringify(schools.map((school) => [school])) };
      await database.transaction(async (tx) => {
        if (weekdays) {
          const detail = storedWeek(weekdays);
          const other = await tx.all(sql.open, { ...of, weekdays: detail });
          if (other.length > 0) await changes.note(by, { what: 'week_set', schools: idsOf(other), detail })(tx);
        }
        if (last.length === 0) return;
        for (const [what, schools, detail] of noted(await tx.all(sql.other, { ...of, days: rows })))
          await changes.note(by, { what, schools, detail })(tx);
        await tx.all(sql.forget, { ...of, dates });
        await tx.all(sql.put, { ...of, days: rows });
      });
    },
  };
}

interface OtherDay {
  readonly id: number;
  readonly date: string;
  readonly school_day: boolean | number;
}

const idsOf = (schools: readonly { readonly id: number }[]): number[] => schools.map(({ id }) => id);

/** What is kept of days that are other than before: those without school and those with, together of schools of which it is the same. */
function noted(days: readonly OtherDay[]) {
  const found: [what: 'days_off_set' | 'school_days_set', schools: number[], detail: string][] = [];
  for (const what of ['days_off_set', 'school_days_set'] as const) {
    const some = days.filter(({ school_day }) => Boolean(school_day) === (what === 'school_days_set'));
    const dates = new Map<number, string[]>();
    for (const { id, date } of some) dates.set(id, [...(dates.get(id) ?? []), date]);
    const schools = new Map<string, number[]>();
    for (const [id, own] of dates) schools.set(inShort(own), [...(schools.get(inShort(own)) ?? []), id]);
    for (const [detail, ids] of schools) found.push([what, ids, detail]);
  }
  return found;
}

/** Days that are kept one by one; of more, the first and the last and how many they are. */
const NAMED_DAYS = 12;
const inShort = (dates: readonly string[]): string =>
  dates.length <= NAMED_DAYS ? dates.join(', ') : `${dates[0]} – ${dates.at(-1)} (${dates.length})`;

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
      { date: day, school_day: bit, reason: string },
    ),
    weekdays: text(
      knex,
      'select schools.weekdays from schools where schools.district_id = :district and schools.id = :school',
      { weekdays: string },
    ),
    open: text(
      knex,
      `update schools set weekdays = :weekdays
      where district_id = :district and weekdays <> :weekdays and id in (select schools.id from ${schools})
      returning id`,
      { id: integer },
    ),
    /** Days that are to be other than they are, by school and date. */
    other: text(
      knex,
      `select schools.id, asked.date, asked.school_day
      from ${rows('days', { date: 'date', school_day: 'boolean', reason: 'text' })} as asked
      cross join ${schools}
      left join calendar_days on calendar_days.district_id = :district and calendar_days.school_id = schools.id
        and calendar_days.date = asked.date
      where calendar_days.date is null or calendar_days.school_day <> asked.school_day
        or calendar_days.reason <> asked.reason
      order by schools.id, asked.date`,
      { id: integer, date: day, school_day: bit },
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

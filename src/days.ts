// Each from its own file: all of date-fns take a tenth of the time in which a command starts.
import { isValid } from 'date-fns/isValid';
import { parseISO } from 'date-fns/parseISO';

const MILLISECONDS_A_DAY = 86_400_000;
/** Ids hold the day in five digits; the last number is left to ids of no day, so that 2243-10-15 is the last one. */
const DAYS_IN_AN_ID = 100_000;
const NO_DAY = DAYS_IN_AN_ID - 1;

/** Open ends: earlier and later than every school day. */
export const FIRST_DAY = '0001-01-01';
export const LAST_DAY = '9999-12-31';

/** The first day that an id can hold. What begins before it begins on no day that anybody has said. */
export const FIRST_SCHOOL_DAY = '1970-01-01';

/** The days met so far with their numbers; there are never more than `DAYS_IN_AN_ID`. */
const known = new Map<string, number>();

/** Whether it is a day of the calendar, `YYYY-MM-DD`, from 1970-01-01 to 2243-10-15, the days that an id can hold. */
export function isSchoolDay(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  if (known.has(text)) return true;
  if (!isInCalendar(text)) return false;
  const day = Date.parse(`${text}T00:00:00Z`) / MILLISECONDS_A_DAY;
  if (day < 0 || day >= NO_DAY) return false;
  known.set(text, day);
  return true;
}

/** Whether it is a day of the calendar, `YYYY-MM-DD`, whatever the century. */
export const isDay = (text: string): boolean => isSchoolDay(text) || isInCalendar(text);

const isInCalendar = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text) && isValid(parseISO(text));

/** Days since 1970-01-01 of a school day. */
export function dayNumber(date: string): number {
  const day = known.get(date);
  if (day !== undefined) return day;
  if (!isSchoolDay(date)) throw new RangeError(`${date} is not a school day`);
  return dayNumber(date);
}

/** The school day so many days after 1970-01-01; undefined where an id cannot hold it. */
export const dateOf = (day: number): string | undefined =>
  day >= 0 && day < NO_DAY ? new Date(day * MILLISECONDS_A_DAY).toISOString().slice(0, 10) : undefined;

/** Every school day from one to another, both included; none where the first is later. */
export function daysBetween(from: string, to: string): string[] {
  const [first, last] = [dayNumber(from), dayNumber(to)];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => dateOf(first + index)!);
}

export const earlier = (one: string, other: string): string => (one < other ? one : other);
export const later = (one: string, other: string): string => (one > other ? one : other);

/** The school day so many days later, or earlier. */
export const plusDays = (date: string, days: number): string => dateOf(dayNumber(date) + days)!;

/**
 * The id of an attendance (from its enrollment) or a meeting (from its section): computed, so that it is the same
 * across present and absent and needs no row. As a number it is a key; on the wire it is this number in decimal.
 */
export const idOn = (id: number, date: string): number => id * DAYS_IN_AN_ID + dayNumber(date);

/** What `idOn` made: the id of the enrollment or section, and the day. */
export function partsOf(id: number): { id: number; date: string } {
  const day = id % DAYS_IN_AN_ID;
  const date = new Date(day * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
  return { id: (id - day) / DAYS_IN_AN_ID, date };
}

/** The id of something else that has ids of its own, among the ids of attendances. */
export const idOnNoDay = (id: number): number => id * DAYS_IN_AN_ID + NO_DAY;

/** What an id was made of; without a date, `idOnNoDay` made it. */
export function madeOf(id: number): { id: number; date?: string } {
  return id % DAYS_IN_AN_ID === NO_DAY ? { id: (id - NO_DAY) / DAYS_IN_AN_ID } : partsOf(id);
}

/** By time zone: to make one takes as long as to write a mark. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The day it is for everybody in the time zone. */
export function today(timeZone: string, now = new Date()): string {
  const known = calendars.get(timeZone);
  if (known) return known.format(now);
  const calendar = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  calendars.set(timeZone, calendar);
  return calendar.format(now);
}

/** By time zone, as above. */
const offsets = new Map<string, Intl.DateTimeFormat>();

/** How many hours a time zone is before UTC, at an instant: -5, 5.5. */
export function hoursFromUtc(timeZone: string, now = new Date()): number {
  const format = offsets.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  offsets.set(timeZone, format);
  const name = format.formatToParts(now).find(({ type }) => type === 'timeZoneName')?.value;
  // GMT-05:00, and GMT where it is none.
  const [, sign = '+', hours = 0, minutes = 0] = /([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) + Number(minutes) / 60);
}

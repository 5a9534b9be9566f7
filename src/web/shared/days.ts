/*
 * Days are text, `YYYY-MM-DD`. They are stepped and named in UTC, so that the clock and the zone of the device say
 * nothing: today is what the server says it is.
 */

import { locale } from '../messages/language';

const MILLISECONDS_A_DAY = 86_400_000;

const at = (day: string): Date => new Date(`${day}T00:00:00Z`);

export const plusDays = (day: string, days: number): string =>
  new Date(at(day).getTime() + days * MILLISECONDS_A_DAY).toISOString().slice(0, 10);

/** Whether a text is a day of the calendar: `2026-02-30` is none. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at(text).getTime()) && plusDays(text, 0) === text;

export const isMonth = (text: string): boolean => isDay(`${text}-01`);

export const monthOf = (day: string): string => day.slice(0, 7);

export function plusMonths(month: string, months: number): string {
  const date = at(`${month}-01`);
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.toISOString().slice(0, 7);
}

/** What writes dates, for the last locale and time zone that it was asked for: to make it takes longer than to write many. */
function writer(options: Intl.DateTimeFormatOptions): (locale: string, timeZone: string) => Intl.DateTimeFormat {
  let made: Intl.DateTimeFormat | undefined;
  let of: string | undefined;
  return (locale, timeZone) => {
    if (!made || of !== locale + timeZone) made = new Intl.DateTimeFormat(locale, { ...options, timeZone });
    of = locale + timeZone;
    return made;
  };
}

const named = (options: Intl.DateTimeFormatOptions) => {
  const inUse = writer(options);
  return (day: string): string => inUse(locale(), 'UTC').format(at(day));
};

/** `Friday, November 20` */
export const longDay = named({ weekday: 'long', month: 'long', day: 'numeric' });
/** `Friday, November 20, 2026` */
export const longDayOfYear = named({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
/** `Nov 20` */
export const shortDay = named({ month: 'short', day: 'numeric' });
/** `Nov 20, 2026` */
export const mediumDay = named({ month: 'short', day: 'numeric', year: 'numeric' });
/** `Fri` */
export const weekday = named({ weekday: 'short' });
/** `Friday` */
export const longWeekday = named({ weekday: 'long' });
const month = named({ month: 'long', year: 'numeric' });
/** `November 2026` of `2026-11` */
export const longMonth = (text: string): string => month(`${text}-01`);

const dayOf = writer({ year: 'numeric', month: '2-digit', day: '2-digit' });

/** The day that an instant, else now by the clock of the device, is of in a time zone. */
export const todayIn = (timeZone: string, now = new Date()): string => dayOf('en-CA', timeZone).format(now);

const timeOf = writer({ timeStyle: 'short' });
const dayAndTimeOf = writer({ dateStyle: 'medium', timeStyle: 'short' });

/** An instant by the clock of the school: `10:42 AM`, with its day where that is not the one of which is spoken, or today. */
export function clock(instant: string, timeZone: string, day = todayIn(timeZone)): string {
  const date = new Date(instant);
  const inUse = todayIn(timeZone, date) === day ? timeOf : dayAndTimeOf;
  return inUse(locale(), timeZone).format(date);
}

import type { Calendar, CalendarDay, Weekday } from '../../../../schemas/rollbook/calendars';
import { firstWeekday } from '../../messages/language';
import { t } from '../../messages/messages';
import { longDay, longWeekday, plusDays, plusMonths, weekday } from '../../shared/days';

/** A school's calendar, to be asked of days. */
export interface KnownCalendar {
  readonly weekdays: readonly Weekday[];
  readonly days: ReadonlyMap<string, CalendarDay>;
}

export const known = ({ weekdays, days }: Calendar): KnownCalendar => ({
  weekdays,
  days: new Map(days.map((day) => [day.date, day])),
});

/** As the API names them, in the order of ISO 8601, in which the week begins on Monday. */
export const weekdayNames: readonly Weekday[] = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
];

/** The days of any week, as a reader of the page is used to see them in a row. */
export const weekdaysInOrder = (): readonly Weekday[] => {
  const first = firstWeekday() - 1;
  return [...weekdayNames.slice(first), ...weekdayNames.slice(0, first)];
};

const A_MONDAY = '2024-01-01';

/** `Friday` */
export const weekdayNamed = (name: Weekday): string => longWeekday(plusDays(A_MONDAY, weekdayNames.indexOf(name)));

/** `Fr` */
export const weekdayInShort = (name: Weekday): string =>
  weekday(plusDays(A_MONDAY, weekdayNames.indexOf(name))).slice(0, 2);

/** What a day is, and whether somebody said so. */
export interface DayState {
  readonly date: string;
  readonly isSchoolDay: boolean;
  /** It is not as its weekday has it. */
  readonly isSet: boolean;
  readonly reason: string;
}

const MONTHS = 12;

/** 0 is Monday, as ISO 8601 has it. */
const weekdayOf = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;

const isOpen = (date: string, weekdays: readonly Weekday[]): boolean =>
  weekdays.includes(weekdayNames[weekdayOf(date)]!);

export function stateOf(date: string, { weekdays, days }: KnownCalendar): DayState {
  const usual = isOpen(date, weekdays);
  const { school_day = usual, reason = '' } = days.get(date) ?? {};
  return { date, isSchoolDay: school_day, isSet: school_day !== usual, reason };
}

export function saidOf({ date, isSchoolDay, isSet, reason }: DayState): string {
  const what = isSchoolDay ? (isSet ? 'put-in' : 'usual') : isSet ? 'taken-out' : 'weekend';
  return `${longDay(date)}: ${t(`calendar.day.${what}`)}${reason && `, ${reason}`}`;
}

/** The months of a year that begins with one. */
export const monthsFrom = (month: string): string[] =>
  Array.from({ length: MONTHS }, (_none, index) => plusMonths(month, index));

/** All days from one to another, both included; none where the other is earlier. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let day = from; day <= to; day = plusDays(day, 1)) days.push(day);
  return days;
}

/** The weeks of a month, with gaps where another month is. */
export function weeksOf(month: string): (string | undefined)[][] {
  const days = daysBetween(`${month}-01`, plusDays(`${plusMonths(month, 1)}-01`, -1));
  const gap = (weekdayOf(days[0]!) + 8 - firstWeekday()) % 7;
  const cells = [...Array<undefined>(gap).fill(undefined), ...days];
  return Array.from({ length: Math.ceil(cells.length / 7) }, (_none, week) =>
    Array.from({ length: 7 }, (_cell, day) => cells[week * 7 + day]),
  );
}

/** What is set of some days: the first, and the others on which the school is open by the weekday. */
export const entriesOf = (
  dates: readonly string[],
  school_day: boolean,
  reason: string,
  weekdays: readonly Weekday[],
): CalendarDay[] =>
  dates
    .filter((date, index) => index === 0 || isOpen(date, weekdays))
    .map((date) => ({ date, school_day, reason: reason.trim() }));

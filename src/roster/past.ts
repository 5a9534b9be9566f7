import type { Days } from './enrolled';
import { daysBeside, isEnrolled, isWithin } from './enrolled';

/** What an enrollment is, or is to be. */
export interface Membership extends Days {
  /** Days outside of its own that were counted, and stay so; none overlap. */
  readonly kept: readonly Days[];
}

/** What a change of the roster comes to. */
export interface Change extends Membership {
  /** How many rolls that were taken still have the student, though the roster would not have it so. */
  readonly rolls: number;
  /** Whether it begins later than it was said to, since rolls were taken without the student. */
  readonly isDelayed: boolean;
}

/** What is known of days up to today, in their order. */
export interface KnownDays {
  /** On which a roll of the section was taken. */
  readonly taken: readonly string[];
  /** On which something was said of the student alone, whether or not a roll was taken. */
  readonly told: readonly string[];
  /** Whether days that are over count, though nobody took the roll: the school says that who is not marked is present. */
  readonly isAssumed: boolean;
}

export interface Asked extends Days {
  /** Whether somebody said when it begins; else that comes from the terms of its class. */
  readonly inheritsBegin: boolean;
}

/**
 * What becomes of an enrollment that is to have other days. Whoever was on a roll that was taken, today's too, stays on it,
 * and nobody is put on one after the fact; nor do days go that counted, though no roll was taken. Of all other days the roster
 * is right.
 * @param was undefined where it is new
 */
export function changed(
  was: Membership | undefined,
  asked: Asked,
  { taken, told, isAssumed }: KnownDays,
  today: string,
): Change {
  const wasOn = (date: string) => was !== undefined && isEnrolled(date, was, was.kept);
  const barred = taken.findLast((date) => isWithin(date, asked) && !wasOn(date));
  const begin_date = barred === undefined ? asked.begin_date : beginAfter(barred, was, asked, today);
  const days = { begin_date, end_date: later(begin_date, asked.end_date) };
  const isKept = (date: string) => wasOn(date) && !isWithin(date, days);
  const known = told.length === 0 ? taken : [...new Set([...taken, ...told])].sort();
  const before = known.filter((date) => date < days.begin_date);
  const after = known.filter((date) => date >= days.end_date);
  const rolls = known.filter(isKept).length;
  const onRolls = rolls === 0 ? [] : [...rangesOf(before, isKept), ...rangesOf(after, isKept)];
  const kept = isAssumed && was ? daysBeside(days, [...onRolls, ...daysBefore(today, was)]) : onRolls;
  return { ...days, kept, rolls, isDelayed: barred !== undefined };
}

/** The days of an enrollment that are over. */
const daysBefore = (today: string, was: Membership): Days[] =>
  [was, ...was.kept].map(({ begin_date, end_date }) => ({ begin_date, end_date: [end_date, today].sort()[0]! }));

/** The earliest day after a roll that was taken without the student; of whom nobody said when they came, today. */
function beginAfter(barred: string, was: Membership | undefined, asked: Asked, today: string): string {
  if (!asked.inheritsBegin) return dayAfter(barred);
  return was && was.begin_date > barred && was.begin_date < asked.end_date
    ? was.begin_date
    : later(today, dayAfter(barred));
}

/** Those of some days that are kept, as ranges; a day in between that is not ends one. */
function rangesOf(dates: readonly string[], isKept: (date: string) => boolean): Days[] {
  const ranges: { begin_date: string; end_date: string }[] = [];
  let open: { begin_date: string; end_date: string } | undefined;
  for (const date of dates) {
    if (!isKept(date)) open = undefined;
    else if (open) open.end_date = dayAfter(date);
    else {
      open = { begin_date: date, end_date: dayAfter(date) };
      ranges.push(open);
    }
  }
  return ranges;
}

/** On which an enrollment ends that is no more: today, but not on a day of which anything is known; nor later than it would have. */
export const endOf = (was: Membership, { taken, told }: Omit<KnownDays, 'isAssumed'>, today: string): string => {
  const last = [...taken, ...told].sort().findLast((date) => isWithin(date, was));
  const end = was.end_date <= today ? was.end_date : later(was.begin_date, today);
  return last === undefined ? end : later(end, dayAfter(last));
};

export const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const later = (one: string, other: string): string => [one, other].sort()[1]!;

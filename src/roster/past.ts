import { earlier, FIRST_SCHOOL_DAY, later } from '../days';
import { commonDays, type Days, daysBeside, isEnrolled, isWithin } from './enrolled';

/** What an enrollment is, or is to be. */
export interface Membership extends Days {
  /** Days outside of its own that were counted, and stay so; none overlap. */
  readonly kept: readonly Days[];
}

/** What a change of the roster comes to. */
export interface Change extends Membership {
  /** How many rolls that were taken still have the student, though the roster would not have it so. */
  readonly rolls: number;
  /** Whether it begins later than it was said to, since rolls were taken, or days counted, without the student, or the student was elsewhere. */
  readonly isDelayed: boolean;
}

/** What is known of days up to today, in their order. */
export interface KnownDays {
  /** On which a roll of the section was taken. */
  readonly taken: readonly string[];
  /** On which something was said of the student alone, whether or not a roll was taken. */
  readonly told: readonly string[];
  /** On which the section was in a school that says that who is not marked is present: they count, though nobody took the roll. */
  readonly assumed: readonly Days[];
  /** Those of these that had been counted before the import: somebody was in the school then. */
  readonly counted: CountedDays;
  /** Those on which the student was elsewhere, so that they are no days of this section, but for those that were. */
  readonly elsewhere?: readonly Days[];
}

/** Days that are over, on which somebody counted as present in a school, though nobody took the roll. */
export interface CountedDays {
  readonly days: readonly Days[];
  /** From which on those count of whom nobody knows when they came. */
  readonly since: string;
}

export interface Asked extends Days {
  /** Whether somebody said when it begins; else that comes from the terms of its class. */
  readonly inheritsBegin: boolean;
}

/**
 * What becomes of an enrollment that is to have other days. Whoever was on a roll that was taken, today's too, stays on it,
 * and nobody is put on one after the fact; nor do days go or come that were counted, though no roll was taken. Of all
 * other days the roster is right.
 * @param was undefined where it is new
 */
export function changed(
  was: Membership | undefined,
  said: Asked,
  { taken, told, assumed, counted, elsewhere = [] }: KnownDays,
  today: string,
): Change {
  const asked = assumed.length > 0 ? begunAsBefore(was, said, today) : said;
  const wasOn = (date: string) => was !== undefined && isEnrolled(date, was, was.kept);
  const barred = [
    taken.findLast((date) => isWithin(date, asked) && !wasOn(date)),
    lastWithout(was, asked, counted, today),
    lastOf(daysWithout(elsewhere, asked, was ? [was, ...was.kept] : [])),
  ].reduce(laterOf);
  const begin_date = barred === undefined ? asked.begin_date : beginAfter(barred, was, asked, today);
  // Not later than it ends: who has left already does not come back.
  const days = { begin_date: earlier(begin_date, asked.end_date), end_date: asked.end_date };
  const isKept = (date: string) => wasOn(date) && !isWithin(date, days);
  const known = told.length === 0 ? taken : [...new Set([...taken, ...told])].sort();
  const before = known.filter((date) => date < days.begin_date);
  const after = known.filter((date) => date >= days.end_date);
  const rolls = known.filter(isKept).length;
  const onRolls = rolls === 0 ? [] : [...rangesOf(before, isKept), ...rangesOf(after, isKept)];
  const stay = was ? assumed.flatMap((each) => daysBefore(today, was, each)) : [];
  const kept = stay.length > 0 ? daysBeside(days, [...onRolls, ...stay]) : onRolls;
  return { ...days, kept, rolls, isDelayed: barred !== undefined };
}

/** Those of some days on which an enrollment was, and which are over. */
const daysBefore = (today: string, was: Membership, of: Days): Days[] =>
  commonDays([was, ...was.kept], [{ ...of, end_date: earlier(of.end_date, today) }]);

/** Of which nobody knows any more when it began, as its class has no terms: it began when it did. */
function begunAsBefore(was: Membership | undefined, asked: Asked, today: string): Asked {
  const isForgotten = asked.inheritsBegin && asked.begin_date < FIRST_SCHOOL_DAY;
  if (!isForgotten || was === undefined || was.begin_date < FIRST_SCHOOL_DAY) return asked;
  return { ...asked, begin_date: earlier(was.begin_date, today) };
}

/** The last of the days that were counted, though no roll was taken, on which an enrollment is to be and was not. */
function lastWithout(
  was: Membership | undefined,
  asked: Asked,
  { days, since }: CountedDays,
  today: string,
): string | undefined {
  if (days.length === 0) return undefined;
  // Of whom nobody says anything did not come before anybody did.
  const isUnsaid = asked.begin_date < FIRST_SCHOOL_DAY;
  const known = was ? [was, ...was.kept].map((each) => countedFrom(since, each)) : [];
  return lastOf(daysWithout(isUnsaid ? [{ begin_date: since, end_date: today }] : days, asked, known));
}

const lastOf = (days: readonly Days[]): string | undefined =>
  days.length > 0 ? dayBefore(days.map(({ end_date }) => end_date).reduce(later)) : undefined;

/** Those of some days that are in one range and in none of the others. */
const daysWithout = (days: readonly Days[], within: Days, others: readonly Days[]): Days[] =>
  others.reduce((left: readonly Days[], each) => daysBeside(each, left), commonDays(days, [within])) as Days[];

/** Whether an enrollment loses or gains days that were counted, or loses one on which something was said of the student. */
export function changesPast(
  was: Membership | undefined,
  is: Days | undefined,
  { told, counted }: Pick<KnownDays, 'told' | 'counted'>,
): boolean {
  const before = was ? [was, ...was.kept].map((each) => countedFrom(counted.since, each)) : [];
  const after = is ? [countedFrom(counted.since, is)] : [];
  return (
    told.some((date) => before.some((each) => isWithin(date, each)) && !after.some((each) => isWithin(date, each))) ||
    before.some((each) => daysWithout(counted.days, each, after).length > 0) ||
    after.some((each) => daysWithout(counted.days, each, before).length > 0)
  );
}

/** What counts of days of which nobody knows when they began. */
export const countedFrom = (since: string, days: Days): Days =>
  days.begin_date < FIRST_SCHOOL_DAY ? { ...days, begin_date: earlier(since, days.end_date) } : days;

const laterOf = (one: string | undefined, other: string | undefined): string | undefined =>
  one === undefined || other === undefined ? (one ?? other) : later(one, other);

/** The earliest day after a roll that was taken without the student; of whom nobody said when they came, today. */
function beginAfter(barred: string, was: Membership | undefined, asked: Asked, today: string): string {
  if (!asked.inheritsBegin) return dayAfter(barred);
  const first = later(today, dayAfter(barred));
  return was && was.begin_date > barred && was.begin_date < asked.end_date ? earlier(was.begin_date, first) : first;
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

/**
 * On which an enrollment ends whose student goes elsewhere: today, but not on a day of which anything is known, nor on one on
 * which they are not there yet; nor later than it would have.
 * @param begins the first day there
 */
export function endOf(
  was: Membership,
  { taken, told }: Pick<KnownDays, 'taken' | 'told'>,
  today: string,
  begins: string,
): string {
  const last = [...taken, ...told].sort().findLast((date) => isWithin(date, was));
  const isStillHere = begins === dayAfter(today);
  const end = was.end_date <= today ? was.end_date : later(was.begin_date, isStillHere ? begins : today);
  return last === undefined ? end : later(end, dayAfter(last));
}

export const dayAfter = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);

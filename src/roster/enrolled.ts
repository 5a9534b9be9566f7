import type { Database, Executor } from '../database/database';
import { text } from '../database/query';
import { day, integer, type RowOf } from '../database/rows';
import { earlier, later } from '../days';

/*
 * Who is in a section on a day: whoever is enrolled then, and whoever was when its roll was taken, though the roster has
 * moved the days of the enrollment since (kept_days). Everything that asks goes by these functions.
 */

/** From a day (inclusive) to a day (exclusive). */
export const daysRow = { begin_date: day, end_date: day };
export type Days = RowOf<typeof daysRow>;

/** SQL that is true where the enrollment is of the day. Kept days are only looked for where its own days do not have it. */
export const enrolledOn = (enrollments: string, date: string): string => `(
  (${enrollments}.begin_date <= ${date} and ${enrollments}.end_date > ${date}) or ${keptOn(enrollments, date)})`;

const keptOn = (enrollments: string, date: string): string => `exists (
  select 1 from kept_days
  where kept_days.district_id = ${enrollments}.district_id and kept_days.enrollment_id = ${enrollments}.id
    and kept_days.begin_date <= ${date} and kept_days.end_date > ${date})`;

/** SQL that is true where an enrollment has a range of days, its own or kept ones, of which a condition is true. */
export function hasDays(enrollments: string, condition = (_days: string) => 'true'): string {
  const kept = `${enrollments}_kept`;
  return `(
  (${enrollments}.begin_date < ${enrollments}.end_date and ${condition(enrollments)})
  or exists (
    select 1 from kept_days as ${kept}
    where ${kept}.district_id = ${enrollments}.district_id and ${kept}.enrollment_id = ${enrollments}.id
      and ${condition(kept)}))`;
}

/** SQL that is true where the enrollment has any day of a range; both ends are included. */
export const enrolledWithin = (enrollments: string, from: string, to: string): string =>
  hasDays(enrollments, (days) => `${days}.begin_date <= ${to} and ${days}.end_date > ${from}`);

/**
 * SQL that is true of enrollments that anybody was ever in, or that somebody lists. Of two that were made one the one that
 * has gone is none: it is there since the journal names it.
 */
export const isEnrollment = (enrollments: string): string => `(
  ${enrollments}.active or ${enrollments}.sourced_id is not null or ${hasDays(enrollments)})`;

export const isWithin = (date: string, { begin_date, end_date }: Days): boolean =>
  begin_date <= date && date < end_date;

/** Whether an enrollment is of the day, by its own days or by kept ones. */
export const isEnrolled = (date: string, own: Days, kept: readonly Days[] = []): boolean =>
  isWithin(date, own) || kept.some((days) => isWithin(date, days));

/** Whether two ranges have a day in common. */
export const meet = (one: Days, other: Days): boolean =>
  [one.begin_date, other.begin_date].sort()[1]! < [one.end_date, other.end_date].sort()[0]!;

/** The days that ranges have in common with others; where these do not overlap, each once. */
export const commonDays = (some: readonly Days[], others: readonly Days[]): Days[] =>
  some.flatMap((one) =>
    others
      .map((other) => ({
        begin_date: later(one.begin_date, other.begin_date),
        end_date: earlier(one.end_date, other.end_date),
      }))
      .filter(({ begin_date, end_date }) => begin_date < end_date),
  );

const byBegin = (one: Days, other: Days): number => (one.begin_date < other.begin_date ? -1 : 1);

/** Ranges in their order; those that overlap or adjoin are one. */
export function joined(days: readonly Days[]): Days[] {
  const ranges: { begin_date: string; end_date: string }[] = [];
  for (const each of [...days].sort(byBegin)) {
    const last = ranges.at(-1);
    if (last && each.begin_date <= last.end_date) last.end_date = later(last.end_date, each.end_date);
    else ranges.push({ ...each });
  }
  return ranges;
}

/** What is left of days without those of another range: each once, in their order. */
export function daysBeside({ begin_date: begin, end_date: end }: Days, days: readonly Days[]): Days[] {
  const outside = days.flatMap(({ begin_date, end_date }): Days[] => [
    { begin_date, end_date: earlier(end_date, begin) },
    { begin_date: later(begin_date, end), end_date },
  ]);
  return joined(outside.filter(({ begin_date, end_date }) => begin_date < end_date));
}

/** Reads the kept days of enrollments, by their ids. */
export function openKeptDays(database: Pick<Database, 'knex' | 'rows'>) {
  const find = text(
    database.knex,
    `select kept_days.enrollment_id, kept_days.begin_date, kept_days.end_date
    from ${database.rows('ids', { id: 'bigint' })} as asked
    cross join kept_days
    where kept_days.district_id = :district and kept_days.enrollment_id = asked.id
    order by kept_days.enrollment_id, kept_days.begin_date`,
    { enrollment_id: integer, ...daysRow },
  );
  return async (executor: Executor, district: number, enrollments: readonly number[]): Promise<Map<number, Days[]>> => {
    const kept = new Map<number, Days[]>();
    if (enrollments.length === 0) return kept;
    const ids = JSON.stringify(enrollments.map((id) => [id]));
    const rows = await executor.all(find, { district, ids });
    for (const { enrollment_id, ...days } of rows) kept.set(enrollment_id, [...(kept.get(enrollment_id) ?? []), days]);
    return kept;
  };
}

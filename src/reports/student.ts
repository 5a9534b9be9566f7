import type { Actor } from '../actor';
import type { Database } from '../database/database';
import type { Status } from '../ledger/attendance';
import { yesterday } from '../roster/teaches';
import { openCalendar } from './calendar';
import type { Span } from './counted';
import { rollsSql } from './rolls-sql';
import { type Day, dayOf } from './rule';

/** What stands for a student in one roll that was taken. */
interface RollRow {
  readonly date: string;
  readonly section_id: number;
  readonly section: string;
  readonly school: number;
  readonly status: Status;
  readonly comment: string;
  /** A mark stands though the SIS has moved the days of the enrollment since; it is shown, but counts in no rate. */
  readonly enrolled: 0 | 1;
}

/** A student's days, and the rolls in which they were not simply there, newest first. */
export function openStudent(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);

  return async ({ district, person }: Actor, student: number, { from, to }: Pick<Span, 'from' | 'to'>) => {
    const values = { district, person, student, from, to, yesterday: yesterday() };
    const rows = await database.all<RollRow>(sql.ofStudent, values);
    const isCounted = await calendar(district, from, to);
    const days = daysOf(rows.filter((row) => row.enrolled && isCounted(row).school_day));
    const count = (...statuses: Status[]) => days.filter(({ status }) => statuses.includes(status)).length;
    const absent = count(2, 4);
    return {
      rate: days.length > 0 ? 1 - absent / days.length : null,
      enrolled_days: days.length,
      absent_days: absent,
      late_days: count(3),
      excused_days: count(4),
      partial_days: days.filter(({ partial }) => partial).length,
      streaks: {
        present: streakOf(days, ({ status }) => status === 1 || status === 3),
        absent: streakOf(days, ({ status }) => status === 2 || status === 4),
      },
      days: rows.filter(({ status }) => status !== 1).map(({ school, enrolled, ...row }) => row),
    };
  };
}

/** What the days were in their order, from rolls in theirs. */
function daysOf(rows: readonly RollRow[]): Day[] {
  const byDate = new Map<string, Status[]>();
  for (const { date, status } of rows) byDate.set(date, [...(byDate.get(date) ?? []), status]);
  return [...byDate.values()].reverse().map((statuses) => {
    const count = (asked: Status) => statuses.filter((status) => status === asked).length;
    return dayOf({ rolls: statuses.length, absent: count(2), late: count(3), excused: count(4) });
  });
}

/** How many days in a row are of a kind: up to the last day, and at most. */
function streakOf(days: readonly Day[], isOfKind: (day: Day) => boolean): { now: number; longest: number } {
  let [now, longest] = [0, 0];
  for (const day of days) {
    now = isOfKind(day) ? now + 1 : 0;
    longest = Math.max(longest, now);
  }
  return { now, longest };
}

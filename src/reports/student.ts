import type { Actor } from '../actor';
import type { Database } from '../database/database';
import type { Status } from '../ledger/attendance';
import { yesterday } from '../roster/teaches';
import { openCalendar } from './calendar';
import { rollsSql } from './rolls-sql';
import type { Span } from './school-days';

/** What stands for a student in one roll that was taken. */
interface RollRow {
  readonly date: string;
  readonly section_id: number;
  readonly section: string;
  readonly school: number;
  readonly status: Status;
  readonly comment: string;
}

/** A student's days, and the rolls in which they were not simply there, newest first. */
export function openStudent(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);

  return async ({ district, person }: Actor, student: number, { from, to }: Pick<Span, 'from' | 'to'>) => {
    const values = { district, person, student, from, to, yesterday: yesterday() };
    const rows = await database.all<RollRow>(sql.ofStudent, values);
    const isCounted = await calendar(district, from, to);
    const days = daysOf(rows.filter((row) => isCounted(row).school_day));
    const count = (...kinds: Day[]) => days.filter((day) => kinds.includes(day)).length;
    const absent = count('absent', 'excused');
    return {
      rate: days.length > 0 ? 1 - absent / days.length : null,
      enrolled_days: days.length,
      absent_days: absent,
      late_days: count('late'),
      excused_days: count('excused'),
      streaks: {
        present: streakOf(days, (day) => day === 'present' || day === 'late'),
        absent: streakOf(days, (day) => day === 'absent' || day === 'excused'),
      },
      days: rows.filter(({ status }) => status !== 1).map(({ school, ...row }) => row),
    };
  };
}

/** What a student's day was: away in at least half of its rolls is absent, excused where all of that was. */
type Day = 'present' | 'absent' | 'excused' | 'late';

/** The days in their order, from rolls in theirs. */
function daysOf(rows: readonly RollRow[]): Day[] {
  const byDate = new Map<string, Status[]>();
  for (const { date, status } of rows) byDate.set(date, [...(byDate.get(date) ?? []), status]);
  return [...byDate.values()].reverse().map(dayOf);
}

function dayOf(statuses: readonly Status[]): Day {
  const away = statuses.filter((status) => status === 2 || status === 4);
  if (away.length > 0 && 2 * away.length >= statuses.length) return away.includes(2) ? 'absent' : 'excused';
  return statuses.includes(3) ? 'late' : 'present';
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

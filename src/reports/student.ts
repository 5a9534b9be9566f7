import type { Database } from '../database/database';
import type { Values } from '../database/query';
import { daysBetween, earlier, idOn, later, plusDays } from '../days';
import type { Actor } from '../ledger/actor';
import type { Status } from '../ledger/attendance';
import { openReadableDays, scopeOf } from '../roster/access';
import { isWithin } from '../roster/enrolled';
import { openGaps } from '../roster/gaps';
import { openFormerSchools, schoolAt } from '../roster/section-schools';
import { openAssuming } from './assuming';
import { openCalendar } from './calendar';
import type { Span } from './counted';
import { type RollRow, rollsSql } from './rolls';
import { type Day, DayTally } from './rule';

/** A class on a day. */
interface Lesson {
  readonly date: string;
  readonly school: number;
  /** Null: nobody has said. */
  readonly status: Status | null;
  readonly homeroom: boolean;
}

/** A student's days, and the rolls in which they are known not to have been simply there, newest first. */
export function openStudent(database: Database) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const assumingIn = openAssuming(database);
  const { ofSections } = openGaps(database);
  const formerSchools = openFormerSchools(database);
  const readableDays = openReadableDays(database);

  return async (actor: Actor, student: number, { from, to }: Pick<Span, 'from' | 'to'>) => {
    const { district } = actor;
    const values = { ...scopeOf(actor), student, from, to };
    const rows = await database.all(sql.ofStudent, values);
    const dayOf = await calendar(district, from, to);
    const known = rows.filter(({ enrolled }) => enrolled).map((row) => ({ ...row, homeroom: Boolean(row.homeroom) }));
    const unsaid = await unsaidOf(actor, values, rows);
    const days = daysOf([...known, ...unsaid].filter((lesson) => dayOf(lesson).school_day));
    const count = (...statuses: Status[]) => days.filter(({ status }) => statuses.includes(status)).length;
    const absent = count(2, 4);
    return {
      assumed: unsaid.some((lesson) => dayOf(lesson).school_day),
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
      days: rows.flatMap(({ date, section_id, section, status, comment, periods }) =>
        status === 1 ? [] : [{ date, section_id, section, status, comment, periods }],
      ),
    };
  };

  /** Past classes of which nobody said anything, in schools in which that means present. */
  async function unsaidOf(
    actor: Actor,
    asked: Values & { district: number; from: string; to: string },
    rows: readonly RollRow[],
  ): Promise<Lesson[]> {
    const assuming = await assumingIn(asked.district);
    if (assuming.size === 0) return [];
    const stays = await database.all(sql.staysOfStudent, asked);
    const former = await formerSchools(
      database,
      asked.district,
      stays.map(({ section }) => section),
    );
    const said = new Set(rows.map(({ enrollment, date }) => idOn(enrollment, date)));
    const sections = [...new Set(stays.map(({ section }) => section))];
    const gaps = await ofSections(database, asked.district, sections);
    const readable = await readableDays(actor, sections);
    return stays.flatMap(({ enrollment, section, school: present, begin_date, end_date }) => {
      const before = former.get(section) ?? [];
      const between = gaps.get(section) ?? [];
      return [...new Set([present, ...before.map(({ school }) => school)])].flatMap((school) => {
        const found = assuming.get(school);
        if (!found) return [];
        const last = end_date > found.until ? found.until : plusDays(end_date, -1);
        return daysBetween(later(asked.from, found.since(begin_date)), earlier(asked.to, last))
          .filter((date) => !said.has(idOn(enrollment, date)) && schoolAt(date, present, before) === school)
          .filter((date) => !between.some((days) => isWithin(date, days)))
          .filter((date) => readable(section).some((days) => isWithin(date, days)))
          .map((date) => ({ date, school, status: null, homeroom: false }));
      });
    });
  }
}

/** What the days were, in their order. */
function daysOf(lessons: readonly Lesson[]): Day[] {
  const tallies = new Map<string, DayTally>();
  for (const { date, status, homeroom } of lessons) {
    const tally = tallies.get(date) ?? new DayTally();
    if (status) tally.add(status, homeroom);
    else tally.assume();
    tallies.set(date, tally);
  }
  return [...tallies].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, tally]) => tally.day()!);
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

import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { integer, type RowOf, string } from '../database/rows';
import type { Actor } from '../ledger/actor';
import { preview } from '../lib/preview';
import { Problem, type Violation } from '../lib/problem';

const periodRow = {
  /** As the classes of the roster call it. */
  period: string,
  /** Seconds since midnight. */
  start_time: integer,
  end_time: integer,
};

/** A period of a school's day, and when it begins and ends. */
export type Period = RowOf<typeof periodRow>;

/** The periods of a class, of which OneRoster has a list with commas. */
export const periodsOf = ({ periods }: { readonly periods: string }): string[] =>
  periods
    .split(',')
    .map((period) => period.trim())
    .filter(Boolean);

/** A period as it is sent: in CSV everything is text. */
export interface SentPeriod {
  readonly period?: unknown;
  readonly start?: unknown;
  readonly end?: unknown;
  /** The number of a school, in a list for several. */
  readonly school?: unknown;
}

/** What a message can hold. */
const MOST_VIOLATIONS = 100;
const MIDNIGHT = 86_400;

/** All of the periods, or BODY_INVALID with what is wrong with each that is: `periods.3.start`. */
export function readPeriods(sent: readonly SentPeriod[]): Period[] {
  const violations: Violation[] = [];
  const read = <T>(value: T | undefined, field: string, right: string, wrong: unknown): T => {
    if (value === undefined) violations.push({ field, message: `must be ${right}, not ${preview(wrong)}` });
    return value as T;
  };
  const time = 'a time, like 08:30 or 1:05 PM';
  const met = new Set<string>();
  const periods = sent.map(({ period, start, end, school }, index): Period => {
    const named = read(nameOf(period), `periods.${index}.period`, 'up to 24 characters without a comma', period);
    const key = JSON.stringify([school, named]);
    if (named !== undefined && met.has(key)) read(undefined, `periods.${index}.period`, 'in the file once', period);
    met.add(key);
    const start_time = read(secondsOf(start), `periods.${index}.start`, time, start);
    const end_time = read(secondsOf(end), `periods.${index}.end`, time, end);
    if (start_time >= end_time)
      read(undefined, `periods.${index}.end`, `after the start, ${timeOf(start_time)}`, timeOf(end_time));
    return { period: named, start_time, end_time };
  });
  if (violations.length === 0) return periods;
  const { field, message } = violations[0]!;
  throw new Problem('BODY_INVALID', `${field} ${message}`, { violations: violations.slice(0, MOST_VIOLATIONS) });
}

function nameOf(sent: unknown): string | undefined {
  const name = typeof sent === 'string' ? sent.trim() : '';
  return /^[\p{L}\p{N}\p{P}\p{S} ]{1,24}$/u.test(name) && !name.includes(',') ? name : undefined;
}

/** Seconds since midnight of `8:30`, `08:30:00` and `20:30` of 24 hours, `8:30 AM` and `8:30pm` of 12; undefined of no time. */
export function secondsOf(sent: unknown): number | undefined {
  const text = typeof sent === 'string' ? sent.trim() : '';
  const written = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?(?:\s*([ap])\.?m\.?)?$/i.exec(text);
  if (!written) return undefined;
  const [, hours, minutes, seconds = 0, half] = written;
  const hour = half ? hourOf(Number(hours), half) : Number(hours);
  const time = hour * 3_600 + Number(minutes) * 60 + Number(seconds);
  return time <= MIDNIGHT ? time : undefined;
}

/** 12 AM is the first hour of the day, and 12 PM the first after noon. */
const hourOf = (hour: number, half: string): number =>
  hour < 1 || hour > 12 ? Number.POSITIVE_INFINITY : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);

/** `08:30` of so many seconds since midnight; with seconds where there are any. */
export function timeOf(seconds: number): string {
  const [hour, minute, second] = [seconds / 3_600, (seconds / 60) % 60, seconds % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  return second === '00' ? `${hour}:${minute}` : `${hour}:${minute}:${second}`;
}

export type BellSchedules = ReturnType<typeof openBellSchedules>;

/** When the periods of schools begin and end, school by school and year by year. */
export function openBellSchedules(database: Database) {
  const sql = bellSchedulesSql(database);
  return {
    /** The periods of a school's day in a school year, which is called by the year it starts in, as they follow each other. */
    of: ({ district }: Pick<Actor, 'district'>, school: number, year: number): Promise<Period[]> =>
      database.all(sql.periods, { district, school, year }),

    /** How many classes of the school that the SIS lists are in each period. */
    async classes({ district }: Pick<Actor, 'district'>, school: number): Promise<Map<string, number>> {
      const counts = new Map<string, number>();
      for (const { periods, classes } of await database.all(sql.classes, { district, school }))
        for (const period of new Set(periodsOf({ periods }))) counts.set(period, (counts.get(period) ?? 0) + classes);
      return counts;
    },

    /** The periods of the school's classes as they follow each other; those without a time come last, by name. */
    async order(actor: Pick<Actor, 'district'>, school: number, year: number): Promise<string[]> {
      const [timed, classes] = await Promise.all([this.of(actor, school, year), this.classes(actor, school)]);
      const known = timed.map(({ period }) => period);
      const others = [...classes.keys()].filter((period) => !known.includes(period));
      return [...known, ...others.sort(byNumber.compare)];
    },

    /**
     * Replaces the bell schedules of these schools in a year, of all of them or of none. Says how many periods they had that
     * are no longer in them.
     */
    set: (
      { district }: Pick<Actor, 'district'>,
      year: number,
      schedules: ReadonlyMap<number, readonly Period[]>,
    ): Promise<number> =>
      database.transaction(async (tx) => {
        let gone = 0;
        for (const [school, periods] of schedules) {
          const of = { district, school, year };
          const rows = periods.map(({ period, start_time, end_time }) => [period, start_time, end_time]);
          const removed = await tx.all(sql.remove, of);
          gone += removed.filter((each) => !periods.some(({ period }) => period === each.period)).length;
          await tx.all(sql.put, { ...of, periods: JSON.stringify(rows) });
        }
        return gone;
      }),
  };
}

/** `2` comes before `10`. */
const byNumber = new Intl.Collator('en', { numeric: true });

/** All SQL of bell schedules. */
export function bellSchedulesSql({ knex, rows }: Engine) {
  const place =
    'bell_periods.district_id = :district and bell_periods.school_id = :school and bell_periods.year = :year';
  return {
    periods: text(
      knex,
      `select bell_periods.period, bell_periods.start_time, bell_periods.end_time
      from bell_periods
      where ${place}
      order by bell_periods.start_time, bell_periods.end_time, bell_periods.period`,
      periodRow,
    ),
    classes: text(
      knex,
      `select sections.periods, count(*) as classes
      from sections
      where sections.district_id = :district and sections.school_id = :school and sections.active
      group by sections.periods`,
      { periods: string, classes: integer },
    ),
    remove: text(knex, `delete from bell_periods where ${place} returning period`, { period: string }),
    put: text(
      knex,
      `insert into bell_periods (district_id, school_id, year, period, start_time, end_time)
      select :district, :school, :year, listed.period, listed.start_time, listed.end_time
      from ${rows('periods', { period: 'text', start_time: 'bigint', end_time: 'bigint' })} as listed`,
    ),
  };
}

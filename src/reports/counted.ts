/*
 * `src/reports/`: What is counted of the days of a school, and the reports made of it. `rule.ts` says what a day counts as,
 * `counting.ts` keeps the counts beside the ledger.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Database, Engine } from '../database/database';
import { text } from '../database/query';
import { bit, day, each, integer, string } from '../database/rows';
import { yieldToEventLoop } from '../lib/event-loop';
import { Problem } from '../lib/problem';
import { openCalendar, type SchoolOn } from './calendar';
import { placeOf, yearOfDay } from './chronic';
import { openCounting } from './counting';

const countedColumns = ['school', 'students', 'absent', 'excused', 'late', 'partial', 'rolls'] as const;

/** The statements that read what was counted. */
export const countedSql = ({ knex }: Pick<Engine, 'knex'>) => ({
  days: text(
    knex,
    `select counted_days.school_id as school, counted_days.date, counted_days.students, counted_days.absent,
      counted_days.excused, counted_days.late, counted_days.partial, counted_days.rolls, counted_days.assumed
    from counted_days
    where counted_days.district_id = :district and counted_days.date >= :from and counted_days.date <= :to
      and (counted_days.rolls > 0 or counted_days.students > 0) and (cast(:school as bigint) is null or counted_days.school_id = :school)
    order by counted_days.date, counted_days.school_id`,
    { ...each(countedColumns, integer), date: day, assumed: bit },
  ),
  /** How many sections have rolls and were never counted; of many it is not asked how many more. */
  neverCounted: text(
    knex,
    `select count(*) as sections
    from (
      select sections.id
      from sections
      where sections.district_id = :district and sections.revision <> sections.counted_revision and sections.counted_journal = 0
      limit :many
    ) as never`,
    { sections: integer },
  ),
  /** The students of a school in a school year, a letter a day. */
  lines: text(
    knex,
    `select counted_students.person_id as person, counted_students.days as line
    from counted_students
    where counted_students.district_id = :district and counted_students.year = :year
      and counted_students.school_id = :school`,
    { person: integer, line: string },
  ),
});

/**
 * Does work for a district once at a time. Who asks while it is done waits for the next time, which all that wait
 * share: it begins after they asked, so that it has met what they wrote.
 */
export function coalesce(work: (district: number) => Promise<void>): (district: number) => Promise<void> {
  const running = new Map<number, Promise<void>>();
  const next = new Map<number, Promise<void>>();

  function start(district: number): Promise<void> {
    const run = work(district).finally(() => running.delete(district));
    running.set(district, run);
    return run;
  }

  function after(run: Promise<void>, district: number): Promise<void> {
    const begin = () => {
      next.delete(district);
      return start(district);
    };
    const following = run.then(begin, begin);
    next.set(district, following);
    return following;
  }

  return (district) => {
    const run = running.get(district);
    return next.get(district) ?? (run ? after(run, district) : start(district));
  };
}

/** Which part of a district is reported on; days are inclusive. */
export interface Span {
  readonly district: number;
  readonly from: string;
  readonly to: string;
  /** One school of it; null for all. */
  readonly school: number | null;
}

/** A school on a day of which something is known: the students of whom it is, and what the day was for them. */
export interface Cell extends SchoolOn {
  /** How many are taken. */
  readonly rolls: number;
  /** Whether students who are not marked are among them as present, though nobody took the roll. */
  readonly assumed: boolean;
  readonly students: number;
  /** Away, excused or not. */
  readonly absent: number;
  readonly excused: number;
  readonly late: number;
  /** There, but away in some of the day's rolls. */
  readonly partial: number;
}

/** The students of a school in a school year. */
export interface SchoolYear {
  readonly school: number;
  /** The places in their lines of the days that count. */
  readonly places: readonly number[];
  /** The last of these days. */
  readonly last: string;
  /** Whether students who are not marked count as present on one of them. */
  readonly assumed: boolean;
  readonly lines: readonly { readonly person: number; readonly line: string }[];
}

/** How long a request waits for what has to be counted first, in milliseconds. */
const PATIENCE = 10_000;
/** Where so many sections were never counted, that takes longer than this, unless they have few rolls: nobody waits for it. */
const MANY = 5_000;
const LATE = 'Rolls are being counted, which takes a while the first time. Ask again shortly.';

export type Counted = ReturnType<typeof openCounted>;

/**
 * What was counted, brought up to date before it is read: from the database itself, since a copy of it would show
 * what was just counted later. Throws UNAVAILABLE where that takes long, as the first time does, and at once where it is known to;
 * counting goes on.
 */
export function openCounted(lagging: Database, { patience = PATIENCE, many = MANY } = {}) {
  const database = lagging.primary ?? lagging;
  const sql = countedSql(database);
  const count = coalesce(openCounting(database));
  const calendar = openCalendar(database);

  async function upToDate(district: number): Promise<void> {
    const [never] = await database.all(sql.neverCounted, { district, many });
    const enough = new AbortController();
    const late = wait(never!.sections < many ? patience : 0, undefined, { signal: enough.signal }).then(() => {
      throw new Problem('UNAVAILABLE', LATE, { retryAfter: 5 });
    });
    late.catch(() => undefined); // aborted
    await Promise.race([count(district), late]).finally(() => enough.abort());
  }

  /** The days of schools that count in rates: something is known of them, and the calendar has them as school days. */
  async function cells(span: Span): Promise<Cell[]> {
    await upToDate(span.district);
    const found = await database.all(sql.days, { ...span });
    await yieldToEventLoop();
    const dayOf = await calendar(span.district, span.from, span.to);
    return found.filter((cell) => dayOf(cell).school_day).map((cell) => ({ ...cell, assumed: Boolean(cell.assumed) }));
  }

  /** The students of each school in each school year of the span. */
  async function* years(span: Span): AsyncGenerator<SchoolYear> {
    for (const { school, year, dates, assumed } of bySchoolAndYear(await cells(span))) {
      await yieldToEventLoop();
      const lines = await database.all(sql.lines, {
        district: span.district,
        school,
        year,
      });
      yield { school, places: dates.map(placeOf), last: dates.at(-1)!, assumed, lines };
    }
  }

  return { cells, years };
}

function bySchoolAndYear(cells: readonly Cell[]) {
  const groups = new Map<string, { school: number; year: number; dates: string[]; assumed: boolean }>();
  for (const { school, date, assumed } of cells) {
    const year = yearOfDay(date);
    const group = groups.get(`${year} ${school}`) ?? { school, year, dates: [], assumed: false };
    group.dates.push(date);
    if (assumed) group.assumed = true;
    groups.set(`${year} ${school}`, group);
  }
  return groups.values();
}

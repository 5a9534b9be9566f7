import { setTimeout as wait } from 'node:timers/promises';
import type { Database } from '../database/database';
import { Problem } from '../errors';
import { breath } from './breath';
import { openCalendar, type SchoolOn } from './calendar';
import { countedSql } from './counted-sql';
import { openCounting } from './counting';
import { inTurn } from './in-turn';
import { placeOf, yearOfDay } from './year-line';

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
const LATE = 'Rolls are being counted, which takes a while the first time. Ask again shortly.';

export type Counted = ReturnType<typeof openCounted>;

/**
 * What was counted, brought up to date before it is read: from the database itself, since a copy of it would show
 * what was just counted later. Throws UNAVAILABLE where that takes long, as the first time does; counting goes on.
 */
export function openCounted(lagging: Database, patience = PATIENCE) {
  const database = lagging.primary ?? lagging;
  const sql = countedSql(database);
  const count = inTurn(openCounting(database));
  const calendar = openCalendar(database);

  async function upToDate(district: number): Promise<void> {
    const enough = new AbortController();
    const late = wait(patience, undefined, { signal: enough.signal }).then(() => {
      throw new Problem('UNAVAILABLE', LATE, { headers: { 'Retry-After': '5' } });
    });
    late.catch(() => undefined); // aborted
    await Promise.race([count(district), late]).finally(() => enough.abort());
  }

  /** The days of schools that count in rates: something is known of them, and the calendar has them as school days. */
  async function cells(span: Span): Promise<Cell[]> {
    await upToDate(span.district);
    const found = await database.all<Cell & { assumed: boolean | 0 | 1 }>(sql.days, { ...span });
    await breath();
    const dayOf = await calendar(span.district, span.from, span.to);
    return found.filter((cell) => dayOf(cell).school_day).map((cell) => ({ ...cell, assumed: Boolean(cell.assumed) }));
  }

  /** The students of each school in each school year of the span. */
  async function* years(span: Span): AsyncGenerator<SchoolYear> {
    for (const { school, year, dates, assumed } of bySchoolAndYear(await cells(span))) {
      await breath();
      const lines = await database.all<SchoolYear['lines'][number]>(sql.lines, {
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

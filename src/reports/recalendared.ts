import type { Database } from '../database/database';
import { text } from '../database/query';
import { day, integer, type RowOf } from '../database/rows';
import { openCalendar } from './calendar';
import { openCounting } from './counting';

/** Days of schools on which something is known of students, those of several schools together. */
export interface CountedDays {
  readonly days: number;
  readonly first: string | null;
  readonly last: string | null;
  /** Of each day the students of whom something is known, and those of them who were absent. */
  readonly student_days: number;
  readonly absent_days: number;
}

/** What a change of calendars does to days of which something is known already. */
export interface Recalendared {
  /** They count in rates no longer. */
  readonly out: CountedDays;
  /** They did not count before. */
  readonly in: CountedDays;
}

const cellRow = { date: day, school: integer, students: integer, absent: integer };
type Cell = RowOf<typeof cellRow>;

/** Finds what a change of calendars does; `rehearse` answers what the given work finds after the change, and undoes it. */
export function openRecalendared(database: Database) {
  const counting = openCounting(database);
  const find = text(
    database.knex,
    `select counted_days.date, counted_days.school_id as school, counted_days.students, counted_days.absent
    from counted_days
    where counted_days.district_id = :district and counted_days.students > 0
    order by counted_days.date`,
    cellRow,
  );
  return async (
    district: number,
    rehearse: <T>(after: (changed: Database) => Promise<T>) => Promise<T>,
  ): Promise<Recalendared> => {
    await counting(district);
    const cells = await database.all(find, { district });
    const [from, to] = [cells[0]?.date, cells.at(-1)?.date];
    if (from === undefined || to === undefined) return { out: sumOf([]), in: sumOf([]) };
    const before = await openCalendar(database)(district, from, to);
    const after = await rehearse((changed) => openCalendar(changed)(district, from, to));
    const turned = cells.filter((cell) => before(cell).school_day !== after(cell).school_day);
    return {
      out: sumOf(turned.filter((cell) => before(cell).school_day)),
      in: sumOf(turned.filter((cell) => after(cell).school_day)),
    };
  };
}

function sumOf(cells: readonly Cell[]): CountedDays {
  const dates = new Set(cells.map(({ date }) => date));
  return {
    days: dates.size,
    first: cells[0]?.date ?? null,
    last: cells.at(-1)?.date ?? null,
    student_days: cells.reduce((sum, { students }) => sum + students, 0),
    absent_days: cells.reduce((sum, { absent }) => sum + absent, 0),
  };
}

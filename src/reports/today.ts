import type { Database } from '../database/database';
import { openNameOrder } from '../roster/names';
import { breath } from './breath';
import { type DayOf, openCalendar } from './calendar';
import type { Counted } from './counted';
import { rollsSql } from './rolls-sql';

/** A school's day: how many rolls are taken of those that are in session, and who is away. */
export interface SchoolToday extends DayOf {
  readonly school_id: number;
  readonly school: string;
  readonly rolls: number;
  readonly taken: number;
  /** For whom a roll was taken, on a school day. */
  readonly students: number;
  readonly absent: number;
  readonly excused: number;
  readonly late: number;
  readonly partial: number;
}

/** A day of all schools of a district, of those that have sections in session. */
export function openToday(database: Database, counted: Counted) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const nameOrder = openNameOrder(database);

  return async (district: number, date: string): Promise<SchoolToday[]> => {
    const cells = await counted.cells({ district, from: date, to: date, school: null });
    const bySchool = new Map(cells.map(({ school, date, ...counts }) => [school, counts]));
    const dayOf = await calendar(district, date, date);
    const schools: SchoolToday[] = [];
    for (const { id, name } of await database.all<{ id: number; name: string }>(sql.schools, { district })) {
      await breath();
      const [row] = await database.all<{ rolls: number; taken: number }>(sql.taken, { district, date, school: id });
      if (row!.rolls === 0) continue;
      const counts = bySchool.get(id) ?? { students: 0, absent: 0, excused: 0, late: 0, partial: 0 };
      schools.push({ school_id: id, school: name, ...row!, ...counts, ...dayOf({ school: id, date }) });
    }
    const { text } = await nameOrder(district);
    // Sections of no school come last.
    return schools.sort(
      (one, other) => Number(one.school_id === 0) - Number(other.school_id === 0) || text(one.school, other.school),
    );
  };
}

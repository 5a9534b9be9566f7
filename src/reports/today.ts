import type { SchoolToday } from '../../schemas/rollbook/reports';
import type { Database } from '../database/database';
import { yieldToEventLoop } from '../lib/event-loop';
import { openNameOrder } from '../roster/names';
import { openCalendar } from './calendar';
import type { Counted } from './counted';
import { rollsSql } from './rolls';

/** A day of all schools of a district, of those that have sections in session. */
export function openToday(database: Database, counted: Counted) {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const nameOrder = openNameOrder(database);

  /** @param only one school, where no other is asked for */
  return async (district: number, date: string, only: number | null): Promise<SchoolToday[]> => {
    const cells = await counted.cells({ district, from: date, to: date, school: only });
    const bySchool = new Map(cells.map(({ school, date, rolls, ...counts }) => [school, counts]));
    const dayOf = await calendar(district, date, date);
    const schools: SchoolToday[] = [];
    for (const { id, name } of await database.all(sql.schools, { district })) {
      if (only !== null && id !== only) continue;
      await yieldToEventLoop();
      const [row] = await database.all(sql.taken, { district, date, school: id });
      const { rolls, taken } = row!;
      if (rolls === 0) continue;
      const not_taken = rolls - taken;
      const marked = not_taken > 0 ? await markedIn(district, date, id) : 0;
      const counts = bySchool.get(id) ?? { assumed: false, students: 0, absent: 0, excused: 0, late: 0, partial: 0 };
      const day = dayOf({ school: id, date });
      schools.push({ school_id: id, school: name, rolls, taken, not_taken, marked, ...counts, ...day });
    }
    const { text } = await nameOrder(district);
    // Sections of no school come last.
    return schools.sort(
      (one, other) => Number(one.school_id === 0) - Number(other.school_id === 0) || text(one.school, other.school),
    );
  };

  async function markedIn(district: number, date: string, school: number): Promise<number> {
    const [row] = await database.all(sql.markedAhead, { district, date, school });
    return row!.marked;
  }
}

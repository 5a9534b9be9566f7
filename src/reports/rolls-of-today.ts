import type { Database } from '../database/database';
import { today } from '../days';
import { yieldToEventLoop } from '../lib/event-loop';
import { openDistricts } from '../roster/districts';
import { openCalendar } from './calendar';
import { rollsSql } from './rolls';

/** How many rolls there are of today, each district's own, and how many of them are taken. */
export interface RollsOfToday {
  readonly due: number;
  readonly taken: number;
}

/** Counts the rolls of today in all districts together; those of a school on a day on which it is closed are due only where one was taken. */
export function openRollsOfToday(database: Database): () => Promise<RollsOfToday> {
  const sql = rollsSql(database);
  const calendar = openCalendar(database);
  const districts = openDistricts(database);

  return async () => {
    let [due, all] = [0, 0];
    for (const { id: district, time_zone } of await districts.list()) {
      const date = today(time_zone);
      const dayOf = await calendar(district, date, date);
      for (const { id: school } of await database.all(sql.schools, { district })) {
        await yieldToEventLoop();
        const [row] = await database.all(sql.taken, { district, date, school });
        const { rolls, taken } = row!;
        due += dayOf({ school, date }).school_day ? rolls : taken;
        all += taken;
      }
    }
    return { due, taken: all };
  };
}

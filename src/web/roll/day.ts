import { get, isPassing } from '../shared/api';
import { keep, kept } from '../shared/kept';
import type { RollSummary, Rolls } from '../shared/reports';
import { knowSession, session } from '../shared/session';

const NAME = 'rolls';

/** The rolls of a day; without a network those that were asked for last. */
export async function loadRolls(date: string): Promise<Rolls> {
  const isToday = date === session.peek()?.today;
  try {
    // Without a date it is today's, which the page asks for before it knows what day that is (index.html).
    const found = await get<Rolls>(isToday ? '/reports/rolls' : `/reports/rolls?date=${date}`);
    keep(NAME, found);
    if (found.date !== date) void knowSession(); // it has become another day meanwhile
    return found;
  } catch (error) {
    const last = isPassing(error) ? kept<Rolls>(NAME) : undefined;
    if (last?.date === date) return last;
    if (!last || !isToday) throw error;
    return { date, rolls: last.rolls.map(untouched) };
  }
}

/** The same sections on a day of which nothing is known yet. */
const untouched = (roll: RollSummary): RollSummary => ({
  ...roll,
  taken_at: null,
  absent: 0,
  late: 0,
  excused: 0,
  school_day: true,
});

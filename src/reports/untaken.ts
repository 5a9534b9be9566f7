import type { Untaken, UntakenRoll } from '../../schemas/rollbook/absentees';
import type { Database } from '../database/database';
import { daysBetween } from '../days';
import type { Actor } from '../ledger/actor';
import { openEditWindows } from '../ledger/edit-window';
import { yieldToEventLoop } from '../lib/event-loop';
import { openCalendar } from './calendar';
import { openRolls } from './rolls';

/** A page of rolls that nobody took: both days are included. */
interface PageAsked {
  readonly from: string;
  readonly to: string;
  /** Null: of all sections that the actor teaches. */
  readonly school: number | null;
  /** After how many rolls it ends, with the day that it has begun. */
  readonly limit: number;
}

/** School days that a page looks through at most: where most rolls are taken, it has few of many days. */
const MOST_DAYS = 60;

/** The rolls of school days that nobody has taken and the actor still may take, the newest day first, in pages of whole days. */
export function openUntaken(database: Database) {
  const rolls = openRolls(database);
  const calendar = openCalendar(database);
  const editWindows = openEditWindows(database);

  return async (actor: Actor, { from, to, school, limit }: PageAsked): Promise<Pick<Untaken, 'rolls' | 'next'>> => {
    const dayOf = await calendar(actor.district, from, to);
    const openFrom = await editWindows(actor);
    const found: UntakenRoll[] = [];
    let days = 0;
    for (const date of daysBetween(from, to).reverse()) {
      if (school !== null && !dayOf({ school, date }).school_day) continue;
      if (found.length >= limit || days === MOST_DAYS) return { rolls: found, next: date };
      days++;
      await yieldToEventLoop();
      for await (const some of rolls(actor, { date, school, taken: false }))
        for (const roll of some)
          if (roll.school_day && date >= (openFrom(roll.school_id) ?? date)) found.push({ date, ...roll });
    }
    return { rolls: found, next: null };
  };
}

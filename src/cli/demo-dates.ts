import { format } from 'date-fns/format';
import { parseISO } from 'date-fns/parseISO';
import { previousFriday } from 'date-fns/previousFriday';
import { dateOf, dayNumber } from '../days';

/** A Friday, the last day of the sample school's attendance. */
const LAST = '2026-11-20';

/** The last Friday before a day: on it the demo's attendance ends. */
export const fridayBefore = (today: string): string => format(previousFriday(parseISO(today)), 'yyyy-MM-dd');

/** Moves every day in a text of the sample school by the whole weeks that its attendance is to end later, or earlier. */
export function movedTo(friday: string): (text: string) => string {
  const days = dayNumber(friday) - dayNumber(LAST);
  return (text) => text.replace(/\b\d{4}-\d{2}-\d{2}\b/g, (day) => dateOf(dayNumber(day) + days)!);
}

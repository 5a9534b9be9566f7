import { isSchoolDay } from '../days';
import { Problem, type Violation } from '../errors';
import { shown } from '../shown';
import type { CalendarDay } from './calendars';

/** A day as it is sent: in CSV everything is text. */
export interface SentDay {
  readonly date?: unknown;
  readonly school_day?: unknown;
  readonly reason?: unknown;
  /** The number of a school, in a list for several. */
  readonly school?: unknown;
}

const REASON_LENGTH = 200;
/** What a message can hold. */
const MOST_VIOLATIONS = 100;

/** All of the days, or BODY_INVALID with what is wrong with each that is: `days.3.date`. */
export function readDays(sent: readonly SentDay[]): CalendarDay[] {
  const violations: Violation[] = [];
  const read = <T>(value: T | undefined, field: string, right: string, wrong: unknown): T => {
    if (value === undefined) violations.push({ field, message: `must be ${right}, not ${shown(wrong)}` });
    return value as T;
  };
  const days = sent.map(({ date, school_day, reason }, index) => ({
    date: read(isSchoolDay(date) ? date : undefined, `days.${index}.date`, 'a day, YYYY-MM-DD', date),
    school_day: read(yesOrNo(school_day), `days.${index}.school_day`, 'true or false', school_day),
    reason: read(reasonOf(reason), `days.${index}.reason`, `a text of up to ${REASON_LENGTH} characters`, reason),
  }));
  if (violations.length === 0) return days;
  const { field, message } = violations[0]!;
  throw new Problem('BODY_INVALID', `${field} ${message}`, { violations: violations.slice(0, MOST_VIOLATIONS) });
}

/** Missing means no: lists of holidays often have nothing but dates. */
function yesOrNo(sent: unknown = false): boolean | undefined {
  const word = String(sent).toLowerCase();
  if (['true', 'yes', '1'].includes(word)) return true;
  return ['false', 'no', '0', ''].includes(word) ? false : undefined;
}

function reasonOf(sent: unknown = ''): string | undefined {
  const isSayable = typeof sent === 'string' && sent.length <= REASON_LENGTH && !sent.includes('\u0000');
  return isSayable ? sent : undefined;
}

import { isDay } from '../../days';
import type { Filter, Key, Page } from '../../ledger/attendance';
import { integer, invalid } from './parameters';

/** The query of a GET of attendance, as sent. An empty value is an absent one. */
export interface AttendanceQuery {
  readonly start?: string;
  readonly end?: string;
  readonly enrollment_id?: string;
  readonly limit?: string;
  readonly after?: string;
  readonly taken?: string;
}

/** What of a section is asked for. */
export interface Window {
  readonly filter: Pick<Filter, 'from' | 'to' | 'enrollment'>;
  readonly page: Page;
  /** Whether dates on which everybody was present are listed too. */
  readonly taken: boolean;
}

/** A limit over 1,000 is capped. */
const MAX_LIMIT = 1_000;

/**
 * `start` is the first day, or where it is a plain integer the offset of a page, which it is elsewhere in the same
 * documentation. `after` is the key of the last mark of the page before, from `links.next`, in the same database.
 */
export function windowOf(query: AttendanceQuery, epoch: string): Window {
  const { start, end, enrollment_id, limit, after } = query;
  const offset = start && isNumber(start) ? Number(start) : undefined;
  const from = offset === undefined ? day('start', start) : undefined;
  const to = day('end', end);
  if (from && to && from > to) throw invalid('start', `is ${from}, after the end ${to}`);
  return {
    filter: { from, to, enrollment: integer('enrollment_id', enrollment_id) },
    page: { offset, limit: limitOf(limit), after: after ? keyOf(after, epoch) : undefined },
    taken: query.taken === '1' || query.taken === 'true',
  };
}

/** Writes and reads the place after which the next page begins. */
export const placeOf = ({ date, enrollment }: Key, epoch: string): string => `${date}.${enrollment}.${epoch}`;

function keyOf(place: string, epoch: string): Key {
  const [, date, enrollment, of] = /^(\d{4}-\d{2}-\d{2})\.(\d{1,15})\.([0-9a-f]{16})$/.exec(place) ?? [];
  if (!date || !isDay(date) || of !== epoch)
    throw invalid('after', `must be as in links.next, not ${place.slice(0, 60)}`);
  return { date, enrollment: Number(enrollment) };
}

function day(field: string, value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (!isDay(value)) throw invalid(field, `must be a day, YYYY-MM-DD, not ${value.slice(0, 60)}`);
  return value;
}

function limitOf(value: string | undefined): number | undefined {
  const limit = integer('limit', value);
  if (limit !== undefined && limit < 1) throw invalid('limit', `must be from 1 to ${MAX_LIMIT}, not ${limit}`);
  return limit && Math.min(limit, MAX_LIMIT);
}

/** An offset that a number holds exactly. */
const isNumber = (value: string): boolean => /^\d{1,15}$/.test(value);

import { isDay, isSchoolDay, today } from '../../days';
import { preview } from '../../lib/preview';
import type { Row } from './csv';
import { ValueError } from './report';

/** What the days of a file that are written with slashes prove of their order; `both` where they contradict each other. */
export type DateOrder = 'month first' | 'day first' | 'both' | 'unproven';

/** What a day is read by. */
export interface DateReading {
  /** IANA, of the district: an instant is of the day that it is there. */
  readonly timeZone: string;
  readonly order: DateOrder;
  /** Told where the day that is taken is not the one that is written. */
  moved?(row: Row, column: string, day: string): void;
}

type Parts = readonly [year: string, month: string, day: string];

/** The ways in which exports write a day, other than those of which the order may be in doubt. */
const formats: readonly [RegExp, (...groups: string[]) => Parts][] = [
  // Not 2026-05-2, which is cut off.
  [/^(\d{4})-(?!0\d-\d(?:\D|$))(\d{1,2})-(\d{1,2})(?:[T ].*)?$/, (year, month, day) => [year!, month!, day!]],
  [/^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, (year, month, day) => [year!, month!, day!]],
  [/^(\d{4})(\d{2})(\d{2})$/, (year, month, day) => [year!, month!, day!]],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, (day, month, year) => [year!, month!, day!]],
];
/** In the US the month comes first, elsewhere the day. */
const slashed = /^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?$/;
/** With an offset it is an instant; without, a day and a time of it. */
const instant = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})$/i;

/** `YYYY-MM-DD`; undefined where nothing is said. Throws ValueError where it is no day, or may be one of two. */
export function dateIn(row: Row, column: string, reading: DateReading): string | undefined {
  const value = row.get(column);
  if (value === '') return undefined;
  if (isSchoolDay(value)) return value;
  const written = instant.exec(value)?.[1];
  if (written) return dayOfInstant(row, column, value, written, reading);
  const [, first, second, year] = slashed.exec(value) ?? [];
  if (first !== undefined && isInDoubt(value) && reading.order !== 'month first')
    throw inDoubt(column, value, reading.order);
  const parts: Parts | undefined = first === undefined ? partsOf(value) : [year!, first, second!];
  const date = parts && `${parts[0]}-${parts[1].padStart(2, '0')}-${parts[2].padStart(2, '0')}`;
  if (date && parts[0] !== '0000' && isDay(date)) return date; // PostgreSQL has no year 0
  throw new ValueError(column, `${preview(value)} is not a day; YYYY-MM-DD would be.`);
}

function partsOf(value: string): Parts | undefined {
  for (const [format, parts] of formats) {
    const match = format.exec(value);
    if (match) return parts(...match.slice(1));
  }
  return undefined;
}

/** Whether it is one day to some, and another to others: 05/09/2026 is, 05/05/2026 and 05/25/2026 are not. */
export function isInDoubt(value: string): boolean {
  if (value[4] === '-') return false; // as nearly all are: the year comes first
  const [, first, second] = slashed.exec(value) ?? [];
  return first !== undefined && Number(first) <= 12 && Number(second) <= 12 && Number(first) !== Number(second);
}

/** What one day proves of the order in which those of its file are written. */
export function provenBy(value: string): 'month first' | 'day first' | undefined {
  const [, first, second] = slashed.exec(value) ?? [];
  if (first === undefined || Number(first) > 31 || Number(second) > 31) return undefined;
  if (Number(first) > 12 && Number(second) <= 12) return 'day first';
  return Number(second) > 12 && Number(first) <= 12 ? 'month first' : undefined;
}

/** What all the days that prove anything prove together. */
export function orderOf(proofs: Iterable<'month first' | 'day first' | undefined>): DateOrder {
  const proven = new Set([...proofs].filter((proof) => proof !== undefined));
  if (proven.size > 1) return 'both';
  return [...proven][0] ?? 'unproven';
}

function inDoubt(column: string, value: string, order: DateOrder): ValueError {
  const why = {
    'month first': '',
    'day first': 'another row of the file has the day first',
    both: 'some rows of the file have the month first, others the day',
    unproven: 'no row of the file says which of its parts is the month',
  }[order];
  return new ValueError(column, `${preview(value)} may be either of two days: ${why}. YYYY-MM-DD would say which.`);
}

function dayOfInstant(
  row: Row,
  column: string,
  value: string,
  written: string,
  { timeZone, moved }: DateReading,
): string {
  const at = new Date(value.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  if (Number.isNaN(at.getTime()))
    throw new ValueError(column, `${preview(value)} is not an instant; YYYY-MM-DD is a day.`);
  const day = dayAt(timeZone, at);
  if (!isDay(day)) throw new ValueError(column, `${preview(value)} is not a day; YYYY-MM-DD would be.`);
  if (day !== written) moved?.(row, column, day);
  return day;
}

/** How many instants are remembered. */
const REMEMBERED = 10_000;
const met = new Map<string, string>();

/** The same instants come over and over, and a time zone is slow to ask. */
function dayAt(timeZone: string, at: Date): string {
  const key = `${timeZone} ${at.getTime()}`;
  const day = met.get(key) ?? today(timeZone, at);
  if (met.size >= REMEMBERED) met.clear();
  met.set(key, day);
  return day;
}

/** No honest value is longer; one that has an index must fit on a page of PostgreSQL, 2704 bytes. */
const MAX_TEXT = 800;

/** A value that is kept as it is. */
export const textIn = (row: Row, column: string): string => short(column, row.get(column));

function short(column: string, text: string): string {
  if (text.length > MAX_TEXT)
    throw new ValueError(column, `It has ${text.length} characters; at most ${MAX_TEXT} are kept.`);
  return text;
}

/** A quoted, comma-separated list. */
export const listIn = (row: Row, column: string): string[] =>
  row
    .get(column)
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);

/** A list that is kept as one text. */
export const listText = (row: Row, column: string): string => short(column, listIn(row, column).join(','));

/** OneRoster 1.0 calls them `grade`. */
export const gradesIn = (row: Row): string => listText(row, 'grades') || listText(row, 'grade');

/** Whether the row is of something that is there; an empty status means active. */
export function isActive(value: string): boolean {
  const status = value.toLowerCase();
  if (status === '' || status === 'active') return true;
  if (status === 'tobedeleted' || status === 'inactive') return false;
  throw new ValueError('status', `${preview(value)} is not a status; active and tobedeleted are.`);
}

/** OneRoster: the first day is inclusive, `endDate` exclusive. */
export function daysIn(row: Row, beginColumn: string, otherwise: { begin: string; end: string }, reading: DateReading) {
  const begin_date = dateIn(row, beginColumn, reading) ?? otherwise.begin;
  const end_date = dateIn(row, 'endDate', reading) ?? otherwise.end;
  if (end_date < begin_date) throw new ValueError('endDate', `${end_date} is before ${beginColumn} ${begin_date}.`);
  return { begin_date, end_date };
}

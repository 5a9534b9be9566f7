import { isDay, isSchoolDay } from '../../days';
import { shown } from '../../shown';
import type { Row } from './csv';
import { ValueError } from './errors';

/** No honest value is longer; one that has an index must fit on a page of PostgreSQL, 2704 bytes. */
const MAX_TEXT = 800;

/** A value that is kept as it is. */
export const textIn = (row: Row, column: string): string => short(column, row.get(column));

function short(column: string, text: string): string {
  if (text.length > MAX_TEXT)
    throw new ValueError(column, `It has ${text.length} characters; at most ${MAX_TEXT} are kept.`);
  return text;
}

type Parts = readonly [year: string, month: string, day: string];

/** The ways in which exports write a day. With slashes the month comes first, as in the US, where OneRoster is at home. */
const formats: readonly [RegExp, (...groups: string[]) => Parts][] = [
  [/^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?$/, (year, month, day) => [year!, month!, day!]],
  [/^(\d{4})\/(\d{1,2})\/(\d{1,2})$/, (year, month, day) => [year!, month!, day!]],
  [/^(\d{4})(\d{2})(\d{2})$/, (year, month, day) => [year!, month!, day!]],
  [/^(\d{1,2})[/-](\d{1,2})[/-](\d{4})(?: .*)?$/, (month, day, year) => [year!, month!, day!]],
  [/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/, (day, month, year) => [year!, month!, day!]],
];

/** `YYYY-MM-DD`; undefined where nothing is said. */
export function dateIn(column: string, value: string): string | undefined {
  if (value === '') return undefined;
  if (isSchoolDay(value)) return value;
  for (const [format, partsOf] of formats) {
    const match = format.exec(value);
    if (!match) continue;
    const [year, month, day] = partsOf(...match.slice(1));
    const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
    if (year !== '0000' && isDay(date)) return date; // PostgreSQL has no year 0
  }
  throw new ValueError(column, `${shown(value)} is not a day; YYYY-MM-DD would be.`);
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

/** Whether the row is of something that is there; an empty status means active. */
export function isActive(value: string): boolean {
  const status = value.toLowerCase();
  if (status === '' || status === 'active') return true;
  if (status === 'tobedeleted' || status === 'inactive') return false;
  throw new ValueError('status', `${shown(value)} is not a status; active and tobedeleted are.`);
}

/** OneRoster: the first day is inclusive, `endDate` exclusive. */
export function daysIn(row: Row, beginColumn: string, otherwise: { begin: string; end: string }) {
  const begin_date = dateIn(beginColumn, row.get(beginColumn)) ?? otherwise.begin;
  const end_date = dateIn('endDate', row.get('endDate')) ?? otherwise.end;
  if (end_date < begin_date) throw new ValueError('endDate', `${end_date} is before ${beginColumn} ${begin_date}.`);
  return { begin_date, end_date };
}

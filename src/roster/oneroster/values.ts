import { shown } from '../../shown';
import type { Row } from './csv';
import { type DateReading, dateIn } from './dates';
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
  throw new ValueError('status', `${shown(value)} is not a status; active and tobedeleted are.`);
}

/** OneRoster: the first day is inclusive, `endDate` exclusive. */
export function daysIn(row: Row, beginColumn: string, otherwise: { begin: string; end: string }, reading: DateReading) {
  const begin_date = dateIn(row, beginColumn, reading) ?? otherwise.begin;
  const end_date = dateIn(row, 'endDate', reading) ?? otherwise.end;
  if (end_date < begin_date) throw new ValueError('endDate', `${end_date} is before ${beginColumn} ${begin_date}.`);
  return { begin_date, end_date };
}

import { isSchoolDay } from '../days';
import { shown } from '../shown';
import { type DateOrder, dayWritten } from '../written-days';
import { type Column, columnNamed, isShownOnly } from './columns';

/** A row as it was sent, by its columns under whatever spelling; in CSV everything is text. */
export interface SentRow {
  /** Where it stands in its file; in a list without, its number, from 1. */
  readonly line?: number;
  /** Why its values cannot be told from each other. */
  readonly unread?: string;
  readonly [heading: string]: unknown;
}

/** Why a row is refused, by the column where that is. */
export class RowError extends Error {
  constructor(
    readonly column: Column | '',
    message: string,
  ) {
    super(message);
  }
}

export const wrong = (column: Column, words: string): RowError => new RowError(column, `${column} ${words}`);

/** How a row names a section or student: the text, and the column it stands in. */
export interface Naming {
  readonly column: Column;
  readonly text: string;
}

/** What a row asks for, before the roster and the school's codes are known. */
export interface Wish {
  readonly sections: readonly Naming[];
  readonly students: readonly Naming[];
  readonly enrollment: number | undefined;
  readonly date: string;
  /** A word, a number or a code; empty where only the column `code` says it. */
  readonly status: string;
  readonly code: string;
  /** As it was sent; the ledger itself says what is wrong with it. */
  readonly comment: unknown;
}

const own = ['line', 'unread'];

/** Reads a row; throws RowError. `ignored` is told of headings that nobody knows. */
export function wishOf(row: SentRow, ignored: Set<string>, order?: DateOrder): Wish {
  if (row.unread) throw new RowError('', row.unread);
  const values = valuesOf(row, ignored);
  const text = (column: Column): string => textOf(column, values.get(column));
  const naming = (column: Column): Naming[] => (text(column) ? [{ column, text: text(column) }] : []);
  const sections = (['section', 'section_id', 'section_sourced_id'] as const).flatMap(naming);
  const students = (['student', 'student_id', 'student_sourced_id', 'student_number'] as const).flatMap(naming);
  const enrollment = enrollmentOf(text('enrollment'));
  if (enrollment === undefined && sections.length === 0) throw wrong('section', 'must name a section; it is missing.');
  if (enrollment === undefined && students.length === 0) throw wrong('student', 'must name a student; it is missing.');
  const date = dateOf(dayWritten(text('date'), order));
  const [status, code] = [text('status'), text('code')];
  if (!status && !code) throw wrong('status', `must be ${RIGHT_STATUS}; it is missing.`);
  return { sections, students, enrollment, date, status, code, comment: values.get('comment') ?? undefined };
}

export const RIGHT_STATUS = 'present, absent, late, excused, 1 to 4, or a code of the school';

function valuesOf(row: SentRow, ignored: Set<string>): Map<Column, unknown> {
  const values = new Map<Column, unknown>();
  for (const [heading, value] of Object.entries(row)) {
    const column = columnNamed(heading);
    if (!column && !own.includes(heading) && heading && !isShownOnly(heading)) ignored.add(heading);
    if (column && values.has(column)) throw wrong(column, 'is there twice.');
    if (column) values.set(column, value);
  }
  return values;
}

function textOf(column: Column, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value.trim();
  if (typeof value === 'number') return String(value);
  throw wrong(column, `must be a text or a number, not ${shown(value)}.`);
}

function enrollmentOf(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw wrong('enrollment', `must be the id of one, not ${shown(text)}.`);
  return Number(text);
}

function dateOf(text: string): string {
  if (isSchoolDay(text)) return text;
  const ambiguous = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$/.test(text) ? ', which is another day in another country' : '';
  throw wrong('date', `must be a day of the calendar, YYYY-MM-DD, not ${shown(text)}${ambiguous}.`);
}

import { isSchoolDay } from '../days';
import { preview } from '../lib/preview';
import { Problem } from '../lib/problem';
import { type DateOrder, dayWritten } from '../lib/written-days';

/** What a row can say. `section` and `student` name by any of their ids, the longer ones by just that one. */
export const columns = [
  'section',
  'section_id',
  'section_sourced_id',
  'student',
  'student_id',
  'student_sourced_id',
  'student_number',
  'enrollment',
  'date',
  'status',
  'code',
  'comment',
] as const;
export type Column = (typeof columns)[number];

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** By their names without case, spaces and signs; with those of OneRoster and of reports. */
const known = new Map<string, Column>([
  ...columns.map((column) => [plain(column), column] as const),
  ['classsourcedid', 'section_sourced_id'],
  ['usersourcedid', 'student_sourced_id'],
  ['identifier', 'student_number'],
  ['enrollmentid', 'enrollment'],
]);

/** What an export has beside the ids for who reads it; nothing goes by it. */
const shownOnly = new Set(['section_title', 'family_name', 'given_name'].map(plain));
export const isShownOnly = (heading: string): boolean => shownOnly.has(plain(heading));

/** The column that a heading names, e.g. `Student Number`; undefined where it is none that is read. */
export const columnNamed = (heading: string): Column | undefined => known.get(plain(heading));

/** What rows cannot do without: one of each. */
const needed: readonly (readonly Column[])[] = [
  ['enrollment', 'section', 'section_id', 'section_sourced_id'],
  ['enrollment', 'student', 'student_id', 'student_sourced_id', 'student_number'],
  ['date'],
  ['status', 'code'],
];

/** Hands on the headings of a file, each under the name of its column; BODY_INVALID where rows could not be understood. */
export function checkedHeadings(headings: readonly string[]): string[] {
  const names = headings.map((heading) => columnNamed(heading) ?? heading.trim());
  const twice = names.find((name, index) => columnNamed(name) && names.indexOf(name) < index);
  if (twice) throw new Problem('BODY_INVALID', `The first line has the column ${twice} twice.`);
  const missing = needed.find((some) => !some.some((column) => names.includes(column)));
  if (missing)
    throw new Problem('BODY_INVALID', `The first line must name a column ${missing.join(' or ')}; ${why(names)}`);
  return names;
}

const separators = new Map([
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
]);

/** The text itself is not repeated, since a file without a first line of its own begins with a student. */
function why(names: readonly string[]): string {
  const separator = [...separators].find(([sign]) => names.length === 1 && names[0]!.includes(sign));
  if (separator) return `the columns are separated by ${separator[1]}, and must be by commas.`;
  return `of its ${names.length === 1 ? 'one column' : `${names.length} columns`} none is called so.`;
}

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
export interface RowRequest {
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
export function rowRequestOf(row: SentRow, ignored: Set<string>, order?: DateOrder): RowRequest {
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
  throw wrong(column, `must be a text or a number, not ${preview(value)}.`);
}

function enrollmentOf(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^[1-9]\d{0,14}$/.test(text)) throw wrong('enrollment', `must be the id of one, not ${preview(text)}.`);
  return Number(text);
}

function dateOf(text: string): string {
  if (isSchoolDay(text)) return text;
  const ambiguous = /^\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}$/.test(text) ? ', which is another day in another country' : '';
  throw wrong('date', `must be a day of the calendar, YYYY-MM-DD, not ${preview(text)}${ambiguous}.`);
}

import type { BundleFile } from './bundle';
import { FileError, ValueError } from './errors';
import { type Header, headerOf } from './header';
import { lineCounter } from './lines';
import { recordsOf } from './records';

/** One record of a CSV file. */
export interface Row {
  /** The line its record begins on; the header is on line 1. */
  readonly line: number;
  /** How many bytes it has. */
  readonly size: number;
  /** Why its values cannot be told from each other; undefined where they can. */
  readonly fault: string | undefined;
  /** The value of a column, trimmed; empty where there is none, or where `NULL` or `N/A` says so. Throws ValueError for one that not every engine keeps. */
  get(column: string): string;
}

/** The records of a file, one at a time; where there are many, `batchesIn` is twice as fast. */
export async function* rowsOf(file: BundleFile, required: readonly string[]): AsyncGenerator<Row> {
  for await (const rows of batchesIn(file, required)) yield* rows;
}

/**
 * The records of a file, some at a time. Real files have a byte order mark, any line ends, stray quotes, empty lines, and
 * columns nobody knows. Throws FileError where the header lacks a required column, or the file breaks off.
 */
export async function* batchesIn(
  file: BundleFile,
  required: readonly string[],
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<readonly Row[]> {
  const lineOf = lineCounter();
  let header: Header | undefined;
  let line = 0;
  let read = 0;
  let last = 0;
  for await (const records of recordsOf(file, onBytes, () => line)) {
    const rows: Row[] = [];
    for (const { record, info } of records) {
      line = lineOf(record, info.lines);
      const spans = info.lines > last + 1;
      last = info.lines;
      if (record.every(isBlank)) continue;
      if (header) rows.push(rowOf(record, header, line, info.bytes - read, spans));
      else header = headerOf(file.name, record.map(trimmed), line, required);
      read = info.bytes;
    }
    yield rows;
  }
  if (!header) throw new FileError(file.name, 0, 'The file is empty; its first line must name the columns.');
}

function rowOf(record: readonly string[], { width, columns }: Header, line: number, size: number, spans: boolean): Row {
  return {
    line,
    size,
    fault: (spans && openIn(record)) || (record.length === width ? undefined : faultOf(record, width)),
    get(column) {
      const value = trimmed(record[columns.get(column.toLowerCase()) ?? -1] ?? '');
      if (value.includes('\u0000')) throw new ValueError(column, 'There is a NUL character in it.');
      return isNothing(value) && !named.has(column) ? '' : value;
    },
  };
}

/** DOS ends a text by Ctrl-Z, and some exports still do. */
const CTRL_Z = '\u001a';
const isBlank = (value: string): boolean => value.trim() === '' || value.trim() === CTRL_Z;

/** What databases write where there is nothing. */
const isNothing = (value: string): boolean => value === 'NULL' || value === 'N/A' || value === '\\N';
/** People are called so. */
const named = new Set(['givenName', 'familyName', 'preferredGivenName', 'preferredFirstName']);

/** A stray quote, which has swallowed the rows up to the next one; csv-parse leaves it where it stood. */
const openIn = (record: readonly string[]): string | undefined =>
  record.some((value) => value.startsWith('"') && /[\r\n]/.test(value))
    ? 'A quote that opens in it is not closed on its line.'
    : undefined;

/** Too many or too few: a comma was not quoted, or is missing, and every value after it stands in a wrong column. */
function faultOf(record: readonly string[], width: number): string | undefined {
  if (record.length > width && record.slice(width).every((value) => value.trim() === '')) return undefined;
  return `It has ${record.length} fields, the header ${width}; a comma may not be quoted, or a field be missing.`;
}

/** Without spaces around it, nor around its quotes. */
function trimmed(value: string): string {
  const text = (value.endsWith(CTRL_Z) ? value.slice(0, -1) : value).trim();
  return text !== value && text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

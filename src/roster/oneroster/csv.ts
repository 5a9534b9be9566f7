import { parse } from 'csv-parse';
import type { BundleFile } from './bundle';
import { textOf } from './charset';

/** One record of a CSV file. */
export interface Row {
  /** The line its record begins on; the header is on line 1. */
  readonly line: number;
  /** The value of a column by its name in lower case, trimmed; empty where there is none. */
  get(column: string): string;
}

/** No honest record is longer. */
const MAX_RECORD = 1024 * 1024;

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number };
}

/**
 * The records of a file, one at a time. Real files have a byte order mark, any line ends, short and long records,
 * stray quotes, empty lines, and columns nobody knows.
 */
export async function* rowsOf(
  file: BundleFile,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<Row> {
  const parser = (await textOf(file, onBytes)).pipe(
    parse({
      info: true,
      trim: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      max_record_size: MAX_RECORD,
    }),
  );
  let columns: ReadonlyMap<string, number> | undefined;
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    if (!columns) {
      columns = new Map(record.map((name, index) => [name.toLowerCase(), index]));
      continue;
    }
    if (record.every((value) => value === '')) continue;
    yield rowOf(record, columns, info.lines);
  }
}

/** csv-parse counts the line that a record ends on; a quoted value may hold line ends of its own. */
function rowOf(record: readonly string[], columns: ReadonlyMap<string, number>, endLine: number): Row {
  let inside = 0;
  for (const value of record) if (value.includes('\n')) inside += value.split('\n').length - 1;
  return {
    line: endLine - inside,
    get: (column) => record[columns.get(column.toLowerCase()) ?? -1] ?? '',
  };
}

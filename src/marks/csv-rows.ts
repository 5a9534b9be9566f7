import { pipeline, type Readable, type Transform } from 'node:stream';
import { type CastingContext, type Info, type Options, parse as parser } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { plainCell } from '../csv';
import { Problem } from '../errors';
import { delimiterIn } from '../http/formats/csv';
import { lineCounter } from '../roster/oneroster/lines';
import { checkedHeadings } from './columns';
import type { SentRow } from './row';

/** A record and the line that it ends on. */
interface Parsed {
  readonly record: string[];
  readonly info: Pick<Info & CastingContext, 'lines'>;
}

const options: Options = {
  info: true,
  bom: true,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true, // a row of another width is refused by itself
  skip_empty_lines: true,
  max_record_size: 64 * 1024, // no honest row is longer
};

/** The rows of a CSV file (RFC 4180) that is there as a whole. BODY_MALFORMED where it is none. */
export function rowsOfText(text: string): SentRow[] {
  try {
    return [...numbered(parse(text, { ...options, delimiter: delimiterIn(text) }) as unknown as Parsed[])];
  } catch (error) {
    throw malformed(error);
  }
}

/** The same of one that comes bit by bit, through a decoder. */
export async function* rowsOfStream(bytes: Readable, decoder: Transform, delimiter: string): AsyncGenerator<SentRow> {
  const read = rowReader();
  const records = parser({ ...options, delimiter });
  pipeline(bytes, decoder, records, () => undefined); // an error of any ends the loop
  try {
    for await (const parsed of records as AsyncIterable<Parsed>) yield* read(parsed);
  } catch (error) {
    throw malformed(error);
  }
  read.end();
}

function* numbered(records: Iterable<Parsed>): Generator<SentRow> {
  const read = rowReader();
  for (const parsed of records) yield* read(parsed);
  read.end();
}

/** Makes rows of records, the first of which names the columns. */
function rowReader() {
  const lineOf = lineCounter();
  let headings: string[] | undefined;
  const read = ({ record, info }: Parsed): SentRow[] => {
    const line = lineOf(record, info.lines);
    if (record.every((cell) => cell.trim() === '')) return [];
    if (headings) return [rowOf(headings, record, line)];
    headings = checkedHeadings(record);
    return [];
  };
  return Object.assign(read, {
    end: () => {
      if (!headings) throw new Problem('BODY_INVALID', 'The file is empty; its first line must name the columns.');
    },
  });
}

function rowOf(headings: readonly string[], record: readonly string[], line: number): SentRow {
  const isLonger = record.slice(headings.length).some((cell) => cell.trim() !== '');
  if (isLonger || record.length < headings.length)
    return {
      line,
      unread: `It has ${record.length} fields, the first line ${headings.length}; a comma may not be quoted, or a field be missing.`,
    };
  return { ...Object.fromEntries(headings.map((heading, at) => [heading, plainCell(record[at]!)])), line };
}

const malformed = (cause: unknown): unknown =>
  String((cause as { code?: unknown }).code).startsWith('CSV_')
    ? new Problem('BODY_MALFORMED', `The file is not CSV: ${(cause as Error).message}.`, { cause })
    : cause;

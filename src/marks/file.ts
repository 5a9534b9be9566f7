import { pipeline, type Readable, type Transform } from 'node:stream';
import { type CastingContext, type Info, type Options, parse as parser } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { delimiterIn } from '../http/formats/csv';
import { plainCell } from '../lib/formulas';
import { Problem } from '../lib/problem';
import { type Proof, proofOfOrder } from '../lib/written-days';
import type { BundleFile } from '../roster/oneroster/bundle';
import { charsetOf, decoderOf, lineCounter } from '../roster/oneroster/csv';
import { fileAt } from '../roster/oneroster/source';
import { checkedHeadings, columnNamed, type SentRow } from './row';

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

/** Holds the day of a row against those before it. */
export function addDay(proof: ReturnType<typeof proofOfOrder>, row: SentRow): void {
  for (const [heading, value] of Object.entries(row))
    if (typeof value === 'string' && columnNamed(heading) === 'date') proof.add(value, row.line ?? 0);
}

/** What the days of some rows prove of the order in which all of them are written. */
export function orderOfRows(rows: readonly SentRow[]): Proof | undefined {
  const proof = proofOfOrder();
  for (const [index, row] of rows.entries()) addDay(proof, { line: index + 1, ...row });
  return proof.get();
}

/** Rows a transaction: enough to be fast, few enough that the service can write in between. */
const CHUNK = 5_000;

/** A CSV file of marks of any size. */
export interface MarksFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** What its days prove of the order in which they are written. */
  readonly dateOrder: Proof | undefined;
  /** Its rows, so many at once that one transaction can take them. */
  chunks(onBytes?: (bytes: number) => void): AsyncGenerator<SentRow[]>;
}

/** Opens a file; it is read to its end, so that one that breaks off is found before anything is changed. */
export async function openMarksFile(path: string): Promise<MarksFile> {
  const entry = await fileAt(path);
  const file = { ...entry, charset: await charsetOf(entry) };
  const delimiter = delimiterIn(await headOf(file));
  async function* chunks(onBytes: (bytes: number) => void = () => undefined): AsyncGenerator<SentRow[]> {
    let chunk: SentRow[] = [];
    for await (const row of rowsOfStream(await file.open(), decoderOf(file, onBytes), delimiter)) {
      if (chunk.push(row) < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    yield chunk;
  }
  const proof = proofOfOrder();
  for await (const rows of chunks()) for (const row of rows) addDay(proof, row);
  return { name: file.name, size: file.size, dateOrder: proof.get(), chunks };
}

/** The beginning of a file, with its first line. */
async function headOf(file: BundleFile): Promise<string> {
  const stream = (await file.open()).pipe(decoderOf(file, () => undefined)).setEncoding('utf8');
  let head = '';
  for await (const text of stream) {
    head += text;
    if (/[^\r\n][\r\n]/.test(head) || head.length > HEAD) break;
  }
  stream.destroy();
  return head;
}

/** No honest first line is longer. */
const HEAD = 65_536;

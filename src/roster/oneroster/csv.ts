import { isAscii } from 'node:buffer';
import { pipeline, Transform } from 'node:stream';
import { TextDecoder } from 'node:util';
import zlib from 'node:zlib';
import { Parser } from 'csv-parse';
import { plainCell } from '../../lib/formulas';
import { preview } from '../../lib/preview';
import type { BundleFile } from './bundle';
import { FileError, ValueError } from './report';
import { type Entry, workbook } from './source';

/**
 * The character set of a file: OneRoster wants UTF-8; a byte order mark may say UTF-16; what is not valid UTF-8 was
 * saved by a spreadsheet as Windows-1252. The file is read to its end to know, since the first accent may be on its
 * last line. Throws where it is not what its checksum says.
 */
export async function charsetOf(file: Entry): Promise<string> {
  return (await readThrough(file)).charset;
}

/** The same, and whether the file breaks off in a line. */
export async function readThrough(file: Entry): Promise<{ charset: string; endsOpen: boolean }> {
  const stream = await file.open();
  const utf8 = utf8Check();
  let start = Buffer.alloc(0);
  let sum = 0;
  let end: Buffer = Buffer.alloc(0);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      if (start.length < 4) start = Buffer.concat([start, chunk.subarray(0, 4)]);
      if (file.crc32 !== undefined) sum = crc32(chunk, sum);
      utf8.add(chunk);
      end = chunk.length > 1 ? chunk.subarray(-2) : Buffer.concat([end, chunk]).subarray(-2);
    }
  } finally {
    stream.destroy();
  }
  if (file.crc32 !== undefined && crc32 !== noCrc32 && sum !== file.crc32) throw new Error('its checksum is wrong');
  if (start.subarray(0, 4).equals(ZIP)) throw workbook(file.name);
  const endsOpen = ![...end].some((byte) => byte === 0x0a || byte === 0x0d);
  return { charset: marked(start) ?? (utf8.valid() ? 'utf-8' : 'windows-1252'), endsOpen };
}

const noCrc32 = () => 0;
/** Node has it from 20.15 on; before, a zip is checked by its sizes and its compression alone. */
const crc32 = zlib.crc32 ?? noCrc32;

/** What a workbook is inside, whatever it is called. */
const ZIP = Buffer.from('PK\u0003\u0004');

function marked(start: Buffer): string | undefined {
  if (start[0] === 0xff && start[1] === 0xfe) return 'utf-16le';
  if (start[0] === 0xfe && start[1] === 0xff) return 'utf-16be';
  if (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf) return 'utf-8';
  return undefined;
}

function utf8Check() {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let ascii = true;
  let valid = true;
  const check = (decode: () => unknown) => {
    try {
      if (valid) decode();
    } catch {
      valid = false;
    }
    return valid;
  };
  return {
    add: (chunk: Buffer) => {
      ascii &&= isAscii(chunk);
      if (!ascii) check(() => decoder.decode(chunk, { stream: true }));
    },
    valid: () => check(() => decoder.decode()),
  };
}

/** Makes text of a file's bytes, without its byte order mark; `onBytes` is told how many bytes each step took. */
export function decoderOf({ charset }: BundleFile, onBytes: (bytes: number) => void): Transform {
  const decoder = new TextDecoder(charset);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, decoder.decode(chunk, { stream: true }));
    },
    flush: (done) => done(null, decoder.decode()),
  });
}

/** The bytes as they are; `onBytes` is told how many each step took. */
const counterOf = (onBytes: (bytes: number) => void): Transform =>
  new Transform({
    transform(chunk: Buffer, _encoding, done) {
      onBytes(chunk.length);
      done(null, chunk);
    },
  });

/** The first record of a file, which names its columns. */
export interface Header {
  /** How many columns there are. */
  readonly width: number;
  /** Where a column stands, however its name is written; -1 where there is none. */
  at(column: string): number;
}

const separators = new Map([
  [';', 'semicolons'],
  ['\t', 'tabs'],
  ['|', 'bars'],
]);

/**
 * OneRoster CSV, "The first row in the CSV file must contain the header fields". Throws FileError where it does not have
 * what the file cannot do without; its text is not repeated, since a file without a header begins with a person.
 */
export function headerOf(file: string, record: readonly string[], line: number, required: readonly string[]): Header {
  const names = record.map((name) => name.toLowerCase());
  while (names.at(-1) === '') names.pop(); // a spreadsheet's empty columns
  const missing = required.filter((name) => !names.includes(name.toLowerCase()));
  if (missing.length > 0) throw new FileError(file, line, `${without(missing, record)} Nothing of it was read.`);
  const twice = names.find((name, index) => name !== '' && names.indexOf(name) < index);
  if (twice !== undefined)
    throw new FileError(file, line, `The header has ${preview(twice)} twice; which one counts cannot be told.`);
  // Each row is asked for the same columns.
  const met = new Map<string, number>();
  const find = (column: string) => {
    const at = names.indexOf(column.toLowerCase());
    met.set(column, at);
    return at;
  };
  return { width: names.length, at: (column) => met.get(column) ?? find(column) };
}

function without(missing: readonly string[], record: readonly string[]): string {
  const text = record.join(',').toLowerCase();
  for (const [separator, called] of separators)
    if (text.split(separator).some((name) => name.replaceAll('"', '').trim() === missing[0]!.toLowerCase()))
      return `The columns are separated by ${called}; they must be by commas.`;
  const count = record.length === 1 ? '1 column' : `${record.length} columns`;
  return `The first line has ${count}, but none is called ${missing.join(' or ')}; it must name the columns.`;
}

/**
 * The line that each record begins on, told by the line that csv-parse says it ends on: a quoted value may hold line
 * ends of its own, and a CRLF in one is two lines to csv-parse.
 */
export function lineCounter(): (record: readonly string[], endLine: number) => number {
  let last = 0;
  let twice = 0;
  return (record, endLine) => {
    let inside = 0;
    const before = twice;
    if (endLine > last + 1)
      for (const value of record)
        for (let at = 0; at < value.length; at++) {
          const code = value.charCodeAt(at);
          if (code === LF || code === CR) inside++;
          if (code === CR && value.charCodeAt(at + 1) === LF) twice++;
        }
    last = endLine;
    return endLine - before - inside;
  };
}

const LF = 10;
const CR = 13;

/** No honest record is longer. */
const MAX_RECORD = 1024 * 1024;

interface Parsed {
  readonly record: string[];
  /** The line that it ends on. */
  readonly endLine: number;
  /** How many bytes the file has up to its end. */
  readonly bytes: number;
}

/** Where csv-parse could not go on. */
interface Fault {
  readonly code: string;
  /** How many records it had read. */
  readonly after: number;
}

const faults: Record<string, string> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote opens and is never closed',
  CSV_MAX_RECORD_SIZE: `a record has more than ${MAX_RECORD} bytes; a quote may not be closed`,
};

/** The records that can be read, some at a time; then throws FileError where there are more. `line` is that of the last one. */
export async function* recordsOf(
  file: BundleFile,
  onBytes: (bytes: number) => void,
  line: () => number,
): AsyncGenerator<readonly Parsed[]> {
  const broken = (why: string, cause?: unknown) =>
    new FileError(file.name, line(), `The file cannot be read after this line: ${why}. Nothing was ended.`, cause);
  const isUtf8 = file.charset === 'utf-8'; // which csv-parse reads without that text is made of it, and bytes again
  const { parser, fault } = parserOf(isUtf8);
  try {
    const bytes = isUtf8 ? counterOf(onBytes) : decoderOf(file, onBytes);
    pipeline(await file.open(), bytes, parser, () => undefined); // an error of any ends the loop
    let count = 0;
    for await (const batch of batchesOf(parser)) {
      const after = fault()?.after;
      const rest = after === undefined ? batch.length : after - count;
      yield rest < batch.length ? batch.slice(0, rest) : batch;
      if (rest < batch.length) break;
      count += batch.length;
    }
  } catch (error) {
    throw broken((error as Error).message, error);
  }
  const { code } = fault() ?? {};
  if (code) throw broken(faults[code] ?? code);
}

/** Whatever has been parsed, as it comes: to wait for each record by itself takes as long as to read it. */
async function* batchesOf(parser: Parser): AsyncGenerator<Parsed[]> {
  let wake = () => {};
  let failure: Error | undefined;
  for (const event of ['readable', 'end', 'close']) parser.on(event, () => wake());
  parser.on('error', (error) => {
    failure = error;
    wake();
  });
  try {
    for (;;) {
      const batch: Parsed[] = [];
      for (let parsed = parser.read(); parsed !== null; parsed = parser.read()) batch.push(parsed);
      if (batch.length > 0) yield batch;
      else if (failure) throw failure;
      else if (parser.readableEnded || parser.closed) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    parser.destroy();
  }
}

/** With `info` csv-parse says where each record ends, and so much else that it takes half as long again. */
class PlacingParser extends Parser {
  override push(record: string[] | null): boolean {
    return super.push(record && { record, endLine: this.info.lines, bytes: this.info.bytes });
  }
}

function parserOf(bom: boolean): { parser: Parser; fault: () => Fault | undefined } {
  let fault: Fault | undefined;
  const parser: Parser = new PlacingParser({
    bom,
    ltrim: true, // so that a quote may stand after a space
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: MAX_RECORD,
    // Else an error would take the records with it that were read before and are still waiting.
    skip_records_with_error: true,
    on_skip: (error) => {
      fault ??= { code: String(error?.code), after: parser.info.records };
    },
  });
  return { parser, fault: () => fault };
}

/** One record of a CSV file. */
export interface Row {
  /** The line its record begins on; the header is on line 1. */
  readonly line: number;
  /** How many bytes it has. */
  readonly size: number;
  /** Why its values cannot be told from each other; undefined where they can. */
  readonly fault: string | undefined;
  /** The value of a column, trimmed; empty where there is none, or where `NULL`, `N/A` or `n/a` says so. Throws ValueError for one that not every engine keeps. */
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
    for (const { record, endLine, bytes } of records) {
      line = lineOf(record, endLine);
      const spans = endLine > last + 1;
      last = endLine;
      if (record.every(isBlank)) continue;
      if (header) rows.push(new ParsedRow(file, header, record, line, bytes - read, spans));
      else header = headerOf(file.name, record.map(trimmed), line, required);
      read = bytes;
    }
    yield rows;
  }
  if (!header) throw new FileError(file.name, 0, 'The file is empty; its first line must name the columns.');
}

class ParsedRow implements Row {
  readonly fault: string | undefined;

  constructor(
    private readonly file: BundleFile,
    private readonly header: Header,
    private readonly record: readonly string[],
    readonly line: number,
    readonly size: number,
    spans: boolean,
  ) {
    const { width } = header;
    this.fault = (spans && openIn(record)) || (record.length === width ? undefined : faultOf(record, width));
  }

  get(column: string): string {
    const at = this.header.at(column);
    const written = trimmed((at < 0 ? undefined : this.record[at]) ?? '');
    if (written === '') return '';
    const value = this.file.isGuarded ? plainCell(written) : written;
    if (value.includes('\u0000')) throw new ValueError(column, 'There is a NUL character in it.');
    return isNothing(value) && !named.has(column) ? '' : value;
  }
}

/** DOS ends a text by Ctrl-Z, and some exports still do. */
const CTRL_Z = '\u001a';
const isBlank = (value: string): boolean => value.trim() === '' || value.trim() === CTRL_Z;

/** What databases write where there is nothing. */
const isNothing = (value: string): boolean => value === 'NULL' || value === 'N/A' || value === 'n/a' || value === '\\N';
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
  if (isPrintable(value.charCodeAt(0)) && isPrintable(value.charCodeAt(value.length - 1))) return value; // as most are
  const text = (value.endsWith(CTRL_Z) ? value.slice(0, -1) : value).trim();
  return text !== value && text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text;
}

/** A character of ASCII that is neither a space nor a control. */
const isPrintable = (code: number): boolean => code > 0x20 && code < 0x7f;

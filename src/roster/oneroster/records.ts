import { pipeline } from 'node:stream';
import { type Parser, parse } from 'csv-parse';
import type { BundleFile } from './bundle';
import { decoderOf } from './charset';
import { FileError } from './errors';

/** No honest record is longer. */
const MAX_RECORD = 1024 * 1024;

interface Parsed {
  readonly record: string[];
  readonly info: { readonly lines: number; readonly bytes: number };
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
  const { parser, fault } = parserOf();
  try {
    pipeline(await file.open(), decoderOf(file, onBytes), parser, () => undefined); // an error of any ends the loop
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

function parserOf(): { parser: Parser; fault: () => Fault | undefined } {
  let fault: Fault | undefined;
  const parser = parse({
    info: true,
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

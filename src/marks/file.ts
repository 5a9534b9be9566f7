import { delimiterIn } from '../http/formats/csv';
import type { BundleFile } from '../roster/oneroster/bundle';
import { charsetOf, decoderOf } from '../roster/oneroster/charset';
import { fileAt } from '../roster/oneroster/source';
import { type Proof, proofOfOrder } from '../written-days';
import { rowsOfStream } from './csv-rows';
import { addDay } from './date-order';
import type { SentRow } from './row';

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

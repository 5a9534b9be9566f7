import { charsetOf, decoderOf } from '../roster/oneroster/charset';
import { fileAt } from '../roster/oneroster/source';
import { rowsOfStream } from './csv-rows';
import type { SentRow } from './row';

/** Rows a transaction: enough to be fast, few enough that the service can write in between. */
const CHUNK = 5_000;

/** A CSV file of marks of any size. */
export interface MarksFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Its rows, so many at once that one transaction can take them. */
  chunks(onBytes?: (bytes: number) => void): AsyncGenerator<SentRow[]>;
}

/** Opens a file; it is read to its end, so that one that breaks off is found before anything is changed. */
export async function openMarksFile(path: string): Promise<MarksFile> {
  const entry = await fileAt(path);
  const file = { ...entry, charset: await charsetOf(entry) };
  async function* chunks(onBytes: (bytes: number) => void = () => undefined): AsyncGenerator<SentRow[]> {
    let chunk: SentRow[] = [];
    for await (const row of rowsOfStream(await file.open(), decoderOf(file, onBytes))) {
      if (chunk.push(row) < CHUNK) continue;
      yield chunk;
      chunk = [];
    }
    yield chunk;
  }
  for await (const _ of chunks());
  return { name: file.name, size: file.size, chunks };
}

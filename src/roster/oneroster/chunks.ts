import type { BundleFile } from './bundle';
import { batchesIn, type Row } from './csv';
import { FileError } from './errors';
import type { progressOf } from './progress';

/** Rows a transaction: enough to be fast, few enough that the service can write in between. */
const CHUNK = 5_000;
/** PostgreSQL takes 256 MiB of JSON at once, and a character may be six in it. */
const CHUNK_BYTES = 16 * 1024 * 1024;

/** Reads a file in chunks; never more than one of them is in memory. What was read before a fault is taken. */
export async function inChunks(
  file: BundleFile,
  progress: ReturnType<typeof progressOf>,
  take: (rows: Row[]) => Promise<void>,
): Promise<void> {
  const step = progress.start(file);
  let chunk: Row[] = [];
  let bytes = 0;
  const taken = async () => {
    if (chunk.length > 0) await take(chunk);
    step.rows(chunk.length);
    chunk = [];
    bytes = 0;
  };
  try {
    for await (const rows of batchesIn(file, ['sourcedId'], step.bytes))
      for (const row of rows) {
        chunk.push(row);
        bytes += row.size;
        if (chunk.length >= CHUNK || bytes >= CHUNK_BYTES) await taken();
      }
  } catch (error) {
    if (error instanceof FileError) await taken();
    throw error;
  }
  await taken();
}

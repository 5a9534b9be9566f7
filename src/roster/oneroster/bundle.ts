import { stat } from 'node:fs/promises';
import { readThrough } from './charset';
import { BundleError, type Entry, openFolder, refuseWorkbook } from './source';
import { openZip } from './zip';

export { BundleError } from './source';

/** One CSV file of a bundle; it has been read once from end to end. */
export interface BundleFile extends Entry {
  readonly charset: string;
  /** Whether it does not end in a line end. */
  readonly endsOpen?: boolean;
}

export interface Bundle {
  /** By their names in lower case, without `.csv`. */
  readonly files: ReadonlyMap<string, BundleFile>;
  close(): void;
}

/** No honest CSV file of a roster is larger; a zip that holds one is meant to fill the disk or the day. */
const MAX_SIZE = 4 * 1024 ** 3;

/**
 * Opens these files (lower case, without `.csv`) of a folder or a zip; they may lie in a folder of their own. Each is
 * read to its end, so that one that is damaged is found before anything is changed.
 */
export async function openBundle(source: string, wanted: ReadonlySet<string>): Promise<Bundle> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new BundleError(`There is no file or folder ${source}.`);
  refuseWorkbook(source);
  const { entries, close } = found.isDirectory() ? await openFolder(source) : await openZip(source);
  try {
    const files = new Map<string, BundleFile>();
    for (const [name, entry] of byName(entries, wanted)) files.set(name, await readOnce(entry));
    return { files, close };
  } catch (error) {
    close();
    throw error;
  }
}

function byName(entries: readonly Entry[], wanted: ReadonlySet<string>): ReadonlyMap<string, Entry> {
  const named = new Map<string, Entry>();
  for (const entry of entries) {
    const name = entry.name.toLowerCase().replace(/\.csv$/, '');
    if (!wanted.has(name)) continue;
    if (named.has(name)) throw new BundleError(`There are two files ${entry.name}; which one counts cannot be told.`);
    named.set(name, entry);
  }
  return named;
}

async function readOnce(entry: Entry): Promise<BundleFile> {
  if (entry.size > MAX_SIZE)
    throw new BundleError(`${entry.name} has ${entry.size} bytes; at most ${MAX_SIZE} are read.`);
  try {
    return { ...entry, ...(await readThrough(entry)) };
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    throw new BundleError(`${entry.name} cannot be read: ${(cause as Error).message}.`, { cause });
  }
}

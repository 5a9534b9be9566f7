import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';

/** The source is no bundle that can be imported; nothing has been done. */
export class BundleError extends Error {}

/** One CSV file of a bundle. */
export interface BundleFile {
  /** As it is called in the bundle. */
  readonly name: string;
  /** Bytes, uncompressed. */
  readonly size: number;
  open(): Promise<Readable>;
}

export interface Bundle {
  /** By their names in lower case, without `.csv`. */
  readonly files: ReadonlyMap<string, BundleFile>;
  close(): void;
}

/** No honest CSV file of a roster is larger; a zip that holds one is meant to fill the disk or the day. */
const MAX_SIZE = 4 * 1024 ** 3;

/** Opens a folder or a zip; its CSV files may lie in a folder of their own. */
export async function openBundle(source: string): Promise<Bundle> {
  const found = await stat(source).catch(() => undefined);
  if (!found) throw new BundleError(`There is no file or folder ${source}.`);
  const { files, close } = found.isDirectory() ? await folder(source) : await zip(source);
  const byName = new Map<string, BundleFile>();
  for (const file of files) {
    if (file.size > MAX_SIZE)
      throw new BundleError(`${file.name} has ${file.size} bytes; at most ${MAX_SIZE} are read.`);
    byName.set(file.name.toLowerCase().replace(/\.csv$/, ''), file);
  }
  return { files: byName, close };
}

const isCsv = (path: string): boolean => /\.csv$/i.test(path) && !/(^|\/)(\.|__MACOSX\/)/.test(path);

interface Opened {
  readonly files: readonly BundleFile[];
  readonly close: () => void;
}

async function folder(path: string): Promise<Opened> {
  const entries = await readdir(path, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory() && !/^(\.|__MACOSX)/.test(entry.name));
  const paths = entries.filter((entry) => entry.isFile() && isCsv(entry.name)).map(({ name }) => join(path, name));
  if (paths.length === 0 && inner.length === 1) return folder(join(path, inner[0]!.name));
  const files = paths.map(async (file) => ({
    name: basename(file),
    size: (await stat(file)).size,
    open: async () => createReadStream(file),
  }));
  return { files: await Promise.all(files), close: () => undefined };
}

async function zip(path: string): Promise<Opened> {
  const archive = await openZip(path);
  const files: BundleFile[] = [];
  await new Promise<void>((resolve, reject) => {
    archive.on('error', (error) => reject(notZip(path, error)));
    archive.on('end', resolve);
    archive.on('entry', (entry: yauzl.Entry) => {
      if (isCsv(entry.fileName)) files.push(fileOf(archive, entry));
      archive.readEntry();
    });
    archive.readEntry();
  });
  return { files, close: () => archive.close() };
}

function fileOf(archive: yauzl.ZipFile, entry: yauzl.Entry): BundleFile {
  const name = basename(entry.fileName);
  const encrypted = (entry.generalPurposeBitFlag & 1) === 1;
  const open = () =>
    new Promise<Readable>((resolve, reject) => {
      if (encrypted) return reject(new BundleError(`${name} is encrypted; send it without a password.`));
      archive.openReadStream(entry, (error, stream) => (error ? reject(notZip(name, error)) : resolve(stream)));
    });
  return { name, size: entry.uncompressedSize, open };
}

const openZip = (path: string) =>
  new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, archive) =>
      error ? reject(notZip(path, error)) : resolve(archive),
    );
  });

const notZip = (path: string, cause: unknown) =>
  cause instanceof BundleError
    ? cause
    : new BundleError(`${path} is no zip that can be read: ${(cause as Error).message}.`, { cause });

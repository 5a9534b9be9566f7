import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { preview } from '../../lib/preview';
import { readThrough, rowsOf } from './csv';
import { type FileSpec, fileSpecs } from './files';
import { FileError, ValueError } from './report';
import { BundleError, type Entry, isCsv, openFolder, refuseWorkbook, type Source } from './source';

/** The CSV files of a zip. Nothing of it is written to the disk, so that its paths lead nowhere. */
export async function openZip(path: string): Promise<Source> {
  const archive = await open(path).catch((error) => {
    throw notZip(path, error);
  });
  const close = () => archive.close();
  try {
    return { entries: await entriesOf(archive), close };
  } catch (error) {
    close();
    throw notZip(path, error);
  }
}

const open = (path: string) =>
  new Promise<yauzl.ZipFile>((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, archive) =>
      error ? reject(error) : resolve(archive),
    );
  });

const entriesOf = (archive: yauzl.ZipFile) =>
  new Promise<Entry[]>((resolve, reject) => {
    const entries: Entry[] = [];
    archive.on('error', reject);
    archive.on('end', () => resolve(entries));
    archive.on('entry', (entry: yauzl.Entry) => {
      if (isCsv(entry.fileName)) entries.push(entryOf(archive, entry));
      archive.readEntry();
    });
    archive.readEntry();
  });

function entryOf(archive: yauzl.ZipFile, entry: yauzl.Entry): Entry {
  const name = basename(entry.fileName);
  const openEntry = () =>
    new Promise<Readable>((resolve, reject) => {
      if (entry.isEncrypted()) return reject(new BundleError(`${name} is encrypted; send it without a password.`));
      archive.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)));
    });
  return { name, size: entry.uncompressedSize, crc32: entry.crc32, open: openEntry };
}

const notZip = (path: string, cause: unknown) =>
  new BundleError(`${path} is no zip that can be read: ${(cause as Error).message}.`, { cause });

/** One CSV file of a bundle; it has been read once from end to end. */
export interface BundleFile extends Entry {
  readonly charset: string;
  /** Whether it does not end in a line end. */
  readonly endsOpen?: boolean;
  /** Whether its cells have the guards that rollbook writes: `src/lib/csv.ts`. */
  readonly isGuarded?: boolean;
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

const modes = ['bulk', 'delta', 'absent'] as const;

/** Whether a file lists everything there is, what has changed, or nothing. */
export type Mode = (typeof modes)[number];

/** The `source.systemCode` of the manifests that rollbook writes. */
export const SYSTEM_CODE = 'rollbook';

/**
 * What the manifest says of each file; bulk where it says nothing and the file is there. Throws BundleError where it
 * says what is not understood: to take a delta for bulk would end all that has not changed.
 */
export async function readManifest({ files }: Bundle): Promise<Manifest> {
  const manifest = files.get('manifest');
  const properties = manifest ? await propertiesIn(manifest) : new Map<string, string>();
  const isGuarded = properties.get('source.systemcode') === SYSTEM_CODE;
  const version = properties.get('oneroster.version') ?? '';
  if (version && !/^v?1\.[012](?!\d)/.test(version))
    throw new BundleError(`OneRoster ${preview(version)} is not read here; 1.1 and 1.2 are.`);
  const said = new Map(fileSpecs.map(({ file }) => [file, modeIn(properties, file)]));
  const unsaid = fileSpecs.filter(({ file }) => files.has(file.toLowerCase()) && !said.get(file));
  return {
    modeOf: (file) => said.get(file) ?? (files.has(file.toLowerCase()) ? 'bulk' : 'absent'),
    unsaid: manifest ? unsaid.map(({ file }) => `${file}.csv`) : 'manifest',
    files: new Map([...files].map(([name, file]) => [name, { ...file, isGuarded }])),
  };
}

/** What the manifest says. */
export interface Manifest {
  readonly modeOf: (file: FileSpec['file']) => Mode;
  /** The files that were taken for bulk since it does not say what they are; all of them where there is no manifest. */
  readonly unsaid: readonly string[] | 'manifest';
  /** The files, of which it says whether rollbook has written them. */
  readonly files: Bundle['files'];
}

function modeIn(properties: ReadonlyMap<string, string>, file: string): Mode | undefined {
  const value = properties.get(`file.${file.toLowerCase()}`);
  const mode = modes.find((known) => known === value);
  if (value !== undefined && !mode)
    throw new BundleError(`The manifest says ${preview(value)} of ${file}; ${modes.join(', ')} are understood.`);
  return mode;
}

async function propertiesIn(manifest: BundleFile): Promise<Map<string, string>> {
  const properties = new Map<string, string>();
  try {
    for await (const row of rowsOf(manifest, ['propertyName', 'value']))
      properties.set(row.get('propertyName').toLowerCase(), row.get('value').toLowerCase());
    return properties;
  } catch (error) {
    if (error instanceof FileError || error instanceof ValueError)
      throw new BundleError(`${manifest.name} is not understood: ${error.message}`, { cause: error });
    throw error;
  }
}

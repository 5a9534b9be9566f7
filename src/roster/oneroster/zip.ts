import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import yauzl from 'yauzl';
import { BundleError, type Entry, isCsv, type Source } from './source';

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

import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';

/** The source is no bundle that can be imported; nothing has been done. */
export class BundleError extends Error {}

/** Spreadsheets keep their own files so, which are no text. */
export function refuseWorkbook(name: string): void {
  if (/\.(xlsx|xlsm|xlsb|xls|ods|numbers)$/i.test(name)) throw workbook(name);
}
export const workbook = (name: string): BundleError =>
  new BundleError(`${basename(name)} is a workbook; save it as CSV in the spreadsheet, and send that.`);

/** One CSV file where it lies. */
export interface Entry {
  /** As it is called there. */
  readonly name: string;
  /** Bytes, uncompressed. */
  readonly size: number;
  /** The checksum that its bytes must have; undefined where none was sent along. */
  readonly crc32?: number;
  open(): Promise<Readable>;
}

/** A folder or a zip that has been opened. */
export interface Source {
  readonly entries: readonly Entry[];
  readonly close: () => void;
}

export const isCsv = (path: string): boolean => /\.csv$/i.test(path) && !/(^|\/)(\.|__MACOSX\/)/.test(path);

/** The CSV files of a folder, or of the only folder in it. */
export async function openFolder(path: string): Promise<Source> {
  const entries = await readdir(path, { withFileTypes: true });
  const inner = entries.filter((entry) => entry.isDirectory() && !/^(\.|__MACOSX)/.test(entry.name));
  const paths = entries.filter((entry) => entry.isFile() && isCsv(entry.name)).map(({ name }) => join(path, name));
  if (paths.length === 0 && inner.length === 1) return openFolder(join(path, inner[0]!.name));
  return { entries: await Promise.all(paths.map(fileAt)), close: () => undefined };
}

/** The file at a path. */
export async function fileAt(path: string): Promise<Entry> {
  refuseWorkbook(path);
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new BundleError(`There is no file ${path}.`);
  return { name: basename(path), size: found.size, open: async () => createReadStream(path) };
}

import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Where the keys of an embedded database are kept: one a line, the one in use first, readable by its owner alone. */
export const keyFileOf = (database: string): string => join(dirname(database), 'rollbook.key');

/** 256 bits. */
export const newKey = (): string => randomBytes(32).toString('base64url');

/** The lines of the file. Others than its owner lose their access. */
export function readKeyFile(path: string): string[] {
  if ((statSync(path).mode & 0o077) !== 0) chmodSync(path, 0o600);
  return readFileSync(path, 'utf8')
    .trim()
    .split(/\s*\n\s*/);
}

/** The file has either the keys it had or these, whenever it is read. */
export function replaceKeyFile(path: string, keys: readonly string[]): void {
  const written = nameOfDraft(path);
  try {
    draft(written, keys);
    renameSync(written, path);
  } finally {
    rmSync(written, { force: true });
  }
}

/** Makes the file with one key, where there is none. Of two processes that start at once, one wins and both read its key. */
export function makeKeyFile(path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const written = nameOfDraft(path);
  try {
    draft(written, [newKey()]);
    linkSync(written, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(written, { force: true }); // also half of one, where the disk is full
  }
}

/** Written whole under another name first. */
function draft(path: string, keys: readonly string[]): void {
  writeFileSync(path, keys.map((key) => `${key}\n`).join(''), { mode: 0o600, flag: 'wx', flush: true });
}

const nameOfDraft = (path: string): string => `${path}.${randomBytes(6).toString('hex')}`;

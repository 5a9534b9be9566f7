import { randomBytes } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { BackupError } from './errors';

/**
 * Makes a file that is whole or not there: it is written under another name beside it, readable by its owner alone,
 * and gets its own name once it is on disk.
 * @param force whether it takes the place of one that is there
 */
export async function wholeFile<T>(file: string, force: boolean, write: (draft: string) => Promise<T>): Promise<T> {
  checkFree(file, force);
  const draft = `${file}.${randomBytes(4).toString('hex')}.part`;
  try {
    closeSync(openSync(draft, 'wx', 0o600));
    const written = await write(draft);
    sync(draft);
    checkFree(file, force);
    renameSync(draft, file);
    sync(dirname(file));
    return written;
  } finally {
    for (const suffix of ['', '-journal', '-wal', '-shm']) rmSync(draft + suffix, { force: true });
  }
}

function checkFree(file: string, force: boolean): void {
  if (!existsSync(dirname(file))) throw new BackupError(`There is no folder ${dirname(file)}.`);
  if (!force && existsSync(file)) throw new BackupError(`${file} exists; --force replaces it.`);
}

/** On disk, also a folder's list of names. */
function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

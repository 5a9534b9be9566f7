import { existsSync, mkdtempSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux keeps it in memory. */
const MEMORY = '/dev/shm';
/** More than all files of a run take at a time, in bytes; containers often have less of it. */
const ROOM = 3 * 2 ** 30;

/** A folder for the databases and other files of a run, which need not survive a power cut: in memory where there is room. */
export function runFolder(): string {
  const free = existsSync(MEMORY) ? statfsSync(MEMORY) : undefined;
  const isRoomy = free && free.bavail * free.bsize > ROOM;
  return mkdtempSync(join(isRoomy ? MEMORY : tmpdir(), 'rollbook-tests-'));
}

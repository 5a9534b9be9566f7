import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './rounds';

/** Where figures come from, without which they say little. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGB: number;
  /** Milliseconds until 4 KB are on disk. */
  readonly fsyncMs: number;
  readonly node: string;
  readonly system: string;
  /** Requests a second that the load generator reaches alone. */
  readonly generator: number;
}

export const machineAt = (scratch: string): Omit<Machine, 'generator'> => ({
  processor: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGB: Math.round(totalmem() / 2 ** 30),
  fsyncMs: fsyncTime(scratch),
  node: process.version,
  system: `${process.platform} ${process.arch}`,
});

function fsyncTime(scratch: string): number {
  const folder = mkdtempSync(join(scratch, 'rollbook-fsync-'));
  const file = openSync(join(folder, 'probe'), 'w');
  const times = Array.from({ length: 50 }, () => {
    const started = performance.now();
    writeSync(file, Buffer.alloc(4_096, 1));
    fsyncSync(file);
    return performance.now() - started;
  });
  closeSync(file);
  rmSync(folder, { recursive: true });
  return median(times);
}

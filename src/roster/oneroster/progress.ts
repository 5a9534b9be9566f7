import type { Bundle, BundleFile } from './bundle';
import { fileSpecs } from './files';

/** How far an import is. */
export interface Progress {
  readonly file: string;
  readonly rows: number;
  /** Bytes read, and of how many. */
  readonly done: number;
  readonly total: number;
}

/** Counts what is read of a bundle's files. */
export function progressOf({ files }: Bundle, onProgress: (progress: Progress) => void) {
  const read = fileSpecs.flatMap(({ file }) => files.get(file.toLowerCase()) ?? []);
  const total = read.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  return {
    start({ name }: BundleFile) {
      let rows = 0;
      const tell = () => onProgress({ file: name, rows, done, total });
      return {
        bytes: (count: number) => {
          done += count;
        },
        rows: (count: number) => {
          rows += count;
          tell();
        },
      };
    },
  };
}

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where a program is, in the folders of `PATH` or the others; undefined where it is not installed. */
export const installed = (program: string, ...others: string[]): string | undefined =>
  [...(process.env.PATH ?? '').split(delimiter), ...others]
    .map((folder) => join(folder, program))
    .find((file) => existsSync(file));

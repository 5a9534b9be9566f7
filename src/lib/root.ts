import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The project's folder, from source as from the build below `dist`. */
export const root = upTo('package.json', __dirname);

function upTo(file: string, folder: string): string {
  return existsSync(join(folder, file)) ? folder : upTo(file, dirname(folder));
}

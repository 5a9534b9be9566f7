import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './root';

/** The version of this rollbook, by package.json. */
export const version = (): string => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

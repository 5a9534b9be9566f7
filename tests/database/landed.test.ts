import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';

/**
 * A migration that has landed is never edited: databases that have run it would be left with what it made before. The
 * list has each as it landed. A new one is added to it once, by the command that the test says.
 */
const folder = join(root, 'db', 'migrations');
const files = readdirSync(folder).filter((file) => /^\d{4}_\w+\.ts$/.test(file));
const landed = new Map(
  readFileSync(join(__dirname, 'landed.sha256'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(/\s+db\/migrations\//).reverse() as [file: string, hash: string]),
);
const hashOf = (file: string) =>
  createHash('sha256')
    .update(readFileSync(join(folder, file)))
    .digest('hex');

test('no migration that has landed was edited', () => {
  const edited = [...landed].filter(([file, hash]) => !files.includes(file) || hashOf(file) !== hash);
  expect(edited.map(([file]) => `${file}: take the change back, and make another migration of it`)).toEqual([]);
});

test('each migration is in the list', () => {
  const missing = files.filter((file) => !landed.has(file));
  expect(missing.map((file) => `sha256sum db/migrations/${file} >> tests/database/landed.sha256`)).toEqual([]);
});

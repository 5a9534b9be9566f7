import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errors } from '../../src/errors';
import { root } from '../../src/root';

const readme = readFileSync(join(root, 'README.md'), 'utf8');
/** The rows of the table whose head starts with the word. */
const tableOf = (head: string): string[][] =>
  readme
    .split(`| ${head} |`)[1]!
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    );

test('README lists every error code with its status and meaning', () => {
  expect(tableOf('code')).toEqual(
    Object.entries(errors).map(([code, [status, title]]) => [code, String(status), title]),
  );
});

test('README lists every variable that the configuration reads', () => {
  const read = readFileSync(join(root, 'src/config.ts'), 'utf8').matchAll(/env\.([A-Z_]+)/g);
  const names = new Set([...read].map(([, name]) => name));
  expect(
    tableOf('variable')
      .map(([name]) => name)
      .sort(),
  ).toEqual([...names].sort());
});

test('README names the commands that package.json has', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const [, script] of readme.matchAll(/npm run (?:-s )?([\w:-]+)/g)) expect(scripts).toHaveProperty(script!);
});

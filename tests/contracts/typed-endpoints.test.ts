import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';

const file = 'tests/contracts/typed-endpoints.wrong.ts';

test('an endpoint that reads or replies what its schemas do not have does not compile, and one that is right does', () => {
  const compiler = join(root, 'node_modules/.bin/tsc');
  const { stdout } = spawnSync(compiler, ['-p', 'tests/contracts/typed-endpoints.tsconfig.json', '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  const found = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm)].map(([, ...error]) => error.join(' '));
  const named = readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const code = /\/\/ (TS\d+)$/.exec(line)?.[1];
      return code ? [`${file} ${index + 1} ${code}`] : [];
    });
  expect(named.length).toBeGreaterThan(15);
  expect(found).toEqual(named);
});

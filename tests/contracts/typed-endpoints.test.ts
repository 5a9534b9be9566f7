import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../src/lib/root';

const compiler = join(root, 'node_modules/.bin/tsc');
let errors: string[];
beforeAll(() => {
  const { stdout } = spawnSync(compiler, ['-p', 'tests/contracts/typed-endpoints.tsconfig.json', '--pretty', 'false'], {
    cwd: root,
    encoding: 'utf8',
  });
  errors = [...stdout.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+)/gm)].map(([, ...error]) => error.join(' '));
});

const elsewhere = (error: string) => !/typed-(endpoints|queries)\.wrong/.test(error);

test.each([
  ['an endpoint that reads or replies what its schemas do not have', 'tests/contracts/typed-endpoints.wrong.ts', 15],
  ['a read of what a query does not say of its rows', 'tests/contracts/typed-queries.wrong.ts', 10],
])('%s does not compile, and one that is right does', (_what, file, least) => {
  const named = readFileSync(join(root, file), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      const code = /\/\/ (TS\d+)$/.exec(line)?.[1];
      return code ? [`${file} ${index + 1} ${code}`] : [];
    });
  expect(named.length).toBeGreaterThan(least);
  expect(errors.filter((error) => error.startsWith(file))).toEqual(named);
  expect(errors.filter(elsewhere)).toEqual([]);
});

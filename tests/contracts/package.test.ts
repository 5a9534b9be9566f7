import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../src/lib/root';

// On a busy machine it takes its time.
jest.setTimeout(120_000);

/** What `npm pack` puts into the package, of what is built; a real `npm pack` builds anew first. */
let files: string[];
beforeAll(async () => {
  const npm = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = await promisify(execFile)('npm', npm, { cwd: root, maxBuffer: 16 * 1024 * 1024 });
  const [packed] = JSON.parse(stdout) as { files: { path: string }[] }[];
  files = packed!.files.map(({ path }) => path);
});

const read = (file: string) => readFileSync(join(root, file), 'utf8');

test('the package holds what runs: the program, the pages, the schemas, the migrations and the sample school', () => {
  for (const file of [
    'dist/src/cli/main.js',
    'dist/src/service/workers/supervise.js',
    'dist/schemas/rollbook/rolls.js',
    'dist/db/migrations/0001_roster.js',
    'dist/knexfile.js',
    'dist/web/index.html',
    'db/schema/sqlite.txt',
    'db/schema/postgres.txt',
    'db/seeds/sample-school/attendance.csv',
    'package.json',
  ])
    expect(files).toContain(file);
});

test('it holds nothing else: no tests, no sources, no maps, no manual', () => {
  const runs =
    /^(README\.md|package\.json|dist\/(knexfile|(db|schemas|src)\/.+)\.js|dist\/web\/.+|db\/(distribute\.sql|(schema|seeds)\/.+))$/;
  expect(files.filter((file) => !runs.test(file) || /\.(map|tsx?)$|\btests?\//.test(file))).toEqual([]);
});

test('what it loads is in it, in Node, or among the dependencies that are installed with it', () => {
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: object };
  const known = new Set([...builtinModules, ...Object.keys(dependencies)]);
  const loaded = (file: string) => [...read(file).matchAll(/\brequire\("([^".][^"]*)"\)/g)].map(([, name]) => name!);
  const packageOf = (name: string) => /^(?:node:)?((?:@[^/]+\/)?[^/]+)/.exec(name)![1]!;
  const programs = files.filter((file) => /^dist\/(?!web).*\.js$/.test(file));
  const missing = programs.flatMap((file) => loaded(file).filter((name) => !known.has(packageOf(name))));
  expect(missing).toEqual([]);
  expect(programs.flatMap(loaded)).toContain('express');
});

describe('the Containerfile', () => {
  const lines = read('packaging/Containerfile').replace(/\\\n/g, ' ').split('\n');
  const instructions = lines.filter((line) => /^[A-Z]/.test(line)).map((line) => line.split(/\s+/));
  const given = (name: string) =>
    instructions.filter(([instruction]) => instruction === name).map(([, ...rest]) => rest);

  test('copies what there is, and runs scripts that package.json has', () => {
    const fromHere = given('COPY').filter(([first]) => !first!.startsWith('--from'));
    const sources = fromHere.flatMap((words) => words.slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const { scripts } = JSON.parse(read('package.json')) as { scripts: object };
    const run = [...lines.join('\n').matchAll(/npm run ([\w:-]+)/g)].map(([, script]) => script!);
    expect(run).toEqual(['build']);
    expect(run.filter((script) => !(script in scripts))).toEqual([]);
  });

  test('has all that the package of npm has', () => {
    const copied = given('COPY').flatMap(([first, , to]) => (first!.startsWith('--from') ? [to!] : []));
    const left = files.filter((file) => file !== 'README.md' && file !== 'package.json');
    expect(left.filter((file) => !copied.some((path) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
    expect(copied).toContain('node_modules');
  });

  test('runs as somebody who is not root, says where it listens, and how one sees that it is well', () => {
    expect(given('USER')).toEqual([['node']]);
    expect(given('EXPOSE')).toEqual([['3000']]);
    const [check] = lines.filter((line) => line.startsWith('HEALTHCHECK'));
    const program = JSON.parse(/CMD (\[.*\])$/.exec(check!)![1]!) as string[];
    expect(program.slice(0, 2)).toEqual(['node', '-e']);
    expect(() => new Function(program[2]!)).not.toThrow();
    expect(program[2]).toContain('/readyz');
  });
});

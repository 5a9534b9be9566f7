import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { schemaNamed } from '../../src/http/validator';
import { root } from '../../src/root';

/** The rules of the house: they are about the source, the same on every engine. */
const files = (folder: string, ending: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => join(folder, file));
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const sources = files('src', '.ts');
const importsOf = (file: string) =>
  [...read(file).matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map(([, path]) =>
    relative(root, join(root, file, '..', path!)),
  );

test.each([
  ['ledger', ['http', 'dialects', 'cli', 'clients']],
  ['database', ['ledger', 'roster', 'http', 'dialects', 'cli', 'clients']],
  ['roster', ['http', 'dialects', 'cli', 'clients']],
  ['clients', ['http', 'dialects', 'cli']],
  ['http', ['dialects', 'cli', 'roster']],
  ['dialects', ['cli']],
])('%s imports nothing from %p', (folder, others) => {
  const imports = sources
    .filter((file) => file.startsWith(`src/${folder}/`))
    .flatMap((file) => importsOf(file).map((path) => `${file} -> ${path}`));
  expect(imports.filter((arrow) => others.some((other) => arrow.includes(`-> src/${other}/`)))).toEqual([]);
});

test('no dialect imports another', () => {
  const arrows = sources.flatMap((file) => importsOf(file).map((path) => [file, path] as const));
  const dialectOf = (path: string) => /^src\/dialects\/(\w+)\//.exec(path)?.[1];
  expect(arrows.filter(([from, to]) => dialectOf(from) && dialectOf(to) && dialectOf(from) !== dialectOf(to))).toEqual(
    [],
  );
});

test('the names of dialects stay out of ledger, http, database and clients', () => {
  const inside = sources.filter((file) => /^src\/(ledger|http|database|clients)\//.test(file));
  expect(inside.filter((file) => /schoology|powerschool|osdi|wix/i.test(read(file)))).toEqual([]);
});

test('the engines are told apart nowhere but in their own pair of files', () => {
  const outside = [...sources, ...files('db', '.ts')].filter((file) => !/^src\/(database|config)/.test(file));
  expect(outside.filter((file) => /client\.config\.client|=== 'sqlite|=== 'postgres/.test(read(file)))).toEqual([]);
});

test('only config.ts reads the environment', () => {
  expect(sources.filter((file) => read(file).includes('process.env'))).toEqual(['src/config.ts']);
});

test("a schema's id is its path, and some endpoint names it", () => {
  const names = files('schemas', '.json').map((file) => relative('schemas', file).replace(/\.json$/, ''));
  const code = sources
    .filter((file) => file.startsWith('src/dialects/'))
    .map(read)
    .join('\n');
  for (const name of names) {
    expect(schemaNamed(name).$id).toBe(name);
    expect(code).toContain(`'${name}'`);
  }
});

test('no test is skipped or narrowed', () => {
  const narrowed = new RegExp(`\\b(it|test|describe)\\.(${['skip', 'only', 'todo'].join('|')})\\b`);
  expect(files('tests', '.test.ts').filter((file) => narrowed.test(read(file)))).toEqual([]);
});

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../../src/lib/root';

/** What the source keeps to, whatever the engine: which folder uses which, and words that it leaves out. */
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
  ['lib', ['database', 'ledger', 'roster', 'reports', 'marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['database', ['ledger', 'roster', 'reports', 'marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['roster', ['reports', 'marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['audit', ['reports', 'marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['ledger', ['reports', 'marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['reports', ['marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['feed', ['reports', 'marks', 'privacy', 'http', 'apis', 'service', 'cli']],
  ['absences', ['marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['reminders', ['marks', 'privacy', 'clients', 'http', 'apis', 'service', 'cli']],
  ['marks', ['privacy', 'clients', 'apis', 'service', 'cli']],
  ['privacy', ['marks', 'http', 'service', 'cli']],
  ['clients', ['reports', 'marks', 'privacy', 'http', 'apis', 'service', 'cli']],
  ['http', ['apis', 'cli', 'roster', 'reports', 'marks', 'privacy', 'service']],
  ['webhooks', ['ledger', 'roster', 'reports', 'marks', 'privacy', 'apis', 'service', 'cli']],
  ['apis', ['cli', 'privacy']],
])('%s imports nothing from %p', (folder, others) => {
  const imports = sources
    .filter((file) => file.startsWith(`src/${folder}/`))
    .flatMap((file) => importsOf(file).map((path) => `${file} -> ${path}`));
  expect(imports.filter((arrow) => others.some((other) => arrow.includes(`-> src/${other}/`)))).toEqual([]);
});

test('no API imports another', () => {
  const arrows = sources.flatMap((file) => importsOf(file).map((path) => [file, path] as const));
  const apiOf = (path: string) => /^src\/apis\/(\w+)\//.exec(path)?.[1];
  expect(arrows.filter(([from, to]) => apiOf(from) && apiOf(to) && apiOf(from) !== apiOf(to))).toEqual([]);
});

test('the names of APIs stay out of everything but the APIs', () => {
  const inside = sources.filter((file) =>
    /^src\/(lib|database|roster|ledger|audit|reports|absences|reminders|marks|feed|privacy|clients|http|webhooks)\//.test(
      file,
    ),
  );
  expect(inside.filter((file) => /schoology|powerschool|osdi|wix/i.test(read(file)))).toEqual([]);
});

test('the engines are told apart nowhere but in their own pair of files', () => {
  const outside = [...sources, ...files('db', '.ts')].filter((file) => !/^src\/(database|service\/config)/.test(file));
  expect(outside.filter((file) => /client\.config\.client|=== 'sqlite|=== 'postgres/.test(read(file)))).toEqual([]);
});

test('queries are text that says what its rows are; nobody else asks knex for rows', () => {
  const built = /\b(?:knex|tx)\('\w+'\)[^;]*?(?:toQuery\(\)|;)/g;
  const asking = (file: string) =>
    read(file)
      .match(built)
      ?.some((found) => !found.endsWith('toQuery()'));
  expect(sources.filter((file) => !file.startsWith('src/database/') && asking(file))).toEqual([]);
});

test('in each folder one file begins with what the folder is for', () => {
  const all = [...sources, ...files('src/web', '.tsx')];
  const folders = [...new Set(all.map((file) => dirname(file)))].filter((folder) => folder !== 'src');
  const said = all.flatMap((file) => /^(?:#!.*\n)?\/\*\n \* `(src\/[^`]+)\/`: /.exec(read(file))?.[1] ?? []);
  expect(said.sort()).toEqual(folders.sort());
});

test('only config.ts reads the environment', () => {
  expect(sources.filter((file) => read(file).includes('process.env'))).toEqual(['src/service/config.ts']);
});

test('only schemas are written with TypeBox; what runs of them in `src` is read by APIs alone', () => {
  const all = [...sources, ...files('src/web', '.tsx')];
  const importing = (from: RegExp) =>
    all.filter((file) =>
      [...read(file).matchAll(/^import (?!type )[^;]*? from '([^']+)'/gm)].some(([, path]) => from.test(path!)),
    );
  expect(importing(/typebox/)).toEqual([]);
  expect(importing(/schemas\//).filter((file) => !file.startsWith('src/apis/'))).toEqual([]);
  // Whoever makes or shows what goes over the wire knows its types; the ledger, the roster and what is below them do not.
  const core = all.filter((file) => /^src\/(lib|database|ledger|audit|roster|privacy|clients)\//.test(file));
  expect(core.filter((file) => importsOf(file).some((path) => path.startsWith('schemas/')))).toEqual([]);
});

test('no test is skipped, narrowed, or allowed to fail', () => {
  const words = ['skip', 'only', 'todo', 'failing'].join('|');
  const narrowed = new RegExp(
    `\\b(it|test|describe)(\\.\\w+)*\\.(${words})\\b|\\b(${['x', 'f'].join('|')})(it|test|describe)\\(`,
  );
  expect('test.concurrent.skip(').toMatch(narrowed);
  expect(`${'x'}it('`).toMatch(narrowed);
  const tests = ['.test.ts', '.browser.ts'].flatMap((ending) => files('tests', ending));
  expect(tests.length).toBeGreaterThan(150);
  expect(tests.filter((file) => file !== relative(root, __filename) && narrowed.test(read(file)))).toEqual([]);
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import type { Command } from 'commander';
import { program } from '../../src/cli/program';
import { statuses } from '../../src/http/problem';
import { remedies } from '../../src/http/remedies';
import { type ErrorCode, problems } from '../../src/lib/problem';
import { root } from '../../src/lib/root';

/** README is short, the manual is docs/: what they say of the source is so, and every page can be found. */
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const manual = markdownIn('docs').sort();
const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'db/SCALING.md', ...manual].filter(
  (file) => existsSync(join(root, file)),
);
/** The rows of the table whose head starts with the word, cell by cell. A cell has its `|` as `\|`. */
const tableOf = (page: string, head: string): string[][] =>
  read(page)
    .split(`| ${head} |`)[1]!
    .split('\n\n')[0]!
    .trimEnd()
    .split('\n')
    .slice(2)
    .map((row) =>
      row
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
const plain = (cell: string) => cell.replaceAll('`', '');

test('the manual lists every error code with its status, its meaning and what to do about it', () => {
  expect(tableOf('docs/errors.md', 'code').map((row) => row.map(plain))).toEqual(
    Object.entries(problems).map(([code, title]) => [
      code,
      String(statuses[code as ErrorCode]),
      title,
      remedies[code as ErrorCode],
    ]),
  );
});

test('the manual lists every variable that the configuration reads', () => {
  const names = new Set([...read('src/service/config.ts').matchAll(/env\.([A-Z_]+)/g)].map(([, name]) => name));
  const listed = tableOf('docs/configuration.md', 'variable').map(([name]) => plain(name!));
  expect(listed.sort()).toEqual([...names].sort());
});

const leavesOf = (command: Command, before = ''): [name: string, command: Command][] =>
  command.commands.flatMap((inner) => {
    const name = `${before}${inner.name()}`;
    return inner.commands.length > 0 ? leavesOf(inner, `${name} `) : [[name, inner] as [string, Command]];
  });
const commands = new Map(leavesOf(program()));

test('the manual lists every command', () => {
  const listed = tableOf('docs/commands.md', 'command').flatMap(([names]) =>
    [...names!.matchAll(/`([a-z]+(?: [a-z]+){0,2})/g)].map(([, name]) => name!),
  );
  expect(listed.sort()).toEqual([...commands.keys()].sort());
});

/** What follows `rollbook` in an example, to the end of the line or of the code; `<a placeholder>` is X. */
const examplesIn = (text: string): string[] =>
  [
    ...text.replace(/<[^>\n]*>/g, 'X').matchAll(/(?:npm run -s rollbook -- |cli\/main\.js |`rollbook )([^`\n#>]+)/g),
  ].map(([, rest]) => rest!.trim());

test.each(pages)('the commands in %s are there, with the options that they are given', (page) => {
  const wrong = examplesIn(read(page)).filter((example) => {
    const words = example.split(/\s+/);
    const [command] = [1, 2, 3].flatMap((count) => commands.get(words.slice(0, count).join(' ')) ?? []);
    if (!command) return !['--help', '--version'].includes(words[0]!);
    const options = ['--help', ...command.options.map(({ long }) => long)];
    return !words.filter((word) => /^--\w/.test(word)).every((word) => options.includes(word));
  });
  expect(wrong.filter((example) => example !== 'X')).toEqual([]);
});

test('README and the manual name the scripts that package.json has', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = pages.flatMap((page) =>
    [...read(page).matchAll(/npm run (?:-s )?([\w:-]+)/g)].map(([, script]) => script!),
  );
  expect(named.filter((script) => !(script in scripts))).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test.each(pages.filter((page) => page !== 'docs/add-an-api.md'))(
  'each `npx jest` in %s names tests that there are',
  (page) => {
    // The page about a new API names the tests that its reader writes.
    const tests = readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' }).map(
      (file) => `tests/${file}`,
    );
    const named = [...read(page).matchAll(/npx jest ([^`\n]*)/g)].flatMap(
      ([, words]) => words!.match(/tests\/[\w./-]+/g) ?? [],
    );
    // The option takes every word behind it for the name of an engine, and then runs all tests.
    expect(read(page)).not.toMatch(/--selectProjects \w+ tests\//);
    for (const part of named) expect([part, tests.some((file) => file.includes(part))]).toEqual([part, true]);
  },
);

test('README names the commands that .ci/run tests a clone with', () => {
  const run = [...read('.ci/run').matchAll(/^npm (?:test|run test\S+)$/gm)].map(([command]) => command);
  expect(run.length).toBeGreaterThan(0);
  const named = [...read('README.md').matchAll(/npm (?:test|run test[\w:-]*)/g)].map(([command]) => command);
  expect(run.filter((command) => !named.includes(command))).toEqual([]);
});

test('README is at most 200 lines long', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(200);
});

/** Markdown without its examples, in which nothing is a link or a heading. */
const prose = (page: string) => read(page).replace(/^```[\s\S]*?^```/gm, '');

/** The links of a page to what is in the project: a path from the root, and what stands behind `#`. */
const linksOf = (page: string): { readonly link: string; readonly path: string; readonly anchor?: string }[] => {
  const text = prose(page).replace(/`[^`\n]*`/g, '');
  return [...text.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)]
    .map(([, markdown, html]) => (markdown ?? html)!)
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => {
      const [path, anchor] = link.split('#');
      return { link, path: path ? normalize(join(dirname(page), path)) : page, ...(anchor && { anchor }) };
    });
};

/** The anchors that GitHub gives the headings of a page. */
function anchorsOf(page: string): string[] {
  const met = new Map<string, number>();
  return [...prose(page).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => {
    const name = heading!
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replaceAll(' ', '-');
    const times = met.get(name) ?? 0;
    met.set(name, times + 1);
    return times > 0 ? `${name}-${times}` : name;
  });
}

test.each(pages)('every link of %s leads to what is there', (page) => {
  const broken = linksOf(page).filter(({ path, anchor }) => {
    if (!existsSync(join(root, path))) return true;
    return anchor !== undefined && !(path.endsWith('.md') && anchorsOf(path).includes(anchor));
  });
  expect(broken.map(({ link }) => link)).toEqual([]);
});

test('every page of the manual can be reached from README', () => {
  const reached = new Set<string>();
  const visit = (page: string): void => {
    if (reached.has(page) || !existsSync(join(root, page))) return;
    reached.add(page);
    for (const { path } of linksOf(page)) if (path.endsWith('.md')) visit(path);
  };
  visit('README.md');
  expect(manual.filter((page) => !reached.has(page))).toEqual([]);
});

/*
 * Writes the files that `npm test` and `npm run test:browser` run, into `dist/groups`: each has some files of a folder run one
 * after the other, on one set of modules. Jest loads and compiles a thousand modules anew for every file that it runs, and keeps
 * none of them for long enough to become fast: that takes longer than most tests.
 */
const { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const { projects } = require('../../jest.config.js');

const root = join(__dirname, '../..');

/**
 * What is grouped: files by their ending, into groups of so many bytes, so that a worker runs a dozen of them. The modules have
 * hooks for all files of a group.
 */
const kinds = [
  ...projects.map(({ displayName, testPathIgnorePatterns }) => ({
    name: displayName,
    ending: '.test.ts',
    ignored: testPathIgnorePatterns.map((pattern) => new RegExp(pattern.replace('<rootDir>', root))),
    size: 80_000,
    modules: ['tests/world', 'tests/cli/process'],
  })),
  { name: 'browser', ending: '.browser.ts', ignored: [], size: 40_000, modules: ['tests/browser/browser'] },
];

/** Modules that it replaces, or loads again, are to be its own. A file that starts processes takes long, whoever else runs. */
const runsAlone = /\bjest\.(mock|doMock|resetModules|isolateModules)\(|\b(startServer|rollbook|startPostgres)\(/;

function groupsOf(files, size) {
  const groups = [];
  let left = 0;
  for (const file of files) {
    const text = readFileSync(file, 'utf8');
    const isAlone = runsAlone.test(text);
    const long = lengthOf(file, text);
    if (isAlone || left < long || dirname(groups.at(-1)[0]) !== dirname(file)) {
      groups.push([]);
      left = isAlone ? 0 : size;
    }
    groups.at(-1).push(file);
    left -= long;
  }
  return groups;
}

/** Of a file, with what it takes from its own folder. */
function lengthOf(file, text) {
  const beside = [...text.matchAll(/ from '(\.\/[\w-]+)'/g)].map(([, name]) => join(dirname(file), `${name}.ts`));
  return beside.reduce((sum, each) => sum + statSync(each).size, text.length);
}

function write({ name, ending, ignored, size, modules }) {
  const folder = join(root, 'dist/groups', name);
  const from = (file) => JSON.stringify(relative(folder, file));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const files = readdirSync(join(root, 'tests'), { recursive: true })
    .map((file) => join(root, 'tests', file))
    .filter((file) => file.endsWith(ending) && !ignored.some((pattern) => pattern.test(file)))
    .sort((one, other) => dirname(one).localeCompare(dirname(other)) || one.localeCompare(other));
  for (const group of groupsOf(files, size)) {
    const first = relative(join(root, 'tests'), group[0]).slice(0, -ending.length).replaceAll('/', '-');
    const rest = group.length > 1 ? `-and-${group.length - 1}-more` : '';
    const lines = [
      ...modules.map((module) => `require(${from(join(root, module))});`),
      `const { together } = require(${from(join(__dirname, 'together'))});`,
      ...group.map((file) => `together(${JSON.stringify(relative(root, file))}, () => require(${from(file)}));`),
      'jest.setTimeout(240_000);', // of what its files have set, Jest takes the last
    ];
    writeFileSync(join(folder, `${first}${rest}.js`), `${lines.join('\n')}\n`);
  }
}

kinds.forEach(write);

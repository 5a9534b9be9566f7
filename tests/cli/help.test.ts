import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Command } from 'commander';
import { program } from '../../src/cli/program';
import { root } from '../../src/lib/root';
import { version } from '../../src/lib/version';
import { runFresh as rollbook } from './process';

test.each([[[]], [['client', 'create']]])('%p --help says what it does', async (args) => {
  const { code, stdout } = await rollbook([...args, '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: ${['rollbook', ...args].join(' ')} `);
});

test('--version is that of the package', async () => {
  const { code, stdout } = await rollbook(['--version']);
  expect([code, stdout]).toEqual([0, `${version()}\n`]);
});

const allOf = (command: Command, before: string[] = []): { names: string; command: Command }[] => {
  const names = [...before, command.name()];
  return [{ names: names.join(' '), command }, ...command.commands.flatMap((inner) => allOf(inner, names))];
};

test.each(allOf(program()))(
  '$names has a sentence in its help, and one for each argument and option',
  ({ command }) => {
    const said = [command, ...command.registeredArguments, ...command.options].map(({ description }) =>
      typeof description === 'function' ? command.description() : description,
    );
    expect(said.filter((sentence) => !sentence)).toEqual([]);
  },
);

test('the manual page of the .deb has every command with its arguments and options, in words of man(7)', () => {
  const script = join(root, 'packaging/deb/manual.js');
  const file = join(root, 'dist/src/cli/program.js');
  const page = execFileSync(process.execPath, [script, file, '1.2.3', '2026-11-30'], { encoding: 'utf8' });
  expect(page).toMatch(/^\.TH ROLLBOOK 1 2026-11-30 "rollbook 1\.2\.3"/);
  const macros = page.split('\n').flatMap((line) => /^[.']\S*/.exec(line) ?? []);
  expect(new Set(macros)).toEqual(new Set(['.TH', '.SH', '.SS', '.TP', '.PP']));
  const plain = page
    .replace(/\\f[BIR]|\\&/g, '')
    .replaceAll('\\-', '-')
    .replaceAll('\\e', '\\');
  for (const { names, command } of allOf(program())) {
    if (command.commands.length > 0) continue;
    const parts = [
      ...command.options.map(({ flags }) => flags),
      ...command.registeredArguments.map((each) => each.name()),
    ];
    for (const text of [names, command.description(), ...parts]) expect(plain).toContain(text);
  }
});

test('a command that serves nobody loads no server: a third of the time that it takes to start', () => {
  const serving = ['serve', 'demo', 'doctor'];
  const others = program()
    .commands.map((command) => command.name())
    .filter((name) => !serving.includes(name));
  expect(others).toContain('check');
  const loads = `const { program } = require(${JSON.stringify(join(root, 'dist/src/cli/program.js'))});
    const isLoaded = () => Object.keys(require.cache).some((file) => file.includes('/node_modules/express/'));
    for (const name of process.argv.slice(1)) { program(name); if (isLoaded()) { console.log(name); break; } }`;
  expect(execFileSync(process.execPath, ['-e', loads, ...others], { encoding: 'utf8' })).toBe('');
  expect(execFileSync(process.execPath, ['-e', loads, 'doctor'], { encoding: 'utf8' })).toBe('doctor\n');
});

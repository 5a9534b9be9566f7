import type { Command } from 'commander';
import { program } from '../../src/cli/program';
import { rollbook } from './process';

test.each([[[]], [['client', 'create']]])('%p --help says what it does', async (args) => {
  const { code, stdout } = await rollbook([...args, '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: ${['rollbook', ...args].join(' ')} `);
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

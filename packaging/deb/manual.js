/*
 * Prints the manual page rollbook(1) of what the commands say of themselves: `node manual.js <program.js> <version> <day>`.
 * It is written in the macros of man(7).
 */
const { resolve } = require('node:path');

const [file, version, day] = process.argv.slice(2);
const { program } = require(resolve(file));

/** groff_char(7): a hyphen that is typed is `\-`; a line that begins with a dot or an apostrophe would be a macro. */
const escaped = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&');
const bold = (text) => `\\fB${escaped(text)}\\fR`;
const entry = (term, said) => ['.TP', bold(term), escaped(said)];

/** A command that does something, or those that it has. */
function* commandsOf(command) {
  if (command.commands.length === 0) yield command;
  for (const inner of command.commands) yield* commandsOf(inner);
}

function described(command) {
  const help = command.createHelp();
  const parts = [
    ...help.visibleArguments(command).map((each) => [help.argumentTerm(each), help.argumentDescription(each)]),
    ...help.visibleOptions(command).map((each) => [help.optionTerm(each), help.optionDescription(each)]),
  ].filter(([term]) => term !== '-h, --help');
  return [
    `.SS ${bold(help.commandUsage(command))}`,
    escaped(help.commandDescription(command)),
    ...parts.flatMap(([term, said]) => entry(term, said)),
  ];
}

const rollbook = program();
const lines = [
  `.TH ROLLBOOK 1 ${day} "rollbook ${version}" "User Commands"`,
  '.SH NAME',
  'rollbook \\- school attendance service',
  '.SH SYNOPSIS',
  `${bold('rollbook')} \\fIcommand\\fR [\\fIoption\\fR ...]`,
  '.SH DESCRIPTION',
  escaped(rollbook.description()),
  '.PP',
  escaped('Called by root, the command works with the settings of the service and as its user.'),
  escaped('With --json, what it prints is one JSON document. --help works on everything.'),
  '.SH COMMANDS',
  ...[...commandsOf(rollbook)].flatMap(described),
  '.SH EXIT STATUS',
  escaped('0 where it was done; otherwise another, and what is wrong is on standard error.'),
  '.SH FILES',
  ...entry('/etc/rollbook/rollbook.env', 'The settings, in the form of the environment.'),
  ...entry('/var/lib/rollbook', 'The database and its key, where no other is set.'),
  ...entry('/usr/share/doc/rollbook', 'The manual: README.md lists its pages, docs/configuration.md the settings.'),
  '.SH SEE ALSO',
  '\\fBsystemctl\\fR(1), \\fBjournalctl\\fR(1)',
];
process.stdout.write(`${lines.join('\n')}\n`);

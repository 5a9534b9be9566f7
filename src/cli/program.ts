/*
 * `src/cli/`: The `rollbook` command: one file for each subcommand. Each reads what it is given, calls the folder that
 * knows how, and prints what became of it, as a table or as JSON.
 */
import { Command } from 'commander';
import { version } from '../lib/version';

/** Each is loaded when it is called, or when all are listed: to load them all takes as long as to start the service. */
const commands: Readonly<Record<string, () => Command>> = {
  serve: () => (require('./serve') as typeof import('./serve')).serveCommand,
  migrate: () => (require('./migrate') as typeof import('./migrate')).migrateCommand,
  import: () => (require('./import') as typeof import('./import')).importCommand,
  roster: () => (require('./roster') as typeof import('./roster')).rosterCommand,
  client: () => (require('./client') as typeof import('./client')).clientCommand,
  webhook: () => (require('./webhook') as typeof import('./webhook')).webhookCommand,
  lti: () => (require('./lti') as typeof import('./lti')).ltiCommand,
  key: () => (require('./key') as typeof import('./key')).keyCommand,
  district: () => (require('./district') as typeof import('./district')).districtCommand,
  school: () => (require('./school') as typeof import('./school')).schoolCommand,
  codes: () => (require('./codes') as typeof import('./codes')).codesCommand,
  marks: () => (require('./marks') as typeof import('./marks')).marksCommand,
  calendar: () => (require('./calendar') as typeof import('./calendar')).calendarCommand,
  periods: () => (require('./periods') as typeof import('./periods')).periodsCommand,
  journal: () => (require('./journal') as typeof import('./journal')).journalCommand,
  audit: () => (require('./audit') as typeof import('./audit')).auditCommand,
  person: () => (require('./person') as typeof import('./person')).personCommand,
  enrollment: () => (require('./enrollment') as typeof import('./enrollment')).enrollmentCommand,
  years: () => (require('./years') as typeof import('./years')).yearsCommand,
  backup: () => (require('./backup') as typeof import('./backup')).backupCommand,
  restore: () => (require('./backup') as typeof import('./backup')).restoreCommand,
  check: () => (require('./check') as typeof import('./check')).checkCommand,
  doctor: () => (require('./doctor') as typeof import('./doctor')).doctorCommand,
  demo: () => (require('./demo') as typeof import('./demo')).demoCommand,
};

const VERSION = '--version';

/**
 * The rollbook command. What it works on is configured by the environment; docs/configuration.md has the table.
 * @param asked the subcommand that it is called with; where there is no such one, or none is said, it has all of them
 */
export function program(asked = ''): Command {
  const names = Object.hasOwn(commands, asked) ? [asked] : asked === VERSION ? [] : Object.keys(commands);
  const rollbook = new Command('rollbook')
    .description('A school attendance service: one ledger behind four attendance APIs.')
    .version(version(), VERSION, 'print the version')
    .showHelpAfterError('(rollbook --help says more)');
  for (const name of names) rollbook.addCommand(commands[name]!());
  return rollbook;
}

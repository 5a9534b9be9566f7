/*
 * `src/cli/`: The `rollbook` command: one file for each subcommand. Each reads what it is given, calls the folder that
 * knows how, and prints what became of it, as a table or as JSON.
 */
import { Command } from 'commander';
import { backupCommand, restoreCommand } from './backup';
import { calendarCommand } from './calendar';
import { checkCommand } from './check';
import { clientCommand } from './client';
import { codesCommand } from './codes';
import { demoCommand } from './demo';
import { districtCommand } from './district';
import { enrollmentCommand } from './enrollment';
import { importCommand } from './import';
import { journalCommand } from './journal';
import { keyCommand } from './key';
import { marksCommand } from './marks';
import { migrateCommand } from './migrate';
import { periodsCommand } from './periods';
import { personCommand } from './person';
import { rosterCommand } from './roster';
import { schoolCommand } from './school';
import { serveCommand } from './serve';
import { yearsCommand } from './years';

/** The rollbook command. What it works on is configured by the environment; docs/configuration.md has the table. */
export const program = new Command('rollbook')
  .description('A school attendance service: one ledger behind four attendance APIs.')
  .showHelpAfterError('(rollbook --help says more)')
  .addCommand(serveCommand)
  .addCommand(migrateCommand)
  .addCommand(importCommand)
  .addCommand(rosterCommand)
  .addCommand(clientCommand)
  .addCommand(keyCommand)
  .addCommand(districtCommand)
  .addCommand(schoolCommand)
  .addCommand(codesCommand)
  .addCommand(marksCommand)
  .addCommand(calendarCommand)
  .addCommand(periodsCommand)
  .addCommand(journalCommand)
  .addCommand(personCommand)
  .addCommand(enrollmentCommand)
  .addCommand(yearsCommand)
  .addCommand(backupCommand)
  .addCommand(restoreCommand)
  .addCommand(checkCommand)
  .addCommand(demoCommand);

import { Command } from 'commander';
import { calendarCommand } from './calendar';
import { clientCommand } from './client';
import { codesCommand } from './codes';
import { demoCommand } from './demo';
import { districtCommand } from './district';
import { importCommand } from './import';
import { journalCommand } from './journal';
import { marksCommand } from './marks';
import { migrateCommand } from './migrate';
import { serveCommand } from './serve';
import { yearsCommand } from './years';

/** The rollbook command. What it works on is configured by the environment; README.md has the table. */
export const program = new Command('rollbook')
  .description('A school attendance service: one ledger behind four attendance APIs.')
  .showHelpAfterError('(rollbook --help says more)')
  .addCommand(serveCommand)
  .addCommand(migrateCommand)
  .addCommand(importCommand)
  .addCommand(clientCommand)
  .addCommand(districtCommand)
  .addCommand(codesCommand)
  .addCommand(marksCommand)
  .addCommand(calendarCommand)
  .addCommand(journalCommand)
  .addCommand(yearsCommand)
  .addCommand(demoCommand);

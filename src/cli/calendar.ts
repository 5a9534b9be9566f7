import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Database } from '../database/database';
import { Problem } from '../errors';
import { csv } from '../http/formats/csv';
import { readDays, type SentDay } from '../roster/calendar-days';
import { type CalendarDay, openCalendars } from '../roster/calendars';
import { openDistricts } from '../roster/districts';
import { charsetOf } from '../roster/oneroster/charset';
import { fileAt } from '../roster/oneroster/source';
import { day } from './arguments';
import { print, table, withDatabase, withJson } from './context';
import { schoolNumbered } from './school';

interface Place {
  readonly district: string;
  readonly school: string;
  readonly json?: boolean;
}

const withPlace = (command: Command): Command =>
  withJson(command)
    .requiredOption('--district <id|name>', 'the district')
    .requiredOption('--school <number>', "the school's number: the SIS's identifier of it, else its id");

const list = withPlace(new Command('list'))
  .description('list the days that are not as their weekday has them')
  .option('--from <day>', 'the first day', day)
  .option('--to <day>', 'the last day', day)
  .action(({ json, from, to, ...place }: Place & { from?: string; to?: string }) =>
    withDatabase(async (database) => {
      const { district, school } = await placeOf(database, place);
      const days = await openCalendars(database).days({ district }, school, { from, to });
      print(days, json, table(days));
    }),
  );

const importDays = withPlace(new Command('import'))
  .description('set days that are not as their weekday has them: holidays, school on a Saturday')
  .argument('<csv>', 'columns: date, school_day (no where it is missing), reason')
  .action(async (path: string, { json, ...place }: Place) => {
    const days = await daysOf(path);
    await withDatabase(async (database) => {
      const { district, school } = await placeOf(database, place);
      await openCalendars(database).set({ district }, school, days);
      print({ set: days.length }, json, [`Set ${days.length} days.`]);
    });
  });

export const calendarCommand = new Command('calendar')
  .description('the calendars of schools')
  .addCommand(list)
  .addCommand(importDays);

async function placeOf(database: Database, { district: name, school: number }: Place) {
  const { id: district } = await openDistricts(database).get(name);
  return { district, school: await schoolNumbered(database, { id: district, name }, number) };
}

/** The days of a file, all of which must be right; the rows below its first line are numbered from 1. */
async function daysOf(path: string): Promise<CalendarDay[]> {
  const charset = await charsetOf(await fileAt(path));
  const { days } = csv('days', []).decode(await readFile(path), charset) as { days: SentDay[] };
  try {
    return readDays(days);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const wrong = error.violations.map(({ field, message }) => {
      const [, row, column] = field.split('.');
      return `row ${Number(row) + 1}: ${column} ${message}`;
    });
    throw new Error(['Nothing was set.', ...wrong].join('\n'), { cause: error });
  }
}

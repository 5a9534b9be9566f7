import { Command, InvalidArgumentError } from 'commander';
import type { Database } from '../database/database';
import { dayWritten, proofOfOrder } from '../lib/written-days';
import { type CountedDays, openRecalendared, type Recalendared } from '../reports/recalendared';
import { type CalendarDay, openCalendars, readDays, readWeek, type Weekday } from '../roster/calendars';
import { openDistricts } from '../roster/districts';
import { rehearsed } from '../roster/oneroster/report';
import { confirm, day, operator, print, table, withDatabase, withJson } from './context';
import { NUMBER, type SchoolsAsked, schoolNumbered, schoolsAsked, withSchools } from './school';
import { bySchool, readRows, sheetAt } from './sheet';

interface Schools extends SchoolsAsked {
  readonly district: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface Place extends Omit<Schools, 'school'> {
  readonly school: string;
}

const withDistrict = (command: Command): Command =>
  withJson(command).requiredOption('--district <id|name>', 'the district');

const withChange = (command: Command): Command =>
  withSchools(withDistrict(command))
    .option('--dry-run', 'say what would change of days that were counted, and change nothing')
    .option('--yes', 'do not ask where days that were counted change');

/** Changes calendars, once somebody has confirmed what that does to days that were counted. */
async function change(
  database: Database,
  district: number,
  { district: name, dryRun, yes, json }: Schools,
  set: (on: Database) => Promise<void>,
  { result, line }: { result: object; line: string },
): Promise<void> {
  const counted = await openRecalendared(database)(district, (after) =>
    rehearsed(database, async (on) => {
      await set(on);
      return after(on);
    }),
  );
  const lines = linesOf(counted);
  if (!dryRun && lines.length > 0) await confirm(lines, name, yes);
  if (!dryRun) await set(database);
  print({ dry_run: Boolean(dryRun), ...result, counted }, json, [
    ...(dryRun ? [] : [line]),
    ...lines,
    ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
  ]);
}

function linesOf({ out, in: more }: Recalendared): string[] {
  const said = (what: string, { days, first, last, student_days, absent_days }: CountedDays): string[] =>
    days === 0
      ? []
      : [`Days ${what}: ${days}, ${first} to ${last}; student days: ${student_days}, absent: ${absent_days}.`];
  return [
    ...said('that were counted, and count no longer', out),
    ...said('that were not counted, and count now', more),
  ];
}

const list = withDistrict(new Command('list'))
  .description('list the days that are not as their weekday has them')
  .requiredOption('--school <number>', NUMBER)
  .option('--from <day>', 'the first day', day)
  .option('--to <day>', 'the last day', day)
  .action(({ json, from, to, school, ...place }: Place & { from?: string; to?: string }) =>
    withDatabase(async (database) => {
      const { district, numbered } = await districtOf(database, place);
      const days = await openCalendars(database).days({ district }, await numbered(school), { from, to });
      print(days, json, table(days));
    }),
  );

const week = withChange(new Command('week'))
  .description('say on which weekdays schools are open: sun-thu, mon-sat; Monday to Friday where nothing is said')
  .argument('<days>', 'weekdays, by commas and ranges: mon-fri, sun-thu, mon,tue,thu', weekdays)
  .action((days: Weekday[], options: Schools) =>
    withDatabase(async (database) => {
      const { district, schools } = await districtOf(database, options);
      const asked = await schools();
      const set = (on: Database) =>
        openCalendars(on).set({ district, ...operator('calendar week') }, asked, { weekdays: days });
      const line = `Schools: ${asked.length}. Open: ${days.join(', ')}.`;
      await change(database, district, options, set, { result: { schools: asked.length, weekdays: days }, line });
    }),
  );

const importDays = withChange(new Command('import'))
  .description('set days that are not as their weekday has them: holidays, school on a Saturday')
  .argument(
    '<csv>',
    'columns: date, school_day (no where it is missing), reason; school, where the file is for several',
  )
  .action(async (path: string, options: Schools) => {
    const { days, named } = await daysOf(path);
    await withDatabase(async (database) => {
      const { district, schools, numbered } = await districtOf(database, options);
      if (named && (options.school || options.allSchools))
        throw new Error('The file says the school of each day; --school and --all-schools would say another.');
      const changes: [schools: number[], days: readonly CalendarDay[]][] = [];
      if (named) for (const [number, some] of named) changes.push([[await numbered(number)], some]);
      else changes.push([await schools(), days]);
      const set = async (on: Database) => {
        const by = { district, ...operator('calendar import') };
        for (const [ids, some] of changes) await openCalendars(on).set(by, ids, { days: some });
      };
      const count = changes.reduce((sum, [ids]) => sum + ids.length, 0);
      const where = count === 1 && !named ? '' : ` of ${count} schools`;
      const result = { schools: count, set: days.length };
      await change(database, district, options, set, { result, line: `Set ${days.length} days${where}.` });
    });
  });

export const calendarCommand = new Command('calendar')
  .description('the calendars of schools')
  .addCommand(list)
  .addCommand(week)
  .addCommand(importDays);

/** The district, and its schools by their numbers. */
async function districtOf(
  database: Database,
  { district: name, ...asked }: SchoolsAsked & { readonly district: string },
) {
  const { id: district } = await openDistricts(database).get(name);
  return {
    district,
    numbered: (number: string) => schoolNumbered(database, { id: district, name }, number),
    schools: () => schoolsAsked(database, { id: district, name }, asked),
  };
}

interface Days {
  readonly days: readonly CalendarDay[];
  /** The days of each school by its number, where the file has a column `school`. */
  readonly named: ReadonlyMap<string, CalendarDay[]> | undefined;
}

/** The days of a file, all of which must be right. */
async function daysOf(path: string): Promise<Days> {
  const rows = await sheetAt(path);
  const proof = proofOfOrder();
  for (const [index, { date }] of rows.entries()) if (date !== undefined) proof.add(date, index + 2);
  const { order, line, text } = proof.get() ?? {};
  if (order)
    process.stderr.write(`Days are read ${order}, as line ${line} proves: ${text}. Look whether they are right.\n`);
  const days = readRows(() =>
    readDays(rows.map((row) => ({ ...row, date: dayWritten((row.date ?? '').trim(), order) }))),
  );
  return { days, named: bySchool(rows, days) };
}

function weekdays(text: string): Weekday[] {
  const days = readWeek(text);
  if (days) return days;
  throw new InvalidArgumentError('It must be weekdays like mon-fri, sun-thu or mon,tue,thu.');
}

import { readFile } from 'node:fs/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { Database } from '../database/database';
import { csv } from '../http/formats/csv';
import { Problem } from '../lib/problem';
import { dayWritten, proofOfOrder } from '../lib/written-days';
import { type CountedDays, openRecalendared, type Recalendared } from '../reports/recalendared';
import { type CalendarDay, openCalendars, readDays, readWeek, type SentDay, type Weekday } from '../roster/calendars';
import { openDistricts } from '../roster/districts';
import { charsetOf } from '../roster/oneroster/csv';
import { rehearsed } from '../roster/oneroster/report';
import { fileAt } from '../roster/oneroster/source';
import { openSchoolIds } from '../roster/schools';
import { confirm, day, print, table, withDatabase, withJson } from './context';
import { schoolNumbered } from './school';

interface Schools {
  readonly district: string;
  readonly school?: readonly string[];
  readonly allSchools?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

interface Place extends Omit<Schools, 'school'> {
  readonly school: string;
}

const NUMBER = "the school's number: the SIS's identifier of it, else its id";

const withDistrict = (command: Command): Command =>
  withJson(command).requiredOption('--district <id|name>', 'the district');

/** For what can be set of many schools at once. */
const withSchools = (command: Command): Command =>
  withDistrict(command)
    .option('--school <number...>', `${NUMBER}; of several, one after the other`)
    .option('--all-schools', 'all schools of the district')
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
  if (!dryRun && lines.length > 0) await confirm(lines.join('\n'), name, yes);
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

const week = withSchools(new Command('week'))
  .description('say on which weekdays schools are open: sun-thu, mon-sat; Monday to Friday where nothing is said')
  .argument('<days>', 'weekdays, by commas and ranges: mon-fri, sun-thu, mon,tue,thu', weekdays)
  .action((days: Weekday[], options: Schools) =>
    withDatabase(async (database) => {
      const { district, schools } = await districtOf(database, options);
      const asked = await schools();
      const set = (on: Database) => openCalendars(on).set({ district }, asked, { weekdays: days });
      const line = `Schools: ${asked.length}. Open: ${days.join(', ')}.`;
      await change(database, district, options, set, { result: { schools: asked.length, weekdays: days }, line });
    }),
  );

const importDays = withSchools(new Command('import'))
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
        for (const [ids, some] of changes) await openCalendars(on).set({ district }, ids, { days: some });
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
  { district: name, school: asked, allSchools }: Pick<Schools, 'district' | 'school' | 'allSchools'>,
) {
  const { id: district } = await openDistricts(database).get(name);
  const numbered = (number: string) => schoolNumbered(database, { id: district, name }, number);
  return {
    district,
    numbered,
    /** The schools that are asked for. */
    async schools(): Promise<number[]> {
      if ((asked === undefined) === (allSchools === undefined))
        throw new Error('Say which schools: --school <number>, or --all-schools.');
      return asked ? Promise.all(asked.map(numbered)) : openSchoolIds(database)(district);
    },
  };
}

interface Days {
  readonly days: readonly CalendarDay[];
  /** The days of each school by its number, where the file has a column `school`. */
  readonly named: ReadonlyMap<string, CalendarDay[]> | undefined;
}

/** The days of a file, all of which must be right; the rows below its first line are numbered from 1. */
async function daysOf(path: string): Promise<Days> {
  const charset = await charsetOf(await fileAt(path));
  const { days: sent } = csv('days', []).decode(await readFile(path), charset) as { days: SentDay[] };
  const proof = proofOfOrder();
  for (const [index, { date }] of sent.entries()) if (typeof date === 'string') proof.add(date, index + 2);
  const { order, line, text } = proof.get() ?? {};
  if (order)
    process.stderr.write(`Days are read ${order}, as line ${line} proves: ${text}. Look whether they are right.\n`);
  try {
    const days = readDays(sent.map((day) => ({ ...day, date: dayWritten(String(day.date ?? '').trim(), order) })));
    const named = new Map<string, CalendarDay[]>();
    for (const [index, { school }] of sent.entries()) {
      if (school === undefined) continue;
      const number = String(school).trim();
      named.set(number, [...(named.get(number) ?? []), days[index]!]);
    }
    return { days, named: named.size > 0 ? named : undefined };
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const wrong = error.violations.map(({ field, message }) => {
      const [, row, column] = field.split('.');
      return `row ${Number(row) + 1}: ${column} ${message}`;
    });
    throw new Error(['Nothing was set.', ...wrong].join('\n'), { cause: error });
  }
}

function weekdays(text: string): Weekday[] {
  const days = readWeek(text);
  if (days) return days;
  throw new InvalidArgumentError('It must be weekdays like mon-fri, sun-thu or mon,tue,thu.');
}

import { Command } from 'commander';
import type { Database } from '../database/database';
import { openYears, type RunningYear } from '../database/years';
import { today } from '../days';
import { daily } from '../privacy/personal-data';
import { openRetention } from '../privacy/retention';
import { openDistricts } from '../roster/districts';
import { isOver, openSchoolYears, schoolYearOn, startOfYear, yearNamed } from '../roster/school-years';
import { confirm, id, print, schoolYear, scrub, table, withDatabase, withJson } from './context';

interface EraseOptions {
  readonly keep?: number;
  readonly district?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly vacuum: boolean;
  readonly json?: boolean;
}

/** A district and a school year of it, by the year it starts in. */
interface Due {
  readonly district: number;
  readonly year: number;
}

export const yearsErase = withJson(new Command('erase'))
  .description(
    'erase the attendance of school years that are over, as the sessions of the district have them; how much it was is kept',
  )
  .argument('[2019-20]', 'the school year', schoolYear)
  .option('--keep <n>', 'instead: all but the latest so many, this one included', id)
  .option('--district <id|name>', 'only of this district')
  .option('--dry-run', 'say what would be erased, and change nothing')
  .option('--yes', 'do not ask')
  .option('--no-vacuum', 'leave what was erased in free pages of the database, to be vacuumed later')
  .action((asked: number | undefined, options: EraseOptions) =>
    withDatabase(async (database) => {
      const { dryRun = false, vacuum, yes, json } = options;
      const due = await dueOf(database, asked, options);
      const years = [...new Set(due.map(({ year }) => yearNamed(year)))].sort();
      if (!dryRun && due.length > 0)
        await confirm([`The attendance of ${years.join(', ')} will be erased.`], years.at(-1)!, yes);
      const retention = openRetention(database);
      const rows: object[] = [];
      for (const { district, year } of due)
        for (const [from, count] of Object.entries(await retention.erase(district, year, { dryRun })))
          rows.push({ district, year: yearNamed(year), table: from, rows: count });
      print({ dry_run: dryRun, erased: rows }, json, table(rows));
      if (!dryRun && rows.length > 0)
        await scrub(
          database,
          daily.map(({ table }) => table),
          vacuum,
        );
    }),
  );

async function dueOf(database: Database, asked: number | undefined, { keep, district }: EraseOptions): Promise<Due[]> {
  if ((asked === undefined) === (keep === undefined))
    throw new Error('Say which school year, like 2019-20, or how many to --keep.');
  const districts = openDistricts(database);
  const retention = openRetention(database);
  const due: Due[] = [];
  for (const { id, name, time_zone } of district === undefined
    ? await districts.list()
    : [await districts.get(district)]) {
    const [years, now] = [await openSchoolYears(database)(id), today(time_zone)];
    const isGone = (year: number) => isOver(year, now, years);
    if (asked !== undefined && !isGone(asked))
      throw new Error(`Only a school year that is over can be erased. In ${name} ${yearNamed(asked)} is not.`);
    const before = schoolYearOn(now, years) - (keep ?? 0) + 1;
    const found = keep === undefined ? [asked!] : await retention.yearsBefore(id, before);
    due.push(...found.filter(isGone).map((year) => ({ district: id, year })));
  }
  return due;
}

const list = withJson(new Command('list'))
  .description('list the school years that are kept apart, and what the attendance of each takes up')
  .action(({ json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      const years = (await openYears(database).list()).map(({ year, bytes }) => ({
        year: year === null ? 'others' : yearNamed(year),
        bytes,
      }));
      print(years, json, table(years));
    }),
  );

const detach = withJson(new Command('detach'))
  .description('take a school year that is over out of the ledger; its tables stay, to be dumped and dropped')
  .argument('<2019-20>', 'the school year', schoolYear)
  .action((year: number, { json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      const detached = await openYears(database).detach(year, await runningYears(database));
      print({ detached }, json, detached);
    }),
  );

async function runningYears(database: Database): Promise<RunningYear[]> {
  const running: RunningYear[] = [];
  for (const { id, name, time_zone } of await openDistricts(database).list())
    running.push({ district: name, from: startOfYear(today(time_zone), await openSchoolYears(database)(id)) });
  return running;
}

export const yearsCommand = new Command('years')
  .description('the school years: those that PostgreSQL keeps apart, and those whose time is over')
  .addCommand(list)
  .addCommand(detach)
  .addCommand(yearsErase);

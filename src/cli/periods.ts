import { Command } from 'commander';
import type { Database } from '../database/database';
import { today } from '../days';
import { openBellSchedules, type Period, readPeriods, timeOf } from '../roster/bell-schedules';
import { openDistricts } from '../roster/districts';
import { rehearsed } from '../roster/oneroster/report';
import { openSchoolYears, schoolYearOn, yearNamed } from '../roster/school-years';
import { print, schoolYear, table, withDatabase, withJson } from './context';
import { NUMBER, type SchoolsAsked, schoolNumbered, schoolsAsked, withSchools } from './school';
import { bySchool, readRows, sheetAt } from './sheet';

interface Place {
  readonly district: string;
  readonly year?: number;
  readonly json?: boolean;
}

const withPlace = (command: Command): Command =>
  withJson(command)
    .requiredOption('--district <id|name>', 'the district')
    .option('--year <2025-26>', 'the school year; this one where it is not said', schoolYear);

const list = withPlace(new Command('list'))
  .description('list the periods of a school, when they begin and end, and how many of its classes are in each')
  .requiredOption('--school <number>', NUMBER)
  .action(({ json, school: number, ...place }: Place & { school: string }) =>
    withDatabase(async (database) => {
      const { district, year } = await placeOf(database, place);
      const school = await schoolNumbered(database, district, number);
      const bells = openBellSchedules(database);
      const of = { district: district.id };
      const periods = listed(await bells.of(of, school, year), await bells.classes(of, school));
      print(periods, json, table(periods));
    }),
  );

/** Also the periods of classes of which nobody has said when they are. */
function listed(periods: readonly Period[], classes: ReadonlyMap<string, number>) {
  const known = periods.map(({ period, start_time, end_time }) => ({
    ...{ period, start: timeOf(start_time), end: timeOf(end_time) },
    classes: classes.get(period) ?? 0,
  }));
  const others = [...classes.keys()].filter((name) => !periods.some(({ period }) => period === name)).sort();
  return [...known, ...others.map((period) => ({ period, start: null, end: null, classes: classes.get(period)! }))];
}

const importPeriods = withSchools(withPlace(new Command('import')))
  .description('set the bell schedule of schools in a school year, in the place of the one that they have')
  .argument('<csv>', 'columns: period, start, end; school, where the file is for several')
  .option('--dry-run', 'say what would be set, and change nothing')
  .action(async (path: string, { json, dryRun, ...asked }: Place & SchoolsAsked & { dryRun?: boolean }) => {
    const { periods, named } = await periodsIn(path);
    await withDatabase(async (database) => {
      const { district, year } = await placeOf(database, asked);
      if (named && (asked.school || asked.allSchools))
        throw new Error('The file says the school of each period; --school and --all-schools would say another.');
      const schedules = new Map<number, Period[]>();
      if (!named) for (const school of await schoolsAsked(database, district, asked)) schedules.set(school, periods);
      for (const [number, some] of named ?? []) schedules.set(await schoolNumbered(database, district, number), some);
      const set = (on: Database) => openBellSchedules(on).set({ district: district.id }, year, schedules);
      const removed = await (dryRun ? rehearsed(database, set) : set(database));
      const result = { year: yearNamed(year), schools: schedules.size, set: periods.length, removed };
      print({ dry_run: Boolean(dryRun), ...result }, json, [
        `Periods of ${result.year}: ${result.set}. Schools: ${result.schools}. Periods that were there and are no longer: ${removed}.`,
        ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
      ]);
    });
  });

export const periodsCommand = new Command('periods')
  .description('the bell schedules of schools')
  .addCommand(list)
  .addCommand(importPeriods);

/** The district and the school year. */
async function placeOf(database: Database, { district: name, year }: Place) {
  const { id, time_zone } = await openDistricts(database).get(name);
  const now = year ?? schoolYearOn(today(time_zone), await openSchoolYears(database)(id));
  return { district: { id, name }, year: now };
}

/** The periods of a file, all of which must be right, and those of each school where it has a column `school`. */
async function periodsIn(path: string) {
  const rows = await sheetAt(path);
  // It would leave the schools without any.
  if (rows.length === 0) throw new Error('Nothing was set: the file has no periods.');
  const periods = readRows(() => readPeriods(rows));
  return { periods, named: bySchool(rows, periods) };
}

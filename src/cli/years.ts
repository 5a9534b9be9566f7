import { Command } from 'commander';
import type { Database } from '../database/database';
import { openYears, type RunningYear } from '../database/years';
import { today } from '../days';
import { openDistricts } from '../roster/districts';
import { openSchoolYears, startOfYear, YEAR_ZERO, yearNamed } from '../roster/school-years';
import { schoolYear } from './arguments';
import { print, table, withDatabase, withJson } from './context';
import { yearsErase } from './years-erase';

const list = withJson(new Command('list'))
  .description('list the school years that are kept apart, and what the attendance of each takes up')
  .action(({ json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      const years = (await openYears(database).list()).map(({ year, bytes }) => ({
        year: year === null ? 'others' : yearNamed(year - YEAR_ZERO),
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
      const detached = await openYears(database).detach(year + YEAR_ZERO, await runningYears(database));
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

import { Command, InvalidArgumentError, Option } from 'commander';
import type { Database } from '../database/database';
import { openDistricts } from '../roster/districts';
import {
  type GradeRule,
  gradesOfExcused,
  MOST_EDIT_DAYS,
  openSchoolIds,
  openSchoolNumbers,
  openSchools,
  type UntakenRolls,
  untakenRolls,
} from '../roster/schools';
import { id, operator, print, table, withDatabase, withJson } from './context';

const list = withJson(new Command('list'))
  .description('list the schools and their settings')
  .option('--district <id|name>', 'those of one district')
  .action(({ json, district }: { json?: boolean; district?: string }) =>
    withDatabase(async (database) => {
      const of = district === undefined ? null : (await openDistricts(database).get(district)).id;
      const schools = await openSchools(database).list(of);
      print(schools, json, table(schools));
    }),
  );

interface SetOptions {
  readonly json?: boolean;
  readonly untaken?: UntakenRolls;
  readonly editDays?: number | typeof NONE;
  readonly gradeLate?: number | typeof NONE;
  readonly gradeExcused?: GradeRule['grade_excused'];
}

/** commander would make an empty text of null. */
const NONE = 'none';
const orNull = (said: number | typeof NONE | undefined) => (said === NONE ? null : said);

const numberUpTo =
  (most: number, what: string) =>
  (sent: string): number | typeof NONE => {
    if (sent === NONE) return NONE;
    if (/^\d{1,3}$/.test(sent) && Number(sent) <= most) return Number(sent);
    throw new InvalidArgumentError(`It must be ${what} from 0 to ${most}, or none.`);
  };

const set = withJson(new Command('set'))
  .description('change a setting of a school')
  .argument('<id>', 'id of the school, as `school list` has it', id)
  .addOption(
    new Option(
      '--untaken <unknown|present>',
      'what reports count students as who are not marked, on past school days whose roll nobody took',
    ).choices([...untakenRolls]),
  )
  .option(
    '--edit-days <days|none>',
    'for how many days after the day itself teachers may take and change a roll; `none`: without an end',
    numberUpTo(MOST_EDIT_DAYS, 'a number of days'),
  )
  .option(
    '--grade-late <percent|none>',
    'an attendance grade is sent to the LMS, in which late counts so much of present; `none`: no grade is sent',
    numberUpTo(100, 'a percentage'),
  )
  .addOption(
    new Option(
      '--grade-excused <left_out|present>',
      'what that grade makes of excused: it is left out of the count, or counts as present',
    ).choices([...gradesOfExcused]),
  )
  .action((id: number, { json, untaken, editDays, gradeLate, gradeExcused }: SetOptions) =>
    withDatabase(async (database) => {
      const schools = openSchools(database);
      const found = (await schools.list(null)).find((school) => school.id === id);
      if (!found) throw new Error(`There is no school ${id}; \`rollbook school list\` lists them.`);
      const district = found.district_id;
      const grade = { grade_late: orNull(gradeLate), grade_excused: gradeExcused };
      await schools.set({ district, ...operator('school set') }, id, {
        untaken,
        edit_days: orNull(editDays),
        ...grade,
      });
      const school = await schools.get({ district }, id);
      print(school, json, table([school]));
    }),
  );

export const schoolCommand = new Command('school')
  .description('the schools and their settings')
  .addCommand(list)
  .addCommand(set);

/** What a school is named by on the command line. */
export const NUMBER = "the school's number: the SIS's identifier of it, else its id";

/** Which schools are asked for, where something can be set of many at once. */
export interface SchoolsAsked {
  readonly school?: readonly string[];
  readonly allSchools?: boolean;
}

/** For what can be set of many schools at once. */
export const withSchools = (command: Command): Command =>
  command
    .option('--school <number...>', `${NUMBER}; of several, one after the other`)
    .option('--all-schools', 'all schools of the district');

interface District {
  readonly id: number;
  readonly name: string;
}

/** The ids of the schools that are asked for. */
export async function schoolsAsked(
  database: Database,
  district: District,
  { school, allSchools }: SchoolsAsked,
): Promise<number[]> {
  if ((school === undefined) === (allSchools === undefined))
    throw new Error('Say which schools: --school <number>, or --all-schools.');
  if (!school) return openSchoolIds(database)(district.id);
  return Promise.all(school.map((number) => schoolNumbered(database, district, number)));
}

/** The id of the school of a district that has the number. */
export async function schoolNumbered(database: Database, district: District, number: string): Promise<number> {
  const school = (await openSchoolNumbers(database)(district.id, [number])).get(number);
  if (school === undefined) throw new Error(`There is no school ${number} in district ${district.name}.`);
  return school;
}

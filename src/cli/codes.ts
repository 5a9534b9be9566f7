import { Command, InvalidArgumentError, Option } from 'commander';
import { YEAR_ZERO } from '../apis/powerschool/tables';
import type { Database } from '../database/database';
import { today } from '../days';
import { Status, statusWords } from '../ledger/attendance';
import { type Code, isCode, openCodes } from '../ledger/codes';
import { openDistricts } from '../roster/districts';
import { openSchoolYears, schoolYearOn, yearNamed } from '../roster/school-years';
import { operator, print, schoolYear, table, withDatabase, withJson } from './context';
import { schoolNumbered } from './school';

interface Place {
  readonly district: string;
  readonly school: string;
  readonly year?: number;
}

interface SetOptions extends Place {
  readonly status: keyof typeof Status;
  readonly description?: string;
  readonly officeOnly?: boolean;
  readonly color?: string;
  readonly json?: boolean;
}

const withPlace = (command: Command): Command =>
  withJson(command)
    .requiredOption('--district <id|name>', 'the district')
    .requiredOption('--school <number>', "the school's number: the SIS's identifier of it, else its id")
    .option('--year <2025-26>', 'the school year; this one where it is not said', schoolYear);

const list = withPlace(new Command('list'))
  .description("list a school's attendance codes of a school year")
  .action(({ json, ...place }: Place & { json?: boolean }) =>
    withDatabase(async (database) => {
      const { district, school, year } = await placeOf(database, place);
      const codes = (await openCodes(database).of(district, school, year)).map(shown);
      print(codes, json, table(codes));
    }),
  );

const set = withPlace(new Command('set'))
  .description('add a code, or change what it says and means from now on')
  .argument('<code>', 'what stands on the roll, e.g. FT', code)
  .addOption(new Option('--status <status>', 'what it means').choices(Object.keys(Status)).makeOptionMandatory())
  .option('--description <text>', 'what it says; the code itself where nothing is said')
  .option('--office-only', 'teachers do not use it')
  .option('--no-office-only', 'teachers use it, too')
  .option('--color <#rrggbb|none>', 'in which it is shown beside its text', color)
  .action((code: string, { json, status, description = code, officeOnly, color, ...place }: SetOptions) =>
    withDatabase(async (database) => {
      const { district, school, year } = await placeOf(database, place);
      const change = {
        school_id: school,
        year,
        code,
        description,
        status: Status[status],
        office_only: officeOnly,
        color,
      };
      const changed = shown(await openCodes(database).set({ district, ...operator('codes set') }, change));
      print(changed, json, table([changed]));
    }),
  );

export const codesCommand = new Command('codes')
  .description('the attendance codes of schools')
  .addCommand(list)
  .addCommand(set);

async function placeOf(database: Database, { district: name, school: number, year }: Place) {
  const { id: district, time_zone } = await openDistricts(database).get(name);
  const school = await schoolNumbered(database, { id: district, name }, number);
  return { district, school, year: year ?? schoolYearOn(today(time_zone), await openSchoolYears(database)(district)) };
}

const shown = ({ id, year, code, description, status, office_only, color }: Code) => ({
  id,
  year: yearNamed(year),
  yearid: year - YEAR_ZERO,
  code,
  description,
  status: statusWords[status],
  office_only: Boolean(office_only),
  color,
});

function color(text: string): string {
  if (text === 'none') return '';
  if (/^#[0-9a-f]{6}$/i.test(text)) return text.toLowerCase();
  throw new InvalidArgumentError('It must be a colour like #7744aa, or none.');
}

function code(text: string): string {
  if (isCode(text)) return text;
  throw new InvalidArgumentError('It must be up to 32 letters, digits and signs, without spaces.');
}

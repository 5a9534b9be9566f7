import { Command, Option } from 'commander';
import { type District, openDistricts } from '../roster/districts';
import { operator, print, table, withDatabase, withJson } from './context';

interface SetOptions {
  readonly json?: boolean;
  readonly sisAttendanceApp?: 'on' | 'off';
  readonly timeZone?: string;
  readonly language?: string;
}

/** As it is printed, by the name of the option that sets it. */
const printed = ({ id, name, time_zone, sis_takes_attendance, language }: District) => ({
  ...{ id, name, time_zone, sis_attendance_app: sis_takes_attendance, language },
});

const list = withJson(new Command('list'))
  .description('list the districts')
  .action(({ json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      const districts = (await openDistricts(database).list()).map(printed);
      print(districts, json, table(districts));
    }),
  );

const set = withJson(new Command('set'))
  .description('change a district')
  .argument('<id>', 'id or name of the district')
  .addOption(
    new Option(
      '--sis-attendance-app <on|off>',
      'whether the SIS takes attendance: section attendance then answers 410',
    ).choices(['on', 'off']),
  )
  .option('--time-zone <IANA>', 'whose day is today, e.g. America/Chicago')
  .option('--language <tag>', 'in whose order names are sorted: en, sv, es-MX')
  .action((id: string, { json, sisAttendanceApp, timeZone, language }: SetOptions) =>
    withDatabase(async (database) => {
      const districts = openDistricts(database);
      const change = {
        ...(sisAttendanceApp && { sis_takes_attendance: sisAttendanceApp === 'on' }),
        ...(timeZone && { time_zone: timeZone }),
        ...(language && { language }),
      };
      const district = await districts.set((await districts.get(id)).id, change, operator('district set'));
      print(printed(district), json, table([printed(district)]));
    }),
  );

export const districtCommand = new Command('district').description('the districts').addCommand(list).addCommand(set);

import { Command, Option } from 'commander';
import { type District, openDistricts } from '../roster/districts';
import { print, table, withDatabase, withJson } from './context';

interface SetOptions {
  readonly json?: boolean;
  readonly sisAttendanceApp?: 'on' | 'off';
  readonly timeZone?: string;
  readonly language?: string;
}

const list = withJson(new Command('list'))
  .description('list the districts')
  .action(({ json }: { json?: boolean }) =>
    withDatabase(async (database) => {
      const districts = await openDistricts(database).list();
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
      const district: District = await districts.set((await districts.get(id)).id, {
        ...(sisAttendanceApp && { sis_attendance_app: sisAttendanceApp === 'on' }),
        ...(timeZone && { time_zone: timeZone }),
        ...(language && { language }),
      });
      print(district, json, table([district]));
    }),
  );

export const districtCommand = new Command('district').description('the districts').addCommand(list).addCommand(set);

import { Command } from 'commander';
import { today } from '../days';
import { openDistricts } from '../roster/districts';
import { importOneRoster, openOneRoster } from '../roster/oneroster/import';
import type { ImportReport } from '../roster/oneroster/report';
import { print, table, withDatabase, withJson } from './context';
import { progressBar } from './progress';

interface ImportOptions {
  readonly district: string;
  readonly timeZone?: string;
  readonly json?: boolean;
}

/** Some rows were refused. */
const EXIT_REFUSED = 2;

export const importCommand = withJson(new Command('import'))
  .description('import a OneRoster CSV bundle, 1.1 or 1.2, bulk or delta')
  .argument('<folder|zip>', 'the bundle')
  .requiredOption('--district <name>', 'the district it belongs to; created when it is new')
  .option('--time-zone <IANA>', "the district's time zone, e.g. America/Chicago")
  .addHelpText('after', '\nExit code: 0 all in, 2 some rows refused, 1 nothing done.')
  .action(async (source: string, { district: name, timeZone, json }: ImportOptions) => {
    const bundle = await openOneRoster(source);
    const report = await withDatabase(async (database) => {
      const districts = openDistricts(database);
      const known = await districts.find(name);
      const district = known ?? (await districts.create(name, timeZone));
      if (known && timeZone) await districts.set(known.id, { time_zone: timeZone });
      const bar = progressBar();
      try {
        const options = { today: today(timeZone ?? district.time_zone), onProgress: bar.update };
        return {
          district: { id: district.id, name: district.name },
          ...(await importOneRoster(database, district.id, bundle, options)),
        };
      } finally {
        bar.stop();
      }
    });
    print(report, json, linesOf(report));
    if (report.refused.length > 0) process.exitCode = EXIT_REFUSED;
  });

function linesOf({
  district,
  counts,
  refused,
  erased,
}: ImportReport & { district: { id: number; name: string } }): string[] {
  const rows = Object.entries(counts).map(([file, count]) => ({ file, ...count }));
  const lines = [`District ${district.id}: ${district.name}`, ...table(rows)];
  if (refused.length > 0) lines.push('', 'Not imported:', ...table(refused));
  if (erased.length > 0) lines.push('', 'Left out, as the person was erased:', ...table(erased));
  return lines;
}

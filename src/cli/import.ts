import { Command, Option } from 'commander';
import { peopleNames } from '../apis/tables';
import type { Database } from '../database/database';
import { today } from '../days';
import { extensionTables } from '../privacy/personal-data';
import { openDistricts } from '../roster/districts';
import { importOneRoster, type OneRoster, openOneRoster } from '../roster/oneroster/import';
import { type ImportReport, rehearsed } from '../roster/oneroster/report';
import {
  confirm,
  count,
  operator,
  print,
  progressBar,
  table,
  withDatabaseOrTrial,
  withJson,
  withNewDatabase,
} from './context';

interface ImportOptions {
  readonly district: string;
  readonly timeZone?: string;
  readonly dryRun: boolean;
  readonly force: boolean;
  readonly allowEnding?: number;
  readonly correctPast: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** What an import has done, or would do. */
interface Done extends ImportReport {
  readonly dry_run: boolean;
  /** A district that is to be made has no id yet. */
  readonly district: { readonly id: number | null; readonly name: string };
}

/** Some rows were refused. */
const EXIT_REFUSED = 2;

export const importCommand = withJson(new Command('import'))
  .description('import a OneRoster CSV bundle, 1.0 to 1.2, bulk or delta')
  .argument('<folder|zip>', 'the bundle')
  .requiredOption('--district <name>', 'the district it belongs to; created when it is new')
  .option('--time-zone <IANA>', "the district's time zone, e.g. America/Chicago")
  .option('--dry-run', 'say what the import would do, and change nothing', false)
  .addOption(
    new Option('--allow-ending <n>', 'so many running enrollments may end, however large a part of a school').argParser(
      count,
    ),
  )
  .option('--force', 'also where a bundle that is newer by its dateLastModified was imported before', false)
  .option(
    '--correct-past',
    'say that the past was wrong where the roster has it otherwise: rolls that were taken follow',
    false,
  )
  .option('--yes', 'do not ask before the past is corrected')
  .addHelpText('after', '\nExit code: 0 all in, 2 some rows refused, 1 nothing done.')
  .action(async (source: string, { json, yes, ...options }: ImportOptions) => {
    const bundle = await openOneRoster(source);
    const open = options.dryRun ? withDatabaseOrTrial : withNewDatabase;
    const done = await open(async (database) => {
      const run = (from: OneRoster) => (on: Database) => imported(on, from, options);
      if (options.dryRun) return rehearsed(database, run(bundle));
      if (options.correctPast && !yes) {
        const would = await rehearsed(database, run(await openOneRoster(source)));
        await confirm(linesOf({ ...would, dry_run: false }), options.district, yes);
      }
      return run(bundle)(database);
    });
    print(done, json, linesOf(done));
    if (done.refused.length > 0) process.exitCode = EXIT_REFUSED;
  });

async function imported(
  database: Database,
  bundle: OneRoster,
  { district: name, timeZone, dryRun, force, allowEnding, correctPast }: Omit<ImportOptions, 'json' | 'yes'>,
): Promise<Done> {
  const districts = openDistricts(database);
  const known = await districts.find(name);
  const district = known ?? (await districts.create(name, timeZone));
  if (known && timeZone) await districts.set(known.id, { time_zone: timeZone }, operator('import'));
  const bar = progressBar();
  const zone = timeZone ?? district.time_zone;
  try {
    const options = {
      today: today(zone),
      timeZone: zone,
      force,
      allowEnding: allowEnding ?? 0,
      correctPast,
      otherNames: peopleNames,
      extensions: extensionTables,
    };
    const report = await importOneRoster(database, district.id, bundle, { ...options, onProgress: bar.update });
    return { dry_run: dryRun, district: { id: known || !dryRun ? district.id : null, name: district.name }, ...report };
  } finally {
    bar.stop();
  }
}

function linesOf({ dry_run, district, counts, refused, erased, adopted, warnings, ...past }: Done): string[] {
  const rows = Object.entries(counts).map(([file, count]) => ({ file, ...count }));
  const lines = [`District ${district.id ?? '(new)'}: ${district.name}`, ...table(rows)];
  const add = (title: string, found: readonly object[]) => found.length > 0 && lines.push('', title, ...table(found));
  add('Not imported:', refused);
  add('Left out, as the person was erased:', erased);
  add('Here already, added by another system:', adopted);
  add('Taken in, but look at it:', warnings);
  add('Moved by the roster, but kept on days that were counted before today:', past.kept);
  // One that is new has no number that anybody knows yet.
  const delayed = past.delayed.map((row) => ({ ...row, enrollment: row.enrollment ?? row.sourcedId }));
  add('Begins later than the roster says, as the days before are counted already:', delayed);
  add('Ended, as their users, classes or schools were deleted:', past.orphaned);
  add('Corrected in the past:', past.corrected);
  if (dry_run) lines.push('', 'This was a dry run: nothing was changed.');
  return lines;
}

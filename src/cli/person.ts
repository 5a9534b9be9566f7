import { Command, Option } from 'commander';
import type { Database } from '../database/database';
import { erasableTables, erase, wouldErase } from '../privacy/erase';
import { jsonOf, writeCsv, writePrivate } from '../privacy/export';
import { mergePeople } from '../privacy/merge';
import { subjectOf } from '../privacy/subject';
import { rehearsed } from '../roster/oneroster/report';
import { confirm, id, print, table, withDatabase, withJson } from './context';
import { inviteCommand } from './invite';
import { scrub } from './scrub';

interface ExportOptions {
  readonly format: 'json' | 'csv';
  readonly out?: string;
}

interface EraseOptions {
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly vacuum: boolean;
  readonly json?: boolean;
}

const exporting = new Command('export')
  .description('print all that is held of a person')
  .argument('<id>', 'id of the person', id)
  .addOption(
    new Option('--format <format>', 'one JSON document, or CSV files').choices(['json', 'csv']).default('json'),
  )
  .option('--out <path>', 'a new file for JSON, a new folder for CSV; JSON goes to stdout without it')
  .action((person: number, { format, out }: ExportOptions) =>
    withDatabase(async (database) => {
      const subject = await subjectOf(database, person);
      if (format === 'json' && out !== undefined) return writePrivate(out, jsonOf(database, subject));
      if (format === 'json') {
        for await (const piece of jsonOf(database, subject)) await written(piece);
        return;
      }
      if (out === undefined) throw new Error('CSV is several files: say with --out into which new folder.');
      print(undefined, false, await writeCsv(database, subject, out));
    }),
  );

const erasing = withJson(new Command('erase'))
  .description('replace what identifies a person and what was said of them; statuses and counts stay')
  .argument('<id>', 'id of the person', id)
  .option('--dry-run', 'say what would be replaced, and change nothing')
  .option('--yes', 'do not ask')
  .option('--no-vacuum', 'leave what was replaced in free pages of the database, to be vacuumed later')
  .action((person: number, { dryRun, yes, vacuum, json }: EraseOptions) =>
    withDatabase(async (database) => {
      const subject = await subjectOf(database, person);
      const would = await wouldErase(database, subject);
      const nothing = Object.keys(would).length === 0;
      if (!dryRun && !nothing) await confirm(`Person ${person} will be erased.`, subject.name, yes);
      const replaced = dryRun ? would : await erase(database, subject);
      const result = { person, district_id: subject.district_id, dry_run: Boolean(dryRun), replaced };
      print(result, json, nothing ? ['There is nothing left to erase.'] : table([replaced]));
      if (!dryRun) await scrub(database, erasableTables, vacuum);
    }),
  );

const merging = withJson(new Command('merge'))
  .description('make one person of two who are the same; nothing undoes it')
  .argument('<keep>', 'id of the person who stays', id)
  .argument('<drop>', 'id of the person whose attendance, enrollments and names are theirs from now on', id)
  .option('--dry-run', 'say what would be moved, and change nothing')
  .option('--yes', 'do not ask')
  .action((keep: number, drop: number, { dryRun, yes, json }: Omit<EraseOptions, 'vacuum'>) =>
    withDatabase(async (database) => {
      const [kept, dropped] = [await subjectOf(database, keep), await subjectOf(database, drop)];
      if (!dryRun) await confirm(`Person ${drop} will be person ${keep}, ${kept.name}.`, dropped.name, yes);
      const run = (on: Database) => mergePeople(on, kept, dropped);
      const merged = dryRun ? await rehearsed(database, run) : await run(database);
      const result = { keep, drop, district_id: kept.district_id, dry_run: Boolean(dryRun), ...merged };
      const { moved, combined, told, left, others } = merged;
      print(result, json, [
        ...table([{ moved, combined, told, left, ...others }]),
        ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
      ]);
    }),
  );

/** As fast as it is taken. */
const written = (text: string) => new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));

export const personCommand = new Command('person')
  .description('signs people in; merges those who are the same; exports and erases what is held of them')
  .addCommand(inviteCommand)
  .addCommand(exporting)
  .addCommand(merging)
  .addCommand(erasing);

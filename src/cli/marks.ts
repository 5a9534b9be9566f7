import { Command } from 'commander';
import type { RowReport } from '../../schemas/rollbook/marks';
import type { Database } from '../database/database';
import { csv } from '../http/formats/csv';
import { json } from '../http/formats/json';
import { Streamed, textOf } from '../http/send';
import type { Actor } from '../ledger/actor';
import { openLedger } from '../ledger/ledger';
import { exportColumns, openMarksExport } from '../marks/export';
import { type MarksFile, openMarksFile } from '../marks/file';
import { type MarksImport, openMarksImport } from '../marks/import';
import { openDistricts } from '../roster/districts';
import { day, id, noteRead, printText, progressBar, withDatabase, withJson } from './context';
import { printable } from './printable';
import { schoolNumbered } from './school';

interface ImportOptions {
  readonly district: string;
  readonly dryRun: boolean;
  readonly json?: boolean;
}

interface ExportOptions {
  readonly district: string;
  readonly from?: string;
  readonly to?: string;
  readonly section?: number;
  readonly school?: string;
  readonly json?: boolean;
}

/** Some rows were refused. */
const EXIT_REFUSED = 2;

const importMarks = withJson(new Command('import'))
  .description('bring in the marks of many sections and days; what stands already is not written again')
  .argument('<csv>', 'columns: section, student or enrollment; date, status, comment')
  .requiredOption('--district <id|name>', 'the district they belong to')
  .option('--dry-run', 'say what would change and what is refused, and write nothing', false)
  .addHelpText(
    'after',
    '\nExit code: 0 all in, 2 some rows refused, 1 it failed. An import that was cut short can be run again.',
  )
  .action(async (path: string, { district, dryRun, json: isJson }: ImportOptions) => {
    const file = await openMarksFile(path);
    await withDatabase(async (database) => {
      const options = { dryRun, dateOrder: file.dateOrder?.order };
      const actor = await operatorOf(database, district);
      await noteRead(database, 'marks import', actor.district, {}); // its report has names, and what stood
      const under = openMarksImport(database, openLedger(database))(actor, options);
      const rows = reports(file, under);
      await printText(isJson ? asDocument(rows, under, dryRun, file) : asLines(rows, under, dryRun, file));
      if (under.counts.refused > 0) process.exitCode = EXIT_REFUSED;
    });
  });

const exportMarks = withJson(new Command('export'))
  .description('print marks as CSV, which an import reads again')
  .requiredOption('--district <id|name>', 'the district')
  .option('--from <day>', 'the first day', day)
  .option('--to <day>', 'the last day', day)
  .option('--section <id>', 'only this section', id)
  .option('--school <number>', "only this school: the SIS's identifier of it, else its id")
  .action(({ json: isJson, district, school, section, ...range }: ExportOptions) =>
    withDatabase(async (database) => {
      const actor = await operatorOf(database, district);
      const place = { id: actor.district, name: district };
      const only = { section: section ?? null, school: school ? await schoolNumbered(database, place, school) : null };
      const { section: one, school: many } = only;
      await noteRead(database, 'marks export', actor.district, { ...range, section: one ?? undefined, school: many });
      const marks = new Streamed({ marks: openMarksExport(database)(actor, { ...range, ...only }) });
      await printText(textOf(marks, (isJson ? json : csv('marks', exportColumns)).parts));
    }),
  );

export const marksCommand = new Command('marks')
  .description('marks as CSV')
  .addCommand(importMarks)
  .addCommand(exportMarks);

const operatorOf = async (database: Database, district: string): Promise<Actor> => ({
  district: (await openDistricts(database).get(district)).id,
  api: 'rollbook',
  client: null,
  person: null,
});

async function* reports(file: MarksFile, { take }: MarksImport): AsyncGenerator<RowReport[]> {
  const bar = progressBar();
  let [done, count] = [0, 0];
  try {
    const onBytes = (bytes: number) => {
      done += bytes;
    };
    for await (const rows of file.chunks(onBytes)) {
      yield (await take(rows)).reports;
      count += rows.length;
      bar.update({ file: file.name, done, total: file.size, rows: count });
    }
  } finally {
    bar.stop();
  }
}

async function* asDocument(
  rows: AsyncGenerator<RowReport[]>,
  under: MarksImport,
  dryRun: boolean,
  { dateOrder }: MarksFile,
) {
  const counts = () => under.counts;
  const ignored = () => [...under.ignored];
  yield* textOf(
    new Streamed({ dry_run: dryRun, date_order: () => dateOrder ?? null, rows, counts, ignored }),
    json.parts,
  );
  yield '\n';
}

/** What somebody should look at: in a dry run that is every change. */
async function* asLines(
  rows: AsyncGenerator<RowReport[]>,
  under: MarksImport,
  dryRun: boolean,
  { dateOrder }: MarksFile,
) {
  if (dateOrder)
    yield `Days are read ${dateOrder.order}, as line ${dateOrder.line} proves: ${printable(dateOrder.text)}. Look whether they are right.\n`;
  for await (const some of rows)
    yield some
      .filter(({ outcome, warning }) => outcome === 'refused' || warning || (dryRun && outcome === 'changed'))
      .map((row) => `${printable(lineOf(row))}\n`)
      .join('');
  const { changed, unchanged, refused } = under.counts;
  if (under.ignored.size > 0) yield `Columns not read: ${printable([...under.ignored].join(', '))}\n`;
  yield `${dryRun ? 'Would change' : 'Changed'} ${changed}, unchanged ${unchanged}, refused ${refused}.\n`;
}

function lineOf({ line, section, student, date, from, to, outcome, message, warning }: RowReport): string {
  if (outcome === 'refused') return `line ${line}: refused. ${message}`;
  return `line ${line}: ${student}, ${section}, ${date}: ${from || 'not taken'} -> ${to}${warning && `. ${warning}`}`;
}

import { Command } from 'commander';
import type { Database } from '../database/database';
import { rehearsed } from '../roster/oneroster/report';
import { dayAfter } from '../roster/past';
import { type Corrected, openCorrection } from '../roster/set-enrollment';
import { confirm, day, id, print, withDatabase, withJson } from './context';

interface SetOptions {
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

const set = withJson(new Command('set'))
  .description('say that the days of an enrollment were wrong: rolls that were taken follow, and the journal says so')
  .argument('<id>', 'id of the enrollment', id)
  .option('--from <day>', 'its first day', day)
  .option('--to <day>', 'its last day', day)
  .option('--dry-run', 'say what would change, and change nothing')
  .option('--yes', 'do not ask')
  .action((enrollment: number, { from, to, dryRun, yes, json }: SetOptions) =>
    withDatabase(async (database) => {
      if (!from && !to) throw new Error('Say from which day, --from, or to which, --to.');
      const days = { ...(from && { begin_date: from }), ...(to && { end_date: dayAfter(to) }) };
      const run = (on: Database) => openCorrection(on)(enrollment, days);
      const would = await rehearsed(database, run);
      if (!dryRun) await confirm(linesOf(would), would.student, yes);
      const done = dryRun ? would : await run(database);
      print({ dry_run: Boolean(dryRun), ...done }, json, [
        ...linesOf(done),
        ...(dryRun ? ['This was a dry run: nothing was changed.'] : []),
      ]);
    }),
  );

export const enrollmentCommand = new Command('enrollment').description('the enrollments of students').addCommand(set);

function linesOf({ enrollment, section, student, before, after, on, off }: Corrected): string[] {
  const said = ({ begin_date, end_date }: Corrected['after']) => `${begin_date} until before ${end_date}`;
  const kept = before.kept.map((days) => `, and the days that were kept, ${said(days)}`).join('');
  return [
    `Enrollment ${enrollment}, ${student} in ${section}: from ${said(before)}${kept}`,
    `to ${said(after)}. Rolls that were taken: on ${on} more, off ${off}.`,
  ];
}

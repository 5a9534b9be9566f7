import { Command } from 'commander';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';
import { type JournalRow, rollSaid } from '../ledger/attendance';
import { type HistoryFilter, openLedger } from '../ledger/ledger';
import { type CorrectionRow, openCorrections } from '../roster/corrections';
import { openDistricts } from '../roster/districts';
import { id, instant, noteRead, print, table, withDatabase, withJson } from './context';

interface JournalOptions {
  readonly json?: boolean;
  readonly section?: number;
  readonly enrollment?: number;
  readonly since?: string;
  readonly limit: number;
}

export const journalCommand = withJson(new Command('journal'))
  .description('who changed what, when, through which API; oldest first')
  .option('--section <id>', 'only this section', id)
  .option('--enrollment <id>', 'only this enrollment', id)
  .option('--since <instant>', 'only from this instant on, ISO 8601', instant)
  .option('--limit <n>', 'the last so many changes', id, 1_000)
  .action(({ json, ...options }: JournalOptions) =>
    withDatabase(async (database) => {
      const rows = await changes(database, options);
      print(rows, json, linesOf(rows));
    }),
  );

/** A change of a status or of a roll, or a correction of the past. */
type Change = ReturnType<typeof readable> | CorrectionRow;

/** What was said of a roll as a whole, which the journal has in place of a comment, stands in a field of its own. */
const readable = ({ id, section_id, date, enrollment_id, to_comment, ...row }: JournalRow) => {
  const isOfRoll = enrollment_id === null;
  const roll = isOfRoll ? rollSaid(to_comment) : null;
  return { id, section_id, date, enrollment_id, roll, ...row, to_comment: isOfRoll ? '' : to_comment };
};

const isCorrection = (change: Change): change is CorrectionRow => 'what' in change;

async function changes(
  database: Database,
  { since, limit, ...scope }: Omit<JournalOptions, 'json'>,
): Promise<Change[]> {
  const [ledger, corrections] = [openLedger(database), openCorrections(database)];
  const filters = await filtersOf(database, scope);
  for (const { district, section } of filters) await noteRead(database, 'journal', district, { section });
  const found = await Promise.all(
    filters.map((filter) => ledger.history({ ...filter, limit, ...(since && { since }) })),
  );
  const corrected = await Promise.all(
    filters.map((filter) => corrections.read(database, { ...filter, limit, ...(since && { since }) })),
  );
  const journal = found
    .flat()
    .sort((a, b) => a.id - b.id)
    .map(readable);
  return inOrder(journal, corrected.flat().sort(byTime)).slice(-limit);
}

const byTime = (one: Change, other: Change): number => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0);

/** The rows of the journal stay in the order of their ids, whatever their clock said. */
function inOrder(journal: readonly ReturnType<typeof readable>[], corrections: readonly CorrectionRow[]): Change[] {
  const ordered: Change[] = [];
  let next = 0;
  for (const row of journal) {
    while (next < corrections.length && byTime(corrections[next]!, row) < 0) ordered.push(corrections[next++]!);
    ordered.push(row);
  }
  return [...ordered, ...corrections.slice(next)];
}

function linesOf(rows: readonly Change[]): string[] {
  const corrections = rows.filter(isCorrection).map(({ on, off, ...row }) => ({
    ...row,
    on: on.join(' '),
    off: off.join(' '),
  }));
  const journal = table(rows.filter((row) => !isCorrection(row)));
  return corrections.length === 0
    ? journal
    : [...journal, '', 'Said to have been wrong in the past:', ...table(corrections)];
}

/** The journal is kept by district and section; an enrollment knows its own. */
async function filtersOf(
  { knex, ...database }: Database,
  { section, enrollment }: Pick<JournalOptions, 'section' | 'enrollment'>,
) {
  const districts = () => openDistricts({ knex, ...database }).list();
  if (section === undefined && enrollment === undefined)
    return (await districts()).map(({ id: district }): HistoryFilter => ({ district }));
  const [thing, its] = enrollment === undefined ? ['section', 'id'] : ['enrollment', 'section_id'];
  const find = text(
    knex,
    `select district_id, ${its} as section_id from ${thing}s where id = :id`,
    { district_id: integer, section_id: integer },
    { acrossDistricts: 'an operator names it by its id alone' },
  );
  const id = (enrollment ?? section)!;
  const [row] = await database.all(find, { id });
  if (!row) throw new Error(`There is no ${thing} ${id}.`);
  const filter = { district: row.district_id, section: section ?? row.section_id };
  return [enrollment === undefined ? filter : { ...filter, enrollment }];
}

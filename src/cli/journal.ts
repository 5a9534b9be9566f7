import { Command, InvalidArgumentError } from 'commander';
import type { Database } from '../database/database';
import { text } from '../database/query';
import { integer } from '../database/rows';
import type { JournalRow } from '../ledger/attendance';
import { type HistoryFilter, openLedger } from '../ledger/ledger';
import { openDistricts } from '../roster/districts';
import { id, print, table, withDatabase, withJson } from './context';

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
      print(rows, json, table(rows));
    }),
  );

async function changes(
  database: Database,
  { since, limit, ...scope }: Omit<JournalOptions, 'json'>,
): Promise<JournalRow[]> {
  const ledger = openLedger(database);
  const filters = await filtersOf(database, scope);
  const found = await Promise.all(
    filters.map((filter) => ledger.history({ ...filter, limit, ...(since && { since }) })),
  );
  return found
    .flat()
    .sort((a, b) => a.id - b.id)
    .slice(-limit);
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

function instant(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be an instant like 2026-11-20T08:00:00Z.');
  return new Date(time).toISOString();
}

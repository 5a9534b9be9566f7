import { Command, Option } from 'commander';
import { openReads, type ReadFilter } from '../audit/find';
import { type ReadRow, readRow } from '../audit/read';
import { openClients } from '../clients/clients';
import { secretsWith } from '../clients/secrets';
import type { Database } from '../database/database';
import { csvOf } from '../lib/csv';
import { subjectOf } from '../privacy/subject';
import { openDistricts } from '../roster/districts';
import { id, instant, print, table, withDatabase, withJson } from './context';

interface AuditOptions extends Omit<ReadFilter, 'district'> {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly district?: string;
}

export const auditCommand = withJson(new Command('audit'))
  .description('who read, exported or was sent whose records, when, through which API; oldest first')
  .option('--person <id>', 'only reads in which records of this person were, or may have been', id)
  .option('--reader <id>', 'only reads that a client made for this person', id)
  .option('--client <id>', 'only reads of this API client', id)
  .option('--district <id|name>', 'only of this district')
  .option('--since <instant>', 'only from this instant on, ISO 8601', instant)
  .option('--until <instant>', 'only before this instant, ISO 8601', instant)
  .option('--limit <n>', 'the last so many', id, 1_000)
  .addOption(new Option('--csv', 'print CSV on stdout').conflicts('json'))
  .action(({ json, csv, district, ...filter }: AuditOptions) =>
    withDatabase(async (database) => {
      if (filter.client !== undefined) await checkClient(database, filter.client);
      const rows = await readsOf(database, district, filter);
      if (csv) process.stdout.write(csvOf(Object.keys(readRow), rows));
      else print(rows, json, table(rows));
    }),
  );

async function checkClient(database: Database, client: number): Promise<void> {
  const known = await openClients(database, secretsWith([])).list();
  if (!known.some(({ id }) => id === client)) throw new Error(`There is no client ${client}.`);
}

async function readsOf(database: Database, named: string | undefined, filter: Omit<ReadFilter, 'district'>) {
  const reads = openReads(database);
  const found: ReadRow[] = [];
  for (const district of await districtsOf(database, named, filter))
    found.push(...(await reads({ ...filter, district })));
  return found
    .sort((one, other) => (one.at === other.at ? one.id - other.id : one.at < other.at ? -1 : 1))
    .slice(-filter.limit);
}

/** A person is of one district, and so is whoever acts for them. */
async function districtsOf(
  database: Database,
  named: string | undefined,
  { person, reader }: Pick<ReadFilter, 'person' | 'reader'>,
): Promise<number[]> {
  const districts = openDistricts(database);
  const asked = named === undefined ? await districts.list() : [await districts.get(named)];
  const one = person ?? reader;
  if (one === undefined) return asked.map(({ id }) => id);
  const { district_id } = await subjectOf(database, one);
  return asked.map(({ id }) => id).filter((id) => id === district_id);
}

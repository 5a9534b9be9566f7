import type { Database, Executor } from '../database/database';
import type { PersonalData } from '../database/personal-data';
import { type Query, text, type Values } from '../database/query';
import { integer, string } from '../database/rows';
import { today } from '../days';
import { openLedger } from '../ledger/ledger';
import type { LedgerTransaction } from '../ledger/transaction';
import { openErasures } from '../roster/erasures';
import { openOtherChanges } from '../roster/other-changes';
import { openRoster } from '../roster/roster';
import { personalData } from './personal-data';
import { type Subject, whereOf } from './subject';

/** How many rows of each data were replaced or removed, or would be. */
export type Replaced = Readonly<Record<string, number>>;

const erasable = personalData.filter(({ erasure }) => erasure);
/** The tables in which an erasure changes anything. */
export const erasableTables = erasable.map(({ table }) => table);

/** What an erasure would replace or remove. */
export const wouldErase = (database: Database, { values }: Subject): Promise<Replaced> =>
  each(database, values, (data) =>
    text(database.knex, `select 1 as one from ${data.table} as held where ${unerased(database, data)}`, {
      one: integer,
    }),
  );

/**
 * Replaces what identifies the person, and what was said of them, in one transaction with its rows in the journal.
 * Statuses, days, codes and enrollments stay, and so does every count. What is erased already is not erased again.
 */
export function erase(database: Database, subject: Subject): Promise<Replaced> {
  const { district_id: district, sections, values } = subject;
  const actor = { district, api: 'person erase', client: null, person: null };
  return openLedger(database).open(async (transaction) => {
    await transaction.hold(sections, actor);
    const aliases = await aliasesOf(transaction, database, values);
    const replaced = await each(transaction, values, (data) =>
      text(database.knex, erasing(database, data), { one: integer }),
    );
    if (Object.keys(replaced).length === 0) return replaced;
    for (const sourced_id of [subject.sourced_id, ...aliases])
      await openErasures(database).add(transaction, { ...subject, sourced_id }, new Date().toISOString());
    await transaction.touch(sections, actor);
    await transaction.noteErasure(await enrollmentsOf(transaction, database, values), today(subject.time_zone), actor);
    await openOtherChanges(database).erased(transaction, actor, subject.id);
    // Whoever keeps a copy of them learns that they are called otherwise now.
    await openRoster(database).touch(transaction, actor, subject.id);
    return replaced;
  });
}

async function each(executor: Executor, values: Values, queryOf: (data: PersonalData) => Query<{ one: number }>) {
  const at = new Date().toISOString();
  const replaced: Record<string, number> = {};
  for (const data of erasable) {
    const rows = await executor.all(queryOf(data), { ...values, at });
    if (rows.length > 0) replaced[data.name] = rows.length;
  }
  return replaced;
}

/** SQL that is true of the person's rows that are not yet as an erasure leaves them. */
function unerased(database: Database, data: PersonalData): string {
  const { erasure } = data;
  const where = whereOf(database, data);
  if (erasure === 'remove') return where;
  const changes = Object.entries(erasure!).map(([column, erased]) => `held.${column} is distinct from ${erased}`);
  return `${where} and (${changes.join(' or ')})`;
}

function erasing(database: Database, data: PersonalData): string {
  const { table, erasure } = data;
  const where = `where ${unerased(database, data)} returning 1 as one`;
  if (erasure === 'remove') return `delete from ${table} as held ${where}`;
  const changes = Object.entries(erasure!).map(([column, erased]) => `${column} = ${erased}`);
  return `update ${table} as held set ${changes.join(', ')} ${where}`;
}

/** The other sourcedIds by which an import would know the person. */
async function aliasesOf(
  transaction: LedgerTransaction,
  { knex }: Database,
  { district, person }: Values,
): Promise<string[]> {
  const query = text(
    knex,
    `select person_aliases.sourced_id from person_aliases
    where person_aliases.person_id = :person and person_aliases.district_id = :district`,
    { sourced_id: string },
  );
  const rows = await transaction.all(query, { district: district!, person: person! });
  return rows.map(({ sourced_id }) => sourced_id);
}

function enrollmentsOf(transaction: LedgerTransaction, { knex }: Database, { district, person }: Values) {
  const query = text(
    knex,
    `select enrollments.id, enrollments.section_id as section from enrollments
    where enrollments.person_id = :person and +enrollments.district_id = :district
    order by enrollments.id`,
    { id: integer, section: integer },
  );
  return transaction.all(query, { district: district!, person: person! });
}

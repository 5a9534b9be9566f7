import type { Database } from '../../database/database';
import { text } from '../../database/query';
import type { FileSpec } from './files/spec';

/** By another sourcedId of the same thing: its id, and the sourcedId that it is known by. */
export type Aliases = ReadonlyMap<string, { readonly id: number; readonly sourcedId: string | null }>;

const tables: Partial<Record<FileSpec['table'], { aliases: string; id: string }>> = {
  people: { aliases: 'person_aliases', id: 'person_id' },
  enrollments: { aliases: 'enrollment_aliases', id: 'enrollment_id' },
};

/** The other sourcedIds of a district's people or enrollments. */
export async function aliasesOf(database: Database, table: FileSpec['table'], district: number): Promise<Aliases> {
  const kept = tables[table];
  if (!kept) return new Map();
  const { aliases, id } = kept;
  const query = text(
    database.knex,
    `select ${aliases}.sourced_id as alias, ${table}.id, ${table}.sourced_id
    from ${aliases}
    join ${table} on ${table}.id = ${aliases}.${id}
    where ${aliases}.district_id = :district`,
  );
  const rows = await database.all<{ alias: string; id: number; sourced_id: string | null }>(query, { district });
  return new Map(rows.map((row) => [row.alias, { id: row.id, sourcedId: row.sourced_id }]));
}

/** These sourcedIds are of enrollments of their own from now on. */
export async function forgetAliases(
  database: Database,
  district: number,
  of: readonly { readonly sourcedId: string }[],
): Promise<void> {
  if (of.length === 0) return;
  const query = text(
    database.knex,
    `delete from enrollment_aliases
    where enrollment_aliases.district_id = :district and enrollment_aliases.sourced_id in (
      select asked.sourced_id from ${database.rows('ids', { sourced_id: 'text' })} as asked)`,
  );
  const ids = JSON.stringify(of.map(({ sourcedId }) => [sourcedId]));
  await database.transaction((tx) => tx.all(query, { district, ids }));
}

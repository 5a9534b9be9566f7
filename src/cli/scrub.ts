import type { Database } from '../database/database';

/** Takes what was erased out of the database's files too, and tells the operator what is left to know. */
export async function scrub(database: Database, tables: readonly string[], wanted: boolean): Promise<void> {
  const note = wanted
    ? await database.scrub(tables)
    : 'Not vacuumed: the database still holds what was erased in pages that are free.';
  process.stderr.write(
    `${note ? `${note}\n` : ''}Backups and detached school years that hold it are yours to delete.\n`,
  );
}

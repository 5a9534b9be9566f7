import type { Actor } from '../actor';
import type { Executor } from '../database/database';
import type { WriteSql } from './sql/write';

/**
 * Schedules a meeting of a section of the actor's district: its roll is yet to be taken.
 * @returns whether it is new; one that exists stays as it is
 */
export async function schedule(
  tx: Executor,
  sql: WriteSql,
  { section, date }: { section: number; date: string },
  { district, api, client, person }: Actor,
): Promise<boolean> {
  const added = await tx.all(sql.scheduleMeeting, { district, section, date });
  if (added.length === 0) return false;
  const rows = JSON.stringify([[section, date, null, null, '', null, 'scheduled', null]]);
  await tx.all(sql.writeJournal, { rows, district, at: new Date().toISOString(), api, client, person });
  await tx.all(sql.bumpRevisions, { sections: JSON.stringify([[section]]), district });
  return true;
}

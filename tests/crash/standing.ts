import type { Database } from '../../src/database/database';
import { type Entry, journalOf, keyOf, statusOf, untouched } from './entry';
import { textOf } from './requests/rsvps';

export interface Standing {
  readonly entries: Map<string, Entry>;
  /** The last row of the journal. */
  readonly last: number;
}

/** Reads all entries as the tables have them, with what the journal says of them after a row of it. */
export async function readStanding({ knex }: Database, since: number): Promise<Standing> {
  const entries = new Map<string, Entry>();
  const change = (row: { enrollment_id: number; date: string }, to: (entry: Entry) => Entry) => {
    const key = keyOf({ enrollment: row.enrollment_id, date: row.date });
    entries.set(key, to(entries.get(key) ?? untouched));
  };
  for (const row of await knex('marks')) {
    const mark = statusOf(row.status, row.comment);
    change(row, (entry) => ({ ...entry, mark }));
  }
  // Extension a mark there is none: the two together are no status that anybody wrote.
  for (const row of await knex('presences'))
    change(row, (entry) => ({ ...entry, mark: (entry.mark ?? '') + statusOf(1, '') }));
  const beside = (row: { enrollment_id: number; date: string }, text: string) =>
    change(row, (entry) => ({ ...entry, beside: (entry.beside ?? '') + text }));
  for (const row of await knex('powerschool_attendance')) beside(row, `part ${row.status} ${row.comment}`);
  for (const row of await knex('osdi_attendances')) beside(row, textOf(row));
  for (const row of await knex('wix_attendances')) beside(row, `attendees ${row.number_of_attendees}`);
  const said = new Map<string, { enrollment_id: number; date: string; to_status: number | null }>();
  for (const row of await knex('journal').whereNotNull('enrollment_id').orderBy('id'))
    said.set(keyOf({ enrollment: row.enrollment_id, date: row.date }), row);
  for (const row of said.values())
    if (row.to_status === 1) change(row, (entry) => (entry.mark === undefined ? { ...entry, told: true } : entry));
  let last = since;
  for (const row of await knex('journal').where('id', '>', since).orderBy('id')) {
    last = row.id;
    if (row.enrollment_id === null) continue;
    const said = journalOf(statusOf(row.from_status, row.from_comment), statusOf(row.to_status, row.to_comment));
    change(row, (entry) => ({ ...entry, journal: [...entry.journal, said] }));
  }
  return { entries, last };
}

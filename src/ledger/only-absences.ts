import type { Executor } from '../database/database';
import { idOn } from '../days';
import { type EntryValue, same } from './resolve';
import type { EntryKey, WriteSql } from './write-sql';

/** A student of a roll. */
export type Student = EntryKey & { readonly section_id: number };

export const entryOf = ({ enrollment_id, date }: EntryKey): number => idOn(enrollment_id, date);

/**
 * The entries of which an absence that stands says what they are (`src/absences`): it completes no roll. That is looked
 * up for rolls on which nobody is unknown but whoever is written now, which is rarely so.
 * @param others the students of the rolls, but for those who are written now
 */
export async function onlyByAbsences(
  tx: Executor,
  sql: WriteSql,
  district: number,
  others: readonly Student[],
  stored: ReadonlyMap<number, EntryValue>,
): Promise<ReadonlySet<number>> {
  const meetingOf = ({ section_id, date }: Student) => idOn(section_id, date);
  const incomplete = new Set(others.filter((student) => !stored.has(entryOf(student))).map(meetingOf));
  const asked = others.filter((student) => !incomplete.has(meetingOf(student)));
  if (asked.length === 0) return new Set();
  const keys = JSON.stringify(asked.map(({ section_id, date, enrollment_id }) => [section_id, date, enrollment_id]));
  const said = await tx.all(sql.absences, { keys, district });
  return new Set(said.filter((row) => same(stored.get(entryOf(row))!, row)).map(entryOf));
}

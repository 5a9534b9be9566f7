import type { Actor } from '../actor';
import type { Executor } from '../database/database';
import { Status } from './attendance';
import type { Entries } from './entries';
import type { WriteSql } from './sql/write';

const unknown = { status: null, comment: '' };

/**
 * Journals, of each enrollment, that its comments have been erased: a change from what stands to the same, by which
 * the journal still ends in what the ledger says.
 */
export async function noteErasure(
  tx: Executor,
  sql: WriteSql,
  entries: Entries,
  enrollments: readonly { id: number; section: number }[],
  date: string,
  actor: Actor,
): Promise<void> {
  const { district, api, client, person } = actor;
  const condition = { columns: ['enrollment_id', 'date'], in: enrollments.map(({ id }) => [id, date]) };
  const order = [{ column: 'enrollment_id' }, { column: 'date' }];
  const standing = await entries.query({ actor, condition, order, limit: enrollments.length });
  const days = JSON.stringify(
    [...new Set(enrollments.map(({ section }) => section))].map((section) => [section, date]),
  );
  const marks = await tx.all<{ enrollment_id: number; code: number | null }>(sql.standing, { days, district });
  const rows = enrollments.map(({ id, section }) => {
    const found = standing.find(({ enrollment_id }) => enrollment_id === id);
    // Present is said of nobody by themselves where the roll is taken.
    const { status, comment } = found && !(found.taken && found.status === Status.present) ? found : unknown;
    const { code = null } = marks.find(({ enrollment_id }) => enrollment_id === id) ?? {};
    return [section, date, id, status, comment, status, comment, code];
  });
  await tx.all(sql.writeJournal, {
    rows: JSON.stringify(rows),
    district,
    at: new Date().toISOString(),
    api,
    client,
    person,
  });
}

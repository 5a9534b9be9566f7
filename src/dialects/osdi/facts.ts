import type { Actor } from '../../actor';
import type { Database, Executor } from '../../database/database';
import { text } from '../../database/query';
import type { AttendanceRow } from './attendance';

/** What OSDI says of an attendance and the ledger does not. */
export interface Facts {
  /** Of the RSVP: what was announced, not what happened. */
  readonly status: string | null;
  readonly comment: string;
  /** As sent. */
  readonly action_date: string | null;
  readonly action_at: string | null;
  readonly origin_system: string | null;
  readonly invited_by: string | null;
  /** What others call it: a JSON list. */
  readonly identifiers: string;
}

/** The table beside the ledger's entries. */
export function openFacts({ knex }: Database) {
  const columns = ['status', 'comment', 'action_date', 'action_at', 'origin_system', 'invited_by', 'identifiers'];
  const put = text(
    knex,
    `insert into osdi_attendances (district_id, enrollment_id, date, ${columns.join(', ')}, created_at, changed_at)
    values (:district, :enrollment, :date, ${columns.map((column) => `:${column}`).join(', ')}, :now, :now)
    on conflict (district_id, enrollment_id, date) do update set
      ${[...columns, 'changed_at'].map((column) => `${column} = excluded.${column}`).join(', ')}`,
  );
  const remove = text(
    knex,
    `delete from osdi_attendances
    where osdi_attendances.district_id = :district and osdi_attendances.enrollment_id = :enrollment and osdi_attendances.date = :date`,
  );
  return {
    async put(tx: Executor, { district }: Actor, { enrollment_id, date }: AttendanceRow, facts: Facts): Promise<void> {
      await tx.all(put, { ...facts, district, enrollment: enrollment_id, date, now: new Date().toISOString() });
    },

    async remove(tx: Executor, { district }: Actor, { enrollment_id, date }: AttendanceRow): Promise<void> {
      await tx.all(remove, { district, enrollment: enrollment_id, date });
    },
  };
}

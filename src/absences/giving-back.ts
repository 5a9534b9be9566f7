import type { Engine, Executor } from '../database/database';
import { idOn } from '../days';
import type { Actor } from '../ledger/actor';
import { type MarkRequest, UNKNOWN } from '../ledger/attendance';
import { type EntryValue, same } from '../ledger/resolve';
import type { LedgerTransaction } from '../ledger/transaction';
import { Problem } from '../lib/problem';
import { absencesSql, fromValue, toValue, type ValueRow } from './sql';
import { type EntryOn, openStanding } from './standing';

/** What became of a class when its absence was taken back. */
export interface Returned extends EntryOn {
  /** False: it was said otherwise since, or by an absence that was entered later. */
  readonly isRestored: boolean;
}

/** Has what was said before an absence stand again, where what the absence has said still stands. */
export function openGivingBack(engine: Engine) {
  const sql = absencesSql(engine);
  const standing = openStanding(engine);

  /** Of each entry of an absence the absence that stands and was entered next after it, if there is one. */
  async function laterAbsences(executor: Executor, { district }: Actor, absence: number) {
    const rows = await executor.all(sql.later, { district, absence });
    // Last first: the one that came next is kept.
    const next = new Map(rows.map((row) => [idOn(row.enrollment, row.date), row]));
    return ({ enrollment, date }: EntryOn) => next.get(idOn(enrollment, date));
  }

  /** @param rows what the absence has said */
  return async (
    transaction: LedgerTransaction,
    actor: Actor,
    absence: number,
    rows: readonly ValueRow[],
  ): Promise<Returned[]> => {
    const { district } = actor;
    const standsOf = await standing(transaction, actor, rows);
    const nextOf = await laterAbsences(transaction, actor, absence);
    const requests: MarkRequest[] = [];
    const followed: { row: ValueRow; by: number }[] = [];
    const returned = rows.map((row): Returned => {
      const { section, enrollment, date } = row;
      const next = nextOf(row);
      if (next && same(fromValue(next), toValue(row))) followed.push({ row, by: next.absence });
      const isRestored = !next && same(standsOf(row).said, toValue(row));
      if (isRestored) requests.push(requestOf(row, fromValue(row)));
      return { section, enrollment, date, isRestored };
    });
    await recordAll(transaction, actor, requests);
    for (const { row, by } of followed)
      await transaction.all(sql.handOver, {
        ...{ district, absence: by, enrollment: row.enrollment, date: row.date },
        ...{ status: row.from_status, comment: row.from_comment, code: row.from_code },
      });
    return returned;
  };
}

export const requestOf = ({ enrollment, date }: EntryOn, { status, comment, code }: EntryValue): MarkRequest =>
  status === null ? { enrollment, date, status: UNKNOWN } : { enrollment, date, status, comment, code };

/** All of it or nothing: what the ledger has against one student is against the absence. It takes no roll. */
export async function recordAll(
  transaction: LedgerTransaction,
  actor: Actor,
  requests: readonly MarkRequest[],
): Promise<void> {
  const outcomes = await transaction.record(requests, actor, { roll: 'never' });
  const refused = outcomes.find((outcome) => !outcome.ok);
  if (!refused || refused.ok) return;
  const field = refused.refusal === 'comment_invalid' ? 'comment' : 'students';
  throw new Problem('BODY_INVALID', refused.message, { violations: [{ field, message: refused.message }] });
}

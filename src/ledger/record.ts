import type { Actor } from '../actor';
import type { Executor } from '../database/database';
import { Problem } from '../errors';
import type { MarkRequest, Outcome } from './attendance';
import { type PlacedMark, type Resolution, resolve } from './resolve';
import type { WriteSql } from './sql/write';
import { keyRows, marksAmong, outcomesOf, placed, stateOf } from './standing';

/** Further conditions of a write. */
export interface Conditions {
  /** Only enrollments of this section are known. */
  readonly section?: number;
  /** The revisions of that section, one of which must still be its revision (If-Match). */
  readonly revisions?: readonly number[] | undefined;
}

/**
 * Writes statuses. Those that are right are applied in one transaction with their journal rows; those that are
 * wrong are returned with a reason and change nothing. Outcomes come in the order of the requests.
 * Throws REVISION_STALE, having changed nothing, where the conditions do not hold.
 */
export type Record = (
  requests: readonly MarkRequest[],
  actor: Actor,
  conditions?: Conditions,
) => Promise<readonly Outcome[]>;

/** Records in a transaction of the database. */
export function recorder(sql: WriteSql) {
  return { record, lock, touch };

  async function record(tx: Executor, requests: readonly MarkRequest[], actor: Actor, conditions: Conditions) {
    const answers = await placed(tx, sql, requests, actor, conditions.section);
    const marks = marksAmong(answers);
    await hold(tx, marks, actor, conditions);
    const resolution = resolve(marks, await stateOf(tx, sql, marks, actor));
    await write(tx, resolution, actor);
    return outcomesOf(answers, resolution);
  }

  /** Holds the sections for this transaction, and checks that nobody changed them since the caller read them. */
  async function hold(
    tx: Executor,
    marks: readonly PlacedMark[],
    actor: Actor,
    { section, revisions }: Conditions,
  ): Promise<void> {
    const ids = new Set(marks.map((mark) => mark.section));
    if (section !== undefined) ids.add(section);
    const held = await lock(tx, ids, actor);
    const revision = held.find(({ id }) => id === section)?.revision;
    if (revisions && !revisions.includes(revision as number)) throw new Problem('REVISION_STALE');
  }

  function lock(
    tx: Executor,
    sections: Iterable<number>,
    { district }: Actor,
  ): Promise<{ id: number; revision: number }[]> {
    return tx.all(sql.lockSections, { sections: idRows(new Set(sections)), district });
  }

  async function touch(tx: Executor, sections: Iterable<number>, { district }: Actor): Promise<void> {
    await tx.all(sql.bumpRevisions, { sections: idRows(sections), district });
  }

  async function write(tx: Executor, { put, remove, take, journal }: Resolution, actor: Actor): Promise<void> {
    if (journal.length === 0) return;
    const { district, api, client, person } = actor;
    const at = new Date().toISOString();
    const days = [...take.values()].map(({ section, date }) => [section, date]);
    const marks = [...put.values()].map((mark) => [
      mark.section,
      mark.date,
      mark.enrollment,
      mark.status,
      mark.comment,
      mark.code,
    ]);
    if (days.length > 0) await tx.all(sql.takeMeetings, { days: JSON.stringify(days), district, at });
    if (remove.size > 0) await tx.all(sql.removeMarks, { keys: keyRows(remove.values()), district });
    if (marks.length > 0) await tx.all(sql.putMarks, { marks: JSON.stringify(marks), district, at, client, person });
    await tx.all(sql.writeJournal, { rows: JSON.stringify(journal), district, at, api, client, person });
    await tx.all(sql.bumpRevisions, { sections: idRows(new Set(journal.map(([section]) => section))), district });
  }
}

const idRows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));

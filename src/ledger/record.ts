import type { Actor } from '../actor';
import type { Executor } from '../database/database';
import { idOn } from '../days';
import { Problem } from '../errors';
import { yesterday } from '../roster/teaches';
import { type Mark, type MarkRequest, type Meeting, type Outcome, Status } from './attendance';
import { type CheckedMark, check, type Refused } from './check';
import {
  type Enrollment,
  type PlacedMark,
  place,
  type Resolution,
  resolve,
  type Standing,
  type State,
} from './resolve';
import type { WriteSql } from './sql/write';

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
    const checked = requests.map(check);
    const enrollments = await enrollmentsOf(tx, checked, actor);
    const placed = checked.map((mark) =>
      'ok' in mark ? mark : place(mark, enrollments.get(mark.enrollment), conditions.section),
    );
    const marks = placed.filter((mark) => !('ok' in mark)) as PlacedMark[];
    await hold(tx, marks, actor, conditions);
    const resolution = resolve(marks, await stateOf(tx, marks, actor));
    await write(tx, resolution, actor);
    const before = resolution.before.values();
    return placed.map(
      (mark): Outcome =>
        'ok' in mark ? mark : { ok: true, id: String(mark.entry), before: before.next().value ?? null },
    );
  }

  async function enrollmentsOf(tx: Executor, checked: readonly (CheckedMark | Refused)[], actor: Actor) {
    const ids = new Set<number>();
    for (const mark of checked) if (!('ok' in mark) && Number.isSafeInteger(mark.enrollment)) ids.add(mark.enrollment);
    const found = await tx.all<Enrollment>(sql.enrollments, {
      ids: idRows(ids),
      district: actor.district,
      person: actor.person,
      yesterday: yesterday(),
    });
    return new Map(found.map((enrollment) => [enrollment.id, enrollment]));
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

  async function stateOf(tx: Executor, marks: readonly PlacedMark[], { district }: Actor): Promise<State> {
    const meetings = new Map(marks.map(({ meeting, section, date }) => [meeting, [section, date]]));
    const days = JSON.stringify([...meetings.values()]);
    const spoken = marks.filter(({ status, comment }) => status === Status.present && comment);
    const taken = await tx.all<Meeting>(sql.taken, { days, district });
    return {
      marks: byEntry(await tx.all<StandingRow>(sql.standing, { days, district })),
      taken: new Set(taken.map((meeting) => idOn(meeting.section_id, meeting.date))),
      said: byEntry(spoken.length > 0 ? await tx.all<StandingRow>(sql.said, { keys: keyRows(spoken), district }) : []),
    };
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

type StandingRow = Standing & Pick<Mark, 'enrollment_id' | 'date'>;

const byEntry = (rows: readonly StandingRow[]): Map<number, Standing> =>
  new Map(rows.map((row) => [idOn(row.enrollment_id, row.date), row]));

const idRows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));

const keyRows = (marks: Iterable<PlacedMark>): string =>
  JSON.stringify([...marks].map(({ section, date, enrollment }) => [section, date, enrollment]));

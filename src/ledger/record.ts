import type { Executor, Transaction } from '../database/database';
import { idOn, today } from '../days';
import { Problem } from '../lib/problem';
import type { OtherChanges } from '../roster/other-changes';
import type { Actor } from './actor';
import { type MarkRequest, MeetingChange, type Outcome, Status, UNKNOWN } from './attendance';
import { withinRights } from './code-rights';
import { type HeldSection, refuseClosed, withinWindow } from './edit-window';
import { entryOf, onlyByAbsences, type Student } from './only-absences';
import { check, daysIn, type Placed, placed, refuse } from './placed';
import {
  type EntryValue,
  type JournalEntry,
  ofMeeting,
  type PlacedMark,
  type Resolution,
  resolve,
  type State,
  type Taking,
} from './resolve';
import { dayRows, type EntryKey, idRows, keyRows, type MeetingKey, type WriteSql } from './write-sql';

/** Further conditions of a write. */
export interface Conditions {
  /** Only enrollments of this section are known. */
  readonly section?: number;
  /** Whether the caller may write there, asked in the same transaction. Where it is refused, so is the write, whatever else is wrong. */
  readonly access?: Promise<unknown>;
  /** The revisions of that section, one of which must still be its revision (If-Match). */
  readonly revisions?: readonly number[] | undefined;
  /**
   * When the roll of a meeting is taken by it: always, or (the default) only where the status of every student is then
   * known, or never. Of a client of single marks `always` is no more than `complete`; a day to come is never taken.
   */
  readonly roll?: Taking['roll'];
  /** Whether a missing comment is cleared where the status changes, where the API has it so; else it is kept. */
  readonly commentFollowsStatus?: boolean;
}

/**
 * Writes statuses. Those that are right are applied in one transaction with their journal rows; those that are
 * wrong are returned with a reason and change nothing. Outcomes come in the order of the requests.
 * Throws REVISION_STALE, having changed nothing, where the conditions do not hold.
 */
export type RecordMarks = (
  requests: readonly MarkRequest[],
  actor: Actor,
  conditions?: Conditions,
) => Promise<readonly Outcome[]>;

export const takingOf = (
  { marksOnly }: Actor,
  { roll = 'complete', commentFollowsStatus = false }: Conditions,
  { withRefusals }: Placed,
  timeZone: string | undefined,
): Taking => ({
  roll: roll === 'always' && marksOnly ? 'complete' : roll,
  commentFollowsStatus,
  withRefusals,
  today: timeZone === undefined ? '' : today(timeZone), // nothing is written then
});

/** Records in a transaction of the database. */
export function recorder(sql: WriteSql, otherChanges: OtherChanges) {
  return { record, lock, schedule, take, untake };

  async function record(tx: Transaction, requests: readonly MarkRequest[], actor: Actor, conditions: Conditions) {
    const { section } = conditions;
    const checked = requests.map(check);
    // On PostgreSQL these follow each other on the wire, and what is read sees what the lock waited for.
    const under = (sections: Iterable<number>, meetings: Iterable<MeetingKey>) =>
      Promise.all([
        hold(tx, sections, actor, conditions),
        storedOn(tx, sql, meetings, actor),
        sql.transactionNumber(tx),
      ]);
    const [fitting, ofSection] = await Promise.all([
      placed(tx, sql, checked, actor, section),
      // Of one section it is known without its enrollments which meetings a write is about.
      section === undefined ? undefined : under([section], daysIn(section, checked)),
    ]);
    const [held, stored, number] =
      ofSection ?? (await under(sectionsOf(fitting.marks), meetingsOf(fitting.marks).values()));
    const open = withinWindow(fitting, actor, held);
    const all = await withinRights(tx, sql, open, actor, stored.entries);
    const taking = takingOf(actor, conditions, all, held[0]?.time_zone);
    const state = await stateOf(tx, sql, all.marks, actor, taking, stored);
    const resolution = resolve(all.marks, state, taking);
    write(tx, resolution, actor, number);
    return outcomesOf(all, resolution);
  }

  /** Holds sections for this transaction, and checks that nobody changed them since the caller read them. */
  async function hold(
    tx: Executor,
    sections: Iterable<number>,
    actor: Actor,
    { section, access, revisions }: Conditions,
  ): Promise<readonly HeldSection[]> {
    const [held] = await Promise.all([lock(tx, sections, actor), access]);
    const revision = held.find(({ id }) => id === section)?.revision;
    if (revisions && !revisions.includes(revision as number)) throw new Problem('REVISION_STALE');
    return held;
  }

  function lock(tx: Executor, sections: Iterable<number>, { district }: Actor) {
    return tx.all(sql.lockSections, { sections: idRows(new Set(sections)), district });
  }

  function write(tx: Transaction, resolution: Resolution, actor: Actor, number: number): void {
    const { marks, presences, take, clears, journal } = resolution;
    if (journal.length === 0) return;
    const { district, api, client, person } = actor;
    const at = new Date().toISOString();
    const taken = dayRows(take.values());
    const changed = changedBeside(take, journal);
    const put = marks.put.map(({ mark, now }) => [
      mark.section,
      mark.date,
      mark.enrollment,
      now.status,
      now.comment,
      now.code,
    ]);
    if (changed.length > 0) tx.write(sql.changeMeetings, { days: dayRows(changed), district, at });
    if (take.size > 0) tx.write(sql.takeMeetings, { days: taken, district, at });
    if (clears) tx.write(sql.clearPresences, { days: taken, district });
    if (marks.remove.length > 0) tx.write(sql.removeMarks, { keys: keyRows(marks.remove), district });
    if (presences.remove.length > 0) tx.write(sql.removePresences, { keys: keyRows(presences.remove), district });
    if (put.length > 0) tx.write(sql.putMarks, { marks: JSON.stringify(put), district, at, client, person });
    if (presences.put.length > 0)
      tx.write(sql.putPresences, { keys: keyRows(presences.put), district, at, api, client, person });
    appendJournal(tx, journal, actor, at, number);
  }

  /** Raises the revisions of sections, and journals the changes that they are raised by, under the number of the transaction. */
  function appendJournal(tx: Transaction, journal: readonly JournalEntry[], actor: Actor, at: string, number: number) {
    const { district, api, client, person } = actor;
    tx.write(sql.raiseRevisions, { sections: idRows(new Set(journal.map(([section]) => section))), district, number });
    tx.write(sql.writeJournal, { rows: JSON.stringify(journal), district, at, api, client, person });
  }

  /** Whether the meeting is new; one that exists stays as it is. Throws DATE_CLOSED where a teacher may take its roll no more. */
  async function schedule(tx: Transaction, meeting: MeetingKey, actor: Actor): Promise<boolean> {
    const [held] = await lock(tx, [meeting.section], actor);
    refuseClosed(actor, held, meeting.date);
    const at = new Date().toISOString();
    const added = await tx.all(sql.beginMeetings, { days: dayRows([meeting]), district: actor.district, at });
    if (added.length === 0) return false;
    const number = await sql.transactionNumber(tx);
    appendJournal(tx, [ofMeeting(meeting, MeetingChange.scheduled)], actor, at, number);
    return true;
  }

  /**
   * Takes the roll: whoever is enrolled that day and has no mark is present. Whether that is new.
   * Throws DATE_AHEAD for a day after the district's today, and ROLL_EMPTY where nobody is enrolled,
   * MARKS_ONLY for a client of single marks, DATE_CLOSED where a teacher may take it no more.
   */
  async function take(tx: Transaction, meeting: MeetingKey, actor: Actor): Promise<boolean> {
    const { district } = actor;
    if (actor.marksOnly) throw new Problem('MARKS_ONLY');
    const [held] = await lock(tx, [meeting.section], actor);
    refuseClosed(actor, held, meeting.date);
    if (meeting.date > today(held!.time_zone))
      throw new Problem('DATE_AHEAD', `${meeting.date} is yet to come: its roll cannot be taken before.`);
    const days = dayRows([meeting]);
    const { taken } = await storedOn(tx, sql, [meeting], actor);
    if (taken.get(idOn(meeting.section, meeting.date))) return false;
    const [students, number] = await Promise.all([tx.all(sql.students, { days, district }), sql.transactionNumber(tx)]);
    if (students.length === 0)
      throw new Problem('ROLL_EMPTY', `Nobody is enrolled in section ${meeting.section} on ${meeting.date}.`);
    const at = new Date().toISOString();
    tx.write(sql.takeMeetings, { days, district, at });
    tx.write(sql.clearPresences, { days, district });
    appendJournal(tx, [ofMeeting(meeting, MeetingChange.taken)], actor, at, number);
    return true;
  }

  /**
   * Says that the roll was not taken after all. Students without a mark are unknown again, unless somebody has said of
   * one alone that they were present. Whether that is new.
   */
  async function untake(tx: Transaction, meeting: MeetingKey, actor: Actor): Promise<boolean> {
    const { district } = actor;
    if (actor.marksOnly) throw new Problem('MARKS_ONLY');
    const [held] = await lock(tx, [meeting.section], actor);
    refuseClosed(actor, held, meeting.date);
    const at = new Date().toISOString();
    const [untaken, number] = await Promise.all([
      tx.all(sql.untakeMeetings, { days: dayRows([meeting]), district, at }),
      sql.transactionNumber(tx),
    ]);
    if (untaken.length === 0) return false;
    tx.write(sql.restorePresences, { ...meeting, district });
    appendJournal(tx, [ofMeeting(meeting, MeetingChange.untaken)], actor, at, number);
    // Who follows the changes may not have been there when it was said.
    await otherChanges.presences(tx, actor, meeting.section, meeting.date);
    return true;
  }
}

/** The meetings that the journal is about, but for those whose roll is taken. */
function changedBeside(take: Resolution['take'], journal: readonly JournalEntry[]): MeetingKey[] {
  const changed = new Map<number, MeetingKey>();
  for (const [section, date] of journal) {
    const meeting = idOn(section, date);
    if (!take.has(meeting)) changed.set(meeting, { section, date });
  }
  return [...changed.values()];
}

/** It would make whoever was refused present. */
const NOT_TAKEN = ' For that, the roll of the day is not taken.';

/** What to answer to each request, in their order. */
export function outcomesOf({ answers }: Placed, { steps, notTaken }: Resolution): Outcome[] {
  /** Of each mark among the answers. */
  const places: number[] = [];
  for (const [index, answer] of answers.entries()) if (!('ok' in answer)) places.push(index);
  const done = steps.values();
  return answers.map((mark) => {
    if ('ok' in mark) {
      const isNotTaken = mark.meeting !== undefined && notTaken.has(mark.meeting);
      return refuse(mark.refusal, mark.message + (isNotTaken ? NOT_TAKEN : ''));
    }
    const { was, now, changed, replacedBy } = done.next().value!;
    const { comment } = now;
    const outcome = {
      ok: true,
      id: String(mark.entry),
      before: was.status,
      after: now.status,
      comment,
      changed,
    } as const;
    return replacedBy === undefined ? outcome : { ...outcome, replacedBy: places[replacedBy]! };
  });
}

/** What is stored of meetings; those that are not there yet are not in it. */
interface Stored {
  /** Whether the roll of each is taken. */
  readonly taken: ReadonlyMap<number, boolean>;
  readonly entries: Map<number, EntryValue>;
}

export async function storedOn(
  tx: Executor,
  sql: WriteSql,
  meetings: Iterable<MeetingKey>,
  { district }: Actor,
): Promise<Stored> {
  const days = dayRows(meetings);
  const rows = days === '[]' ? [] : await tx.all(sql.stored, { days, district });
  return {
    taken: new Map(rows.map(({ section_id, date, taken_at }) => [idOn(section_id, date), taken_at !== null])),
    entries: byEntry(rows.filter(isOfEntry)),
  };
}

const isOfEntry = <Row extends { enrollment_id: number | null }>(row: Row): row is Row & { enrollment_id: number } =>
  row.enrollment_id !== null;

/** The state of the meetings of these marks. @param isWritten whether an entry was written before, beside the database */
export async function stateOf(
  tx: Executor,
  sql: WriteSql,
  marks: readonly PlacedMark[],
  { district, api }: Actor,
  taking: Taking,
  { taken, entries }: Stored,
  isWritten: (entry: number) => boolean = () => false,
): Promise<State> {
  const own = marks.filter(({ onlyOwn }) => onlyOwn);
  const authors = own.length > 0 ? await tx.all(sql.authors, { keys: keyRows(own), district }) : [];
  const toLookUp = marks.filter(({ status, comment }) => status === UNKNOWN || (status === Status.present && comment));
  const { roll, withRefusals } = taking;
  const canComplete = roll === 'complete' || (roll === 'always' && withRefusals.size > 0);
  const toComplete = dayRows(canComplete ? [...meetingsOf(marks).values()].filter(isToComplete) : []);
  const students = toComplete === '[]' ? [] : await tx.all(sql.students, { days: toComplete, district });
  return {
    stored: entries,
    taken,
    students: byMeeting(students),
    absences: await absencesOf(students),
    journaled: byEntry(
      toLookUp.length > 0 ? await tx.all(sql.lastJournaled, { keys: keyRows(toLookUp), district }) : [],
    ),
    foreign: new Set(
      authors.filter((author) => author.api !== api).map(({ enrollment_id, date }) => idOn(enrollment_id, date)),
    ),
  };

  async function absencesOf(all: readonly Student[]): Promise<ReadonlySet<number>> {
    if (all.length === 0) return new Set();
    const written = new Set(marks.map(({ entry }) => entry));
    const others = all.filter((student) => !written.has(entryOf(student)) && !isWritten(entryOf(student)));
    return onlyByAbsences(tx, sql, district, others, entries);
  }

  /** Whether its roll could be taken by these marks, if they complete it. */
  function isToComplete({ meeting, date }: PlacedMark): boolean {
    if (taken.get(meeting) || date > taking.today) return false;
    return roll === 'complete' || withRefusals.has(meeting);
  }
}

export const sectionsOf = (marks: readonly PlacedMark[]): Set<number> => new Set(marks.map(({ section }) => section));

/** A mark of each meeting. */
export const meetingsOf = (marks: readonly PlacedMark[]): Map<number, PlacedMark> =>
  new Map(marks.map((mark) => [mark.meeting, mark]));

const byEntry = (rows: readonly (EntryValue & EntryKey)[]): Map<number, EntryValue> =>
  new Map(
    rows.map(({ enrollment_id, date, status, comment, code }) => [
      idOn(enrollment_id, date),
      { status, comment, code },
    ]),
  );

function byMeeting(rows: readonly (EntryKey & { section_id: number })[]): Map<number, number[]> {
  const meetings = new Map<number, number[]>();
  for (const { section_id, enrollment_id, date } of rows) {
    const meeting = idOn(section_id, date);
    const entries = meetings.get(meeting);
    if (entries) entries.push(idOn(enrollment_id, date));
    else meetings.set(meeting, [idOn(enrollment_id, date)]);
  }
  return meetings;
}

import type { Executor } from '../database/database';
import { isSchoolDay, today } from '../days';
import { preview } from '../lib/preview';
import { Problem } from '../lib/problem';
import type { Actor } from './actor';
import { type MarkRequest, MeetingChange, type Outcome, type Refusal, type Status, UNKNOWN } from './attendance';
import { type JournalEntry, ofMeeting, type Resolution, resolve, type Taking } from './resolve';
import { keyRows, outcomesOf, type Placed, placed, stateOf } from './state';
import type { WriteSql } from './write-sql';

/** The longest comment, in UTF-16 units. */
export const MAX_COMMENT = 2_000;

/** A mark request whose parts are what they should be; whether they fit the roster is not yet known. */
export interface CheckedMark {
  readonly enrollment: number;
  readonly date: string;
  readonly status: Status | typeof UNKNOWN;
  readonly comment: string | undefined;
  readonly unmarkedComment: string;
  readonly code: number | undefined;
}

export type Refused = Extract<Outcome, { ok: false }>;

/** A refused request that names a student's day all the same: it keeps the roll of that day from being taken. */
export interface RefusedOfDay extends Refused {
  readonly enrollment: number;
  readonly date: string;
}

export const refuse = (refusal: Refusal, message: string): Refused => ({ ok: false, refusal, message });

/** Characters of XML 1.0, section 2.2: what is written in one API must be sayable in all. */
const xmlText = /^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u;

/** Says what is wrong with a mark as sent, or hands it on checked. */
export function check({
  enrollment,
  date,
  status,
  comment,
  unmarkedComment = '',
  code,
}: MarkRequest): CheckedMark | Refused | RefusedOfDay {
  if (typeof enrollment !== 'number' || !Number.isInteger(enrollment))
    return refuse('enrollment_invalid', `The enrollment must be an integer, not ${preview(enrollment)}.`);
  if (!isSchoolDay(date))
    return refuse('date_invalid', `The date must be a day of the calendar, YYYY-MM-DD, not ${preview(date)}.`);
  if (status !== 1 && status !== 2 && status !== 3 && status !== 4 && status !== UNKNOWN) {
    const right = '1 (present), 2 (absent), 3 (late) or 4 (excused)';
    return { ...refuse('status_invalid', `The status must be ${right}, not ${preview(status)}.`), enrollment, date };
  }
  const wrong = comment === undefined ? undefined : commentFault(comment);
  return wrong
    ? { ...wrong, enrollment, date }
    : { enrollment, date, status, comment: comment as string | undefined, unmarkedComment, code };
}

/** What is wrong with a comment, if anything is. */
export function commentFault(comment: unknown): Refused | undefined {
  if (typeof comment !== 'string')
    return refuse('comment_invalid', `The comment must be text, not ${preview(comment)}.`);
  if (comment.length > MAX_COMMENT)
    return refuse('comment_invalid', `The comment has ${comment.length} characters; at most ${MAX_COMMENT} are kept.`);
  if (!xmlText.test(comment))
    return refuse('comment_invalid', 'The comment has a character that XML cannot carry (XML 1.0, 2.2).');
  return undefined;
}

/** Further conditions of a write. */
export interface Conditions {
  /** Only enrollments of this section are known. */
  readonly section?: number;
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

/** A section on a date. */
export interface MeetingKey {
  readonly section: number;
  readonly date: string;
}

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
export function recorder(sql: WriteSql) {
  return { record, lock, touch, schedule, take, untake };

  async function record(tx: Executor, requests: readonly MarkRequest[], actor: Actor, conditions: Conditions) {
    const all = await placed(tx, sql, requests, actor, conditions.section);
    const timeZone = await hold(tx, all, actor, conditions);
    const taking = takingOf(actor, conditions, all, timeZone);
    const resolution = resolve(all.marks, await stateOf(tx, sql, all.marks, actor, taking), taking);
    await write(tx, resolution, actor);
    return outcomesOf(all, resolution);
  }

  /** Holds the sections for this transaction, and checks that nobody changed them since the caller read them. */
  async function hold(tx: Executor, { marks }: Placed, actor: Actor, { section, revisions }: Conditions) {
    const ids = new Set(marks.map((mark) => mark.section));
    if (section !== undefined) ids.add(section);
    const held = await lock(tx, ids, actor);
    const revision = held.find(({ id }) => id === section)?.revision;
    if (revisions && !revisions.includes(revision as number)) throw new Problem('REVISION_STALE');
    return held[0]?.time_zone;
  }

  function lock(tx: Executor, sections: Iterable<number>, { district }: Actor) {
    return tx.all(sql.lockSections, { sections: idRows(new Set(sections)), district });
  }

  async function touch(tx: Executor, sections: Iterable<number>, { district }: Actor): Promise<void> {
    await tx.all(sql.bumpRevisions, { sections: idRows(sections), district });
  }

  async function write(tx: Executor, resolution: Resolution, actor: Actor): Promise<void> {
    const { marks, presences, begin, take, clears, journal } = resolution;
    if (journal.length === 0) return;
    const { district, api, client, person } = actor;
    const at = new Date().toISOString();
    const taken = dayRows(take.values());
    const put = marks.put.map(({ mark, now }) => [
      mark.section,
      mark.date,
      mark.enrollment,
      now.status,
      now.comment,
      now.code,
    ]);
    if (begin.length > 0) await tx.all(sql.beginMeetings, { days: dayRows(begin), district });
    if (take.size > 0) await tx.all(sql.takeMeetings, { days: taken, district, at });
    if (clears) await tx.all(sql.clearPresences, { days: taken, district });
    if (marks.remove.length > 0) await tx.all(sql.removeMarks, { keys: keyRows(marks.remove), district });
    if (presences.remove.length > 0) await tx.all(sql.removePresences, { keys: keyRows(presences.remove), district });
    if (put.length > 0) await tx.all(sql.putMarks, { marks: JSON.stringify(put), district, at, client, person });
    if (presences.put.length > 0)
      await tx.all(sql.putPresences, { keys: keyRows(presences.put), district, at, api, client, person });
    await appendJournal(tx, journal, actor, at);
  }

  /** Journals changes, and raises the revisions of their sections. */
  async function appendJournal(
    tx: Executor,
    journal: readonly JournalEntry[],
    actor: Actor,
    at = new Date().toISOString(),
  ) {
    const { district, api, client, person } = actor;
    await tx.all(sql.writeJournal, { rows: JSON.stringify(journal), district, at, api, client, person });
    await tx.all(sql.bumpRevisions, { sections: idRows(new Set(journal.map(([section]) => section))), district });
  }

  /** Whether the meeting is new; one that exists stays as it is. */
  async function schedule(tx: Executor, meeting: MeetingKey, actor: Actor): Promise<boolean> {
    const added = await tx.all(sql.beginMeetings, { days: dayRows([meeting]), district: actor.district });
    if (added.length > 0) await appendJournal(tx, [ofMeeting(meeting, MeetingChange.scheduled)], actor);
    return added.length > 0;
  }

  /**
   * Takes the roll: whoever is enrolled that day and has no mark is present. Whether that is new.
   * Throws DATE_AHEAD for a day after the district's today, and ROLL_EMPTY where nobody is enrolled, MARKS_ONLY for a client of single marks.
   */
  async function take(tx: Executor, meeting: MeetingKey, actor: Actor): Promise<boolean> {
    const { district } = actor;
    if (actor.marksOnly) throw new Problem('MARKS_ONLY');
    const [held] = await lock(tx, [meeting.section], actor);
    if (meeting.date > today(held!.time_zone))
      throw new Problem('DATE_AHEAD', `${meeting.date} is yet to come: its roll cannot be taken before.`);
    const days = dayRows([meeting]);
    const [found] = await tx.all(sql.meetings, { days, district });
    if (found?.taken_at) return false;
    if ((await tx.all(sql.students, { days, district })).length === 0)
      throw new Problem('ROLL_EMPTY', `Nobody is enrolled in section ${meeting.section} on ${meeting.date}.`);
    const at = new Date().toISOString();
    await tx.all(sql.takeMeetings, { days, district, at });
    await tx.all(sql.clearPresences, { days, district });
    await appendJournal(tx, [ofMeeting(meeting, MeetingChange.taken)], actor, at);
    return true;
  }

  /**
   * Says that the roll was not taken after all. Students without a mark are unknown again, unless somebody has said of
   * one alone that they were present. Whether that is new.
   */
  async function untake(tx: Executor, meeting: MeetingKey, actor: Actor): Promise<boolean> {
    const { district } = actor;
    if (actor.marksOnly) throw new Problem('MARKS_ONLY');
    await lock(tx, [meeting.section], actor);
    if ((await tx.all(sql.untakeMeetings, { days: dayRows([meeting]), district })).length === 0) return false;
    await tx.all(sql.restorePresences, { ...meeting, district });
    await appendJournal(tx, [ofMeeting(meeting, MeetingChange.untaken)], actor);
    return true;
  }
}

const idRows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));
const dayRows = (days: Iterable<MeetingKey>): string =>
  JSON.stringify([...days].map(({ section, date }) => [section, date]));

import type { Engine, Executor } from '../database/database';
import { type Query, text } from '../database/query';
import { integer } from '../database/rows';
import { idOn } from '../days';
import { yesterday } from '../roster/access';
import { enrolledOn, isWithin } from '../roster/enrolled';
import type { Actor } from './actor';
import {
  entryRow,
  exception,
  journalRow,
  type MarkRequest,
  markRow,
  meetingRow,
  type Outcome,
  Status,
  UNKNOWN,
} from './attendance';
import { type CheckedMark, check, type Refused, type RefusedOfDay, refuse } from './record';
import {
  type Enrollment,
  type EntryValue,
  meetingOf,
  type PlacedMark,
  place,
  present,
  type Resolution,
  type State,
  type Taking,
} from './resolve';
import type { EntryKey, WriteSql } from './write-sql';

/** SQL for a column of the student's presence; null where there is none. */
export const presenceOf = (column: string, meetings: string, enrollment: string): string => `(
  select ${column} from presences
  where presences.district_id = ${meetings}.district_id and presences.section_id = ${meetings}.section_id
    and presences.date = ${meetings}.date and presences.enrollment_id = ${enrollment})`;

/** SQL for the known status: the mark's; present where the roll is taken, or where there is a presence; else null. */
export const knownStatus = (meetings: string, enrollment: string): string => `case
  when marks.status is not null then marks.status
  when ${meetings}.taken_at is not null then 1
  else ${presenceOf('1', meetings, enrollment)} end`;

/** The rows of one section in a range of days, after a place in the order (date, enrollment). */
const inRange = (table: string) => `
  ${table}.district_id = :district and ${table}.section_id = :section
  and ${table}.date >= :from and ${table}.date <= :to`;

const ofEnrollment = (column: string) =>
  `(cast(:enrollment as bigint) is null or ${column} = cast(:enrollment as bigint))`;

/** The statements that read attendance, compiled once for an engine. */
export function readSql({ knex }: Engine) {
  return {
    // The one that front ends ask all day: one range of the key, nothing to decide row by row.
    firstMarks: text(
      knex,
      `select marks.enrollment_id, marks.date, marks.status, marks.comment
      from marks
      where ${inRange('marks')}
      order by marks.date, marks.enrollment_id
      limit :limit`,
      markRow,
    ),
    marks: text(
      knex,
      `select marks.enrollment_id, marks.date, marks.status, marks.comment
      from marks
      where ${inRange('marks')}
        and (marks.date, marks.enrollment_id) > (:after_date, :after_enrollment)
        and ${ofEnrollment('marks.enrollment_id')}
      order by marks.date, marks.enrollment_id
      limit :limit offset :offset`,
      markRow,
    ),
    totals: text(
      knex,
      `select marks.status, count(*) as count
      from marks
      where ${inRange('marks')} and ${ofEnrollment('marks.enrollment_id')}
      group by marks.status
      order by marks.status`,
      { status: exception, count: integer },
    ),
    meetings: text(
      knex,
      `select meetings.section_id, meetings.date, meetings.taken_at
      from meetings
      where ${inRange('meetings')}
      order by meetings.date`,
      meetingRow,
    ),
    // A mark is shown even where the SIS has since moved the enrollment's days away from it.
    entries: text(
      knex,
      `select enrollments.id as enrollment_id, enrollments.person_id, meetings.date,
        ${knownStatus('meetings', 'enrollments.id')} as status,
        coalesce(marks.comment, '') as comment
      from meetings
      join enrollments on enrollments.section_id = meetings.section_id and not enrollments.admin
      left join marks on marks.district_id = meetings.district_id and marks.section_id = meetings.section_id
        and marks.date = meetings.date and marks.enrollment_id = enrollments.id
        and marks.date >= :from and marks.date <= :to
      where ${inRange('meetings')}
        and (meetings.date, enrollments.id) > (:after_date, :after_enrollment)
        and ${ofEnrollment('enrollments.id')}
        and (marks.status is not null
          or ${enrolledOn('enrollments', 'meetings.date')})
      order by meetings.date, enrollments.id
      limit :limit offset :offset`,
      entryRow,
    ),
    history: text(knex, history(''), journalRow),
    sectionHistory: text(
      knex,
      history(`and journal.section_id = :section and ${ofEnrollment('journal.enrollment_id')}`),
      journalRow,
    ),
  };
}

/** Journal rows of a district, newest first, so that a reader who wants the last ones reads no others. */
const history = (scope: string) => `
  select journal.id, journal.section_id, journal.date, journal.enrollment_id, journal.at, journal.api,
    journal.client_id, journal.person_id,
    journal.from_status, journal.from_comment, journal.to_status, journal.to_comment, journal.code_id
  from journal
  where journal.district_id = :district and journal.id < :before and journal.at >= :since ${scope}
  order by journal.id desc
  limit :limit`;

/** With the meeting on whose roll it names a student, if it does. */
type RefusedOnRoll = Refused & { readonly meeting?: number | undefined };

/** The requests of a write, held against the roster. */
export interface Placed {
  /** Each as a mark that fits, or why it does not, in their order. */
  readonly answers: readonly (PlacedMark | RefusedOnRoll)[];
  readonly marks: readonly PlacedMark[];
  /** The meetings on whose rolls refused requests name a student. */
  readonly withRefusals: ReadonlySet<number>;
}

export async function placed(
  tx: Executor,
  sql: WriteSql,
  requests: readonly MarkRequest[],
  actor: Actor,
  section?: number,
): Promise<Placed> {
  const checked = requests.map(check);
  const enrollments = await enrollmentsOf(tx, sql, checked, actor);
  const withRefusals = new Set<number>();
  const answers = checked.map((each) => {
    if (!('ok' in each)) return place(each, enrollments.get(each.enrollment), section);
    const meeting = 'enrollment' in each ? meetingOf(each, enrollments.get(each.enrollment)) : undefined;
    if (meeting !== undefined) withRefusals.add(meeting);
    return { ...refuse(each.refusal, each.message), meeting };
  });
  return { answers, marks: answers.filter((each) => !('ok' in each)) as PlacedMark[], withRefusals };
}

async function enrollmentsOf(
  tx: Executor,
  sql: WriteSql,
  checked: readonly (CheckedMark | Refused | RefusedOfDay)[],
  { district, person }: Actor,
): Promise<Map<number, Enrollment>> {
  const ids = new Set<number>();
  for (const each of checked)
    if ('enrollment' in each && Number.isSafeInteger(each.enrollment)) ids.add(each.enrollment);
  const values = { ids: JSON.stringify([...ids].map((id) => [id])), district, person, yesterday: yesterday() };
  const found = new Map<number, Enrollment>((await tx.all(sql.enrollments, values)).map((row) => [row.id, row]));
  const outside = new Set<number>();
  for (const each of checked) {
    const enrollment = 'enrollment' in each ? found.get(each.enrollment) : undefined;
    if (enrollment && 'date' in each && !isWithin(each.date, enrollment)) outside.add(enrollment.id);
  }
  // Few marks are: of the others nothing is asked.
  for (const [id, kept] of await sql.keptDays(tx, district, [...outside])) found.set(id, { ...found.get(id)!, kept });
  return found;
}

/** The state of the meetings of these marks. Meetings that are not there yet are not in it. */
export async function stateOf(
  tx: Executor,
  sql: WriteSql,
  marks: readonly PlacedMark[],
  { district }: Actor,
  taking: Taking,
): Promise<State> {
  const asked = new Map(marks.map((mark) => [mark.meeting, mark]));
  const all = <Row>(query: Query<Row>, days: Iterable<PlacedMark>) => {
    const rows = JSON.stringify([...days].map(({ section, date }) => [section, date]));
    return rows === '[]' ? [] : tx.all(query, { days: rows, district });
  };
  const met = await all(sql.meetings, asked.values());
  const taken = new Map(met.map(({ section_id, date, taken_at }) => [idOn(section_id, date), taken_at !== null]));
  const open = [...asked.values()].filter(({ meeting }) => taken.get(meeting) === false);
  const stored = byEntry(
    await all(
      sql.marks,
      [...asked.values()].filter(({ meeting }) => taken.has(meeting)),
    ),
  );
  for (const { enrollment_id, date } of await all(sql.presences, open)) stored.set(idOn(enrollment_id, date), present);
  const toLookUp = marks.filter(({ status, comment }) => status === UNKNOWN || (status === Status.present && comment));
  return {
    stored,
    taken,
    students: byMeeting(await all(sql.students, [...asked.values()].filter(isToComplete))),
    journaled: byEntry(
      toLookUp.length > 0 ? await tx.all(sql.lastJournaled, { keys: keyRows(toLookUp), district }) : [],
    ),
  };

  /** Whether its roll could be taken by these marks, if they complete it. */
  function isToComplete({ meeting, date }: PlacedMark): boolean {
    if (taken.get(meeting) || date > taking.today || taking.roll === 'never') return false;
    return taking.roll === 'complete' || taking.withRefusals.has(meeting);
  }
}

/** It would make whoever was refused present. */
const NOT_TAKEN = ' For that, the roll of the day is not taken.';

/** What to answer to each request, in their order. */
export function outcomesOf({ answers }: Placed, { steps, notTaken }: Resolution): Outcome[] {
  const places = answers.flatMap((answer, index) => ('ok' in answer ? [] : [index]));
  const done = steps.values();
  return answers.map((mark) => {
    if ('ok' in mark) {
      const isNotTaken = mark.meeting !== undefined && notTaken.has(mark.meeting);
      return refuse(mark.refusal, mark.message + (isNotTaken ? NOT_TAKEN : ''));
    }
    const { was, now, changed, replacedBy } = done.next().value!;
    const { comment } = now;
    return {
      ok: true,
      id: String(mark.entry),
      before: was.status,
      after: now.status,
      comment,
      changed,
      ...(replacedBy !== undefined && { replacedBy: places[replacedBy]! }),
    };
  });
}

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

export const keyRows = (marks: Iterable<PlacedMark>): string =>
  JSON.stringify([...marks].map(({ section, date, enrollment }) => [section, date, enrollment]));

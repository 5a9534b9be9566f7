import type { Executor } from '../database/database';
import type { Query } from '../database/query';
import { idOn } from '../days';
import type { Actor } from './actor';
import { Status, UNKNOWN } from './attendance';
import { entryOf, onlyByAbsences, type Student } from './only-absences';
import { type EntryValue, type PlacedMark, present, type State, type Taking } from './resolve';
import type { EntryKey, WriteSql } from './write-sql';

/* The ledger as a write finds it. */

/** A section on a date. */
export interface MeetingKey {
  readonly section: number;
  readonly date: string;
}

/** What is stored of meetings; those that are not there yet are not in it. */
interface Stored {
  /** Whether the roll of each is taken. */
  readonly taken: ReadonlyMap<number, boolean>;
  readonly entries: Map<number, EntryValue>;
}

/** Of so many meetings all is asked at once; of more, only of those that turn out to be there. */
const FEW = 10;

export async function storedOn(
  tx: Executor,
  sql: WriteSql,
  meetings: Iterable<MeetingKey>,
  { district }: Actor,
): Promise<Stored> {
  const asked = [...meetings];
  const all = <Row>(query: Query<Row>, of: Iterable<MeetingKey>): Row[] | Promise<Row[]> => {
    const days = dayRows(of);
    return days === '[]' ? [] : tx.all(query, { days, district });
  };
  const finding = all(sql.meetings, asked);
  const there = asked.length > FEW ? await finding : undefined;
  const those = there?.map(({ section_id, date }) => ({ section: section_id, date })) ?? asked;
  const [met, marks, presences] = await Promise.all([finding, all(sql.marks, those), all(sql.presences, those)]);
  const entries = byEntry(marks);
  for (const { enrollment_id, date } of presences) entries.set(idOn(enrollment_id, date), present);
  return {
    taken: new Map(met.map(({ section_id, date, taken_at }) => [idOn(section_id, date), taken_at !== null])),
    entries,
  };
}

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

export const keyRows = (marks: Iterable<PlacedMark>): string =>
  JSON.stringify([...marks].map(({ section, date, enrollment }) => [section, date, enrollment]));

export const idRows = (ids: Iterable<number>): string => JSON.stringify([...ids].map((id) => [id]));
export const dayRows = (days: Iterable<MeetingKey>): string =>
  JSON.stringify([...days].map(({ section, date }) => [section, date]));

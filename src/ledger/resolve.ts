import { bit, day, integer, nullable, oneOf, type RowOf, string } from '../database/rows';
import { idOn } from '../days';
import { WRITES, WRITES_ON_DAYS } from '../roster/access';
import { type Days, isEnrolled } from '../roster/enrolled';
import { MeetingChange, Status, status, UNKNOWN } from './attendance';
import type { CheckedMark, RefusedOfDay } from './placed';

/** What the roster says of an enrollment that a write names. */
export interface Enrollment extends RowOf<typeof enrollmentRow> {
  /** Days outside of these that were counted, and stay so. */
  readonly kept?: readonly Days[];
  /** The days for which the section is the person's who takes it for somebody else; undefined where any is. */
  readonly substituted?: readonly Days[];
}

/** An enrollment as a write reads it. */
export const enrollmentRow = {
  id: integer,
  section_id: integer,
  admin: bit,
  begin_date: day,
  end_date: day,
  /** How far the person acted for may write in its section; all where none is. */
  permitted: oneOf(0, WRITES, WRITES_ON_DAYS),
};

/** The value of an entry: its status, null while that is unknown, and what goes with it. */
export interface EntryValue extends RowOf<typeof entryValueRow> {}

export const entryValueRow = { status: nullable(status), comment: string, code: nullable(integer) };

/** The ledger as a write finds it. Entries and meetings are keyed by `idOn`. */
export interface State {
  /** The entries that have a row: a mark, or on a meeting that is not taken a presence. */
  readonly stored: ReadonlyMap<number, EntryValue>;
  /** Whether the roll was taken, of each meeting that there is. */
  readonly taken: ReadonlyMap<number, boolean>;
  /** The entries of all students on a meeting's day, of meetings that these marks could complete. */
  readonly students: ReadonlyMap<number, readonly number[]>;
  /** Of these, entries that only an absence of days says what they are: that completes no roll. */
  readonly absences: ReadonlySet<number>;
  /** The last value in the journal of entries that are taken back, or written present with a comment, which no mark can hold. */
  readonly journaled: ReadonlyMap<number, EntryValue>;
  /** Of the entries of which only what the same API said is taken back, those of which another one said what stands. */
  readonly foreign: ReadonlySet<number>;
}

/** When a write of statuses takes the roll of their meeting. */
export interface Taking {
  /** By itself; else only where the status of every student is then known; else not at all. */
  readonly roll: 'always' | 'complete' | 'never';
  /** The district's: no roll of a later day is taken. */
  readonly today: string;
  /** Meetings that are not taken by themselves, since the request for one of their students was refused. */
  readonly withRefusals: ReadonlySet<number>;
  /** Whether a missing comment is cleared where the status changes. */
  readonly commentFollowsStatus: boolean;
}

/** A mark that fits the roster. */
export interface PlacedMark extends CheckedMark {
  readonly section: number;
  /** The ids of its entry and its meeting. */
  readonly entry: number;
  readonly meeting: number;
}

export type JournalEntry = readonly [
  section: number,
  date: string,
  enrollment: number | null,
  fromStatus: Status | null,
  fromComment: string,
  toStatus: Status | null,
  toComment: string,
  code: number | null,
];

type Where = Pick<PlacedMark, 'section' | 'date'>;

/** What a write comes to: what to answer and what to change. */
export interface Resolution {
  readonly marks: {
    readonly put: { readonly mark: PlacedMark; readonly now: EntryValue }[];
    readonly remove: PlacedMark[];
  };
  readonly presences: { readonly put: PlacedMark[]; readonly remove: PlacedMark[] };
  /** Meetings that are not there yet, and that have an entry now though their roll is not taken. */
  readonly begin: readonly Where[];
  /** Meetings whose roll is taken. */
  readonly take: ReadonlyMap<number, Where>;
  /** Meetings whose roll these marks would have taken, had nothing of it been refused. */
  readonly notTaken: ReadonlySet<number>;
  /** Whether one of the meetings whose roll is taken may have presences, which it then has no more. */
  readonly clears: boolean;
  readonly journal: readonly JournalEntry[];
  /** What each of the marks found and made of it. */
  readonly steps: readonly Step[];
  /** Each entry that was written, with what is stored of it from now on; undefined where that is nothing. */
  readonly entries: ReadonlyMap<number, { readonly stored: EntryValue | undefined }>;
}

/** The value before a mark, the value after it, and whether that is new. */
export interface Step {
  readonly was: EntryValue;
  readonly now: EntryValue;
  readonly changed: boolean;
  /** The place of the mark that replaced it. */
  readonly replacedBy?: number;
}

export const unknown: EntryValue = { status: null, comment: '', code: null };
export const present: EntryValue = { status: Status.present, comment: '', code: null };

export const isException = (status: Status | null): boolean => status !== null && status !== Status.present;

/** The meeting on whose roll a refused request names a student; undefined where it names none. */
export function meetingOf(refused: RefusedOfDay, enrollment: Enrollment | undefined): number | undefined {
  if (!enrollment || enrollment.admin || !isEnrolled(refused.date, enrollment, enrollment.kept)) return undefined;
  return idOn(enrollment.section_id, refused.date);
}

/** An entry as the marks of a write make it, one after the other. */
interface EntryNow {
  /** The last of its marks, and the place of that. */
  mark: PlacedMark;
  place: number;
  /** The row that it has before the write. */
  readonly before: EntryValue | undefined;
  now: EntryValue;
  /** Its last value in the journal, where `State` says it. */
  journaled: EntryValue | undefined;
  isForeign: boolean;
  /** The row that it has after the write. */
  stored: EntryValue | undefined;
}

/** A meeting as the marks of a write make it. */
interface MeetingNow {
  /** The last of its marks. */
  mark: PlacedMark;
  readonly isThere: boolean;
  readonly wasTaken: boolean;
  /** Whether these marks would take its roll, had nothing of it been refused. */
  readonly wouldBeTaken: boolean;
  isTakenNow: boolean;
  isChanged: boolean;
}

/**
 * Applies marks in the order they came: of the same enrollment and date twice, the last one counts. A mark that changes
 * no value is not journaled. What is looked up of an entry and of a meeting is looked up once, since thousands may come.
 */
export function resolve(marks: readonly PlacedMark[], state: State, taking: Taking): Resolution {
  const entries = new Map<number, EntryNow>();
  const meetings = new Map<number, MeetingNow>();
  const take = new Map<number, Where>();
  const journal: JournalEntry[] = [];
  const steps: Step[] = [];
  const takeBy = (mark: PlacedMark, meeting: MeetingNow) => {
    meeting.isTakenNow = true;
    take.set(mark.meeting, mark);
    journal.push(ofMeeting(mark, MeetingChange.taken));
  };

  for (const [place, mark] of marks.entries()) {
    let meeting = meetings.get(mark.meeting);
    if (meeting) meeting.mark = mark;
    else {
      meeting = meetingNow(mark, state, taking);
      meetings.set(mark.meeting, meeting);
      if (meeting.wouldBeTaken && !taking.withRefusals.has(mark.meeting)) takeBy(mark, meeting);
    }
    let entry = entries.get(mark.entry);
    if (entry) steps[entry.place] = { ...steps[entry.place]!, replacedBy: place };
    else {
      entry = entryNow(mark, state, meeting.wasTaken);
      entries.set(mark.entry, entry);
    }
    const was = entry.now;
    const isLeft = mark.onlyOwn && entry.isForeign;
    const after = isLeft ? was : valueAfter(mark, was, meeting.wasTaken, taking);
    // A taken roll may imply present of what is taken back. The journal says unknown of it: nobody has said present.
    const isTakenBack = mark.status === UNKNOWN && !isLeft;
    const toJournal = isTakenBack ? unknown : after;
    const isJournaled = isTakenBack
      ? canBeTakenBack(was, entry.journaled, meeting.wasTaken)
      : !isUnchanged(was, after, entry.journaled, meeting.isTakenNow);
    steps.push({ was, now: after, changed: isJournaled || (was.status === null && after.status !== null) });
    entry.mark = mark;
    entry.place = place;
    entry.now = after.status === Status.present ? present : after;
    if (!isJournaled) continue;
    meeting.isChanged = true;
    const { section, date, enrollment } = mark;
    journal.push([
      section,
      date,
      enrollment,
      was.status,
      was.comment,
      toJournal.status,
      toJournal.comment,
      toJournal.code,
    ]);
    entry.journaled = toJournal;
    if (was.status !== toJournal.status || was.comment !== toJournal.comment) entry.isForeign = false;
  }

  if (taking.roll !== 'never')
    for (const meeting of meetings.values())
      if (isCompleted(meeting, entries, state, taking.today)) takeBy(meeting.mark, meeting);
  const notTaken = new Set<number>();
  let clears = false;
  for (const [id, { isThere, isTakenNow, wouldBeTaken }] of meetings) {
    if (wouldBeTaken && !isTakenNow) notTaken.add(id);
    if (isTakenNow && isThere) clears = true;
  }
  return { ...changesOf(entries, meetings), take, notTaken, clears, journal, steps, entries };
}

const meetingNow = (mark: PlacedMark, { taken }: State, { roll, today }: Taking): MeetingNow => {
  const wasTaken = taken.get(mark.meeting);
  return {
    mark,
    isThere: wasTaken !== undefined,
    wasTaken: wasTaken === true,
    wouldBeTaken: roll === 'always' && mark.date <= today && !wasTaken,
    isTakenNow: false,
    isChanged: false,
  };
};

const entryNow = (mark: PlacedMark, { stored, journaled, foreign }: State, isTaken: boolean): EntryNow => {
  const before = stored.get(mark.entry);
  return {
    mark,
    place: 0,
    before,
    now: before ?? (isTaken ? present : unknown),
    journaled: journaled.get(mark.entry),
    isForeign: foreign.has(mark.entry),
    stored: undefined,
  };
};

export const ofMeeting = ({ section, date }: Where, change: string): JournalEntry => [
  section,
  date,
  null,
  null,
  '',
  null,
  change,
  null,
];

/** An entry that is taken back is unknown, or present where the roll is taken. */
function valueAfter(
  { status, comment, unmarkedComment, staleComment, code }: PlacedMark,
  was: EntryValue,
  isTaken: boolean,
  { commentFollowsStatus }: Taking,
): EntryValue {
  if (status === UNKNOWN) return isTaken ? present : unknown;
  const keeps = isException(was.status) && (was.status === status || (isException(status) && !commentFollowsStatus));
  // Where present stays present, `unmarkedComment` is not taken: nothing changes.
  const another = was.status === status && !keeps ? '' : unmarkedComment;
  const kept = keeps && was.comment !== staleComment ? was.comment : another;
  const keptCode = was.status === status ? was.code : null;
  return { status, comment: comment ?? kept, code: code === undefined ? keptCode : code };
}

/** Whether there is something to take back: on a taken roll a mark, or a presence from before it was taken. */
const canBeTakenBack = (was: EntryValue, journaled: EntryValue | undefined, isTaken: boolean): boolean =>
  isTaken ? isException(was.status) || journaled?.status === Status.present : was.status !== null;

/**
 * Whether a mark leaves the value as it was. Present with a comment does where it is the last value in the journal. The
 * first present of a roll that is taken by the same write does: the roll implies it.
 */
function isUnchanged(
  was: EntryValue,
  now: EntryValue,
  journaled: EntryValue | undefined,
  isTakenNow: boolean,
): boolean {
  if (now.status !== Status.present) return same(was, now);
  if (was.status === null ? !isTakenNow : was.status !== Status.present) return false;
  return now.comment === '' || (journaled?.status === Status.present && journaled.comment === now.comment);
}

/** Whether two values of an entry are the same. */
export const same = (one: EntryValue, other: EntryValue): boolean =>
  one.status === other.status && one.comment === other.comment && one.code === other.code;

/**
 * Whether the status of every student of a meeting is now told, and something has changed: writing what already stands
 * takes no roll, also not one of which somebody has said that it was not taken.
 */
function isCompleted(
  { mark: { meeting, date }, isChanged, wasTaken, isTakenNow }: MeetingNow,
  entries: ReadonlyMap<number, EntryNow>,
  { stored, students, absences }: State,
  today: string,
): boolean {
  if (date > today || !isChanged || wasTaken || isTakenNow) return false;
  const isKnown = (entry: number) =>
    !absences.has(entry) && (entries.get(entry)?.now ?? stored.get(entry) ?? unknown).status !== null;
  return students.get(meeting)?.every(isKnown) ?? false;
}

/** What differs from what is stored: of taken rolls exceptions alone, of others also who was present. */
function changesOf(entries: ReadonlyMap<number, EntryNow>, meetings: ReadonlyMap<number, MeetingNow>) {
  const marks: { put: { mark: PlacedMark; now: EntryValue }[]; remove: PlacedMark[] } = { put: [], remove: [] };
  const presences: { put: PlacedMark[]; remove: PlacedMark[] } = { put: [], remove: [] };
  for (const entry of entries.values()) {
    const { mark, before, now } = entry;
    const { wasTaken, isTakenNow } = meetings.get(mark.meeting)!;
    const isMark = isException(now.status);
    const isPresence = now.status === Status.present && !wasTaken && !isTakenNow;
    if (isMark || isPresence) entry.stored = now;
    if (isMark) {
      if (!before || !same(now, before)) marks.put.push({ mark, now });
    } else if (before && isException(before.status)) marks.remove.push(mark);
    if (isPresence) {
      if (before?.status !== Status.present) presences.put.push(mark);
    } else if (before?.status === Status.present) presences.remove.push(mark);
  }
  const begin: Where[] = [];
  for (const { mark, isThere, isTakenNow, isChanged } of meetings.values())
    if (isChanged && !isThere && !isTakenNow) begin.push(mark);
  return { marks, presences, begin };
}

import { bit, day, integer, nullable, type RowOf, string } from '../database/rows';
import { idOn, isSchoolDay } from '../days';
import { preview } from '../lib/preview';
import { type Days, isEnrolled } from '../roster/enrolled';
import { type MarkRequest, MeetingChange, type Outcome, type Refusal, Status, status, UNKNOWN } from './attendance';

/** The longest comment, in UTF-16 units. */
export const MAX_COMMENT = 2_000;

/** A mark request whose parts are what they should be; whether they fit the roster is not yet known. */
export interface CheckedMark {
  readonly enrollment: number;
  readonly date: string;
  readonly status: Status | typeof UNKNOWN;
  readonly comment: string | undefined;
  readonly unmarkedComment: string;
  readonly staleComment: string | undefined;
  readonly onlyOwn: boolean;
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
  staleComment,
  onlyOwn = false,
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
  if (wrong) return { ...wrong, enrollment, date };
  const said = comment as string | undefined;
  return { enrollment, date, status, comment: said, unmarkedComment, staleComment, onlyOwn, code };
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

/** What the roster says of an enrollment that a write names. */
export interface Enrollment extends RowOf<typeof enrollmentRow> {
  /** Days outside of these that were counted, and stay so. */
  readonly kept?: readonly Days[];
}

/** An enrollment as a write reads it. */
export const enrollmentRow = {
  id: integer,
  section_id: integer,
  admin: bit,
  begin_date: day,
  end_date: day,
  /** Whether the person acted for teaches its section; true where none is. */
  permitted: bit,
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
  /** What is stored from now on of each entry that was written; undefined where that is nothing. */
  readonly stored: ReadonlyMap<number, EntryValue | undefined>;
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

/** Places a checked mark in its section, or says why it does not fit the roster. */
export function place(mark: CheckedMark, enrollment: Enrollment | undefined, only?: number): PlacedMark | Refused {
  if (!enrollment || (only !== undefined && enrollment.section_id !== only))
    return refuse('enrollment_unknown', `There is no enrollment ${mark.enrollment} in this section.`);
  if (!enrollment.permitted)
    return refuse(
      'section_forbidden',
      `The person acted for does not teach the section of enrollment ${enrollment.id}.`,
    );
  if (enrollment.admin)
    return refuse('enrollment_of_teacher', `Enrollment ${enrollment.id} is a teacher's; attendance is of students.`);
  if (!isEnrolled(mark.date, enrollment, enrollment.kept))
    return refuse(
      'date_outside_enrollment',
      `Enrollment ${enrollment.id} runs from ${enrollment.begin_date} until before ${enrollment.end_date}, ` +
        `${mark.date} is outside of it.`,
    );
  const section = enrollment.section_id;
  // Field by field: a spread of each of thousands costs more than all else here.
  return {
    enrollment: enrollment.id,
    date: mark.date,
    status: mark.status,
    comment: mark.comment,
    unmarkedComment: mark.unmarkedComment,
    staleComment: mark.staleComment,
    onlyOwn: mark.onlyOwn,
    code: mark.code,
    section,
    entry: idOn(enrollment.id, mark.date),
    meeting: idOn(section, mark.date),
  };
}

/** The meeting on whose roll a refused request names a student; undefined where it names none. */
export function meetingOf(refused: RefusedOfDay, enrollment: Enrollment | undefined): number | undefined {
  if (!enrollment || enrollment.admin || !isEnrolled(refused.date, enrollment, enrollment.kept)) return undefined;
  return idOn(enrollment.section_id, refused.date);
}

/**
 * Applies marks in the order they came: of the same enrollment and date twice, the last one counts. A mark that changes
 * no value is not journaled.
 */
export function resolve(marks: readonly PlacedMark[], state: State, taking: Taking): Resolution {
  const now = new Map<number, EntryValue>();
  const journaled = new Map(state.journaled);
  const foreign = new Set(state.foreign);
  const last = new Map<number, number>();
  const take = new Map<number, Where>();
  const journal: JournalEntry[] = [];
  const changedMeetings = new Set<number>();
  const steps: Step[] = [];
  const isTaken = (meeting: number) => state.taken.get(meeting) === true;
  const wouldTake = ({ meeting, date }: PlacedMark) =>
    taking.roll === 'always' && date <= taking.today && !isTaken(meeting);

  for (const [index, mark] of marks.entries()) {
    const { meeting, entry } = mark;
    if (wouldTake(mark) && !taking.withRefusals.has(meeting) && !take.has(meeting)) {
      take.set(meeting, mark);
      journal.push(ofMeeting(mark, MeetingChange.taken));
    }
    const was = now.get(entry) ?? state.stored.get(entry) ?? (isTaken(meeting) ? present : unknown);
    const isLeft = mark.onlyOwn && foreign.has(entry);
    const after = isLeft ? was : valueAfter(mark, was, isTaken(meeting), taking);
    // A taken roll may imply present of what is taken back. The journal says unknown of it: nobody has said present.
    const isTakenBack = mark.status === UNKNOWN && !isLeft;
    const toJournal = isTakenBack ? unknown : after;
    const isJournaled = isTakenBack
      ? canBeTakenBack(was, journaled.get(entry), isTaken(meeting))
      : !isUnchanged(was, after, journaled.get(entry), take.has(meeting));
    steps.push({ was, now: after, changed: isJournaled || (was.status === null && after.status !== null) });
    if (last.has(entry)) steps[last.get(entry)!] = { ...steps[last.get(entry)!]!, replacedBy: index };
    last.set(entry, index);
    now.set(entry, after.status === Status.present ? present : after);
    if (!isJournaled) continue;
    changedMeetings.add(meeting);
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
    journaled.set(entry, toJournal);
    if (was.status !== toJournal.status || was.comment !== toJournal.comment) foreign.delete(entry);
  }

  const completed = taking.roll === 'never' ? [] : completedBy(marks, state, now, take, changedMeetings, taking.today);
  for (const mark of completed) {
    take.set(mark.meeting, mark);
    journal.push(ofMeeting(mark, MeetingChange.taken));
  }
  const latest = [...last.values()].map((index) => marks[index]!);
  const notTaken = new Set(
    marks.filter((mark) => wouldTake(mark) && !take.has(mark.meeting)).map(({ meeting }) => meeting),
  );
  const clears = [...take.keys()].some((meeting) => state.taken.has(meeting));
  return { ...changesOf(latest, now, state, take, changedMeetings), take, notTaken, clears, journal, steps };
}

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
  return { status, comment: comment ?? kept, code: code ?? (was.status === status ? was.code : null) };
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

const same = (one: EntryValue, other: EntryValue): boolean =>
  one.status === other.status && one.comment === other.comment && one.code === other.code;

/**
 * One mark of each meeting on which the status of every student is now known, and something has changed: writing what
 * already stands takes no roll, also not one of which somebody has said that it was not taken.
 */
function completedBy(
  marks: readonly PlacedMark[],
  { stored, taken, students }: State,
  now: ReadonlyMap<number, EntryValue>,
  take: ReadonlyMap<number, Where>,
  changedMeetings: ReadonlySet<number>,
  today: string,
): PlacedMark[] {
  const isKnown = (entry: number) => (now.get(entry) ?? stored.get(entry) ?? unknown).status !== null;
  const meetings = new Map(marks.map((mark) => [mark.meeting, mark]));
  return [...meetings.values()].filter(
    ({ meeting, date }) =>
      date <= today &&
      changedMeetings.has(meeting) &&
      !taken.get(meeting) &&
      !take.has(meeting) &&
      students.has(meeting) &&
      students.get(meeting)!.every(isKnown),
  );
}

/** What differs from what is stored: of taken rolls exceptions alone, of others also who was present. */
function changesOf(
  latest: readonly PlacedMark[],
  now: ReadonlyMap<number, EntryValue>,
  state: State,
  take: ReadonlyMap<number, Where>,
  changedMeetings: ReadonlySet<number>,
) {
  const marks: { put: { mark: PlacedMark; now: EntryValue }[]; remove: PlacedMark[] } = { put: [], remove: [] };
  const presences: { put: PlacedMark[]; remove: PlacedMark[] } = { put: [], remove: [] };
  const begin = new Map<number, Where>();
  const stored = new Map<number, EntryValue | undefined>();
  for (const mark of latest) {
    const { entry, meeting } = mark;
    const before = state.stored.get(entry);
    const after = now.get(entry)!;
    const isTaken = state.taken.get(meeting) === true || take.has(meeting);
    const isStored = isException(after.status) || (after.status === Status.present && !isTaken);
    stored.set(entry, isStored ? after : undefined);
    if (isException(after.status)) {
      if (!before || !same(after, before)) marks.put.push({ mark, now: after });
    } else if (before && isException(before.status)) marks.remove.push(mark);
    if (isStored && after.status === Status.present) {
      if (before?.status !== Status.present) presences.put.push(mark);
    } else if (before?.status === Status.present) presences.remove.push(mark);
    if (changedMeetings.has(meeting) && !isTaken && !state.taken.has(meeting)) begin.set(meeting, mark);
  }
  return { marks, presences, begin: [...begin.values()], stored };
}

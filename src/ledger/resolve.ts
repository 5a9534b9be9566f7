import { bit, day, integer, nullable, type RowOf, string } from '../database/rows';
import { idOn } from '../days';
import { type Days, isEnrolled } from '../roster/enrolled';
import { MeetingChange, Status, status, UNKNOWN } from './attendance';
import { type CheckedMark, type Refused, type RefusedOfDay, refuse } from './record';

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

/** What is known of an entry: nothing (null), a mark, or that the student was there. */
export interface Standing extends RowOf<typeof standingRow> {}

export const standingRow = { status: nullable(status), comment: string, code: nullable(integer) };

/** The ledger as a write finds it. Entries and meetings are keyed by `idOn`. */
export interface State {
  /** What is kept of single students: the marks, and on meetings that are not taken those who were said to be present. */
  readonly told: ReadonlyMap<number, Standing>;
  /** Whether the roll was taken, of each meeting that there is. */
  readonly taken: ReadonlyMap<number, boolean>;
  /** The entries of all students on a meeting's day, of meetings that these marks could complete. */
  readonly students: ReadonlyMap<number, readonly number[]>;
  /** The last thing the journal says of entries that are taken back, or written present with a comment, which no mark can hold. */
  readonly said: ReadonlyMap<number, Standing>;
}

/** When a write of statuses takes the roll of their meeting. */
export interface Taking {
  /** By itself; else only where the status of every student has then been told; else not at all. */
  readonly roll: 'always' | 'complete' | 'never';
  /** The district's: no roll of a later day is taken. */
  readonly today: string;
  /** Meetings that are not taken by themselves, since what was said of one of their students was refused. */
  readonly unclear: ReadonlySet<number>;
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
    readonly put: { readonly mark: PlacedMark; readonly now: Standing }[];
    readonly remove: PlacedMark[];
  };
  readonly presences: { readonly put: PlacedMark[]; readonly remove: PlacedMark[] };
  /** Meetings that are not there yet, and at which something was said though their roll is not taken. */
  readonly begin: readonly Where[];
  /** Meetings whose roll is taken. */
  readonly take: ReadonlyMap<number, Where>;
  /** Meetings whose roll these marks would have taken, had nothing of it been refused. */
  readonly withheld: ReadonlySet<number>;
  /** Whether somebody may have been said to be present on one of them. */
  readonly clears: boolean;
  readonly journal: readonly JournalEntry[];
  /** What each of the marks found and made of it. */
  readonly steps: readonly Step[];
  /** What is kept of each entry that was written, from now on; undefined where that is nothing. */
  readonly told: ReadonlyMap<number, Standing | undefined>;
}

/** What a mark found, what stands after it, and whether that says anything new. */
export interface Step {
  readonly was: Standing;
  readonly now: Standing;
  readonly changed: boolean;
  /** The place of the mark that replaced it. */
  readonly replacedBy?: number;
}

const nothing: Standing = { status: null, comment: '', code: null };
export const present: Standing = { status: Status.present, comment: '', code: null };

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
 * Applies marks in the order they came: the same enrollment and date twice, and the last one stands. What already
 * stands changes nothing and is not journaled.
 */
export function resolve(marks: readonly PlacedMark[], state: State, taking: Taking): Resolution {
  const now = new Map<number, Standing>();
  const said = new Map(state.said);
  const last = new Map<number, number>();
  const take = new Map<number, Where>();
  const journal: JournalEntry[] = [];
  const journaled = new Set<number>();
  const steps: Step[] = [];
  const isTaken = (meeting: number) => state.taken.get(meeting) === true;
  const wouldTake = ({ meeting, date }: PlacedMark) =>
    taking.roll === 'always' && date <= taking.today && !isTaken(meeting);

  for (const [index, mark] of marks.entries()) {
    const { meeting, entry } = mark;
    if (wouldTake(mark) && !taking.unclear.has(meeting) && !take.has(meeting)) {
      take.set(meeting, mark);
      journal.push(ofMeeting(mark, MeetingChange.taken));
    }
    const was = now.get(entry) ?? state.told.get(entry) ?? (isTaken(meeting) ? present : nothing);
    const after = standingAfter(mark, was, isTaken(meeting), taking);
    // What is taken back is said no more, though the roll may imply a presence: the journal does not say that anybody told it.
    const isTakenBack = mark.status === UNKNOWN;
    const told = isTakenBack ? nothing : after;
    const isNews = isTakenBack
      ? isSaid(was, said.get(entry), isTaken(meeting))
      : !stands(was, after, said.get(entry), take.has(meeting));
    steps.push({ was, now: after, changed: isNews || (was.status === null && after.status !== null) });
    if (last.has(entry)) steps[last.get(entry)!] = { ...steps[last.get(entry)!]!, replacedBy: index };
    last.set(entry, index);
    now.set(entry, after.status === Status.present ? present : after);
    if (!isNews) continue;
    journaled.add(meeting);
    const { section, date, enrollment } = mark;
    journal.push([section, date, enrollment, was.status, was.comment, told.status, told.comment, told.code]);
    said.set(entry, told);
  }

  const completed = taking.roll === 'never' ? [] : completedBy(marks, state, now, take, taking.today);
  for (const mark of completed) {
    take.set(mark.meeting, mark);
    journal.push(ofMeeting(mark, MeetingChange.taken));
  }
  const latest = [...last.values()].map((index) => marks[index]!);
  const withheld = new Set(
    marks.filter((mark) => wouldTake(mark) && !take.has(mark.meeting)).map(({ meeting }) => meeting),
  );
  const clears = [...take.keys()].some((meeting) => state.taken.has(meeting));
  return { ...changesOf(latest, now, state, take, journaled), take, withheld, clears, journal, steps };
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

/** What was taken back of a student is unknown, or present where the roll is taken. */
function standingAfter(
  { status, comment, unmarkedComment, code }: PlacedMark,
  was: Standing,
  isTaken: boolean,
  { commentFollowsStatus }: Taking,
): Standing {
  if (status === UNKNOWN) return isTaken ? present : nothing;
  const keeps = isException(was.status) && (was.status === status || (isException(status) && !commentFollowsStatus));
  // A present that stands is not said anew.
  const kept = keeps ? was.comment : was.status === status ? '' : unmarkedComment;
  return { status, comment: comment ?? kept, code: code ?? (was.status === status ? was.code : null) };
}

/** Whether there is something to take back: on a taken roll a mark, or a presence that was told before it was taken. */
const isSaid = (was: Standing, said: Standing | undefined, isTaken: boolean): boolean =>
  isTaken ? isException(was.status) || said?.status === Status.present : was.status !== null;

/** A present with a comment stands if the journal has said it last; the first present of a roll that is taken says nothing new. */
function stands(was: Standing, now: Standing, said: Standing | undefined, isTakenNow: boolean): boolean {
  if (now.status !== Status.present) return same(was, now);
  if (was.status === null ? !isTakenNow : was.status !== Status.present) return false;
  return now.comment === '' || (said?.status === Status.present && said.comment === now.comment);
}

const same = (one: Standing, other: Standing): boolean =>
  one.status === other.status && one.comment === other.comment && one.code === other.code;

/** One mark of each meeting on which the status of every student has now been told. */
function completedBy(
  marks: readonly PlacedMark[],
  { told, taken, students }: State,
  now: ReadonlyMap<number, Standing>,
  take: ReadonlyMap<number, Where>,
  today: string,
): PlacedMark[] {
  const isTold = (entry: number) => (now.get(entry) ?? told.get(entry) ?? nothing).status !== null;
  const meetings = new Map(marks.map((mark) => [mark.meeting, mark]));
  return [...meetings.values()].filter(
    ({ meeting, date }) =>
      date <= today &&
      !taken.get(meeting) &&
      !take.has(meeting) &&
      students.has(meeting) &&
      students.get(meeting)!.every(isTold),
  );
}

/** What differs from what is kept: of taken rolls exceptions alone, of others also who was there. */
function changesOf(
  latest: readonly PlacedMark[],
  now: ReadonlyMap<number, Standing>,
  state: State,
  take: ReadonlyMap<number, Where>,
  journaled: ReadonlySet<number>,
) {
  const marks: { put: { mark: PlacedMark; now: Standing }[]; remove: PlacedMark[] } = { put: [], remove: [] };
  const presences: { put: PlacedMark[]; remove: PlacedMark[] } = { put: [], remove: [] };
  const begin = new Map<number, Where>();
  const told = new Map<number, Standing | undefined>();
  for (const mark of latest) {
    const { entry, meeting } = mark;
    const before = state.told.get(entry);
    const after = now.get(entry)!;
    const isTaken = state.taken.get(meeting) === true || take.has(meeting);
    const isKept = isException(after.status) || (after.status === Status.present && !isTaken);
    told.set(entry, isKept ? after : undefined);
    if (isException(after.status)) {
      if (!before || !same(after, before)) marks.put.push({ mark, now: after });
    } else if (before && isException(before.status)) marks.remove.push(mark);
    if (isKept && after.status === Status.present) {
      if (before?.status !== Status.present) presences.put.push(mark);
    } else if (before?.status === Status.present) presences.remove.push(mark);
    if (journaled.has(meeting) && !isTaken && !state.taken.has(meeting)) begin.set(meeting, mark);
  }
  return { marks, presences, begin: [...begin.values()], told };
}

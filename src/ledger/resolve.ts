import { idOn } from '../days';
import { Status } from './attendance';
import { type CheckedMark, type Refused, refuse } from './check';

/** What the roster says of an enrollment that a write names. */
export interface Enrollment {
  readonly id: number;
  readonly section_id: number;
  readonly admin: boolean | 0 | 1;
  readonly begin_date: string;
  readonly end_date: string;
  /** Whether the person acted for teaches its section; true where none is. */
  readonly permitted: boolean | 0 | 1;
}

/** What an entry says: nothing (null) while the roll is not taken. */
export interface Standing {
  readonly status: Status | null;
  readonly comment: string;
  readonly code: number | null;
}

/** The ledger as a write finds it. Marks, taken meetings and said presents are keyed by `idOn`. */
export interface State {
  readonly marks: ReadonlyMap<number, Standing>;
  readonly taken: ReadonlySet<number>;
  /** The last thing the journal says of entries that are written present with a comment, which no mark can hold. */
  readonly said: ReadonlyMap<number, Standing>;
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

/** What a write comes to: what to answer and what to change. */
export interface Resolution {
  readonly put: Map<number, Omit<PlacedMark, keyof Standing> & Standing>;
  readonly remove: Map<number, PlacedMark>;
  readonly take: Map<number, PlacedMark>;
  readonly journal: JournalEntry[];
  /** What each of the marks found and made of it. */
  readonly steps: Step[];
}

/** What a mark found, what stands after it, and whether that says anything new. */
export interface Step {
  readonly was: Standing;
  readonly now: Standing & { readonly status: Status };
  readonly changed: boolean;
}

const nothing: Standing = { status: null, comment: '', code: null };
const present: Standing = { status: Status.present, comment: '', code: null };

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
  if (mark.date < enrollment.begin_date || mark.date >= enrollment.end_date)
    return refuse(
      'date_outside_enrollment',
      `Enrollment ${enrollment.id} runs from ${enrollment.begin_date} until before ${enrollment.end_date}, ` +
        `${mark.date} is outside of it.`,
    );
  const { date, status, comment, code } = mark;
  const section = enrollment.section_id;
  const entry = idOn(enrollment.id, date);
  return { enrollment: enrollment.id, date, status, comment, code, section, entry, meeting: idOn(section, date) };
}

/**
 * Applies marks in the order they came: the same enrollment and date twice, and the last one stands. Any of them
 * takes its meeting. What already stands changes nothing and is not journaled.
 */
export function resolve(marks: readonly PlacedMark[], state: State): Resolution {
  const standing = new Map<number, Standing>();
  const said = new Map(state.said);
  const resolution: Resolution = { put: new Map(), remove: new Map(), take: new Map(), journal: [], steps: [] };
  for (const mark of marks) {
    const { meeting, entry: key } = mark;
    if (!state.taken.has(meeting) && !resolution.take.has(meeting)) {
      resolution.take.set(meeting, mark);
      resolution.journal.push([mark.section, mark.date, null, null, '', null, '', null]);
    }
    const was = standing.get(key) ?? state.marks.get(key) ?? (state.taken.has(meeting) ? present : nothing);
    const now = after(mark, was);
    const isNews = !stands(was, now, said.get(key));
    resolution.steps.push({ was, now, changed: isNews || was.status === null });
    standing.set(key, now.status === Status.present ? present : now);
    if (isNews) {
      journal(resolution, mark, was, now);
      said.set(key, now);
    }
    change(resolution, key, mark, now, state.marks.get(key));
  }
  return resolution;
}

/** What is not said is kept while the status stays. */
function after({ status, comment, code }: PlacedMark, was: Standing): Step['now'] {
  const kept = was.status === status ? was : nothing;
  return { status, comment: comment ?? kept.comment, code: code ?? kept.code };
}

/** A present with a comment stands if the journal has said it last; the first present of a roll says nothing new. */
function stands(was: Standing, now: Standing, said: Standing | undefined): boolean {
  if (now.status !== Status.present) return same(was, now);
  if (was.status !== Status.present && was.status !== null) return false;
  return now.comment === '' || (said?.status === Status.present && said.comment === now.comment);
}

const same = (one: Standing, other: Standing): boolean =>
  one.status === other.status && one.comment === other.comment && one.code === other.code;

function journal({ journal }: Resolution, mark: PlacedMark, was: Standing, now: Standing): void {
  const { section, date, enrollment } = mark;
  journal.push([section, date, enrollment, was.status, was.comment, now.status, now.comment, now.code]);
}

/** Keeps `put` and `remove` at what differs from the mark that stood before the request. */
function change({ put, remove }: Resolution, key: number, mark: PlacedMark, now: Standing, before?: Standing): void {
  put.delete(key);
  remove.delete(key);
  if (now.status === Status.present) {
    if (before) remove.set(key, mark);
  } else if (!before || !same(now, before)) put.set(key, { ...mark, ...now });
}

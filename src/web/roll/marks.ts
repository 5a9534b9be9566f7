import type { RollCode } from '../../../schemas/rollbook/rolls';
import { PRESENT, type Status } from '../shared/status';

export interface Mark {
  readonly status: Status;
  readonly comment: string;
  /** The school's; empty without one, undefined where nothing is said of it. */
  readonly code?: string | undefined;
}

/** A mark as the server has it: with who said it, through which API and when. */
export interface Said extends Mark {
  readonly by?: string | undefined;
  readonly api?: string | undefined;
  readonly at?: string | null | undefined;
}

/** A section's roll of a day. Whoever is not among the marks is present where it is taken, and unknown where it is not. */
export interface Roll {
  readonly taken: boolean;
  readonly marks: Readonly<Record<string, Said>>;
}

/** That a roll was taken: when, and by whom as far as that is known. */
export interface Taking {
  readonly at: string;
  readonly by: string;
}

/** A roll as the server has it. */
export interface Stand extends Roll {
  /** What a device has kept from before says nothing of it. */
  readonly taking?: Taking | undefined;
  /** The first day whose roll may still be changed here; undefined: any, as far as is known. */
  readonly editableFrom?: string | undefined;
  /** The school's; what a device has kept from before has none. */
  readonly codes?: readonly RollCode[] | undefined;
  /** Of the section: names what was read, for If-Match. */
  readonly etag: string;
}

/** A roll as the server had it, when that was asked for or answered, and when this page last saved it. */
export interface Seen {
  readonly stand: Stand;
  readonly at: number;
  readonly savedAt?: number;
}

/** What is to be said of some students; null: what was said of them is taken back. */
export type Statuses = Readonly<Record<string, Mark | null>>;

/** What is to become of a roll: whatever is missing stays as it is. */
export interface Edit {
  readonly statuses: Statuses;
  readonly taken?: boolean | undefined;
  /** What of it restores what was before. */
  readonly undo?: Undo | undefined;
}

/** Over which taking of a roll something was said: when that was; '' for one not sent yet, null where it was not taken. */
type Over = string | null;

/** What is taken back, and how the roll stood: somebody else may have said since what goes against it. */
export interface Undo {
  /** Who takes it back. */
  readonly by: string;
  /** The students of whom what was before is restored. */
  readonly over: Readonly<Record<string, Over>>;
  /** The roll as it was once it had been taken, where that is taken back. */
  readonly took?: Roll | undefined;
  /** When the roll was taken that somebody has decided to take back, whoever took it. */
  readonly sure?: string | undefined;
}

export const present: Mark = { status: PRESENT, comment: '' };

/** What is known of a student; undefined: nothing. */
export const markOf = ({ marks, taken }: Roll, enrollment: number | string): Said | undefined =>
  marks[enrollment] ?? (taken ? present : undefined);

export const isSame = (one: Mark | undefined, other: Mark | undefined): boolean =>
  one?.status === other?.status && one?.comment === other?.comment && isSameCode(one?.code, other?.code);

const isSameCode = (one: string | undefined, other: string | undefined): boolean =>
  one === undefined || other === undefined || one === other;

export function apply(roll: Roll, { statuses, taken }: Edit): Roll {
  const all = { ...roll.marks, ...statuses };
  const marks = Object.fromEntries(Object.entries(all).filter((pair): pair is [string, Mark] => pair[1] !== null));
  return { taken: taken ?? roll.taken, marks };
}

/** Whether a roll says of a student already what is to be said. */
export const stands = (roll: Roll, enrollment: string, mark: Mark | null): boolean =>
  isSame(markOf(apply(roll, { statuses: { [enrollment]: mark } }), enrollment), markOf(roll, enrollment));

/** What an edit did to a student. */
export interface Change {
  readonly enrollment: string;
  readonly before: Mark | undefined;
  readonly after: Mark | undefined;
}

/** What can be taken back at once: what was said of students and over which taking, and the roll where that took it. */
export interface Step {
  readonly changes: readonly Change[];
  readonly over: Over;
  readonly took: Roll | undefined;
}

export function stepFrom(before: Roll, after: Roll, { statuses }: Edit, taking: Taking | undefined): Step {
  const changes = Object.keys(statuses).map((enrollment) => {
    return { enrollment, before: before.marks[enrollment], after: markOf(after, enrollment) };
  });
  return {
    changes: changes.filter((change) => !isSame(markOf(before, change.enrollment), change.after)),
    over: before.taken ? (taking?.at ?? '') : null,
    took: after.taken && !before.taken ? after : undefined,
  };
}

/** The edit that takes a step back where it still stands: what somebody else has said since is not touched. */
export function takenBack(roll: Roll, { changes, over, took }: Step, by: string): Edit {
  const standing = changes.filter(({ enrollment, after }) => isSame(markOf(roll, enrollment), after));
  const statuses = Object.fromEntries(standing.map(({ enrollment, before = null }) => [enrollment, before]));
  const overs = Object.fromEntries(standing.map(({ enrollment }) => [enrollment, over]));
  return { statuses, taken: took && roll.taken ? false : undefined, undo: { by, over: overs, took } };
}

/** Whether a step goes on with the comment that was written by the one before. */
export function isTyping(last: Step | undefined, next: Step): boolean {
  const [[one, ...others], [two, ...more]] = [last?.changes ?? [], next.changes];
  if (!one || !two || others.length + more.length > 0 || one.enrollment !== two.enrollment || next.took) return false;
  return new Set([one.before?.status, one.after?.status, two.after?.status]).size === 1;
}

/** Of whom somebody else has said something else meanwhile. */
export interface Difference {
  readonly enrollment: string;
  readonly mine: Said | undefined;
  readonly theirs: Said | undefined;
}

/** What is wanted of a roll, and what the server was known to have before. */
export interface Wanted extends Edit {
  readonly base: Roll;
  /** What was sent on this base without word of what came of it: the server may have it. */
  readonly unheard: readonly Edit[];
}

/**
 * The students of whom both have said something since both had the same, and not the same. Nothing is said of a student
 * by taking a roll, nor is what this device has sent somebody else's.
 */
export function differences({ base, statuses, unheard }: Wanted, theirs: Roll): Difference[] {
  const isAsBefore = (id: string) =>
    isSame(markOf(base, id), markOf(theirs, id)) || (!base.marks[id] && !theirs.marks[id]);
  const isSent = (id: string) =>
    unheard.some(({ statuses: { [id]: sent } }) => sent !== undefined && stands(theirs, id, sent));
  const wanted = apply(theirs, { statuses });
  return Object.entries(statuses)
    .filter(([id, mark]) => !stands(theirs, id, mark) && !isAsBefore(id) && !isSent(id))
    .map(([id]) => ({ enrollment: id, mine: markOf(wanted, id), theirs: markOf(theirs, id) }));
}

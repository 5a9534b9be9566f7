import { PRESENT, type Status } from '../shared/status';

export interface Mark {
  readonly status: Status;
  readonly comment: string;
}

/** The exceptions of a roll by enrollment; whoever is not in it is present. */
export type Marks = Readonly<Record<string, Mark>>;

/** A section's roll of a day as the server has it. */
export interface Stand {
  /** Of the section: names what was read, for If-Match. */
  readonly etag: string;
  readonly taken: boolean;
  readonly marks: Marks;
}

/** A roll as the server had it, and when that was asked for or answered. */
export interface Seen {
  readonly stand: Stand;
  readonly at: number;
}

export const present: Mark = { status: PRESENT, comment: '' };

export const markOf = (marks: Marks, enrollment: number): Mark => marks[enrollment] ?? present;

/** The marks with one changed; present without a comment is no exception. */
export function withMark(marks: Marks, enrollment: number, mark: Mark): Marks {
  const { [enrollment]: _before, ...others } = marks;
  return mark.status === PRESENT ? others : { ...others, [enrollment]: mark };
}

export const isSame = (one: Mark, other: Mark): boolean => one.status === other.status && one.comment === other.comment;

/** What is said of some students. */
export type Edit = Readonly<Record<number, Mark>>;

export const apply = (marks: Marks, edit: Edit): Marks =>
  Object.entries(edit).reduce((all, [enrollment, mark]) => withMark(all, Number(enrollment), mark), marks);

/** What an edit did to a student. */
export interface Change {
  readonly enrollment: number;
  readonly before: Mark;
  readonly after: Mark;
}

export const changesTo = (marks: Marks, edit: Edit): Change[] =>
  Object.entries(edit)
    .map(([id, after]) => ({ enrollment: Number(id), before: markOf(marks, Number(id)), after }))
    .filter(({ before, after }) => !isSame(before, after));

/** The edit that takes changes back where they still stand: what somebody else has said since is not touched. */
export const takenBack = (marks: Marks, changes: readonly Change[]): Edit =>
  Object.fromEntries(
    changes
      .filter(({ enrollment, after }) => isSame(markOf(marks, enrollment), after))
      .map(({ enrollment, before }) => [enrollment, before]),
  );

/** Whether changes go on with the comment that was written by those before. */
export function isTyping([last, ...others]: readonly Change[], [next, ...more]: readonly Change[]): boolean {
  if (!last || !next || others.length + more.length > 0 || last.enrollment !== next.enrollment) return false;
  return new Set([last.before.status, last.after.status, next.after.status]).size === 1;
}

/** What stands differently on the server from what is wanted here. */
export interface Difference {
  readonly enrollment: number;
  readonly mine: Mark;
  readonly theirs: Mark;
  /** Whose change it is, where only one side made one since both had the same. */
  readonly by: 'mine' | 'theirs' | undefined;
}

/** Student by student, where what is wanted and what somebody else saved meanwhile are not the same. */
export function differences(base: Stand, mine: Marks, theirs: Stand): Difference[] {
  if (!theirs.taken) return [];
  const enrollments = new Set([...Object.keys(mine), ...Object.keys(theirs.marks)].map(Number));
  return [...enrollments]
    .map((enrollment) => {
      const [before, here, there] = [base.marks, mine, theirs.marks].map((marks) => markOf(marks, enrollment));
      const by = isSame(here!, before!) ? 'theirs' : isSame(there!, before!) ? 'mine' : undefined;
      return { enrollment, mine: here!, theirs: there!, by } as const;
    })
    .filter((difference) => !isSame(difference.mine, difference.theirs));
}

/** Whether this day's roll is as it was: others may have changed other days of the section. */
export const isUntouched = (base: Stand, theirs: Stand): boolean =>
  base.taken === theirs.taken &&
  differences({ ...base, taken: true }, base.marks, { ...theirs, taken: true }).length === 0;

import { differences, type Edit, isSame, type Mark, present, type Stand, type Statuses, stands } from './marks';
import { type Question, questionOf, restoring, undoWith } from './undo';
import type { RefusedItem, RollUpdate, Sent } from './wire';

/** What is wanted of a roll and is on its way to the server, kept on the device until it is there. */
export interface Entry extends RollUpdate {
  /** What to call it where it is listed. */
  readonly title: string;
  /** When it was first put here, which is its place in the order. */
  readonly since: number;
  /** What was sent on this base without word of what came of it: the server may have it. */
  readonly unheard: readonly Edit[];
  /** Why it is not sent any more until somebody decides. */
  readonly trouble?: Trouble;
}

export type Trouble =
  | { readonly kind: 'conflict'; readonly theirs: Stand }
  | { readonly kind: 'undo'; readonly question: Question }
  /** The server's words; empty where they are of students, who have theirs. */
  | { readonly kind: 'refused'; readonly message: string; readonly items: readonly RefusedItem[] };

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
export const isEmpty = ({ statuses, taken }: Edit): boolean =>
  Object.keys(statuses).length === 0 && taken === undefined;
const editOf = ({ statuses, taken }: Edit): Edit => ({ statuses, taken });

/** The entry as it is sent. What had been sent before on the same base may still be what the server has. */
export const whileSent = (entry: Entry): Entry =>
  entry.unheard.some((sent) => isEqual(sent, editOf(entry)))
    ? entry
    : { ...entry, unheard: [...entry.unheard, editOf(entry)] };

/**
 * What is sent of an entry. Where that changes nothing, the section would stay as it was read, and what was sent before
 * and is still on its way could be written after it: that is sent once more then, which outdates it.
 */
export function toSend(entry: Entry): Entry {
  const before = changes(entry)
    ? undefined
    : entry.unheard.find((sent) => changes({ ...entry, taken: undefined, ...sent }));
  return before ? { ...entry, taken: undefined, ...before } : entry;
}

const changes = ({ base, statuses, taken = base.taken }: Entry): boolean =>
  taken !== base.taken || Object.entries(statuses).some(([id, mark]) => !stands(base, id, mark));

/** The entry with more that is wanted; undefined: that takes back all of it. */
export function withEdit({ trouble: _decided, ...entry }: Entry, edit: Edit): Entry | undefined {
  const { statuses, taken = entry.taken } = edit;
  const undo = undoWith(entry.undo, edit);
  return asking(unlessDone({ ...entry, statuses: { ...entry.statuses, ...statuses }, taken, undo }));
}

/** The entry, not to be sent where it takes something back against what somebody else has said since: that is asked first. */
export function asking(entry: Entry | undefined): Entry | undefined {
  const question = entry && questionOf(entry, entry.base);
  return question ? { ...entry, trouble: { kind: 'undo', question } } : entry;
}

/** What is left of an entry that asked, once somebody has decided: it takes back what it asked of, or nothing of that. */
export const answered = ({ trouble: _decided, ...entry }: Entry, isSure: boolean): Entry | undefined =>
  asking(unlessDone({ ...entry, ...restoring(entry, entry.base, isSure) }));

/**
 * What is left of an entry that was sent; undefined: nothing is.
 * @param now the entry as it is on the device: it may have been changed meanwhile, and then goes again
 */
export function afterSending(sent: Entry, now: Entry, result: Sent): Entry | undefined {
  const isChanged = !isEqual(editOf(now), editOf(sent));
  if (result.outcome === 'stale') return rebased(now, result.theirs);
  if (result.outcome === 'refused') {
    const heard = { ...now, unheard: now.unheard.filter((other) => !isEqual(other, editOf(sent))) };
    return isChanged ? unlessDone(heard) : refused(heard, result.message, []);
  }
  const items = result.outcome === 'partly' ? result.refused : [];
  const isSettled = (id: string, mark: Mark | null) =>
    isEqual(mark, sent.statuses[id]) && !items.some(({ enrollment }) => enrollment === Number(id));
  const statuses = without(now.statuses, isSettled);
  const taken = now.taken === sent.taken && items.length === 0 ? undefined : now.taken;
  const left = based({ ...now, statuses, taken }, result.stand);
  return left && items.length > 0 && !isChanged ? refused(left, '', items) : left;
}

const refused = (entry: Entry, message: string, items: readonly RefusedItem[]): Entry => ({
  ...entry,
  trouble: { kind: 'refused', message, items },
});

/** Somebody has written to the section since: of the same student that is a conflict, of others it is none. */
const rebased = (entry: Entry, theirs: Stand): Entry | undefined =>
  differences(entry, theirs).length > 0 ? { ...entry, trouble: { kind: 'conflict', theirs } } : based(entry, theirs);

/** What is still wanted where the server is known to have this: nothing that was sent before can be written any more. */
const based = ({ trouble: _decided, ...entry }: Entry, base: Stand): Entry | undefined =>
  asking(unlessDone({ ...entry, base, unheard: [] }));

/** What somebody decided where two have said something of the same students: theirs stands of those of whom they chose it. */
export function decided(entry: Entry, theirs: Stand, given: ReadonlySet<string>): Entry | undefined {
  const over = { ...entry.undo?.over };
  for (const { enrollment } of differences(entry, theirs)) delete over[enrollment]; // that is not asked twice
  const undo = entry.undo && { ...entry.undo, over };
  return based({ ...entry, statuses: without(entry.statuses, (id) => given.has(id)), undo }, theirs);
}

/** Without what stands already, unless what was sent before may have changed it. */
function unlessDone(entry: Entry): Entry | undefined {
  const { base, unheard } = entry;
  const rolls = [base, { ...base, taken: entry.taken ?? base.taken }];
  const isDone = (id: string, mark: Mark | null) =>
    rolls.every((roll) => stands(roll, id, mark)) && !unheard.some(({ statuses }) => id in statuses);
  const statuses = without(entry.statuses, isDone);
  const isTaken = entry.taken === base.taken && !unheard.some(({ taken }) => taken !== undefined);
  const taken = isTaken ? undefined : entry.taken;
  return isEmpty({ statuses, taken }) ? undefined : { ...entry, statuses, taken };
}

const without = (statuses: Statuses, isOut: (id: string, mark: Mark | null) => boolean): Statuses =>
  Object.fromEntries(Object.entries(statuses).filter(([id, mark]) => !isOut(id, mark)));

/** As earlier pages left it on a device: a whole roll, on which whoever is not marked was present. */
interface WholeRoll extends Pick<Entry, 'section' | 'date' | 'title' | 'since' | 'base'> {
  readonly students: readonly number[];
  readonly marks: Readonly<Record<string, Mark>>;
  readonly unheard: readonly WholeRoll['marks'][];
}

/** An entry as it is on the device; undefined where it is damaged. */
export function entryIn(text: string | null, today: string): Entry | undefined {
  try {
    const entry = JSON.parse(text ?? '') as Entry | WholeRoll;
    const { section, date, base, since, unheard } = entry;
    if (!(section && date && base?.marks && since && Array.isArray(unheard))) return undefined;
    if ('students' in entry) return ofWholeRoll(entry, today);
    return entry.statuses && entry;
  } catch {
    return undefined;
  }
}

/** Those took the roll by whatever was touched, and said so: it is taken still, unless its day is yet to come. */
function ofWholeRoll({ students: _all, marks, unheard, ...roll }: WholeRoll, today: string): Entry {
  const { base, date } = roll;
  const ids = new Set([marks, ...unheard].flatMap((whole) => Object.keys({ ...base.marks, ...whole })));
  const isSaid = (id: string) =>
    [marks, ...unheard].some((whole) => !isSame(whole[id] ?? present, base.marks[id] ?? present));
  const said = [...ids].filter(isSaid);
  const edit = (whole: WholeRoll['marks']): Edit => ({
    statuses: Object.fromEntries(said.map((id) => [id, whole[id] ?? present])),
    taken: date <= today ? true : undefined,
  });
  return { ...roll, ...edit(marks), unheard: unheard.map(edit) };
}

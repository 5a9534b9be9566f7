import { PRESENT } from '../shared/status';
import { type Edit, isSame, type Mark, markOf, present, type Roll, type Stand, stands, type Undo } from './marks';

/** What is asked before something is taken back. */
export interface Question {
  /** Whether the roll would not be taken any more. */
  readonly untakes: boolean;
  /** By enrollment: whose mark is taken back, though the roll was taken with it, or somebody else has made it, too. */
  readonly students: readonly string[];
  /** Who has taken the roll, where that is why it is asked; empty where nobody knows. */
  readonly takenBy?: string | undefined;
  /** Who else has made the mark that is taken back, where that is why it is asked. */
  readonly markedBy?: string | undefined;
  /** Who else has changed the roll since it was taken, as far as that is known. */
  readonly changedBy: readonly string[];
}

/** The undo of what is wanted, and of more: what is said anew is no undo, and Done says whoever has no mark is present. */
export function undoWith(before: Undo | undefined, { statuses, taken, undo: next }: Edit): Undo | undefined {
  const by = next?.by ?? before?.by;
  if (by === undefined || taken === true) return undefined;
  const left = Object.entries(before?.over ?? {}).filter(([id]) => !(id in statuses));
  return { ...before, by, over: { ...Object.fromEntries(left), ...next?.over }, took: next?.took ?? before?.took };
}

/**
 * What has to be asked before an edit is written over a roll. What was before cannot be restored where somebody has
 * taken the roll since: of whom nothing was known would be present then. Whoever took a roll, or changed what was taken,
 * has spoken of it as one that is taken. And a mark that somebody else has made, too, is not the own one alone.
 */
export const questionOf = (edit: Edit, roll: Stand): Question | undefined =>
  edit.undo && (untaking(edit, edit.undo, roll) ?? restored(edit, edit.undo, roll));

function untaking({ taken }: Edit, undo: Undo, roll: Stand): Question | undefined {
  if (taken !== false || !roll.taken || !undo.took) return undefined;
  const isTheirs = isOthers(undo, roll.taking) && roll.taking?.at !== undo.sure;
  const authors = changesOfOthers(undo, undo.took, roll);
  if (!isTheirs && authors.length === 0) return undefined;
  const changedBy = [...new Set(authors.filter(Boolean))];
  return { untakes: true, students: [], takenBy: isTheirs ? roll.taking?.by : undefined, changedBy };
}

function restored({ statuses, taken }: Edit, undo: Undo, roll: Stand): Question | undefined {
  const isPresent = (mark: Mark | null | undefined) => mark === null || mark?.status === PRESENT;
  const isSince = (over: string | null) =>
    over === null || (over === '' ? isOthers(undo, roll.taking) : over !== roll.taking?.at);
  const found = Object.entries(undo.over).filter(
    ([id]) => isPresent(statuses[id]) && !stands(roll, id, statuses[id] ?? null),
  );
  const ofTaken = roll.taken && taken !== false ? found.filter(([, over]) => isSince(over)) : [];
  if (ofTaken.length > 0)
    return { untakes: false, students: ofTaken.map(([id]) => id), takenBy: roll.taking?.by, changedBy: [] };
  const [ofOthers] = found.filter(([id]) => isOthers(undo, roll.marks[id]));
  return ofOthers && { untakes: false, students: [ofOthers[0]], markedBy: roll.marks[ofOthers[0]]!.by, changedBy: [] };
}

const isOthers = ({ by }: Undo, said: { by?: string | undefined } | undefined): boolean =>
  said?.by !== undefined && said.by !== by;

/** Who has changed a roll since it was taken; empty where nothing says who, since the mark is gone. */
function changesOfOthers({ by: me }: Undo, took: Roll, roll: Stand): string[] {
  const ids = [...new Set([...Object.keys(took.marks), ...Object.keys(roll.marks)])];
  return ids.flatMap((id) => {
    if (isSame(markOf(took, id), markOf(roll, id))) return [];
    const { by = '', at } = roll.marks[id] ?? {};
    // What was there before the roll was taken, it was taken with.
    const isBefore = at && roll.taking && at <= roll.taking.at;
    return by === me || isBefore ? [] : [by];
  });
}

/** What is wanted once it was decided whether to take back what was asked of; all else is wanted as before. */
export function restoring(edit: Edit, roll: Stand, isSure: boolean): Edit {
  const { statuses, undo } = edit;
  const question = questionOf(edit, roll);
  if (!question || !undo) return edit;
  const at = roll.taking?.at ?? '';
  if (question.untakes) {
    if (isSure) return { ...edit, undo: { ...undo, took: roll, sure: at } };
    // Nor is anybody present then who would have been unknown.
    return restoring({ statuses, undo: { ...undo, took: undefined }, taken: undefined }, roll, false);
  }
  const isAsked = (id: string) => question.students.includes(id);
  const asked = isSure ? question.students : [];
  const isTaken = roll.taken && edit.taken !== false;
  const said = asked.map((id) => [id, isTaken ? present : (statuses[id] ?? null)] as const);
  const left = Object.entries(statuses).filter(([id]) => !isAsked(id));
  // Of a taking that comes later it is asked anew.
  const isOver = ([id]: [string, unknown]) => !isAsked(id) || (isSure && question.markedBy === undefined);
  const over = Object.entries(undo.over)
    .filter(isOver)
    .map(([id, over]) => [id, isAsked(id) ? at : over]);
  return {
    ...edit,
    statuses: Object.fromEntries([...left, ...said]),
    undo: { ...undo, over: Object.fromEntries(over) },
  };
}

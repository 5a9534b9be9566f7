import { differences, isUntouched, type Marks, type Stand } from './marks';
import type { RefusedItem, Sent, Wish } from './wire';

/** A roll that is on its way to the server, kept on the device until it is there. */
export interface Entry extends Wish {
  /** What to call it where it is listed. */
  readonly title: string;
  /** When it was first put here, which is its place in the order. */
  readonly since: number;
  /** What was sent on this base without word of what came of it: the server may have it. */
  readonly unheard: readonly Marks[];
  /** Why it is not sent any more until somebody decides. */
  readonly trouble?: Trouble;
}

export type Trouble =
  | { readonly kind: 'conflict'; readonly theirs: Stand }
  | { readonly kind: 'refused'; readonly message: string; readonly items: readonly RefusedItem[] };

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The entry as it is sent. What had been sent before on the same base may still be what the server has. */
export const whileSent = (entry: Entry): Entry =>
  entry.unheard.some((marks) => isEqual(marks, entry.marks))
    ? entry
    : { ...entry, unheard: [...entry.unheard, entry.marks] };

/**
 * What is left of an entry that was sent; undefined: nothing is.
 * @param now the entry as it is on the device: it may have been changed meanwhile, and then goes again
 */
export function afterSending(sent: Entry, now: Entry, result: Sent): Entry | undefined {
  const isChanged = !isEqual(now.marks, sent.marks);
  if (result.outcome === 'stale') return rebased(now, result.theirs);
  if (result.outcome === 'refused') return isChanged ? now : refused(now, result.message, []);
  const next = based(now, result.stand);
  if (isChanged) return next;
  return result.outcome === 'partly' ? refused(next, 'Some students could not be marked.', result.refused) : undefined;
}

const refused = (entry: Entry, message: string, items: readonly RefusedItem[]): Entry => ({
  ...entry,
  trouble: { kind: 'refused', message, items },
});

/** Somebody has written to the section since: the same roll is a conflict, another day of it, or this device, is none. */
function rebased(entry: Entry, theirs: Stand): Entry {
  const isMine = entry.unheard.some((marks) => isUntouched({ ...theirs, taken: true, marks }, theirs));
  if (isMine || isUntouched(entry.base, theirs) || differences(entry.base, entry.marks, theirs).length === 0)
    return based(entry, theirs);
  return { ...entry, trouble: { kind: 'conflict', theirs } };
}

/** The same wish on what the server is known to have now: nothing that was sent before can be written any more. */
export function based({ trouble, ...entry }: Entry, base: Stand): Entry {
  return { ...entry, base, unheard: [] };
}

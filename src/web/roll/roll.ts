import { useState } from 'preact/hooks';
import { box } from './box';
import { apply, type Change, changesTo, type Edit, isTyping, type Mark, present, type Stand, takenBack } from './marks';
import { rollKey } from './outbox';

/** What is needed to take a section's roll on a day. */
export interface RollOf {
  readonly section: number;
  readonly title: string;
  readonly date: string;
  readonly students: readonly number[];
  /** As it was loaded, and when that was asked for. */
  readonly stand: Stand;
  readonly loadedAt: number;
}

/** Milliseconds in which somebody who types types on. */
const A_WHILE = 600;
let typing: ReturnType<typeof setTimeout> | undefined;

/** A roll while it is taken: each change goes to the outbox at once, and can be undone. */
export function useRoll({ stand, loadedAt, ...roll }: RollOf) {
  const key = rollKey(roll.section, roll.date);
  const outbox = box.value!;
  const entry = outbox.entries.value.get(key);
  const saved = outbox.saved.value.get(key);
  const base = entry?.base ?? (saved && saved.at >= loadedAt ? saved.stand : stand);
  const marks = entry?.marks ?? base.marks;
  const [past, setPast] = useState<readonly (readonly Change[])[]>([]);

  const put = (edit: Edit, wait = 0) => {
    outbox.put({ ...roll, base }, (now) => apply(now, edit));
    clearTimeout(typing);
    if (wait > 0) typing = setTimeout(outbox.flush, wait);
    else void outbox.flush();
  };
  const change = (edit: Edit, wait?: number) => {
    const changes = changesTo(marks, edit);
    const last = past.at(-1);
    // One comment is one step back, however many letters it has.
    if (last && isTyping(last, changes)) setPast([...past.slice(0, -1), [{ ...changes[0]!, before: last[0]!.before }]]);
    else if (changes.length > 0) setPast([...past, changes]);
    put(edit, wait);
  };
  return {
    marks,
    isTaken: base.taken || entry !== undefined,
    entry,
    savedAt: base.taken ? saved?.at : undefined,
    isSending: outbox.sending.value === key,
    isHomeless: outbox.isHomeless(key),
    canUndo: past.length > 0,
    mark: (enrollment: number, mark: Mark) => change({ [enrollment]: mark }),
    comment: (enrollment: number, mark: Mark) => change({ [enrollment]: mark }, A_WHILE),
    allPresent: () => change(Object.fromEntries(Object.keys(marks).map((id) => [id, present]))),
    save: () => put({}),
    undo() {
      setPast(past.slice(0, -1));
      put(takenBack(marks, past.at(-1) ?? []));
    },
  };
}

export type Roll = ReturnType<typeof useRoll>;

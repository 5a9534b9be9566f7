import { useMemo, useState } from 'preact/hooks';
import { box } from './box';
import { type Mark, type Marks, type Stand, withMark } from './marks';
import { rollKey } from './outbox';

/** What is needed to take a section's roll on a day. */
export interface RollOf {
  readonly section: number;
  readonly title: string;
  readonly date: string;
  readonly students: readonly number[];
  /** As it was loaded, and when. */
  readonly stand: Stand;
  readonly loadedAt: number;
}

/** A roll while it is taken: each change goes to the outbox at once, and can be undone. */
export function useRoll({ section, title, date, students, stand, loadedAt }: RollOf) {
  const key = rollKey(section, date);
  const outbox = box.value!;
  const entry = outbox.entries.value.get(key);
  const saved = outbox.saved.value.get(key);
  const base = entry?.base ?? (saved && saved.at > loadedAt ? saved.stand : stand);
  const marks = entry?.marks ?? base.marks;
  const [past, setPast] = useState<readonly Marks[]>([]);

  const put = (next: Marks) => outbox.put({ section, date, students, marks: next, base }, title);
  const change = (next: Marks) => {
    setPast([...past, marks]);
    put(next);
  };
  return {
    marks,
    isTaken: base.taken || entry !== undefined,
    entry,
    savedAt: saved?.at,
    isSending: outbox.sending.value === key,
    canUndo: past.length > 0,
    mark: (enrollment: number, mark: Mark) => change(withMark(marks, enrollment, mark)),
    allPresent: () => change({}),
    save: () => change(marks),
    undo() {
      if (past.length === 0) return;
      setPast(past.slice(0, -1));
      put(past.at(-1)!);
    },
  };
}

export type Roll = ReturnType<typeof useRoll>;

/** The enrollments in the order of the list, found again by the same list. */
export const useEnrollments = (students: readonly { readonly enrollment_id: number }[]): readonly number[] =>
  useMemo(() => students.map(({ enrollment_id }) => enrollment_id), [students]);

import { useEffect, useRef, useState } from 'preact/hooks';
import { todayIn } from '../shared/days';
import { may, session } from '../shared/session';
import { PRESENT } from '../shared/status';
import { outboxInUse } from './device-outbox';
import {
  apply,
  type Edit,
  isSame,
  isTyping,
  type Mark,
  markOf,
  present,
  type Roll,
  type Said,
  type Stand,
  type Step,
  stepFrom,
  takenBack,
} from './marks';
import { rollKey } from './outbox';
import { loadStand } from './wire';

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
/** Milliseconds after which it is asked what others have saved. */
const OFTEN = 30_000;
let typing: ReturnType<typeof setTimeout> | undefined;

export type OpenRoll = ReturnType<typeof useRoll>;

/** A roll while it is taken: each change goes to the outbox at once, and can be undone. */
export function useRoll({ stand, loadedAt, students, ...roll }: RollOf) {
  const key = rollKey(roll.section, roll.date);
  const outbox = outboxInUse.value!;
  const { today, person, client, district } = session.value!;
  const isAhead = roll.date > today;
  const entry = outbox.entries.value.get(key);
  const seen = outbox.seen.value.get(key);
  const base = entry?.base ?? (seen && seen.at >= loadedAt ? seen.stand : stand);
  const { editableFrom } = base;
  const isClosed = editableFrom !== undefined && roll.date < editableFrom;
  const isReadOnly = !may('attendance:write');
  const isOpen = !isClosed && !isReadOnly;
  const shown = entry ? afterEdit(base, entry) : base;
  const [past, setPast] = useState<readonly Step[]>([]);
  /** What others had said of students of whom something else was said here. */
  const [overruled, overrule] = useState<Readonly<Record<string, Said>>>({});
  useFresh(key, roll.section, roll.date, base.etag);

  /** What a roll becomes: once the status of every student has been told, whoever changes one of them takes it. */
  function afterEdit(before: Roll, edit: Edit): Roll {
    const after = apply(before, edit);
    const isTold = students.length > 0 && students.every((id) => after.marks[id]);
    const isNews = students.some((id) => !isSame(markOf(before, id), markOf(after, id)));
    const isComplete = isTold && isNews && !isAhead && edit.taken !== false;
    return isComplete ? { ...after, taken: true } : after;
  }

  const me = person?.name ?? client.name;
  /** What was entered before the day came is kept as others' words are: All present does not say that it is over. */
  const isOthers = ({ by, at }: Said): boolean =>
    by !== undefined && (by !== me || (!isAhead && !!at && todayIn(district.time_zone, new Date(at)) < roll.date));
  /** Who said what stands: taken back here to what somebody else had said, it is theirs still. */
  const saidOf = (id: number | string): Said | undefined => {
    const [mark, other] = [markOf(shown, id), overruled[id]];
    return mark && other && isSame(mark, other) ? other : mark;
  };

  const put = (edit: Edit, wait = 0) => {
    outbox.put({ ...roll, base }, edit);
    clearTimeout(typing);
    if (wait > 0) typing = setTimeout(outbox.flush, wait);
    else void outbox.flush();
  };
  const change = (edit: Edit, wait?: number) => {
    if (!isOpen) return;
    const step = stepFrom(shown, afterEdit(shown, edit), edit, base.taking);
    if (step.changes.length === 0 && !step.took) return;
    const [last, { changes }] = [past.at(-1), step];
    // One comment is one step back, however many letters it has.
    if (isTyping(last, step)) {
      const typed = { ...changes[0]!, before: last!.changes[0]!.before };
      setPast([...past.slice(0, -1), { ...last!, changes: [typed] }]);
    } else setPast([...past, step]);
    const others = changes.flatMap(({ enrollment }) => {
      const said = saidOf(enrollment);
      return said && isOthers(said) ? [[enrollment, said] as const] : [];
    });
    overrule({ ...overruled, ...Object.fromEntries(others) });
    put(edit, wait);
  };
  /** The exceptions that were entered by who is signed in. */
  const own = students.filter((id) => {
    const said = shown.marks[id] && saidOf(id);
    return said && said.status !== PRESENT && !isOthers(said);
  });
  return {
    isTaken: shown.taken,
    isAhead,
    /** The school's, by which a status can be said more exactly. */
    codes: base.codes ?? [],
    /** Since when a roll may be changed, where this one may be changed no more. */
    closedSince: isClosed ? editableFrom : undefined,
    /** Whether who is signed in changes no roll. */
    isReadOnly,
    /** Whether anything can be said in it. */
    isOpen,
    canBeTaken: !isAhead && isOpen && students.length > 0,
    /** Of how many students something is said. */
    marked: students.filter((id) => shown.marks[id]).length,
    hasOwn: own.length > 0,
    entry,
    savedAt: seen?.savedAt,
    isSending: outbox.sending.value === key,
    isHomeless: outbox.isHomeless(key),
    canUndo: isOpen && past.length > 0,
    /** What is known of a student; undefined: nothing. */
    markOf: (id: number): Mark | undefined => markOf(shown, id),
    /** What somebody else has said of a student, where that stands. */
    othersOf(id: number): Said | undefined {
      const said = saidOf(id);
      return said && isOthers(said) ? said : undefined;
    },
    /** What somebody else has said of a student, where something else stands now. */
    overruledOf: (id: number): Said | undefined =>
      isSame(overruled[id], markOf(shown, id)) ? undefined : overruled[id],
    mark: (id: number, mark: Mark) => change({ statuses: { [id]: mark } }),
    comment: (id: number, mark: Mark) => change({ statuses: { [id]: mark } }, A_WHILE),
    /** Takes the roll: whoever has no mark is present. */
    take: () => change({ statuses: {}, taken: true }),
    /** Takes the roll, and takes back the exceptions that were entered here; what others say stands. */
    allPresent: () => change({ statuses: Object.fromEntries(own.map((id) => [id, present])), taken: true }),
    save: () => put({ statuses: {} }),
    undo() {
      if (!isOpen) return;
      setPast(past.slice(0, -1));
      if (past.length > 0) put(takenBack(shown, past.at(-1)!, me));
    },
  };
}

/** Takes up what others save while a roll is open, unless something of it is still to be sent: that meets theirs then. */
function useFresh(key: string, section: number, date: string, etag: string): void {
  const known = useRef(etag);
  known.current = etag;
  useEffect(() => {
    const ask = async () => {
      if (document.hidden || outboxInUse.value!.entries.peek().has(key)) return;
      const at = Date.now();
      const stand = await loadStand(section, date, known.current).catch(() => undefined); // asked again soon
      if (stand) outboxInUse.value!.note(key, { stand, at });
    };
    const timer = setInterval(ask, OFTEN);
    window.addEventListener('focus', ask);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', ask);
    };
  }, [key]);
}

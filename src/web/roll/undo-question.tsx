import { useEffect, useRef } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { wordOf } from '../shared/status';
import { outboxInUse } from './device-outbox';
import type { Entry } from './entry';
import { rollKey } from './outbox';
import type { Question } from './undo';

interface Options {
  readonly entry: Entry;
  readonly question: Question;
  readonly students: readonly MonthStudent[];
}

/** An undo goes against what somebody else has said since: what would become of it, for somebody to choose. */
export function UndoQuestion({ entry, question, students }: Options) {
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), []);
  const answer = (isSure: boolean) => outboxInUse.value!.answer(rollKey(entry.section, entry.date), isSure);
  const { why, what, keeping, undoing } = wordsOf(entry, question, students);
  return (
    <section aria-labelledby="undo" aria-describedby="undo-what">
      <h2 id="undo">{why}</h2>
      <p>
        <span id="undo-what">{what}</span>{' '}
        <a href={`#/sections/${entry.section}/changes/${entry.date}`}>Who changed what</a>
      </p>
      <p class="actions">
        <button type="button" class="main" ref={keep} onClick={() => answer(false)}>
          {keeping}
        </button>
        <button type="button" onClick={() => answer(true)}>
          {undoing}
        </button>
      </p>
    </section>
  );
}

function wordsOf({ base, undo, statuses }: Entry, question: Question, students: readonly MonthStudent[]) {
  const { untakes, takenBy, markedBy, changedBy } = question;
  const taker = takenBy === undo?.by ? 'You have' : takenBy ? has([takenBy]) : 'Somebody has';
  if (untakes)
    return {
      why:
        takenBy !== undefined ? `${taker} taken this roll.` : `${has(changedBy)} changed this roll since you took it.`,
      what: 'If you undo this, the roll is not taken any more, and whoever has no mark is not known to be present.',
      keeping: 'Keep it taken',
      undoing: 'Say that it was not taken',
    };
  const ids = question.students;
  const names = ids.map(
    (id) => students.find(({ enrollment_id }) => enrollment_id === Number(id))?.name ?? `Enrollment ${id}`,
  );
  const mark = ids.length === 1 ? base.marks[ids[0]!] : undefined;
  const keeping = mark ? `Keep ${wordOf(mark.status)}` : 'Keep my marks';
  if (markedBy !== undefined) {
    const isKnown = base.taken || statuses[ids[0]!] !== null;
    return {
      why: `${has([markedBy].filter(Boolean))} marked ${names[0]} ${mark ? wordOf(mark.status) : ''}, too.`,
      what: isKnown
        ? `Without the mark ${names[0]} would be present.`
        : `Without the mark nothing is known of ${names[0]}.`,
      keeping,
      undoing: isKnown ? 'Say present' : 'Take the mark back',
    };
  }
  return {
    why: `${taker} taken this roll since.`,
    what: `Without your ${ids.length > 1 ? 'marks' : 'mark'} ${listed(names)} would be present.`,
    keeping,
    undoing: 'Say present',
  };
}

const has = (names: readonly string[]): string =>
  names.length === 0 ? 'Somebody else has' : `${listed(names)} ${names.length > 1 ? 'have' : 'has'}`;
const listed = (names: readonly string[]): string => new Intl.ListFormat('en').format(names);

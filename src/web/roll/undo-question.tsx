import { useEffect, useRef } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { locale } from '../messages/language';
import { t } from '../messages/messages';
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
        <a href={`#/sections/${entry.section}/changes/${entry.date}`}>{t('changes.who')}</a>
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
  const by = takenBy === undo?.by ? 'you' : takenBy ? 'name' : 'somebody';
  if (untakes)
    return {
      why:
        takenBy !== undefined
          ? t('undo.taken', { by, name: takenBy })
          : t('undo.changed', { n: changedBy.length, names: listed(changedBy) }),
      what: t('undo.untakes'),
      keeping: t('undo.keep-taken'),
      undoing: t('undo.untake'),
    };
  const ids = question.students;
  const names = ids.map(
    (id) => students.find(({ enrollment_id }) => enrollment_id === Number(id))?.name ?? t('enrollment', { id }),
  );
  const mark = ids.length === 1 ? base.marks[ids[0]!] : undefined;
  const keeping = mark ? t('undo.keep', { status: wordOf(mark.status) }) : t('undo.keep-marks');
  if (markedBy !== undefined) {
    const isKnown = base.taken || statuses[ids[0]!] !== null;
    return {
      why: t('undo.marked', {
        by: markedBy ? 'name' : 'somebody',
        name: markedBy,
        student: names[0]!,
        status: mark ? wordOf(mark.status) : '',
      }),
      what: t(isKnown ? 'undo.would-be-present' : 'undo.would-be-unknown', { student: names[0]! }),
      keeping,
      undoing: t(isKnown ? 'undo.say-present' : 'undo.take-mark-back'),
    };
  }
  return {
    why: t('undo.taken-since', { by, name: takenBy ?? '' }),
    what: t('undo.without-yours', { n: ids.length, names: listed(names) }),
    keeping,
    undoing: t('undo.say-present'),
  };
}

const listed = (names: readonly string[]): string => new Intl.ListFormat(locale()).format(names);

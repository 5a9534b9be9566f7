import { useEffect, useRef, useState } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { Heads } from '../shared/heads';
import { Author, wordsOf } from './authors';
import { outboxInUse } from './device-outbox';
import type { Entry } from './entry';
import { type Difference, differences, type Stand } from './marks';
import { rollKey } from './outbox';

interface Options {
  readonly entry: Entry;
  readonly theirs: Stand;
  readonly students: readonly MonthStudent[];
}

type Side = 'mine' | 'theirs';

/** Two have marked the same students: what each says of them, side by side, for somebody to choose. */
export function ConflictTable({ entry, theirs, students }: Options) {
  const found = differences(entry, theirs);
  const [chosen, choose] = useState<Readonly<Record<string, Side | undefined>>>({});
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The sheet has gone, and with it what had the focus; what is elsewhere on the page keeps it.
    if (document.activeElement === document.body) heading.current!.focus();
  }, []);
  const isComplete = found.every(({ enrollment }) => chosen[enrollment]);
  const chooseAll = (side: Side) => choose(Object.fromEntries(found.map(({ enrollment }) => [enrollment, side])));
  const nameOf = (id: string) =>
    students.find(({ enrollment_id }) => enrollment_id === Number(id))?.name ?? t('enrollment', { id });

  const save = () => {
    const given = found.map(({ enrollment }) => enrollment).filter((id) => chosen[id] === 'theirs');
    outboxInUse.value!.resolve(rollKey(entry.section, entry.date), theirs, new Set(given));
  };

  return (
    <section aria-labelledby="conflict">
      <h2 id="conflict" ref={heading} tabIndex={-1}>
        {t('conflict.title', { n: found.length })}
      </h2>
      <p>
        {t('conflict.what')} <a href={`#/sections/${entry.section}/changes/${entry.date}`}>{t('changes.who')}</a>
      </p>
      <p class="actions">
        <button type="button" onClick={() => chooseAll('mine')}>
          {t('conflict.all-mine')}
        </button>
        <button type="button" onClick={() => chooseAll('theirs')}>
          {t('conflict.all-theirs')}
        </button>
      </p>
      <table class="conflict">
        <Heads of={[t('student'), t('conflict.mine'), t('conflict.theirs')]} />
        <tbody>
          {found.map((difference) => (
            <Row
              key={difference.enrollment}
              difference={difference}
              name={nameOf(difference.enrollment)}
              date={entry.date}
              side={chosen[difference.enrollment]}
              onChoose={(side) => choose({ ...chosen, [difference.enrollment]: side })}
            />
          ))}
        </tbody>
      </table>
      <p class="actions">
        <button type="button" class="main" disabled={!isComplete} onClick={save}>
          {t('conflict.save')}
        </button>
      </p>
    </section>
  );
}

interface RowOptions {
  readonly difference: Difference;
  readonly name: string;
  readonly date: string;
  readonly side: Side | undefined;
  onChoose(side: Side): void;
}

function Row({ difference, name, date, side, onChoose }: RowOptions) {
  const { theirs, enrollment } = difference;
  const cell = (of: Side) => (
    <td>
      <label class={`status-${difference[of]?.status ?? 0}`}>
        <input type="radio" name={`conflict-${enrollment}`} checked={side === of} onChange={() => onChoose(of)} />
        <span>
          <span class="unseen">{t(`conflict.whose.${of}`, { name })} </span>
          {wordsOf(difference[of])}
          {of === 'theirs' && theirs?.by !== undefined && (
            <small>{rich('said.by', { author: <Author said={theirs} date={date} /> })}</small>
          )}
        </span>
      </label>
    </td>
  );
  return (
    <tr>
      <th scope="row">{name}</th>
      {cell('mine')}
      {cell('theirs')}
    </tr>
  );
}

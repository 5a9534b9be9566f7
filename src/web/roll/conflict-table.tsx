import { useState } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
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
  const isComplete = found.every(({ enrollment }) => chosen[enrollment]);
  const chooseAll = (side: Side) => choose(Object.fromEntries(found.map(({ enrollment }) => [enrollment, side])));
  const nameOf = (id: string) =>
    students.find(({ enrollment_id }) => enrollment_id === Number(id))?.name ?? `Enrollment ${id}`;

  const save = () => {
    const given = found.map(({ enrollment }) => enrollment).filter((id) => chosen[id] === 'theirs');
    outboxInUse.value!.resolve(rollKey(entry.section, entry.date), theirs, new Set(given));
  };

  return (
    <section aria-labelledby="conflict">
      <h2 id="conflict">Somebody else marked the same students since you opened this roll</h2>
      <p>
        Nothing is lost and nothing was overwritten. Choose what stands for each of them; the rest of the roll is saved
        with it. <a href={`#/sections/${entry.section}/changes/${entry.date}`}>Who changed what</a>
      </p>
      <p class="actions">
        <button type="button" onClick={() => chooseAll('mine')}>
          All of mine
        </button>
        <button type="button" onClick={() => chooseAll('theirs')}>
          All of theirs
        </button>
      </p>
      <table class="conflict">
        <Heads of={['Student', 'Mine', 'Theirs']} />
        <tbody>
          {found.map((difference) => (
            <Row
              key={difference.enrollment}
              difference={difference}
              name={nameOf(difference.enrollment)}
              side={chosen[difference.enrollment]}
              onChoose={(side) => choose({ ...chosen, [difference.enrollment]: side })}
            />
          ))}
        </tbody>
      </table>
      <p class="actions">
        <button type="button" class="main" disabled={!isComplete} onClick={save}>
          Save what is chosen
        </button>
      </p>
    </section>
  );
}

interface RowOptions {
  readonly difference: Difference;
  readonly name: string;
  readonly side: Side | undefined;
  onChoose(side: Side): void;
}

function Row({ difference, name, side, onChoose }: RowOptions) {
  const { theirs, enrollment } = difference;
  const cell = (of: Side) => (
    <td>
      <label class={`status-${difference[of]?.status ?? 0}`}>
        <input
          type="radio"
          name={`conflict-${enrollment}`}
          aria-label={`${name}: ${of}, ${wordsOf(difference[of])}`}
          checked={side === of}
          onChange={() => onChoose(of)}
        />
        <span>
          {wordsOf(difference[of])}
          {of === 'theirs' && theirs?.by !== undefined && (
            <small>
              by <Author said={theirs} />
            </small>
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

import { useState } from 'preact/hooks';
import { Heads } from '../shared/heads';
import type { MonthStudent } from '../shared/reports';
import { wordOf } from '../shared/status';
import { box } from './box';
import type { Entry } from './entry';
import { type Difference, differences, type Mark, type Stand, withMark } from './marks';
import { rollKey } from './outbox';

interface Options {
  readonly entry: Entry;
  readonly theirs: Stand;
  readonly students: readonly MonthStudent[];
  onDone(): void;
}

type Side = 'mine' | 'theirs';

/** Two have taken the same roll: what each says of a student, side by side, for somebody to choose. */
export function ConflictTable({ entry, theirs, students, onDone }: Options) {
  const found = differences(entry.base, entry.marks, theirs);
  const [chosen, choose] = useState<Readonly<Record<number, Side | undefined>>>(
    Object.fromEntries(found.map(({ enrollment, by }) => [enrollment, by])),
  );
  const isComplete = found.every(({ enrollment }) => chosen[enrollment]);
  const chooseAll = (side: Side) => choose(Object.fromEntries(found.map(({ enrollment }) => [enrollment, side])));
  const nameOf = (id: number) => students.find(({ enrollment_id }) => enrollment_id === id)?.name ?? `Enrollment ${id}`;

  const save = () => {
    const marks = found.reduce(
      (all, { enrollment, ...sides }) => withMark(all, enrollment, sides[chosen[enrollment]!]),
      entry.marks,
    );
    box.value!.resolve(rollKey(entry.section, entry.date), theirs, marks);
  };
  const giveUp = () => {
    box.value!.giveUp(rollKey(entry.section, entry.date));
    onDone();
  };

  return (
    <section aria-labelledby="conflict">
      <h2 id="conflict">Somebody else saved this roll since you opened it</h2>
      <p>
        Nothing is lost and nothing was overwritten. Choose what stands for each student.{' '}
        <a href={`#/sections/${entry.section}/changes/${entry.date}`}>Who changed what</a>
      </p>
      <p class="roll-tools">
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
      <p class="roll-tools">
        <button type="button" class="main" disabled={!isComplete} onClick={save}>
          Save what is chosen
        </button>
        <button type="button" onClick={giveUp}>
          Keep theirs, drop mine
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
  const cell = (of: Side) => (
    <td>
      <label class={`status-${difference[of].status}`}>
        <input
          type="radio"
          name={`conflict-${difference.enrollment}`}
          aria-label={`${name}: ${of}, ${said(difference[of])}`}
          checked={side === of}
          onChange={() => onChoose(of)}
        />
        {said(difference[of])}
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

const said = ({ status, comment }: Mark): string => wordOf(status) + (comment && `, “${comment}”`);

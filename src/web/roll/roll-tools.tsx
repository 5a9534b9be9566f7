import { useEffect } from 'preact/hooks';
import type { MonthStudent } from '../shared/reports';
import { statuses } from '../shared/status';
import { box } from './box';
import { markOf } from './marks';
import { rollKey } from './outbox';
import type { Roll, RollOf } from './roll';

interface Options {
  readonly roll: Roll;
  readonly students: readonly MonthStudent[];
  readonly of: Pick<RollOf, 'section' | 'date'>;
  onGivenUp(): void;
}

/** What is done with a roll as a whole, and how it stands. */
export function RollTools({ roll, students, of, onGivenUp }: Options) {
  useEffect(() => {
    const undo = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'text';
      if (event.key.toLowerCase() !== 'z' || event.shiftKey || !(event.ctrlKey || event.metaKey) || isTyping) return;
      event.preventDefault();
      roll.undo();
    };
    window.addEventListener('keydown', undo);
    return () => window.removeEventListener('keydown', undo);
  }, [roll]);

  const giveUp = () => {
    box.value!.giveUp(rollKey(of.section, of.date));
    onGivenUp();
  };
  const hasMarks = Object.keys(roll.marks).length > 0;
  return (
    <div class="roll-tools">
      <p class="counts">
        {statuses.map(({ status, word }) => (
          <span key={status} class={`count status-${status}`}>
            {students.filter(({ enrollment_id }) => markOf(roll.marks, enrollment_id).status === status).length} {word}
          </span>
        ))}
      </p>
      {!roll.isTaken && !hasMarks && (
        <button type="button" class="main" onClick={roll.allPresent}>
          All present
        </button>
      )}
      {hasMarks && (
        <button type="button" onClick={roll.allPresent}>
          All present
        </button>
      )}
      <button type="button" disabled={!roll.canUndo} onClick={roll.undo}>
        Undo
      </button>
      {roll.entry?.trouble?.kind === 'refused' && (
        <>
          <button type="button" onClick={roll.save}>
            Try again
          </button>
          <button type="button" onClick={giveUp}>
            Give up this change
          </button>
        </>
      )}
    </div>
  );
}

import { useEffect } from 'preact/hooks';
import type { MonthStudent } from '../../../schemas/rollbook/history';
import { statuses } from '../shared/status';
import { outboxInUse } from './device-outbox';
import { rollKey } from './outbox';
import type { OpenRoll, RollOf } from './roll';

interface Options {
  readonly roll: OpenRoll;
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
    outboxInUse.value!.giveUp(rollKey(of.section, of.date));
    onGivenUp();
  };
  const marks = students.map(({ enrollment_id }) => roll.markOf(enrollment_id)?.status);
  const countOf = (wanted: number | undefined) => marks.filter((status) => status === wanted).length;
  const isUnmarked = !roll.isTaken && roll.marked === 0;
  return (
    <div class="roll-tools">
      <p class="counts">
        {statuses.map(({ status, word }) => (
          <span key={status} class={`count status-${status}`}>
            {countOf(status)} {word}
          </span>
        ))}
        {!roll.isTaken && <span class="count">{countOf(undefined)} not marked</span>}
      </p>
      {/* What is touched twice stays where it is, and does nothing the second time. */}
      {roll.canBeTaken && (
        <button type="button" class={roll.isTaken ? '' : 'main'} disabled={roll.isTaken} onClick={roll.take}>
          {isUnmarked ? 'All present' : 'Done'}
        </button>
      )}
      {roll.canBeTaken && !isUnmarked && (
        <button type="button" disabled={roll.isTaken && !roll.hasOwn} onClick={roll.allPresent}>
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

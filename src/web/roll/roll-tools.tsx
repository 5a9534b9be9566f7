import { useEffect } from 'preact/hooks';
import { t } from '../messages/messages';
import { outboxInUse } from './device-outbox';
import { rollKey } from './outbox';
import type { OpenRoll, RollOf } from './roll';

interface Options {
  readonly roll: OpenRoll;
  readonly of: Pick<RollOf, 'section' | 'date'>;
  onGivenUp(): void;
}

/** What is done with a roll as a whole. */
export function RollTools({ roll, of, onGivenUp }: Options) {
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
  const isUnmarked = !roll.isTaken && roll.marked === 0;
  return (
    <div class="actions">
      {/* What is touched twice stays where it is, and does nothing the second time. */}
      {roll.canBeTaken && (
        <button type="button" class={roll.isTaken ? '' : 'main'} disabled={roll.isTaken} onClick={roll.take}>
          {t(isUnmarked ? 'roll.all-present' : 'roll.done')}
        </button>
      )}
      {roll.canBeTaken && !isUnmarked && (
        <button type="button" disabled={roll.isTaken && !roll.hasOwn} onClick={roll.allPresent}>
          {t('roll.all-present')}
        </button>
      )}
      {roll.isOpen && (
        <button type="button" disabled={!roll.canUndo} onClick={roll.undo}>
          {t('undo')}
        </button>
      )}
      {roll.entry?.trouble?.kind === 'refused' && (
        <>
          <button type="button" onClick={roll.save}>
            {t('try-again')}
          </button>
          <button type="button" onClick={giveUp}>
            {t('roll.give-up')}
          </button>
        </>
      )}
    </div>
  );
}

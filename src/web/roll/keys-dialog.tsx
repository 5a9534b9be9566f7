import { useEffect, useRef } from 'preact/hooks';
import { t } from '../messages/messages';
import { letterOf, statuses, wordOf } from '../shared/status';

const keys = (): readonly (readonly [keys: string, what: string])[] => [
  ['↓', t('keys.begin')],
  ['↑ ↓', t('keys.student')],
  [t('keys.page'), t('keys.ten')],
  [t('keys.ends'), t('keys.first')],
  ['← →', t('keys.status')],
  [statuses.map(({ status }) => letterOf(status)).join(' '), statuses.map(({ status }) => wordOf(status)).join(', ')],
  [t('letter.comment'), t('keys.comment')],
  [t('letter.done'), t('roll.done')],
  ['Ctrl+Z', t('keys.undo')],
  ['?', t('keys.these')],
];

/** The keys by which a roll is taken. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="keys" onClose={onClose}>
      <h2 id="keys">{t('keys')}</h2>
      <dl class="keys">
        {keys().map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">{t('close')}</button>
      </form>
    </dialog>
  );
}

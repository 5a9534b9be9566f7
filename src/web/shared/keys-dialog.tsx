import { useEffect, useRef } from 'preact/hooks';
import { t } from '../messages/messages';
import { session } from './session';
import { marksByKeys, singleKeys } from './single-keys';
import { letterOf, statuses, wordOf } from './status';

type Keys = readonly (readonly [keys: string, what: string])[];

const ofRoll = (): Keys => [
  ['↓', t('keys.begin')],
  ['↑ ↓', t('keys.student')],
  [t('keys.page'), t('keys.ten')],
  [t('keys.ends'), t('keys.first')],
  ['← →', t('keys.status')],
  [statuses.map(({ status }) => letterOf(status)).join(' '), statuses.map(({ status }) => wordOf(status)).join(', ')],
  [t('letter.comment'), t('keys.comment')],
  [t('letter.done'), t('roll.done')],
  ['Ctrl+Z', t('keys.undo')],
];

/** Those that work wherever one is, as long as nobody has switched them off. */
const ofPage = (): Keys => [
  ...(session.value?.person === null ? ([['/', t('keys.find')]] as const) : []),
  ['?', t('keys.these')],
];

/** The keys that work on the page. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="keys" onClose={onClose}>
      <h2 id="keys">{t('keys')}</h2>
      <dl class="keys">
        {[...(marksByKeys.value ? ofRoll() : []), ...(singleKeys.value ? ofPage() : [])].map(([key, what]) => (
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

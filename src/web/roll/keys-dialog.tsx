import { useEffect, useRef } from 'preact/hooks';

const keys: readonly (readonly [keys: string, what: string])[] = [
  ['↓', 'begins at the first student'],
  ['↑ ↓', 'the student before, the next one'],
  ['Page up, Page down', 'ten students up, down'],
  ['Home, End', 'the first student, the last one'],
  ['← →', 'the status before, the next one'],
  ['P A L E', 'present, absent, late, excused'],
  ['C', 'comment; Enter goes back'],
  ['D', 'Done'],
  ['Ctrl+Z', 'undoes the last step'],
  ['?', 'shows these keys'],
];

/** The keys by which a roll is taken. */
export default function KeysDialog({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} aria-labelledby="keys" onClose={onClose}>
      <h2 id="keys">Keys</h2>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}

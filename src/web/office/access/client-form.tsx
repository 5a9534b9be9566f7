import { useState } from 'preact/hooks';
import { session } from '../../shared/session';
import type { ClientOutcome } from './clients-part';
import { makeClient } from './wire';

const words: Readonly<Record<string, string>> = {
  'attendance:read': 'read attendance',
  'attendance:write': 'write attendance',
  'roster:read': 'read people, schools, sections',
  'roster:write': 'add people, change calendars and settings',
  access: 'say who may sign in: whoever has this can sign in as anybody',
};

/** Makes a client for a program. It gets nothing that the office does not have itself. */
export function ClientForm({ onDone }: { onDone(outcome: ClientOutcome): void }) {
  const [isBusy, setBusy] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const [name, scopes] = [String(form.get('name')).trim(), form.getAll('scopes').map(String)];
    if (scopes.length === 0) return onDone({ error: 'Tick what the program may do.' });
    setBusy(true);
    makeClient({ name, scopes, marks_only: form.has('marks_only') })
      .then(
        (made) => {
          element.reset();
          onDone({ made });
        },
        (refused: Error) => onDone({ error: `No client was made: ${refused.message}` }),
      )
      .finally(() => setBusy(false));
  };
  const offered = session.value!.scopes.filter((scope) => scope in words);
  return (
    <details class="folded">
      <summary>Let another program in</summary>
      <form class="day-form" onSubmit={submit}>
        <label>
          What to call it
          <input name="name" required maxLength={100} />
        </label>
        <fieldset class="pickers">
          <legend>What it may do</legend>
          {offered.map((scope) => (
            <label key={scope} class="check">
              <input type="checkbox" name="scopes" value={scope} />
              {scope}: {words[scope]}
            </label>
          ))}
        </fieldset>
        <label class="check">
          <input type="checkbox" name="marks_only" />
          Single marks only, such as excuses: what it writes never takes a roll by itself
        </label>
        <button type="submit" class="main">
          {isBusy ? 'Making it…' : 'Make the client'}
        </button>
      </form>
    </details>
  );
}

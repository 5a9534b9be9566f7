import { useState } from 'preact/hooks';
import { t } from '../../messages/messages';
import { session } from '../../shared/session';
import type { ClientOutcome } from './clients-part';
import { makeClient } from './wire';

/** What the office can let a program do. */
const scopesOffered = ['attendance:read', 'attendance:write', 'roster:read', 'roster:write', 'access'] as const;

/** Makes a client for a program. It gets nothing that the office does not have itself. */
export function ClientForm({ onDone }: { onDone(outcome: ClientOutcome): void }) {
  const [isBusy, setBusy] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const element = event.currentTarget as HTMLFormElement;
    const form = new FormData(element);
    const [name, scopes] = [String(form.get('name')).trim(), form.getAll('scopes').map(String)];
    if (scopes.length === 0) return onDone({ error: new Error(t('client.no-scopes')) });
    setBusy(true);
    makeClient({ name, scopes, marks_only: form.has('marks_only') })
      .then(
        (made) => {
          element.reset();
          onDone({ made });
        },
        (error: Error) => onDone({ error }),
      )
      .finally(() => setBusy(false));
  };
  const offered = scopesOffered.filter((scope) => session.value!.scopes.includes(scope));
  return (
    <details class="folded">
      <summary>{t('client.let-in')}</summary>
      <form class="day-form" onSubmit={submit}>
        <label>
          {t('client.name')}
          <input name="name" required maxLength={100} />
        </label>
        <fieldset class="pickers">
          <legend>{t('client.may')}</legend>
          {offered.map((scope) => (
            <label key={scope} class="check">
              <input type="checkbox" name="scopes" value={scope} />
              <span>
                <code>{scope}</code>: {t(`client.scope.${scope}`)}
              </span>
            </label>
          ))}
        </fieldset>
        <label class="check">
          <input type="checkbox" name="marks_only" />
          {t('client.marks-only')}
        </label>
        <button type="submit" class="main">
          {t(isBusy ? 'client.making' : 'client.make')}
        </button>
      </form>
    </details>
  );
}

import { useState } from 'preact/hooks';
import type { Reminder, Reminders } from '../../../schemas/rollbook/reminders';
import { t } from '../messages/messages';
import { rich } from '../messages/rich';
import { call } from '../shared/api';
import { ErrorNotice } from '../shared/error-text';

interface Options {
  readonly school: number;
  readonly date: string;
  readonly period: string | undefined;
}

/** Reminds the teachers of the rolls that are shown and not taken, and says who could not be reminded. */
export function RemindTeachers(asked: Options) {
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState<Reminders>();
  const [error, setError] = useState<Error>();
  const remind = () => {
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    call<Reminders>('POST', '/reminders/', { body: asked })
      .then(({ body }) => setDone(body), setError)
      .finally(() => setBusy(false));
  };
  const others = done?.reminders.filter(({ outcome }) => outcome !== 'sent') ?? [];
  return (
    <>
      <p>
        <button type="button" onClick={remind}>
          {t(isBusy ? 'remind.busy' : 'remind')}
        </button>
      </p>
      <ErrorNotice error={error} sentence={(why) => rich('remind.failed', { why })} />
      <div role="status">
        {done && <p>{saidOf(done.reminders)}</p>}
        {others.length > 0 && (
          <ul>
            {others.map(({ section_id, section, person_id, name, outcome }) => (
              <li key={`${section_id} ${person_id}`}>
                {section}
                {name && `, ${name}`}: {outcome !== 'sent' && t(`remind.${outcome}`)}
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}

function saidOf(reminders: readonly Reminder[]): string {
  const sent = new Set(reminders.filter(({ outcome }) => outcome === 'sent').map(({ person_id }) => person_id));
  return t('remind.done', { n: sent.size });
}

import { useState } from 'preact/hooks';
import type { Reminder, Reminders } from '../../../schemas/rollbook/reminders';
import { call } from '../shared/api';

interface Options {
  readonly school: number;
  readonly date: string;
  readonly period: string | undefined;
}

const because: Readonly<Record<Exclude<Reminder['outcome'], 'sent'>, string>> = {
  recent: 'reminded within the last 30 minutes',
  no_address: 'the roster has no email address',
  not_sent: 'too much email waits to be sent',
  no_teacher: 'the class has no teacher',
  no_mail: 'email is not set up here',
};

/** Reminds the teachers of the rolls that are shown and not taken, and says who could not be reminded. */
export function RemindTeachers(asked: Options) {
  const [isBusy, setBusy] = useState(false);
  const [done, setDone] = useState<Reminders>();
  const [error, setError] = useState('');
  const remind = () => {
    if (isBusy) return;
    setBusy(true);
    setError('');
    call<Reminders>('POST', '/reminders/', { body: asked })
      .then(
        ({ body }) => setDone(body),
        (refused: Error) => setError(refused.message),
      )
      .finally(() => setBusy(false));
  };
  const others = done?.reminders.filter(({ outcome }) => outcome !== 'sent') ?? [];
  return (
    <>
      <p>
        <button type="button" onClick={remind}>
          {isBusy ? 'Sending…' : 'Remind their teachers by email'}
        </button>
      </p>
      {error && (
        <p class="notice" role="alert">
          Nobody was reminded: {error}
        </p>
      )}
      <div role="status">
        {done && <p>{saidOf(done.reminders)}</p>}
        {others.length > 0 && (
          <ul>
            {others.map(({ section_id, section, person_id, name, outcome }) => (
              <li key={`${section_id} ${person_id}`}>
                {section}
                {name && `, ${name}`}: {because[outcome as keyof typeof because]}
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
  if (sent.size === 0) return 'Nobody was sent a reminder.';
  return `${sent.size} ${sent.size === 1 ? 'teacher is' : 'teachers are'} sent a reminder.`;
}

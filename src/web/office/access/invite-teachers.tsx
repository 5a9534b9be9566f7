import { useState } from 'preact/hooks';
import { t } from '../../messages/messages';
import { useSchools } from '../schools';
import type { Outcome } from './access-page';
import { invite, outcomeOf } from './wire';

interface Options {
  readonly school: number;
  /** Whether mail can be sent. */
  readonly hasMail: boolean;
  onDone(outcome: Outcome): void;
}

/** Makes a link for each teacher of a school. */
export function InviteTeachers({ school, hasMail, onDone }: Options) {
  const { value: schools = [] } = useSchools();
  const name = schools.find(({ id }) => id === school)?.name ?? t('the-school');
  const [isBusy, setBusy] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isBusy) return;
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const [onlySignedOut, endSessions] = [form.has('only_signed_out'), form.has('end_sessions')];
    setBusy(true);
    const how = { days: Number(form.get('days')), mail: form.has('mail'), end_sessions: endSessions };
    invite({ school, only_signed_out: onlySignedOut, ...how })
      .then(
        (made) => onDone(made.length > 0 ? outcomeOf(made) : { said: t('invite.nobody', { name }) }),
        (error: Error) => onDone({ error }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby="invite-title" class="part">
      <h2 id="invite-title">{t('invite.teachers-of', { name })}</h2>
      <p class="quiet">{t('invite.what')}</p>
      <form class="pickers" onSubmit={submit}>
        <label class="check">
          <input type="checkbox" name="only_signed_out" defaultChecked />
          {t('invite.only-signed-out')}
        </label>
        <label class="check">
          <input type="checkbox" name="end_sessions" />
          {t('invite.end-sessions')}
        </label>
        {hasMail && (
          <label class="check">
            <input type="checkbox" name="mail" defaultChecked />
            {t('invite.by-email')}
          </label>
        )}
        <label>
          {t('invite.days')}
          <input type="number" name="days" min="1" max="99" defaultValue="7" required />
        </label>
        <button type="submit" class="main">
          {t(isBusy ? 'invite.making' : 'invite.make')}
        </button>
      </form>
    </section>
  );
}

import { useState } from 'preact/hooks';
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
  const name = schools.find(({ id }) => id === school)?.name ?? 'the school';
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
        (made) => onDone(made.length > 0 ? outcomeOf(made) : { said: `In ${name} nobody is left to invite.` }),
        (refused: Error) => onDone({ error: `Nobody was invited: ${refused.message}` }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <section aria-labelledby="invite-title" class="part">
      <h2 id="invite-title">Invite the teachers of {name}</h2>
      <p class="quiet">
        Each gets a link that signs them in once. Print the links, or take them as CSV for a mail merge. Earlier links
        that nobody has used end.
      </p>
      <form class="pickers" onSubmit={submit}>
        <label class="check">
          <input type="checkbox" name="only_signed_out" defaultChecked />
          Only those who are signed in nowhere
        </label>
        <label class="check">
          <input type="checkbox" name="end_sessions" />
          End where they are signed in now
        </label>
        {hasMail && (
          <label class="check">
            <input type="checkbox" name="mail" defaultChecked />
            By email, to those of whom the roster has an address
          </label>
        )}
        <label>
          Days for which the links are good
          <input type="number" name="days" min="1" max="99" defaultValue="7" required />
        </label>
        <button type="submit" class="main">
          {isBusy ? 'Making the links…' : 'Make the links'}
        </button>
      </form>
    </section>
  );
}

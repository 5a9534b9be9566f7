import { useState } from 'preact/hooks';
import type { Passkeys } from '../../../schemas/rollbook/passkeys';
import type { Ways } from '../../../schemas/rollbook/session';
import { call, get } from '../shared/api';
import { mediumDay, todayIn } from '../shared/days';
import { Shown, useLoaded } from '../shared/loaded';
import { session } from '../shared/session';
import { useTitle } from '../shared/title';
import { makePasskey, sentenceOf } from './passkeys';

/** The passkeys of who is signed in: they make them on their devices, and remove those of devices that they have no more. */
export function PasskeysPage() {
  const ways = useLoaded('ways', () => get<Ways>('/sign-in/ways'));
  useTitle('Passkeys');
  return (
    <>
      <header class="page-head">
        <h1>Passkeys</h1>
      </header>
      <Shown loaded={ways}>
        {({ passkeys }) =>
          !passkeys ? (
            <p>Nobody signs in by passkeys here.</p>
          ) : session.value!.role === null ? (
            <p>You are signed in with the key of a program, which has no passkeys.</p>
          ) : (
            <Own />
          )
        }
      </Shown>
    </>
  );
}

function Own() {
  const loaded = useLoaded('passkeys', () => get<Passkeys>('/session/passkeys'));
  const [said, say] = useState('');
  const [error, setError] = useState('');
  const run = (work: Promise<unknown>, done: string) => {
    say('');
    setError('');
    work
      .then(
        () => say(done),
        (reason: Error) => setError(sentenceOf(reason)),
      )
      .finally(loaded.again);
  };
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get('name')).trim();
    run(makePasskey(name), `The passkey ${name} signs you in from now on.`);
  };
  return (
    <>
      <p class="quiet">
        With a passkey you sign in by what unlocks your device, without a link or an email. Make one on devices that are
        yours alone.
      </p>
      <p role="status" class="news">
        {said}
      </p>
      <div role="alert">{error && <p class="notice">{error}</p>}</div>
      <form class="pickers" onSubmit={make}>
        <label>
          Name of this device
          <input name="name" required maxLength={100} />
        </label>
        <button type="submit" class="main">
          Make a passkey
        </button>
      </form>
      <Shown loaded={loaded}>
        {({ passkeys }) =>
          passkeys.length === 0 ? (
            <p>You have no passkeys.</p>
          ) : (
            <ul>
              {passkeys.map(({ id, name, created_at, used_at }) => (
                <li key={id}>
                  {name}{' '}
                  <span class="quiet">
                    made on {dayOf(created_at)}, {used_at ? `last used on ${dayOf(used_at)}` : 'not used yet'}
                  </span>{' '}
                  <button
                    type="button"
                    aria-label={`Remove the passkey ${name}`}
                    onClick={() => run(call('DELETE', `/session/passkeys/${id}`), `The passkey ${name} is removed.`)}
                  >
                    Remove
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Shown>
    </>
  );
}

const dayOf = (instant: string): string => mediumDay(todayIn(session.value!.district.time_zone, new Date(instant)));

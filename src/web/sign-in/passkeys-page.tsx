import { useState } from 'preact/hooks';
import type { Passkeys } from '../../../schemas/rollbook/passkeys';
import type { Ways } from '../../../schemas/rollbook/session';
import { t } from '../messages/messages';
import { call, get } from '../shared/api';
import { mediumDay, todayIn } from '../shared/days';
import { ErrorNotice } from '../shared/error-text';
import { Shown, useLoaded } from '../shared/loaded';
import { session } from '../shared/session';
import { useTitle } from '../shared/title';
import { errorOf, makePasskey } from './passkeys';

/** The passkeys of who is signed in: they make them on their devices, and remove those of devices that they have no more. */
export function PasskeysPage() {
  const ways = useLoaded('ways', () => get<Ways>('/sign-in/ways'));
  useTitle(t('passkeys'));
  return (
    <>
      <header class="page-head">
        <h1>{t('passkeys')}</h1>
      </header>
      <Shown loaded={ways}>
        {({ passkeys }) =>
          !passkeys ? (
            <p>{t('passkeys.not-here')}</p>
          ) : session.value!.role === null ? (
            <p>{t('passkeys.of-program')}</p>
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
  const [error, setError] = useState<Error>();
  const run = (work: Promise<unknown>, done: string) => {
    say('');
    setError(undefined);
    work
      .then(
        () => say(done),
        (reason: Error) => setError(errorOf(reason)),
      )
      .finally(loaded.again);
  };
  const make = (event: SubmitEvent) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get('name')).trim();
    run(makePasskey(name), t('passkeys.made', { name }));
  };
  const remove = (id: number, name: string) => {
    if (!window.confirm(t('passkeys.remove.confirm', { name }))) return;
    run(call('DELETE', `/session/passkeys/${id}`), t('passkeys.removed', { name }));
  };
  return (
    <>
      <p class="quiet">{t('passkeys.what')}</p>
      <p role="status" class="news">
        {said}
      </p>
      <ErrorNotice error={error} />
      <form class="pickers" onSubmit={make}>
        <label>
          {t('passkeys.device')}
          <input name="name" required maxLength={100} />
        </label>
        <button type="submit" class="main">
          {t('passkeys.make')}
        </button>
      </form>
      <Shown loaded={loaded}>
        {({ passkeys }) =>
          passkeys.length === 0 ? (
            <p>{t('passkeys.none')}</p>
          ) : (
            <ul>
              {passkeys.map(({ id, name, created_at, used_at }) => (
                <li key={id}>
                  {name}{' '}
                  <span class="quiet">
                    {used_at
                      ? t('passkeys.used', { made: dayOf(created_at), used: dayOf(used_at) })
                      : t('passkeys.unused', { made: dayOf(created_at) })}
                  </span>{' '}
                  <button
                    type="button"
                    aria-label={t('passkeys.remove-one', { name })}
                    onClick={() => remove(id, name)}
                  >
                    {t('passkeys.remove')}
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

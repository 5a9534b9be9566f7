import { useState } from 'preact/hooks';
import type { DistrictSettings } from '../../../../schemas/rollbook/district';
import { call, get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';

/** Whether the SIS takes attendance in place of rollbook. */
export function SisSwitch({ onChanged }: { onChanged(): void }) {
  const loaded = useLoaded('/district', () => get<DistrictSettings>('/district'));
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  const set = (on: boolean) => {
    const question = 'No roll can be read or taken here any more until this is switched off again. Switch it on?';
    if (on && !window.confirm(question)) return;
    setSaid('');
    setError('');
    call('PATCH', '/district', { body: { sis_takes_attendance: on } })
      .then(
        () => {
          setSaid(on ? 'The SIS takes attendance.' : 'Rolls are taken here.');
          onChanged();
        },
        (refused: Error) => setError(refused.message),
      )
      .finally(loaded.again);
  };
  return (
    <section class="part" aria-labelledby="sis-title">
      <h2 id="sis-title">Attendance in the SIS</h2>
      <p class="quiet">
        Switch this on where the SIS takes attendance. Rolls are then answered with 410, so that nobody takes them
        twice. What was taken here stays.
      </p>
      <div role="alert">{error && <p class="notice">Nothing was set: {error}</p>}</div>
      <Shown loaded={loaded}>
        {({ sis_takes_attendance: on }) => (
          <p>
            {on ? 'The SIS takes attendance.' : 'Rolls are taken here.'}{' '}
            <button type="button" onClick={() => set(!on)}>
              {on ? 'Take rolls here again' : 'Let the SIS take attendance'}
            </button>
          </p>
        )}
      </Shown>
      <p class="news" role="status">
        {said}
      </p>
    </section>
  );
}

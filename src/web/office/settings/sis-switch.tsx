import { useState } from 'preact/hooks';
import type { DistrictSettings } from '../../../../schemas/rollbook/district';
import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { call, get } from '../../shared/api';
import { ErrorNotice } from '../../shared/error-text';
import { Shown, useLoaded } from '../../shared/loaded';

/** Whether the SIS takes attendance in place of rollbook. */
export function SisSwitch({ onChanged }: { onChanged(): void }) {
  const loaded = useLoaded('/district', () => get<DistrictSettings>('/district'));
  const [said, setSaid] = useState('');
  const [error, setError] = useState<Error>();
  const set = (on: boolean) => {
    if (on && !window.confirm(t('sis-switch.confirm'))) return;
    setSaid('');
    setError(undefined);
    call('PATCH', '/district', { body: { sis_takes_attendance: on } })
      .then(() => {
        setSaid(t(on ? 'sis-switch.on' : 'sis-switch.off'));
        onChanged();
      }, setError)
      .finally(loaded.again);
  };
  return (
    <section class="part" aria-labelledby="sis-title">
      <h2 id="sis-title">{t('sis-switch')}</h2>
      <p class="quiet">{t('sis-switch.what')}</p>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-set', { why })} />
      <Shown loaded={loaded}>
        {({ sis_takes_attendance: on }) => (
          <p>
            {t(on ? 'sis-switch.on' : 'sis-switch.off')}{' '}
            <button type="button" onClick={() => set(!on)}>
              {t(on ? 'sis-switch.switch-off' : 'sis-switch.switch-on')}
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

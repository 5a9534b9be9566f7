import { useState } from 'preact/hooks';
import type { SchoolSettings } from '../../../../schemas/rollbook/schools';
import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { get } from '../../shared/api';
import { ErrorNotice } from '../../shared/error-text';
import { Shown, useLoaded } from '../../shared/loaded';
import { setSchool } from '../wire';

/** In days; what else a school has set is offered, too. */
const usual = [0, 1, 2, 3, 5, 7, 10, 14, 30, 60, 90];

const ANY = '';

function wordsOf(days: number | null): string {
  return days === null ? t('edit-days.any') : t('edit-days.days', { n: days });
}

/** For how long teachers of a school may take and change a roll. */
export function EditDaysSetting({ school }: { school: number }) {
  const loaded = useLoaded(`school ${school} edit days`, () => get<SchoolSettings>(`/schools/${school}`));
  const [said, setSaid] = useState('');
  const [error, setError] = useState<Error>();
  const set = (edit_days: number | null) => {
    setSaid('');
    setError(undefined);
    setSchool(school, { edit_days })
      .then(() => setSaid(t('edit-days.set', { until: wordsOf(edit_days) })), setError)
      .finally(loaded.again);
  };
  return (
    <section class="picture" aria-labelledby="edit-days-title">
      <h2 id="edit-days-title">{t('edit-days')}</h2>
      <p class="quiet">{t('edit-days.what')}</p>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-set', { why })} />
      <Shown loaded={loaded}>
        {({ edit_days }) => (
          <div class="pickers">
            <label>
              {t('edit-days.teachers')}
              <select
                value={String(edit_days ?? ANY)}
                onChange={({ currentTarget: { value } }) => set(value === ANY ? null : Number(value))}
              >
                {[null, ...withDays(edit_days)].map((days) => (
                  <option key={days} value={String(days ?? ANY)} selected={days === edit_days}>
                    {wordsOf(days)}
                  </option>
                ))}
              </select>
            </label>
          </div>
        )}
      </Shown>
      <p class="news" role="status">
        {said}
      </p>
    </section>
  );
}

const withDays = (days: number | null): number[] =>
  days === null || usual.includes(days) ? usual : [...usual, days].sort((one, other) => one - other);

import { useState } from 'preact/hooks';
import type { SchoolSettings, UntakenRolls } from '../../../../schemas/rollbook/schools';
import { t } from '../../messages/messages';
import { rich } from '../../messages/rich';
import { get } from '../../shared/api';
import { ErrorNotice } from '../../shared/error-text';
import { Shown, useLoaded } from '../../shared/loaded';
import { setSchool } from '../wire';

const choices: readonly UntakenRolls[] = ['unknown', 'present'];

/** What reports make of students who are not marked, on past school days whose roll nobody took. */
export function UntakenSetting({ school }: { school: number }) {
  const loaded = useLoaded(`school ${school}`, () => get<SchoolSettings>(`/schools/${school}`));
  const [said, setSaid] = useState('');
  const [error, setError] = useState<Error>();
  const set = (untaken: UntakenRolls) => {
    setSaid('');
    setError(undefined);
    setSchool(school, { untaken })
      .then(() => setSaid(t('unmarked.set', { choice: t(`unmarked.${untaken}`) })), setError)
      .finally(loaded.again);
  };
  return (
    <section class="picture" aria-labelledby="untaken-title">
      <h2 id="untaken-title">{t('unmarked')}</h2>
      <p class="quiet">{t('unmarked.what')}</p>
      <ErrorNotice error={error} sentence={(why) => rich('error.nothing-set', { why })} />
      <Shown loaded={loaded}>
        {({ untaken }) => (
          <div class="pickers">
            <label>
              {t('unmarked.who')}
              <select value={untaken} onChange={({ currentTarget }) => set(currentTarget.value as UntakenRolls)}>
                {choices.map((choice) => (
                  <option key={choice} value={choice} selected={choice === untaken}>
                    {t(`unmarked.${choice}`)}
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

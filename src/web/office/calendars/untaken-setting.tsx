import { useState } from 'preact/hooks';
import type { SchoolSettings, UntakenRolls } from '../../../../schemas/rollbook/schools';
import { get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';
import { setSchool } from '../wire';

const choices: Readonly<Record<UntakenRolls, string>> = {
  unknown: 'is unknown',
  present: 'counts as present',
};

/** What reports make of students who are not marked, on past school days whose roll nobody took. */
export function UntakenSetting({ school }: { school: number }) {
  const loaded = useLoaded(`school ${school}`, () => get<SchoolSettings>(`/schools/${school}`));
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  const set = (untaken: UntakenRolls) => {
    setSaid('');
    setError('');
    setSchool(school, { untaken })
      .then(
        () => setSaid(`Set: who is not marked ${choices[untaken]}. Reports are counted anew.`),
        (refused: Error) => setError(refused.message),
      )
      .finally(loaded.again);
  };
  return (
    <section class="picture" aria-labelledby="untaken-title">
      <h2 id="untaken-title">Rolls that nobody took</h2>
      <p class="quiet">
        A school whose SIS notes absences alone lets the others count as present on past school days. The list of rolls
        that are not taken stays the same.
      </p>
      {error && (
        <p class="notice" role="alert">
          Nothing was set: {error}
        </p>
      )}
      <Shown loaded={loaded}>
        {({ untaken }) => (
          <div class="pickers">
            <label>
              Who is not marked
              <select value={untaken} onChange={({ currentTarget }) => set(currentTarget.value as UntakenRolls)}>
                {Object.entries(choices).map(([value, text]) => (
                  <option key={value} value={value} selected={value === untaken}>
                    {text}
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

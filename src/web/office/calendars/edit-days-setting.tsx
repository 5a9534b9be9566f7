import { useState } from 'preact/hooks';
import type { SchoolSettings } from '../../../../schemas/rollbook/schools';
import { get } from '../../shared/api';
import { Shown, useLoaded } from '../../shared/loaded';
import { setSchool } from '../wire';

/** In days; what else a school has set is offered, too. */
const usual = [0, 1, 2, 3, 5, 7, 10, 14, 30, 60, 90];

const ANY = '';

function wordsOf(days: number | null): string {
  if (days === null) return 'as long as they like';
  if (days === 0) return 'on the day itself';
  return days === 1 ? 'until the day after' : `until ${days} days after`;
}

/** For how long teachers of a school may take and change a roll. */
export function EditDaysSetting({ school }: { school: number }) {
  const loaded = useLoaded(`school ${school} edit days`, () => get<SchoolSettings>(`/schools/${school}`));
  const [said, setSaid] = useState('');
  const [error, setError] = useState('');
  const set = (edit_days: number | null) => {
    setSaid('');
    setError('');
    setSchool(school, { edit_days })
      .then(
        () => setSaid(`Set: teachers take and change a roll ${wordsOf(edit_days)}.`),
        (refused: Error) => setError(refused.message),
      )
      .finally(loaded.again);
  };
  return (
    <section class="picture" aria-labelledby="edit-days-title">
      <h2 id="edit-days-title">Until when teachers change a roll</h2>
      <p class="quiet">
        After that the roll is closed to teachers, here and in all programs that act for them. The office can always
        change it.
      </p>
      {error && (
        <p class="notice" role="alert">
          Nothing was set: {error}
        </p>
      )}
      <Shown loaded={loaded}>
        {({ edit_days }) => (
          <div class="pickers">
            <label>
              Teachers take and change a roll
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

import { useState } from 'preact/hooks';
import type { Weekday } from '../../../../schemas/rollbook/calendars';
import { setWeek } from '../wire';
import { weekdayNames } from './days';

interface Options {
  readonly school: number;
  readonly weekdays: readonly Weekday[];
  /** With what was done, to be said. */
  onSet(news: string): void;
}

/** On which days of the week the school is open, or all schools of the district are. */
export function WeekForm({ school, weekdays, onSet }: Options) {
  const [picked, pick] = useState(weekdays);
  const [everywhere, setEverywhere] = useState(false);
  const [error, setError] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setError('');
    setWeek(everywhere ? 'all' : school, picked).then(
      () => onSet(`The school week is set${everywhere ? ' in all schools' : ''}.`),
      (refused: Error) => setError(refused.message),
    );
  };
  return (
    <section class="picture" aria-labelledby="week-title">
      <h2 id="week-title">School week</h2>
      {error && (
        <p class="notice" role="alert">
          {error}
        </p>
      )}
      <form class="pickers" onSubmit={submit}>
        <fieldset class="pickers">
          <legend class="unseen">Weekdays on which the school is open</legend>
          {weekdayNames.map((name) => (
            <label key={name} class="check">
              <input
                type="checkbox"
                checked={picked.includes(name)}
                onChange={({ currentTarget }) =>
                  pick(
                    weekdayNames.filter((other) => (other === name ? currentTarget.checked : picked.includes(other))),
                  )
                }
              />
              {name[0]!.toUpperCase() + name.slice(1)}
            </label>
          ))}
        </fieldset>
        <label class="check">
          <input
            type="checkbox"
            checked={everywhere}
            onChange={({ currentTarget }) => setEverywhere(currentTarget.checked)}
          />
          In all schools
        </label>
        <button type="submit" disabled={picked.length === 0}>
          Set the week
        </button>
      </form>
    </section>
  );
}

import { useState } from 'preact/hooks';
import type { Weekday } from '../../../../schemas/rollbook/calendars';
import { t } from '../../messages/messages';
import { ErrorNotice } from '../../shared/error-text';
import { setWeek } from '../wire';
import { weekdayNamed, weekdayNames, weekdaysInOrder } from './days';

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
  const [error, setError] = useState<Error>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setError(undefined);
    setWeek(everywhere ? 'all' : school, picked).then(
      () => onSet(t(everywhere ? 'week.set-everywhere' : 'week.set')),
      setError,
    );
  };
  return (
    <section class="picture" aria-labelledby="week-title">
      <h2 id="week-title">{t('week')}</h2>
      <ErrorNotice error={error} />
      <form class="pickers" onSubmit={submit}>
        <fieldset class="pickers">
          <legend class="unseen">{t('week.days')}</legend>
          {weekdaysInOrder().map((name) => (
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
              {weekdayNamed(name)}
            </label>
          ))}
        </fieldset>
        <label class="check">
          <input
            type="checkbox"
            checked={everywhere}
            onChange={({ currentTarget }) => setEverywhere(currentTarget.checked)}
          />
          {t('calendar.everywhere')}
        </label>
        <button type="submit" disabled={picked.length === 0}>
          {t('week.set-it')}
        </button>
      </form>
    </section>
  );
}
